"""Which engagements answer which rows, and what stands against a row that none answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import date, timedelta

from dragoman.compare.acts import Act, Somebody
from dragoman.compare.mapping import Mapping, Scope
from dragoman.compare.rows import Row
from dragoman.errors import SkipDocument
from dragoman.evaluate.same import alike, tokens
from dragoman.resources import Tools

FOUND = "found"
VERDICTS: Table[str, str] = {
    FOUND: "an engagement answers the row",
    "other spelling": "on those days reports name the person in a form that does not have the surname",
    "in the words": "on those days a report of an engagement of that country has the name in its words, and nobody read it as a participant's",
    "by office": "on those days reports tell of the holder of that office, and name nobody",
    "near date": "the same person or journey, a few days off",
    "announced": "reported as planned for those days, never as held",
    "not held": "reported as proposed, cancelled or denied, never as held",
    "other date": "the same person or journey, on days that do not meet the row's",
    "other person": "on those days reports name another head of that country",
    "unnamed": "the country takes part on those days, and no report names anybody of it",
    "unseen": "nothing of it in the reports",
}

IN_PERSON = ("visit", "meeting", "conference")  # kinds in which somebody is there


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a row: the verdict, the engagements behind it, and notes in words."""

    row: Row
    verdict: str
    acts: tuple[Act, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupResult:
    """Answers of one group, and the engagements in its scope that no row has."""

    name: str
    answers: tuple[Answer, ...]
    in_scope: int | None
    lacking: tuple[Act, ...]
    also: tuple[str, ...] = ()

    @property
    def found(self) -> int:
        """Rows that an engagement answers."""
        return sum(a.verdict == FOUND for a in self.answers)

    @property
    def recall(self) -> float | None:
        """Share of the rows found."""
        return self.found / len(self.answers) if self.answers else None

    @property
    def looser(self) -> tuple[tuple[str, int, float], ...]:
        """For each rule that is looser than "found", in order: its name, the rows that answer it, and recall if these and all
        before them were counted."""
        steps, counted = [], self.found
        for rule in self.also:
            rows = sum(a.verdict == rule for a in self.answers)
            counted += rows
            if rows:
                steps.append((rule, rows, counted / len(self.answers)))
        return tuple(steps)

    @property
    def precision(self) -> float | None:
        """Share of the engagements in scope that the hand-made register has too."""
        return 1 - len(self.lacking) / self.in_scope if self.in_scope else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole: a result for each group, and the rows that could not be read."""

    groups: tuple[GroupResult, ...]
    aside: tuple[SkipDocument, ...] = ()

    @property
    def contradictions(self) -> tuple[Answer, ...]:
        """Rows that reports speak against: another date, another person, not held, or a note."""
        against = ("near date", "other date", "other person", "not held")
        return tuple(
            a
            for g in self.groups
            for a in g.answers
            if a.verdict in against or (a.notes and a.verdict != "other spelling")
        )


@dataclass(slots=True)
class _Finder:
    """Engagements by party and place, so that a row looks only at those of its country."""

    mapping: Mapping
    tools: Tools
    by_country: dict[str, list[Act]] = field(default_factory=lambda: defaultdict(list))

    def add(self, act: Act) -> None:
        for code in act.parties | {act.country or ""}:
            self.by_country[code].append(act)

    def near(self, row: Row, days: int) -> list[Act]:
        """Engagements of the row's country whose days come within ``days`` of the row's."""
        slack = timedelta(days)
        near = [
            a for a in self.by_country.get(row.country, ()) if a.start <= row.end + slack and a.end >= row.start - slack
        ]
        return sorted(near, key=lambda a: (abs((a.start - row.start).days), a.start, a.id))

    def fits(self, row: Row, act: Act) -> bool:
        """Whether an engagement, dates and status apart, is what the row says."""
        if row.group.needs == "country":
            return True
        return row.country in act.parties and any(alike(row.surname, w) for p in act.people for w in tokens(p.name))

    def answer(self, row: Row) -> Answer:
        """The verdict on a row."""
        there = self.near(row, self.mapping.days)
        held = [a for a in there if a.status in self.mapping.statuses]
        answering = [a for a in held if self.fits(row, a)]
        if answering:
            return Answer(row, FOUND, tuple(answering), self._notes(row, answering))
        return self._missed(row, there, held)

    def _missed(self, row: Row, there: list[Act], held: list[Act]) -> Answer:
        """Why nothing answers, the likeliest reason first."""
        notes = self._notes(row, [])
        here = (
            [a for a in held if row.country in a.parties and a.kind in IN_PERSON] if row.group.needs == "person" else []
        )
        others = [a for a in here if self._leaders(a, row.country)]
        names = sorted({p.name for a in others for p in self._leaders(a, row.country)})
        named = (*notes, f"reports name {', '.join(names)}")
        if same := [a for a in others if self._is_head(row, a)]:
            return Answer(row, "other spelling", tuple(same), named)
        if worded := [a for a in here if _in_words(row, a)]:
            return Answer(row, "in the words", tuple(worded), notes)
        if held_by := [a for a in here if self._is_office(row, a)]:
            return Answer(row, "by office", tuple(held_by), notes)
        if elsewhen := self._elsewhen(row, self.mapping.near):
            return Answer(row, "near date", tuple(elsewhen), notes)
        unheld = [a for a in there if a.status not in self.mapping.statuses]
        if planned := [a for a in unheld if a.status == "planned" and self._may_be(row, a)]:
            return Answer(row, "announced", tuple(planned), notes)
        if unheld := [a for a in unheld if self.fits(row, a)]:
            return Answer(row, "not held", tuple(unheld), notes)
        if elsewhen := self._elsewhen(row, self.mapping.window):
            return Answer(row, "other date", tuple(elsewhen), notes)
        if others:
            return Answer(row, "other person", tuple(others), named)
        silent = [a for a in here if not any(p.name and p.party == row.country for p in a.people)]
        return Answer(row, "unnamed" if silent else "unseen", tuple(silent), notes)

    def _is_head(self, row: Row, act: Act) -> bool:
        """Whether a head of the row's country is named by another part of the name: kings by the one they reign under, many by a
        middle part. Of heads of one country on one day, a part of a name in common is enough."""
        return any(_shares(row.person, p.name, self.mapping.drop) for p in self._leaders(act, row.country))

    def _is_office(self, row: Row, act: Act) -> bool:
        """Whether somebody of the row's country takes part who holds the row's office and is not named."""
        level = self.tools.levels.of(row.person)
        return level is not None and any(
            not p.name and p.party == row.country and self.tools.levels.of(p.office) == level for p in act.people
        )

    def _may_be(self, row: Row, act: Act) -> bool:
        """Whether a plan is one for what the row tells of."""
        if act.kind not in IN_PERSON or not self._is_of(row, act):
            return False
        if row.group.needs == "country":
            return act.country == row.country
        return self.fits(row, act) or (row.country in act.parties and self._is_head(row, act))

    def _elsewhen(self, row: Row, days: int) -> list[Act]:
        """Like engagements so many days off; for a journey only one that took place in the country counts."""
        like = [a for a in self.near(row, days) if a.status in self.mapping.statuses and self.fits(row, a)]
        if row.group.needs == "country":
            return [a for a in like if a.country == row.country and _in_scope(a, row.group.scope, self.tools)]
        return [a for a in like if a.kind in IN_PERSON]

    def _is_of(self, row: Row, act: Act) -> bool:
        """Whether an engagement is of the row's own sort: any that names the person, or a journey in the group's scope."""
        return row.group.needs == "person" or _in_scope(act, row.group.scope, self.tools)

    def _leaders(self, act: Act, country: str) -> list[Somebody]:
        """Named heads of state or government of the country in an engagement."""
        levels = self.tools.levels
        return [
            p
            for p in act.people
            if p.name and p.party == country and levels.trips.get(levels.of(p.office) or "") in ("S", "G")
        ]

    def _notes(self, row: Row, answering: Sequence[Act]) -> tuple[str, ...]:
        """Contradictions beside the verdict: days that differ, and an office that the table of officials gives to another."""
        notes = []
        there = [a for a in answering if a.kind in IN_PERSON and self._is_of(row, a)]
        if there and not any(a.start <= row.end and a.end >= row.start for a in there):
            told = sorted({_days(a.start, a.end) for a in there})
            notes.append(f"the list has {_days(row.start, row.end)}, reports {', '.join(told)}")
        if answering and row.group.needs == "person" and all(a.kind == "call" for a in answering):
            notes.append("reports tell of a call only")
        if row.group.needs == "person":
            holders = in_office(row, self.mapping.officials_until, self.tools)
            if holders:
                notes.append(f"the table of officials names {', '.join(holders)} at that time")
        return tuple(notes)


def in_office(row: Row, until: str, tools: Tools) -> list[str]:
    """Who held the office on the row's first day by the table of officials, if it can tell and it was not the row's person.

    It can tell where somebody had held an office of that level since an earlier year: the table knows the years of those
    who held office when it was made, and not everybody before them.
    """
    day, year = row.start.isoformat(), str(row.start.year)
    level = tools.levels.of(row.person)
    if day > until or level is None:
        return []
    heads = [
        o
        for o in tools.dated_heads
        if o["country"] == row.country and tools.levels.of(o["office"]) == level
        and o["since"][:4] <= year and (not o["until"] or o["until"][:4] >= year)
    ]  # fmt: skip
    if not any(o["since"][:4] < year for o in heads) or any(_shares(row.person, o["name"], ()) for o in heads):
        return []
    return sorted({o["name"] for o in heads})


def _shares(person: str, name: str, drop: Sequence[str]) -> bool:
    """Whether two names have a part in common; parts of two letters (Al, Li) and those that are no part of a name do not count."""
    none = {t for w in drop for t in tokens(w)}
    mine = [w for w in tokens(person) if len(w) > 2 and w not in none]
    return any(alike(v, w) for v in tokens(name) if len(v) > 2 for w in mine)


def _in_words(row: Row, act: Act) -> bool:
    """Whether the surname stands in the evidence of an engagement or in a title of what tells of it."""
    return any(
        alike(row.surname, w) for text in (act.evidence, *(t.title or "" for t in act.told)) for w in tokens(text)
    )


def _days(start: date, end: date) -> str:
    return start.isoformat() if start == end else f"{start.isoformat()} to {end.isoformat()}"


def _in_scope(act: Act, scope: Scope | None, tools: Tools) -> bool:
    """Whether a group claims to list engagements such as this."""
    if scope is None:
        return True
    if scope.kinds and act.kind not in scope.kinds:
        return False
    if scope.place and act.country != scope.place:
        return False
    if scope.not_place and (act.country is None or act.country == scope.not_place):
        return False
    return not (scope.levels or scope.party or scope.not_party) or any(_of_scope(p, scope, tools) for p in act.people)


def _of_scope(p: Somebody, scope: Scope, tools: Tools) -> bool:
    if scope.party and p.party != scope.party:
        return False
    if scope.not_party and (p.party is None or p.party == scope.not_party):
        return False
    return not scope.levels or tools.levels.of(p.office) in scope.levels


def compare(rows: Iterable[Row | SkipDocument], acts: Iterable[Act], mapping: Mapping, tools: Tools) -> Comparison:
    """Rows against engagements, group by group.

    A row is found if an engagement with a wanted status has its country among the parties (where the group needs only the
    country: or as its place), days that overlap within ``mapping.days``, and, where the group needs the person, a
    participant with the person's surname.
    """
    finder = _Finder(mapping, tools)
    everything = list(acts)
    for act in everything:
        finder.add(act)
    good: dict[str, list[Row]] = {g.name: [] for g in mapping.groups}
    aside: list[SkipDocument] = []
    for row in rows:
        if isinstance(row, SkipDocument):
            aside.append(row)
        else:
            good[row.group.name].append(row)
    return Comparison(tuple(_result(name, part, everything, finder) for name, part in good.items()), tuple(aside))


def _result(name: str, rows: list[Row], acts: list[Act], finder: _Finder) -> GroupResult:
    answers = tuple(finder.answer(row) for row in rows)
    group = next(g for g in finder.mapping.groups if g.name == name)
    if group.scope is None or not rows:
        return GroupResult(name, answers, None, (), finder.mapping.also)
    first, last = min(r.start for r in rows), max(r.end for r in rows)
    scoped = [
        a
        for a in acts
        if first <= a.start <= last and a.status in finder.mapping.statuses and _in_scope(a, group.scope, finder.tools)
    ]
    answering = {a.id for answer in answers if answer.verdict == FOUND for a in answer.acts}
    lacking = sorted((a for a in scoped if a.id not in answering), key=lambda a: (a.start, a.id))
    return GroupResult(name, answers, len(scoped), tuple(lacking), finder.mapping.also)
