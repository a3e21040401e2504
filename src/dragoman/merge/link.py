"""How well two accounts agree that they tell of one act, and why."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dragoman.merge.prepare import AHEAD, Named, Prepared, prepare, said
from dragoman.model import Telling
from dragoman.resources import Tools

Evidence = tuple[str, str, float]  # in words, empty where it says nothing; the weight's name; how much of it
ENDED = frozenset({"held", "cancelled"})
TINY = 1e-9  # by which sums of the same numbers may differ


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
    found = [*_facts(first, second, tools)]
    if _score(found, tools, more=max(0.0, tools.thresholds["merge.words"])) < tools.thresholds["merge.cut"] - TINY:
        return None  # whatever the words of the two say: to look at them is most of the work, and most pairs end here
    found += _words(first, second, tools)
    score = _score(found, tools)
    if score < tools.thresholds["merge.cut"]:
        return None
    return Link(first.key, second.key, round(score, 4), tuple(reason for reason, _, _ in found if reason))


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
    if (a.engagement.status == "denied") != (b.engagement.status == "denied"):
        return "denied by one"
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


def _patience(a: Prepared, b: Prepared, tools: Tools) -> int:
    """Days apart from which two accounts are two acts; the stretch in which an undated one may lie is wide enough as it is."""
    dated = a.engagement.date.start and b.engagement.date.start
    return max(reach(a, tools), reach(b, tools)) if dated else 1


def reach(p: Prepared, tools: Tools) -> int:
    """Days apart from which an account and one that is no more patient are two acts."""
    if not p.engagement.date.start:
        return 1
    return int(tools.thresholds["merge.apart.plan" if p.engagement.status in AHEAD else "merge.apart"])


def _other_way(a: Prepared, b: Prepared) -> bool:
    """A visit from X to Y and one from Y to X."""
    mine, theirs = ({n.party for n in p.people if n.side == "guest" and n.party} for p in (a, b))
    return bool(mine and theirs and not mine & theirs and a.country and b.country and a.country != b.country)


def _score(found: Sequence[Evidence], tools: Tools, more: float = 0.0) -> float:
    """From 0 to 1, by what was found and what may come to it still."""
    weights = tools.thresholds
    odds = weights["merge.base"] + sum(amount * weights[f"merge.{name}"] for _, name, amount in found)
    return 1 / (1 + math.exp(-odds - more))


def evidence(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    """What speaks for and against the two being one act: in words, the name of its weight, how much of it there is."""
    yield from _facts(a, b, tools)
    yield from _words(a, b, tools)


def _facts(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    if a.engagement.kind != b.engagement.kind:
        remote = "call" in (a.engagement.kind, b.engagement.kind)
        yield f"{a.engagement.kind} here, {b.engagement.kind} there", "kind.remote" if remote else "kind.other", 1
    yield from _parties(a, b)
    yield from _days(a, b, tools)
    yield from _people(a, b, tools)
    yield from _place(a, b, tools)
    yield from _framework(a, b, tools)
    yield from _status(a, b)


def _words(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    mine, theirs = (said(p.engagement.evidence, tools) for p in (a, b))
    shared = len(mine & theirs) / max(1, min(len(mine), len(theirs)))
    yield (f"words of the evidence: {shared:.0%}" if shared else ""), "words", shared


def _parties(a: Prepared, b: Prepared) -> Iterator[Evidence]:
    if a.parties == b.parties:
        yield "same parties", "parties.same", 1
    elif a.parties <= b.parties or b.parties <= a.parties:
        yield "parties of one among those of the other", "parties.part", 1
    else:
        yield "some other parties", "parties.other", 1
    yield "", "parties.lost", 1 - len(a.parties & b.parties) / len(a.parties | b.parties)
    if "conference" not in (a.engagement.kind, b.engagement.kind):
        lacking = sum(not p.of_party.keys() <= o.parties for p, o in ((a, b), (b, a)))
        yield ("people of a party that the other lacks" if lacking else ""), "parties.lacking", lacking


def _days(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    gap = days_apart(a, b)
    if gap is None:
        yield "undated", "day.none", 1
    elif gap:
        yield f"days apart: {gap}", "day.next", 1
        yield "", "day.more", gap - 1
        if gap > 1 and _of_today(a) and _of_today(b):
            yield "each tells of the day on which it appeared", "day.each", 1
    elif a.exact and b.exact:
        yield "days apart: 0", "day.same", 1
    else:
        yield "dates that hold each other", f"day.{_vagueness(a, b)}", 1
        yield from _told_together(a, b, tools)


def _of_today(p: Prepared) -> bool:
    """Whether an account tells of an act held on the day on which it appeared: two readouts of calls "today", days apart, are of two
    calls, however alike they are."""
    return p.exact and p.engagement.status == "held" and p.first == p.last == p.published


def _told_together(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    """Accounts that appear together tend to mean one act, also where its date is vague; long apart, another."""
    if a.about is None or b.about is None:
        return
    if (a.engagement.status in AHEAD) != (b.engagement.status in AHEAD):
        return  # a plan, and what had been held when it was made
    apart = abs(a.about - b.about)
    if apart <= tools.thresholds["merge.told.within"]:
        yield "told at the same time", "told.together", 1
    elif apart > tools.thresholds["merge.told.beyond"]:
        yield "told long apart", "told.apart", 1


def _vagueness(a: Prepared, b: Prepared) -> str:
    """How little it says that two dates hold each other: the vaguer of the two counts."""
    dates = [p.engagement.date for p in (a, b)]
    if not any(d.start for d in dates):
        return "neither"
    if not all(d.start for d in dates):
        return "inferred"
    precisions = {d.precision for d in dates}
    if dates[0].start == dates[1].start and precisions != {"day"}:
        return "alike"
    return "year" if "year" in precisions else "month" if "month" in precisions else "published"


def _people(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    """For each party for which both accounts name people: whether these take part in the other, for whomever."""
    mine, theirs = a.of_party, b.of_party
    met = [(n.index, m.index) for n in a.people for m in b.people if _same(n, m, tools)]
    here, there = {n for n, _ in met}, {m for _, m in met}
    common = fewer = 0
    for party in sorted(mine.keys() & theirs.keys()):
        some = max(sum(n.index in here for n in mine[party]), sum(m.index in there for m in theirs[party]))
        least = min(len(mine[party]), len(theirs[party]))
        yield "", "people.same" if some >= least else "people.some" if some else "people.other", 1
        common, fewer = common + min(some, least), fewer + least
    if fewer:
        yield f"{common} of {fewer} people", "people.told", 0
    elif a.people and b.people:
        yield (f"{len(here)} people, of other parties" if here else ""), "people.misplaced", float(bool(here))


def _same(a: Named, b: Named, tools: Tools) -> bool:
    agreement = tools.variants.agreement(a.name, b.name)
    return agreement >= 0.8 or (agreement > 0 and a.party == b.party)


def _place(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    if not a.country or not b.country:
        return
    if a.country != b.country:
        yield "other country", "place.country.other", 1
    elif not a.city or not b.city:
        yield "same country", "place.country", 1
    elif same_city(a.city, b.city, tools):
        yield "same city", "place.city", 1
    else:
        yield "other place", "place.city.other", 1


def same_city(a: tuple[str, ...], b: tuple[str, ...], tools: Tools) -> bool:
    """Whether two folded names of cities are spellings of one."""
    return any(tools.variants.near(p, q) for p in a for q in b if len(p) > 2 and len(q) > 2)


def _framework(a: Prepared, b: Prepared, tools: Tools) -> Iterator[Evidence]:
    if not a.framework or not b.framework:
        if a.framework or b.framework:
            yield "", "framework.one", 1
        return
    shared = len(a.framework & b.framework) / min(len(a.framework), len(b.framework))
    if shared >= tools.thresholds["merge.framework.share"]:
        yield "same framework", "framework.same", 1
    elif not shared:
        yield "other framework", "framework.other", 1


def _status(a: Prepared, b: Prepared) -> Iterator[Evidence]:
    one, other = a.engagement.status, b.engagement.status
    if one == other:
        return
    if {one, other} <= ENDED:
        yield f"{one} here, {other} there", "status.other", 1
    for plan, end in ((a, b), (b, a)):
        if plan.engagement.status in AHEAD and end.engagement.status in ENDED:
            late = plan.published is not None and end.published is not None and plan.published > end.published
            yield "planned still when the other was over" if late else "planned first", "status.late", float(late)
