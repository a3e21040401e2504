"""Which triggers are engagements, and what the network says of each: the raw material of a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from dragoman.model import KINDS, Annotation, DateFound, Document, Findings, Lasting, Trigger
from dragoman.network import layout, pairs
from dragoman.network.again import LOOKS, Acts, Scored, akin, alike, named_together, nearest, of_days, of_people
from dragoman.network.features import Floats, PairFeatures, word_range
from dragoman.network.runtime import sigmoid, softmax
from dragoman.resources import Tools

NO_DATE, PUBLISHED = "no date", "published"
Until = (
    DateFound | tuple[Lasting, bool] | None
)  # a day; how long, and whether that is counted back from the day told; nothing

Taking = dict[int, tuple[float, float, Floats]]  # person -> takes part, heads, sides
Dates = list[tuple[float, object]]  # probability and index into Annotation.dates, PUBLISHED or NO_DATE
Places = list[tuple[float, int | None]]  # probability and index into Annotation.places
T = TypeVar("T")


@dataclass(slots=True)
class Draft:
    """One engagement as scores: everything that :mod:`_build` decides from."""

    trigger: Trigger
    told: float  # probability that it is an act which the text tells, and not another telling of one
    status: Floats
    mention: float  # probability that it is background
    topics: Floats
    split: float  # probability that one wording tells of several engagements
    people: Taking
    parties: dict[str, float]
    dates: Dates
    until: list[tuple[float, Until]]  # probability and what says when it ends
    places: Places
    frame: tuple[int, int] | None
    part_of: int | None  # index of another draft


def detect(note: Annotation, findings: Findings, tools: Tools) -> list[Draft]:
    """Drafts of the document's engagements, in order of text."""
    asked = _Asked(note, findings, choose(note.triggers, tools.thresholds), tools)
    if not asked.triggers:
        return []
    again = asked.again()
    kept = [i for i, told in enumerate(again.told) if told >= tools.thresholds["told"]]
    if not kept:
        return []
    rest = asked.only(kept)
    until, frames, parts = rest.until(), rest.frames(), rest.part_of()
    return [
        Draft(
            asked.triggers[i], float(again.told[i]), again.status[i], float(again.background[i]), asked.topics[i], float(again.several[i]), again.people[i],
            again.parties[i], again.dates[i], until[n], again.places[i], frames[n], parts[n],
        )
        for n, i in enumerate(kept)
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


@dataclass(frozen=True, slots=True)
class _Again:
    """What the second look says of each act: whether it is one, is background, tells of several, its status, who takes part, which
    parties, when and where."""

    told: Floats
    background: Floats
    several: Floats
    status: Floats
    people: list[Taking]
    parties: list[dict[str, float]]
    dates: list[Dates]
    places: list[Places]


def _taking(people: Scored, in_it: Floats, act: int) -> Taking:
    """Who takes part in an act, from the second look's probabilities, and what was said of each at first."""
    heads = sigmoid(people.scores[act, :, 1])
    return {i: (float(p), float(heads[i]), softmax(people.scores[act, i, 2:])) for i, p in enumerate(in_it)}


def _shares(row: Floats, names: Sequence[T]) -> list[tuple[float, T]]:
    return list(zip(row.tolist(), names, strict=True))


class _Asked:
    """The network's answers about pairs, per engagement."""

    def __init__(self, note: Annotation, findings: Findings, triggers: Sequence[Trigger], tools: Tools) -> None:
        self._note, self._findings, self.triggers = note, findings, triggers
        self._net, self._pair, self._tools = tools.network, PairFeatures(note), tools
        self._words = [(t.word, t.word + 1) for t in triggers]
        self._at = np.array([t.word for t in triggers], dtype=np.int64)
        self._kinds = np.array([KINDS.index(t.kind) + 1 for t in triggers], dtype=np.int64)

    def only(self, kept: Sequence[int]) -> _Asked:
        """The same of some of the engagements, whose vectors stay as they are."""
        some = _Asked(self._note, self._findings, [self.triggers[i] for i in kept], self._tools)
        some._events = self._events[kept]
        return some

    @cached_property
    def _events(self) -> Floats:
        """Vectors of the engagements [engagements, width]."""
        note = self._note
        sentences = [pairs.sentence_words(note, note.tokens[t.word].sentence) for t in self.triggers]
        return self._net.event_vectors(note.vectors, self._at, self._kinds, sentences)

    @cached_property
    def status(self) -> Floats:
        return softmax(self._net.event_head("status", self._events))

    @cached_property
    def topics(self) -> Floats:
        return sigmoid(self._net.event_head("topics", self._events))

    @cached_property
    def several(self) -> Floats:
        """The probability that one wording tells of several engagements."""
        return sigmoid(self._net.event_head("split", self._events))[:, 0]

    def _best(self, name: str, asked: pairs.Pairs) -> Floats:
        return self._net.best_of_keys(name, self._events, asked, self._note.vectors)

    def again(self) -> _Again:
        """Which are acts that the text tells, of what status, who takes part in each, which parties, when and where.

        Each pair is scored by itself and then judged again by what was said of all; who heads and the sides stay as they were said.
        """
        note, findings = self._note, self._findings
        day_words = {i: w for i, d in enumerate(note.dates) if (w := word_range(note.tokens, d.span))}
        spot_words = {i: w for i, p in enumerate(note.places) if (w := word_range(note.tokens, p.span))}
        days, spots = list(day_words), list(spot_words)
        people = [_Person(p.named, p.by_role) for p in findings.people]
        named = [[*p.named, *p.by_role] for p in people]
        told_days, words = [note.dates[i] for i in days], [t.word for t in self.triggers]
        who = pairs.takes_part_pairs(note, self._words, people, self._tools.cues.speaking)
        asked = {
            "takes_part": (who, len(people)),
            "party": (pairs.party_pairs(self._pair, self._words, findings.candidates), len(findings.candidates)),
            "date": (pairs.date_pairs(self._pair, self._words, note), len(days)),
            "place": (pairs.place_pairs(self._pair, self._words, note, findings.home), len(spots)),
        }
        scored = {name: self._net.grid(name, self._events, n, q, note.vectors) for name, (q, n) in asked.items()}
        acts = Acts(
            vectors=self._events,
            words=self._at,
            kinds=self._kinds,
            told=np.array([t.score for t in self.triggers], dtype=np.float32),
            status=self.status,
            background=softmax(self._net.event_head("salience", self._events))[:, 1],
            several=self.several,
            scored=scored,
            none={name: self._net.none_head(name, self._events) for name in LOOKS if name in layout.NONE_HEADS},
            more={
                "takes_part": of_people(note.tokens, words, people, self._tools.company),
                "date": np.repeat(of_days(told_days, note.anchor)[None], len(self._at), 0),
            },
            ties={
                "stands": self._stands(),
                "beside": named_together(note.tokens, people),
                "lies": self._lies(spots),
                "there": alike([note.places[i].country for i in spots]),
                "same": alike([d.start for d in told_days]),
                "on": nearest(note.tokens, named, list(day_words.values())),
                "at": nearest(note.tokens, named, list(spot_words.values())),
                "then": nearest(note.tokens, [[w] for w in spot_words.values()], list(day_words.values())),
                "near": alike([note.tokens[word].sentence for word in words]),
                "of": self._parts(),
                "akin": akin(self._kinds, sigmoid(scored["takes_part"].scores[..., 0])),
            },
        )
        told = self._net.again(acts)
        parties = [c.party for c in findings.candidates]
        return _Again(
            told=sigmoid(told["told"]),
            background=sigmoid(told["background"]),
            several=sigmoid(told["several"]),
            status=softmax(told["status"]),
            people=[_taking(scored["takes_part"], in_it, e) for e, in_it in enumerate(sigmoid(told["takes_part"]))],
            parties=[dict(zip(parties, row.tolist(), strict=True)) for row in sigmoid(told["party"])],
            dates=[_shares(row, [*days, PUBLISHED, NO_DATE]) for row in softmax(told["date"])],
            places=[_shares(row, [*spots, None]) for row in softmax(told["place"])],
        )

    def _stands(self) -> Floats:
        """The probability that a person stands for a party [people, parties]."""
        out = np.zeros((len(self._findings.people), len(self._findings.candidates)), dtype=np.float32)
        number = {c.party: k for k, c in enumerate(self._findings.candidates)}
        for i, person in enumerate(self._findings.people):
            for party, p in person.party_scores:
                if party in number:
                    out[i, number[party]] = p
        return out

    def _parts(self) -> Floats:
        """How likely each act is part of each, which is a visit [acts, acts]."""
        out = np.zeros((len(self.triggers), len(self.triggers)), dtype=np.float32)
        visits = self._visits()
        for e, (probability, rows) in enumerate(self._chosen("part_of", visits)):
            for k, p in zip(rows, probability, strict=False):
                out[e, visits.keys[k][1]] = p
        return out

    def _visits(self) -> pairs.Pairs:
        """Every act with every visit that it may be part of."""
        return pairs.visit_pairs(self._pair, self._words, [i for i, t in enumerate(self.triggers) if t.kind == "visit"])

    def _lies(self, spots: Sequence[int]) -> Floats:
        """Which places lie in the states that are parties [places, parties]."""
        there = [[self._note.places[i].country == c.party for c in self._findings.candidates] for i in spots]
        return np.array(there, dtype=np.float32).reshape(len(spots), len(self._findings.candidates))

    def _chosen(self, name: str, asked: pairs.Pairs) -> list[tuple[Floats, list[int]]]:
        """Per engagement: probabilities over its keys, then over the nones; and the keys' rows."""
        none = self._net.none_head(name, self._events)
        best = self._best(name, asked)[:, 0] if asked.keys else np.zeros(0, dtype=np.float32)
        out = []
        for e in range(len(self._words)):
            rows = [k for k, o in enumerate(asked.owner) if o == e]
            out.append((softmax(np.concatenate([best[rows], none[e]])), rows))
        return out

    def until(self) -> list[list[tuple[float, Until]]]:
        asked = pairs.until_pairs(self._pair, self._words, self._note)
        return [
            [(float(p), n) for p, n in zip(probability, [*(asked.keys[k][1] for k in rows), None], strict=True)]
            for probability, rows in self._chosen("until", asked)
        ]

    def frames(self) -> list[tuple[int, int] | None]:
        spans = [m.words for m in self._note.mentions if m.kind == "FRAME"]
        asked = pairs.plain_pairs(self._pair, self._words, spans)
        out: list[tuple[int, int] | None] = []
        for probability, rows in self._chosen("frame", asked):
            best = int(probability.argmax())
            out.append(spans[best] if best < len(rows) else None)
        return out

    def part_of(self) -> list[int | None]:
        asked = self._visits()
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
