"""The measure: detection over main records, fields over paired ones, and usable, the share that needs no correction.

It is that of ``gold/score.py``, kept equal to it by a test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dragoman.evaluate.same import Record, fold, matched, pair, people, same_name, same_text

FIELDS = ("kind", "status", "parties", "date", "place country", "place city", "people", "people+party", "office", "rank", "side", "head", "topics", "framework", "sources", "part of")  # fmt: skip
NEEDED = ("kind", "status", "parties", "date", "place country", "people", "people+party")
"""What must be right for a record to be usable."""


@dataclass(slots=True)
class Score:
    """Counts over a set of documents, and the figures made of them."""

    documents: int = 0
    main: int = 0
    found: int = 0
    invented: int = 0
    missed: int = 0
    usable: int = 0
    hit: Counter[str] = field(default_factory=Counter)
    size: Counter[str] = field(default_factory=Counter)
    by_kind: dict[str, list[int]] = field(default_factory=dict)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: list[tuple[str, str, str, str]] = field(default_factory=list)  # doc_id, what, detail, evidence

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.invented) if self.found + self.invented else 0.0

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed) if self.found + self.missed else 0.0

    @property
    def f1(self) -> float:
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0

    @property
    def usable_share(self) -> float:
        return self.usable / self.main if self.main else 0.0

    def field_f1(self, name: str) -> float | None:
        """F1 (for single values: accuracy) of a field over paired records; None where there was nothing to compare."""
        return 2 * self.hit[name] / self.size[name] if self.size[name] else None

    def one(self, name: str, ok: bool) -> bool:
        self.hit[name] += ok
        self.size[name] += 2
        return ok

    def many(self, name: str, gold: Sequence[Any], system: Sequence[Any], same: Callable[[Any, Any], bool]) -> bool:
        hit = matched(gold, system, same)
        self.hit[name] += hit
        self.size[name] += len(gold) + len(system)
        return hit == len(gold) == len(system)


def score(gold: Iterable[Mapping[str, Any]], system: Mapping[str, Mapping[str, Any]]) -> Score:
    """Figures of ``system`` (documents by doc_id) against ``gold``."""
    out = Score()
    for document in gold:
        add(out, document, system.get(document["doc_id"]))
    return out


def add(out: Score, gold: Mapping[str, Any], system: Mapping[str, Any] | None) -> None:
    """Count one document more."""
    out.documents += 1
    answers = (system or {}).get("engagements") or []
    _document(out, gold, [e for e in answers if e.get("salience", "main") == "main"])


def _document(out: Score, document: Mapping[str, Any], answers: Sequence[Record]) -> None:
    gold: list[Record] = document["engagements"]
    pairs = pair(gold, answers)
    found, used = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, e in enumerate(gold):
        if e.get("salience", "main") == "main":
            out.main += 1
            out.by_kind.setdefault(e["kind"], [0, 0])[1] += 1
            if i not in found:
                out.missed += 1
                out.errors.append((document["doc_id"], "missed", e["kind"], e.get("evidence") or ""))
    for j, e in enumerate(answers):
        if j not in used:
            out.invented += 1
            out.errors.append((document["doc_id"], "invented", str(e.get("kind")), e.get("evidence") or ""))
    for i, j in pairs:
        if gold[i].get("salience", "main") == "main":
            _record(out, document["doc_id"], gold[i], answers[j])


def _record(out: Score, doc_id: str, a: Record, b: Record) -> None:
    out.found += 1
    out.by_kind[a["kind"]][0] += 1
    out.kinds[a["kind"], str(b.get("kind"))] += 1
    out.statuses[a["status"], str(b.get("status"))] += 1
    right = _needed(out, a, b)
    _participants(out, people(a), people(b))
    out.many("topics", a.get("topics") or [], b.get("topics") or [], _equal)
    frames = [[r["framework"]] if r.get("framework") else [] for r in (a, b)]
    out.many("framework", frames[0], frames[1], same_text)
    out.many("sources", a.get("sources") or [], b.get("sources") or [], same_text)
    out.one("part of", bool(a.get("part_of")) == bool(b.get("part_of")))
    if all(right):
        out.usable += 1
    else:
        wrong = ", ".join(n for n, ok in zip(NEEDED, right, strict=True) if not ok)
        out.errors.append((doc_id, "wrong", wrong, a.get("evidence") or ""))


def _needed(out: Score, a: Record, b: Record) -> list[bool]:
    place_a, place_b = a.get("place") or {}, b.get("place") or {}
    names_a, names_b = people(a), people(b)
    right = [
        out.one("kind", a["kind"] == b.get("kind")),
        out.one("status", a["status"] == b.get("status")),
        out.many("parties", a.get("parties") or [], b.get("parties") or [], _equal),
        out.one("date", (a.get("date") or {}).get("start") == (b.get("date") or {}).get("start")),
        out.one("place country", place_a.get("country") == place_b.get("country")),
        out.many("people", names_a, names_b, _same_person),
        out.many("people+party", names_a, names_b, _same_person_and_party) or not names_a,
    ]
    out.one("place city", fold(place_a.get("city")) == fold(place_b.get("city")))
    return right


def _participants(out: Score, gold: Sequence[Record], system: Sequence[Record]) -> None:
    for x in gold:
        y = next((y for y in system if _same_person(x, y)), None)
        if y is not None:
            out.one("office", same_text(x.get("office"), y.get("office")))
            out.one("rank", fold(x.get("rank")) == fold(y.get("rank")))
            out.one("side", x.get("side") == y.get("side"))
            out.one("head", bool(x.get("head")) == bool(y.get("head")))


def _equal(x: Any, y: Any) -> bool:
    return bool(x == y)


def _same_person(x: Record, y: Record) -> bool:
    return same_name(x["name"], y["name"])


def _same_person_and_party(x: Record, y: Record) -> bool:
    return _same_person(x, y) and x.get("party") == y.get("party")
