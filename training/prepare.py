"""Turn documents with gold into examples for ``training.train``.

    python -m training.prepare GOLD.jsonl… --out EXAMPLES.pkl

Everything the network will see when it reads is made by the same code as in reading (clean, annotate's rules and
dictionaries, the gathering of people); only the mentions of people come from the gold and, of those whom it does not name, from an
entity model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from training.augment import Changer
from training.bystanders import Bystanders

from dragoman.model import (
    KINDS,
    SIDES,
    STATUSES,
    TOPICS,
    Annotation,
    DateFound,
    Document,
    Lasting,
    Source,
    Span,
)
from dragoman.network import layout
from dragoman.network import pairs as candidates
from dragoman.network.features import PairFeatures, word_range
from dragoman.resources import Tools
from dragoman.stages.annotate import network_inputs, observe_many
from dragoman.stages.clean import clean
from dragoman.stages.resolve import _people as people
from dragoman.stages.resolve import _roles as roles
from dragoman.stages.resolve import hints_of, homes

Words = tuple[int, int]
BEFORE = 3  # words that may stand between an office and its holder's name ("Prime Minister, Dr. X")


def find_all(text: str, needle: str) -> Iterable[Span]:
    """Whole-word occurrences of ``needle``, white space folded."""
    pattern = r"(?<!\w)" + r"\s+".join(re.escape(p) for p in needle.split()) + r"(?!\w)"
    return (Span(*m.span()) for m in re.finditer(pattern, text))


class Builder:
    """One document's example."""

    def __init__(self, doc: Document, annotation: Annotation, gold: dict[str, Any], tools: Tools) -> None:
        assert doc.clean is not None
        self.doc, self.note, self.gold, self.tools = doc, annotation, gold, tools
        self.text, self.tokens = doc.clean.text, annotation.tokens
        self.pair = PairFeatures(annotation)
        self.events = gold["engagements"]

    def words(self, needle: str | None, *, near: Words | None = None) -> list[Words]:
        if not needle:
            return []
        return [w for s in find_all(self.text, needle) if (w := word_range(self.tokens, s))]

    # -- people ------------------------------------------------------------------------------------------------
    def find_people(self, others: Bystanders) -> None:
        named = {p["name"] for e in self.events for p in e["participants"] if p["name"]}
        self.gold_spans = {w for n in named for w in self.words(n)}
        covered = {i for a, b in self.gold_spans for i in range(a, b)}
        model = [w for w in others.of(self.doc, self.note) if not covered & set(range(*w))]
        self.model_spans = set(model)
        self.clusters = people.gather(self.tokens, [*self.gold_spans, *model])
        people.surnames(self.tokens, self.clusters)
        roles.add_roles(self.tokens, self.clusters, self.note, self.tools)

    def office_words(self, office: str, name: str) -> list[Words]:
        """Where the text gives the office of a person: whole, or where the gold composes it ("Prime Minister X of Japan" gives
        "Prime Minister of Japan"), the longest beginning of it that stands right before the name."""
        if whole := self.words(office):
            return whole
        parts = [p.lower() for p in office.split()]
        found = []
        for start, _ in self.words(name):
            low = [t.text.lower() for t in self.tokens[max(0, start - BEFORE - len(parts)) : start]]
            fits = (
                (n, at)
                for n in range(len(parts), 0, -1)
                for at in range(len(low) - n, max(-1, len(low) - n - BEFORE - 1), -1)
                if low[at : at + n] == parts[:n]
            )
            if best := next(fits, None):
                at = start - len(low) + best[1]
                found.append((at, at + best[0]))
        return found

    def cluster_of(self, name: str) -> int | None:
        parts = people.folded(name)
        for exact in (True, False):
            for i, c in enumerate(self.clusters):
                if (c.parts == parts) if exact else (people.within(parts, c.parts) or people.within(c.parts, parts)):
                    return i
        return None

    # -- tags --------------------------------------------------------------------------------------------------
    def tags(self) -> np.ndarray[Any, Any]:
        out = np.zeros((len(self.tokens), len(layout.TAGS)), dtype=np.int64)

        def put(tag: str, spans: Iterable[Words], ignore: bool = False) -> None:
            k = layout.TAGS.index(tag)
            for a, b in spans:
                if ignore:
                    out[a:b, k] = -100
                elif not (out[a:b, k] > 0).any():
                    out[a, k] = 1
                    out[a + 1 : b, k] = 2

        put("PER", self.model_spans, ignore=True)
        for c in self.clusters:  # later mentions of people are people, too
            put(
                "PER",
                [
                    m
                    for m in c.mentions
                    if m not in self.model_spans and self.tokens[m[0]].text[:1].isupper() and m in self.gold_spans
                ],
            )
            if any(m in self.gold_spans for m in c.mentions):
                put(
                    "PER",
                    [
                        m
                        for m in c.mentions
                        if all(self.tokens[i].text[:1].isupper() for i in range(*m)) and m not in c.roles
                    ],
                )
        held = {(p["office"], p["name"]) for e in self.events for p in e["participants"] if p["name"] and p["office"]}
        for office, name in sorted(held, key=lambda h: (-len(h[0]), h)):
            put("OFF", self.office_words(office, name))
        for e in self.events:
            for p in e["participants"]:
                if not p["name"] and p["office"]:
                    put("GRP", self.words(p["office"]))
            put("FRAME", self.words(e["framework"]))
            if e["place"] and e["place"]["venue"]:
                put("VENUE", self.words(e["place"]["venue"]))
            for s in e["sources"]:
                if s != self.gold["outlet"]:
                    put("SRC", self.words(s))
        return out

    # -- events ------------------------------------------------------------------------------------------------
    def anchor(self, e: dict[str, Any], used: set[int]) -> tuple[int, bool] | None:
        """The word of the evidence that anchors the engagement (a frame's word of its kind, else the first verb), and
        whether it is such a frame's word."""
        spans = list(find_all(self.text, e["evidence"]))
        if not spans:
            return None
        found = word_range(self.tokens, spans[0])
        if not found:
            return None
        hits = [h for h in self.frames if found[0] <= h.word < found[1]]
        own = [h for h in hits if h.kind == e["kind"] and h.word not in used] or [
            h for h in hits if h.kind == e["kind"]
        ]
        if own:
            best = max(
                own, key=lambda h: (self.tokens[h.word].pos in {"VERB", "NOUN"}, h.length, h.frame != "accord", -h.word)
            )
            return best.word, True
        any_kind = [h.word for h in hits if h.word not in used]
        if any_kind:
            return any_kind[0], False
        for pos in ("VERB", "NOUN", "PROPN"):
            for i in range(*found):
                if self.tokens[i].pos == pos:
                    return i, False
        return found[0], False

    def anchors(self) -> list[tuple[int, dict[str, Any]]]:
        """Every engagement with its anchor. One of a list ("met A, B and C in turn") whose own words hold no verb of
        its kind shares the anchor of another of the list, in the same sentence: its wording tells of several acts."""
        used: set[int] = set()
        found: list[tuple[int, bool, dict[str, Any]]] = []
        for g in self.events:
            if (at := self.anchor(g, used)) is not None:
                used.add(at[0])
                found.append((*at, g))
        out = []
        for word, strong, g in found:
            if not strong:
                sentence = self.tokens[word].sentence
                leads = [
                    w
                    for w, s, o in found
                    if s and o["kind"] == g["kind"] and o["status"] == g["status"] and self.tokens[w].sentence == sentence
                    and set(o["parties"]) & set(g["parties"])
                ]  # fmt: skip
                word = min(leads, key=lambda w: abs(w - word), default=word)
            out.append((word, g))
        return out

    def build(self, others: Bystanders) -> dict[str, Any] | None:
        if not self.tokens:
            return None
        self.frames = self.tools.frames.find(self.tokens)
        self.find_people(others)
        inputs = network_inputs(self.note, self.tools)
        e: dict[str, Any] = {
            "doc_id": self.gold["doc_id"], "pieces": inputs.pieces, "window": inputs.window, "position": inputs.position,
            "features": inputs.features, "hot": inputs.hot, "tags": self.tags(),
        }  # fmt: skip
        self.parties = candidates.party_candidates(self.note, self.doc, *homes(self.doc, self.note, self.tools))
        trigger = np.zeros(len(self.tokens), dtype=np.int64)
        merged: dict[tuple[int, str], list[dict[str, Any]]] = {}
        for word, g in self.anchors():
            merged.setdefault((word, g["kind"]), []).append(g)
            trigger[word] = KINDS.index(g["kind"]) + 1
        e["trigger"] = trigger
        e["events"], self.rows = [], []
        for (word, kind), rows in sorted(merged.items()):
            topics = np.zeros(len(TOPICS), dtype=np.float32)
            for t in rows[0]["topics"]:
                topics[TOPICS.index(t)] = 1
            s = self.tokens[word].sentence
            e["events"].append({
                "word": word, "kind": KINDS.index(kind) + 1, "status": STATUSES.index(rows[0]["status"]),
                "salience": int(rows[0]["salience"] == "mention"), "topics": topics, "split": len(rows) > 1,
                "sentence": candidates.sentence_words(self.note, s), "weight": 1.0 if rows[0]["salience"] == "main" else 0.5,
            })  # fmt: skip
            self.rows.append(rows)
        self.person_pairs(e)
        self.participants(e)
        self.event_parties(e)
        self.dates(e)
        self.until(e)
        self.places(e)
        self.frameworks(e)
        self.part_of(e, merged)
        return e

    def person_pairs(self, e: dict[str, Any]) -> None:
        e["left_people"], e["person_of_left"], e["people"] = [], [], len(self.clusters)
        for i, c in enumerate(self.clusters):
            for m in candidates.person_mentions(c):
                e["left_people"].append(m)
                e["person_of_left"].append(i)
        truth: dict[int, dict[str, Any]] = {}
        for g in self.events:
            for p in g["participants"]:
                if p["name"] and (c := self.cluster_of(p["name"])) is not None:
                    truth[c] = p
        offices = list(spans(e["tags"][:, layout.TAGS.index("OFF")]))
        h = candidates.office_pairs(self.pair, e["left_people"], e["person_of_left"], offices)
        gold: list[set[int]] = [set() for _ in self.clusters]
        for c, p in truth.items():
            if not p["office"]:
                gold[c] = {-1}
                continue
            told = self.office_words(p["office"], p["name"])
            mine = ((k, s) for k, (o, s) in enumerate(h.keys) if o == c)
            gold[c] = {k for k, s in mine if s in told or same(self.text_of(s), p["office"])}
        e["holds"] = packed(h, gold=gold)
        s = candidates.stands_pairs(
            self.note, self.clusters, e["person_of_left"], self.parties, hints_of(self.clusters, self.tools)
        )
        stands: list[set[int]] = [set() for _ in self.clusters]
        for c, p in truth.items():
            stands[c] = {k for k, (o, party) in enumerate(s.keys) if o == c and party == p["party"]}
        e["stands_for"] = packed(s, gold=stands)

    def text_of(self, w: Words) -> str:
        return people.span_of(self.tokens, w).of(self.text)

    def participants(self, e: dict[str, Any]) -> None:
        words = [(k["word"], k["word"] + 1) for k in e["events"]]
        p = candidates.takes_part_pairs(self.note, words, self.clusters, self.tools.cues.speaking)
        label, head = [], []
        for ev, c in p.keys:
            hit = [x for g in self.rows[ev] for x in g["participants"] if x["name"] and self.cluster_of(x["name"]) == c]
            label.append(SIDES.index(hit[0]["side"]) + 1 if hit else 0)
            head.append(bool(hit and hit[0]["head"]))
        e["takes_part"] = packed(p, label=label, head=head)

    def event_parties(self, e: dict[str, Any]) -> None:
        words = [(k["word"], k["word"] + 1) for k in e["events"]]
        p = candidates.party_pairs(self.pair, words, self.parties)
        e["party"] = packed(p, label=[any(party in g["parties"] for g in self.rows[ev]) for ev, party in p.keys])

    def dates(self, e: dict[str, Any]) -> None:
        words = [(k["word"], k["word"] + 1) for k in e["events"]]
        p = candidates.date_pairs(self.pair, words, self.note)
        gold: list[set[int]] = []
        for ev, rows in enumerate(self.rows):
            want = {g["date"]["start"] for g in rows}
            good = {k for k, (o, d) in enumerate(p.keys) if o == ev and (set(d) & want)}
            if not good:  # "ended on Friday a visit of three days": the day told is the last
                ends = {g["date"]["end"] for g in rows if self.lasts(g) and g["date"]["end"]}
                good = {k for k, (o, d) in enumerate(p.keys) if o == ev and (set(d) & ends)}
            if want == {None}:
                good = {-2}
            elif any(g["date"]["basis"] == "published" for g in rows):
                good = {-1}
            gold.append(good)
        e["date"] = packed(p, gold=gold)

    def lasts(self, g: dict[str, Any]) -> set[Lasting]:
        """What the text says of how many days a record's act goes on, that fits it."""
        start, end = g["date"]["start"], g["date"]["end"]
        if not end or len(start) < len("2024-01-01"):
            return set()
        days = (date.fromisoformat(end) - date.fromisoformat(start)).days + 1
        return {x for x in self.note.lastings if x.days == days}

    def until(self, e: dict[str, Any]) -> None:
        words = [(k["word"], k["word"] + 1) for k in e["events"]]
        p = candidates.until_pairs(self.pair, words, self.note)
        told = [d.value(ahead=ahead) for d in self.note.dates for ahead in (False, True)]
        gold: list[set[int]] = []
        for ev, rows in enumerate(self.rows):
            good: set[int] = set()
            for g in rows:
                start, end = g["date"]["start"], g["date"]["end"]
                if not end or (start, end) in told:
                    good.add(-1)  # nothing beside its date says so
                    continue
                first = start in {s for s, _ in told} or g["date"]["basis"] == "published"
                good |= {k for k, (o, said) in enumerate(p.keys) if o == ev and self.ends(said, g, first=first)}
            gold.append(good)
        e["until"] = packed(p, gold=gold)

    def ends(self, said: DateFound | tuple[Lasting, bool], g: dict[str, Any], *, first: bool) -> bool:
        """Whether what is said tells when a record's act ends; ``first`` is whether the text gives its first day."""
        if isinstance(said, DateFound):
            meant = (said.value(ahead=ahead) for ahead in (False, True))
            return first and any(g["date"]["end"] == (until or at) for at, until in meant)
        lasting, back = said
        return lasting in self.lasts(g) and back != first

    def places(self, e: dict[str, Any]) -> None:
        words = [(k["word"], k["word"] + 1) for k in e["events"]]
        p = candidates.place_pairs(self.pair, words, self.note, homes(self.doc, self.note, self.tools)[0])
        gold: list[set[int]] = []
        for ev, rows in enumerate(self.rows):
            good: set[int] = set()
            for g in rows:
                pl = g["place"] or {}
                if not pl.get("country"):
                    good |= {-1} if not pl else set()
                    continue
                mine = [(k, x) for k, (o, x) in enumerate(p.keys) if o == ev and x.country == pl["country"]]
                exact = [k for k, x in mine if people.folded(x.city or "") == people.folded(pl.get("city") or "")]
                good |= set(exact or [k for k, _ in mine])
            gold.append(good)
        e["place"] = packed(p, gold=gold)

    def frameworks(self, e: dict[str, Any]) -> None:
        words = [(k["word"], k["word"] + 1) for k in e["events"]]
        frames = spans(e["tags"][:, layout.TAGS.index("FRAME")])
        p = candidates.plain_pairs(self.pair, words, frames)
        gold: list[set[int]] = []
        for ev, rows in enumerate(self.rows):
            fw = next((g["framework"] for g in rows if g["framework"]), None)
            good = {k for k, (o, w) in enumerate(p.keys) if o == ev and fw and same(self.text_of(w), fw)}
            gold.append(good if fw else {-1})
        e["frame"] = packed(p, gold=gold)

    def part_of(self, e: dict[str, Any], merged: dict[tuple[int, str], list[dict[str, Any]]]) -> None:
        words = [(k["word"], k["word"] + 1) for k in e["events"]]
        visits = [i for i, k in enumerate(e["events"]) if k["kind"] == KINDS.index("visit") + 1]
        p = candidates.visit_pairs(self.pair, words, visits)
        home = {g["id"]: ev for ev, rows in enumerate(self.rows) for g in rows}
        gold: list[set[int]] = []
        for ev, rows in enumerate(self.rows):
            to = rows[0]["part_of"]
            good = {k for k, (o, v) in enumerate(p.keys) if o == ev and to and home.get(to) == v}
            gold.append(good if to else {-1})
        e["part_of"] = packed(p, gold=gold)


def document_of(row: dict[str, Any]) -> Document:
    """A gold line's document, as ingest would make it."""
    published = date.fromisoformat(row["published"]) if row["published"] else None
    source = Source(row["doc_id"], row["url"], row["outlet"], published, row["title"])
    return Document(source, row["text"])


def packed(p: candidates.Pairs, **columns: Any) -> dict[str, Any]:
    """Pairs as plain columns for pickling, with what the gold says of their keys."""
    return {
        "spans": p.spans, "left": p.left, "feats": p.feats, "extra": p.extra, "group": p.group, "groups": len(p.keys),
        "owner": p.owner, **columns,
    }  # fmt: skip


def spans(bio: np.ndarray[Any, Any]) -> list[Words]:
    out: list[Words] = []
    for i, v in enumerate(bio.tolist()):
        if v == 1:
            out.append((i, i + 1))
        elif v == 2 and out and out[-1][1] == i:
            out[-1] = (out[-1][0], i + 1)
    return out


def same(a: str, b: str) -> bool:
    return " ".join(a.split()).lower() == " ".join(b.split()).lower()


def examples(rows: list[dict[str, Any]], tools: Tools, others: Bystanders) -> Iterator[dict[str, Any] | None]:
    """An example of each gold line; None for a text without words."""
    docs = [clean(document_of(r), tools) for r in rows]
    for row, doc, note in zip(rows, docs, observe_many(docs, tools), strict=True):
        yield Builder(doc, note, row, tools).build(others)


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("gold", nargs="+")
    a.add_argument("--out", required=True)
    a.add_argument("--leave-out", help="JSON list of doc_ids that are not to be seen")
    a.add_argument("--copies", type=int, default=0, help="changed copies of each document")
    a.add_argument("--extra", default="", help="files whose name holds this are never tested on")
    o = a.parse_args()
    tools = Tools()
    leave = set(json.loads(Path(o.leave_out).read_text())) if o.leave_out else set()
    out: list[dict[str, Any]] = []
    changer, others = Changer(tools), Bystanders()
    for path in o.gold:
        with open(path, encoding="utf-8") as f:
            rows = [json.loads(line) for line in f if line.strip()]
        rows = [r for r in rows if r["doc_id"] not in leave]
        versions = [list(examples(rows, tools, others))]
        for copy in range(o.copies):
            versions.append(list(examples([changer.copy(r, copy) for r in rows], tools, others)))
        for row, *all_of_one in zip(rows, *versions, strict=True):
            made = [e for e in all_of_one if e is not None]
            if made:
                group = row.get("cluster") or row["outlet"] or row["doc_id"]
                made[0]["fold"] = int(hashlib.sha256(group.encode()).hexdigest(), 16) % 1000
                made[0]["extra"] = bool(o.extra) and o.extra in path
                made[0]["copies"] = made[1:]
                out.append(made[0])
    with open(o.out, "wb") as f:
        pickle.dump(out, f)
    print(len(out), "examples", sum(len(e["events"]) for e in out), "engagements")


if __name__ == "__main__":
    main()
