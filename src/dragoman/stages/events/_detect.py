"""Which triggers are engagements, and what the network says of each: the raw material of a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dragoman.model import KINDS, Annotation, DateFound, Document, Findings, Lasting, Trigger
from dragoman.network import layout, pairs
from dragoman.network.again import Acts, party_rows, people_rows
from dragoman.network.features import Floats, Ints, PairFeatures, word_range
from dragoman.network.runtime import sigmoid, softmax
from dragoman.resources import Tools

NO_DATE, PUBLISHED = "no date", "published"
EXTRA = layout.PAIR_HEADS["party"][1]  # numbers that tell of a party
Until = (
    DateFound | tuple[Lasting, bool] | None
)  # a day; how long, and whether that is counted back from the day told; nothing


@dataclass(slots=True)
class Draft:
    """One engagement as scores: everything that :mod:`_build` decides from."""

    trigger: Trigger
    status: Floats
    mention: float  # probability that it is background
    topics: Floats
    split: float  # probability that one wording tells of several engagements
    people: dict[int, tuple[float, float, Floats]]  # person -> takes part, heads, sides
    parties: dict[str, float]
    dates: list[tuple[float, object]]  # probability and index into Annotation.dates, PUBLISHED or NO_DATE
    until: list[tuple[float, Until]]  # probability and what says when it ends
    places: list[tuple[float, int | None]]  # probability and index into Annotation.places
    frame: tuple[int, int] | None
    part_of: int | None  # index of another draft


def detect(note: Annotation, findings: Findings, tools: Tools) -> list[Draft]:
    """Drafts of the document's engagements, in order of text."""
    chosen = choose(note.triggers, tools.thresholds)
    if not chosen:
        return []
    h, net = note.vectors, tools.network
    kinds = np.array([KINDS.index(t.kind) + 1 for t in chosen], dtype=np.int64)
    at = np.array([t.word for t in chosen], dtype=np.int64)
    sentences = [pairs.sentence_words(note, note.tokens[t.word].sentence) for t in chosen]
    events = net.event_vectors(h, at, kinds, sentences)
    words = [(t.word, t.word + 1) for t in chosen]
    asked = _Asked(note, findings, words, events, tools)
    status, topics = softmax(net.event_head("status", events)), sigmoid(net.event_head("topics", events))
    mention = softmax(net.event_head("salience", events))[:, 1]
    split = sigmoid(net.event_head("split", events))[:, 0]
    people, parties = asked.people_and_parties(kinds, mention, split)
    dates, until, places, frames = asked.dates(), asked.until(), asked.places(), asked.frames()
    parts = asked.part_of([i for i, t in enumerate(chosen) if t.kind == "visit"])
    return [
        Draft(
            t, status[i], float(mention[i]), topics[i], float(split[i]), people[i], parties[i], dates[i], until[i],
            places[i], frames[i], parts[i],
        )
        for i, t in enumerate(chosen)
    ]  # fmt: skip


def choose(triggers: Sequence[Trigger], thresholds: dict[str, float]) -> list[Trigger]:
    """Triggers above their kind's cut, the stronger of two of one kind that stand close together."""
    kept: list[Trigger] = []
    for t in sorted(triggers, key=lambda t: (-t.score, t.word)):
        if t.score < thresholds.get(f"trigger.{t.kind}", thresholds["trigger"]):
            continue
        if any(o.kind == t.kind and abs(o.word - t.word) <= thresholds["trigger.apart"] for o in kept):
            continue
        kept.append(t)
    return sorted(kept, key=lambda t: t.word)


class _Asked:
    """The network's answers about pairs, per engagement."""

    def __init__(
        self, note: Annotation, findings: Findings, words: list[tuple[int, int]], events: Floats, tools: Tools
    ) -> None:
        self._note, self._findings, self._words, self._events = note, findings, words, events
        self._net, self._pair = tools.network, PairFeatures(note)
        self._speaking = tools.cues.speaking

    def _best(self, name: str, asked: pairs.Pairs) -> Floats:
        return self._net.best_of_keys(name, self._events, asked, self._note.vectors)

    def people_and_parties(
        self, kinds: Ints, background: Floats, several: Floats
    ) -> tuple[list[dict[int, tuple[float, float, Floats]]], list[dict[str, float]]]:
        """Who takes part in each act, heads a delegation, on which side; and which parties take part.

        Each pair is scored by itself, and who takes part then judged again by what was said of all.
        """
        candidates, found = self._findings.candidates, self._findings.people
        people = self._grid("takes_part", self._people_pairs(), len(found))
        parties = self._grid("party", pairs.party_pairs(self._pair, self._words, candidates), len(candidates))[..., 0]
        number = {c.party: k for k, c in enumerate(candidates)}
        acts = Acts(
            words=np.array([a for a, _ in self._words], dtype=np.int64),
            kinds=kinds,
            people=people[..., 0],
            parties=parties,
            stands=np.array([number.get(p.party or "", -1) for p in found], dtype=np.int64),
            extra=np.array([c.extra for c in candidates], dtype=np.float32).reshape(-1, EXTRA),
            background=background,
            several=several,
        )
        in_it = self._net.again("takes_part", people_rows(acts)).reshape(people.shape[:2])
        party_in = self._net.again("party", party_rows(acts)).reshape(parties.shape)
        heads = sigmoid(people[..., 1])
        return (
            [{i: (float(on[i]), float(heads[e, i]), softmax(people[e, i, 2:])) for i in range(len(found))} for e, on in enumerate(in_it)],
            [{c.party: float(p) for c, p in zip(candidates, row, strict=True)} for row in party_in],
        )  # fmt: skip

    def _people_pairs(self) -> pairs.Pairs:
        people = [_Person(p.named, p.by_role) for p in self._findings.people]
        return pairs.takes_part_pairs(self._note, self._words, people, self._speaking)

    def _grid(self, name: str, asked: pairs.Pairs, columns: int) -> Floats:
        """Raw scores of every act with every person or party [acts, columns, outputs]."""
        shape = (len(self._words), columns, layout.PAIR_HEADS[name][0])
        return self._best(name, asked).reshape(shape) if asked.keys else np.zeros(shape, dtype=np.float32)

    def _chosen(self, name: str, asked: pairs.Pairs) -> list[tuple[Floats, list[int]]]:
        """Per engagement: probabilities over its keys, then over the nones; and the keys' rows."""
        none = self._net.none_head(name, self._events)
        best = self._best(name, asked)[:, 0] if asked.keys else np.zeros(0, dtype=np.float32)
        out = []
        for e in range(len(self._words)):
            rows = [k for k, o in enumerate(asked.owner) if o == e]
            out.append((softmax(np.concatenate([best[rows], none[e]])), rows))
        return out

    def dates(self) -> list[list[tuple[float, object]]]:
        asked = pairs.date_pairs(self._pair, self._words, self._note)
        found = [i for i, d in enumerate(self._note.dates) if word_range(self._note.tokens, d.span)]
        out: list[list[tuple[float, object]]] = []
        for probability, rows in self._chosen("date", asked):
            names: list[object] = [*found[: len(rows)], PUBLISHED, NO_DATE]
            out.append([(float(p), n) for p, n in zip(probability, names, strict=True)])
        return out

    def until(self) -> list[list[tuple[float, Until]]]:
        asked = pairs.until_pairs(self._pair, self._words, self._note)
        return [
            [(float(p), n) for p, n in zip(probability, [*(asked.keys[k][1] for k in rows), None], strict=True)]
            for probability, rows in self._chosen("until", asked)
        ]

    def places(self) -> list[list[tuple[float, int | None]]]:
        asked = pairs.place_pairs(self._pair, self._words, self._note, self._findings.home)
        found: list[int | None] = [i for i, p in enumerate(self._note.places) if word_range(self._note.tokens, p.span)]
        return [
            [(float(p), n) for p, n in zip(probability, [*found[: len(rows)], None], strict=True)]
            for probability, rows in self._chosen("place", asked)
        ]

    def frames(self) -> list[tuple[int, int] | None]:
        spans = [m.words for m in self._note.mentions if m.kind == "FRAME"]
        asked = pairs.plain_pairs(self._pair, self._words, spans)
        out: list[tuple[int, int] | None] = []
        for probability, rows in self._chosen("frame", asked):
            best = int(probability.argmax())
            out.append(spans[best] if best < len(rows) else None)
        return out

    def part_of(self, visits: list[int]) -> list[int | None]:
        asked = pairs.visit_pairs(self._pair, self._words, visits)
        out: list[int | None] = []
        for probability, rows in self._chosen("part_of", asked):
            best = int(probability.argmax())
            out.append(asked.keys[rows[best]][1] if best < len(rows) else None)
        return out


@dataclass(frozen=True, slots=True)
class _Person:
    named: tuple[tuple[int, int], ...]
    by_role: tuple[tuple[int, int], ...]


__all__ = ["NO_DATE", "PUBLISHED", "Document", "Draft", "choose", "detect"]
