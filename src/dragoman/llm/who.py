"""Participants and parties of one engagement, each held to the words or to the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dragoman.llm.answer import ToldPerson
from dragoman.llm.facts import Borne, Facts
from dragoman.llm.words import folded
from dragoman.model import SIDES, Participant, Span

Drop = Callable[[str, str | None, str], None]
"""Notes a dropped value: its path, the value, the reason."""


@dataclass(frozen=True, slots=True)
class People:
    """Participants in the order told, and the words or basis of each of their fields by path."""

    items: tuple[Participant, ...]
    marks: Mapping[str, Borne]


@dataclass(frozen=True, slots=True)
class Parties:
    """Parties, sorted, and the words or basis of each by path."""

    items: tuple[str, ...]
    marks: Mapping[str, Borne]

    def __len__(self) -> int:
        return len(self.items)


def people_of(told: Sequence[ToldPerson], facts: Facts, evidence: Span, drop: Drop) -> People:
    """Everybody whose name the text has, and unnamed delegations by the text's words for them."""
    items: list[Participant] = []
    marks: dict[str, Borne] = {}
    seen: set[str] = set()
    for number, one in enumerate(told):
        made = _person(one, facts, evidence, _under(f"participants[{number}]", drop))
        if made is None:
            continue
        person, own = made
        key = folded(person.name or person.office or "")
        if key in seen:
            continue
        seen.add(key)
        marks.update({f"participants[{len(items)}].{field}": mark for field, mark in own.items()})
        items.append(person)
    return People(tuple(items), marks)


def _under(path: str, drop: Drop) -> Drop:
    return lambda field, value, why: drop(f"{path}.{field}", value, why)


def _person(told: ToldPerson, facts: Facts, evidence: Span, drop: Drop) -> tuple[Participant, dict[str, Borne]] | None:
    marks: dict[str, Borne] = {"side": (None, "model"), "head": (None, "model")}

    def words(field: str, value: str | None, at: Span) -> str | None:
        if value is None:
            return None
        span = facts.words.nearest(value, at, plural=field != "name")
        if span is None:
            drop(field, value, "not in the document")
            return None
        marks[field] = (span, None)
        return span.of(facts.text)

    name = words("name", told.name, evidence)
    if told.name and name is None:
        return None
    at = marks["name"][0] if name else evidence
    office = words("office", told.office, at or evidence)
    if name is None and office is None:
        return None
    rank = words("rank", told.rank, at or evidence)
    party, mark = _party(told, name, facts, at or evidence, drop)
    if mark is not None:
        marks["party"] = mark
    side = told.side if told.side in SIDES else "party"
    return Participant(name, office, rank, party, side, told.head), marks


def _party(told: ToldPerson, name: str | None, facts: Facts, at: Span, drop: Drop) -> tuple[str | None, Borne | None]:
    """A participant's party by the tables, if the document or the table of officials bears it out."""
    if told.party is None:
        return None, None
    party = facts.party(told.party)
    mark = facts.borne(party, at, name) if party else None
    if mark is None:
        drop("party", told.party, "not borne out by the document" if party else "not in the tables")
        return None, None
    return party, mark


def parties_of(people: People, told: Sequence[str], facts: Facts, evidence: Span, drop: Drop) -> Parties:
    """The parties told that the document bears out, and those of the participants."""
    found: dict[str, Borne] = {}
    for i, person in enumerate(people.items):
        if person.party:
            found.setdefault(person.party, people.marks[f"participants[{i}].party"])
    for name in told:
        party = facts.party(name)
        mark = facts.borne(party, evidence) if party else None
        if party and mark:
            found[party] = mark
        elif party not in found:
            drop("parties", name, "not borne out by the document" if party else "not in the tables")
    names = sorted(found)
    return Parties(tuple(names), {f"parties[{i}]": found[p] for i, p in enumerate(names)})
