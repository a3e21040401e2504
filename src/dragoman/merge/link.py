"""How well two accounts agree that they tell of one act, and why."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.merge.prepare import AHEAD, Named, Prepared, prepare
from dragoman.model import Telling
from dragoman.resources import Tools

Evidence = tuple[str, float]  # a reason in words, and its log-odds
ENDED = frozenset({"held", "cancelled"})


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two accounts that may tell of one act; ``left`` is the smaller key, ``score`` runs from 0 to 1."""

    left: str
    right: str
    score: float
    reasons: tuple[str, ...]


def link(a: Telling | Prepared, b: Telling | Prepared, tools: Tools) -> Link | None:
    """The link between two accounts, or None where they are excluded from being one or score below the cut."""
    first, second = prepare(a, tools), prepare(b, tools)
    if second.key < first.key:
        first, second = second, first
    if excluded(first, second, tools):
        return None
    found = [*_evidence(first, second, tools)]
    odds = tools.thresholds["merge.base"] + sum(weight for _, weight in found)
    score = 1 / (1 + math.exp(-odds))
    if score < tools.thresholds["merge.cut"]:
        return None
    return Link(first.key, second.key, round(score, 4), tuple(reason for reason, _ in found if reason))


def excluded(a: Prepared, b: Prepared, tools: Tools) -> str | None:
    """Why two accounts can never be one act, however well the rest agrees; None where nothing forbids it."""
    if a.family != b.family:
        return "other kind"
    if a.telling.doc_id == b.telling.doc_id:
        return "two acts of one document"
    if not a.parties & b.parties:
        return "other parties"
    if a.ordinals and b.ordinals and a.framework & b.framework and not a.ordinals & b.ordinals:
        return "other session"
    gap = days_apart(a, b)
    if gap is not None and gap >= _patience(a, b, tools):
        return "other days"
    if a.family == "visit" and _other_way(a, b):
        return "other way"
    return None


def days_apart(a: Prepared, b: Prepared) -> int | None:
    """Days between the stretches in which the two may lie; 0 where they meet, None where one has no date at all."""
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return None
    return max(0, a.first - b.last, b.first - a.last)


def _patience(a: Prepared, b: Prepared, tools: Tools) -> float:
    statuses = {a.engagement.status, b.engagement.status}
    return tools.thresholds["merge.apart.plan" if statuses & AHEAD else "merge.apart"]


def _other_way(a: Prepared, b: Prepared) -> bool:
    """A visit from X to Y and one from Y to X."""
    mine, theirs = ({n.party for n in p.people if n.side == "guest" and n.party} for p in (a, b))
    return bool(mine and theirs and not mine & theirs and a.country and b.country and a.country != b.country)


def _evidence(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    cut = tools.thresholds
    if a.engagement.kind != b.engagement.kind:
        yield f"{a.engagement.kind} here, {b.engagement.kind} there", cut["merge.kind"]
    yield _parties(a, b, tools)
    yield _days(a, b, tools)
    yield from _people(a, b, tools)
    yield from _place(a, b, tools)
    yield from _framework(a, b, tools)
    yield from _status(a, b, tools)
    shared = len(a.evidence & b.evidence) / max(1, min(len(a.evidence), len(b.evidence)))
    yield (f"words of the evidence: {shared:.0%}" if shared else ""), shared * cut["merge.words"]


def _parties(a: Prepared, b: Prepared, tools: Tools) -> Evidence:
    if a.parties == b.parties:
        return "same parties", tools.thresholds["merge.parties.same"]
    if a.parties <= b.parties or b.parties <= a.parties:
        return "parties of one among those of the other", tools.thresholds["merge.parties.part"]
    return "some other parties", tools.thresholds["merge.parties.other"]


def _days(a: Prepared, b: Prepared, tools: Tools) -> Evidence:
    cut = tools.thresholds
    gap = days_apart(a, b)
    if gap is None:
        return "undated", 0.0
    if gap == 0:
        if a.exact and b.exact:
            return "days apart: 0", cut["merge.day.same"]
        return "dates that hold each other", cut["merge.day.vague"]
    return f"days apart: {gap}", cut["merge.day.next"] + (gap - 1) * cut["merge.day.near"]


def _people(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    """People of the sides that both accounts name."""
    sides = {n.party for n in a.people} & {n.party for n in b.people}
    mine, theirs = ([n for n in p.people if n.party in sides] for p in (a, b))
    fewer = min(len(mine), len(theirs))
    if not fewer:
        anyone = sum(any(_same(n, m, tools) for m in b.people) for n in a.people)
        if anyone:
            yield f"{anyone} people in common, of other parties", tools.thresholds["merge.people.some"]
        return
    common = sum(any(_same(n, m, tools) for m in b.people) for n in mine)
    common = min(fewer, common)
    yield f"{common} of {fewer} people", tools.thresholds[_agreement(common, fewer)]


def _agreement(common: int, fewer: int) -> str:
    if common == 0:
        return "merge.people.none"
    return "merge.people.same" if common >= fewer else "merge.people.some"


def _same(a: Named, b: Named, tools: Tools) -> bool:
    agreement = tools.variants.agreement(a.name, b.name)
    return agreement >= 0.8 or (agreement > 0 and a.party == b.party)


def _place(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    cut = tools.thresholds
    if not a.country or not b.country:
        return
    if a.country != b.country:
        yield "other country", cut["merge.place.other"]
    elif not a.city or not b.city:
        yield "same country", cut["merge.place.country"]
    elif same_city(a.city, b.city, tools):
        yield "same city", cut["merge.place.city"]
    else:
        yield "other place", cut["merge.place.other.city"]


def same_city(a: tuple[str, ...], b: tuple[str, ...], tools: Tools) -> bool:
    """Whether two folded names of cities are spellings of one."""
    return any(tools.variants.near(p, q) for p in a for q in b if len(p) > 2 and len(q) > 2)


def _framework(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    if not a.framework or not b.framework:
        return
    shared = len(a.framework & b.framework) / min(len(a.framework), len(b.framework))
    if shared >= tools.thresholds["merge.framework.share"]:
        yield "same framework", tools.thresholds["merge.framework.same"]
    elif not shared:
        yield "other framework", tools.thresholds["merge.framework.other"]


def _status(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    cut = tools.thresholds
    one, other = a.engagement.status, b.engagement.status
    if one == other:
        return
    if "denied" in (one, other):
        yield "denied by one", cut["merge.status.denied"]
        return
    for plan, end in ((a, b), (b, a)):
        if plan.engagement.status in AHEAD and end.engagement.status in ENDED:
            late = plan.published is not None and end.published is not None and plan.published > end.published
            yield ("planned after the other was over", cut["merge.status.late"]) if late else ("planned first", 0.0)
