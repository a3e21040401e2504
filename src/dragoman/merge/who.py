"""Who took part in a record: people of all accounts put together, and where accounts exclude each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dragoman.merge.prepare import words
from dragoman.merge.voices import Heard, by_worth, elected, told
from dragoman.model import Conflict, Participant, Participation
from dragoman.resources import Tools

SIGNED = "agreement"
SPELLING = 0.9  # agreement of names from which they are spellings of one (knowledge/variants.py)
SEATS = {"host": 0, "guest": 1, "party": 2, "mediator": 3}


@dataclass(frozen=True, slots=True)
class Part:
    """One account's words on one participant."""

    heard: Heard
    index: int
    person: str | None

    @property
    def told(self) -> Participant:
        """The participant as told."""
        return self.heard.prepared.engagement.participants[self.index]


Cast = tuple[tuple[Part, ...], ...]


def cast_of(accounts: Sequence[Heard], people: Mapping[tuple[str, int], str], tools: Tools) -> Cast:
    """Participants of all accounts, those that are one person together, in the best account's order first.

    Two are one when the authority file says so or when their names agree as spellings of one; a part of a name joins only where
    one participant alone has it.
    """
    groups: list[list[Part]] = []
    parts = [
        Part(h, i, people.get((h.key, i)))
        for h in by_worth(accounts)
        for i, p in enumerate(h.prepared.engagement.participants)
        if p.name
    ]
    for part in sorted(parts, key=lambda p: -len(tools.variants.parts(p.told.name or ""))):
        homes = [g for g in groups if _same(part, g, tools)]
        firm = [g for g in homes if any(_firm(part, other, tools) for other in g)]
        if firm:
            firm[0].append(part)
        elif len(homes) == 1 and not any(other.heard is part.heard for other in homes[0]):
            homes[0].append(part)
        else:
            groups.append([part])
    rank = {id(p): n for n, p in enumerate(parts)}
    return tuple(
        tuple(sorted(g, key=lambda p: rank[id(p)])) for g in sorted(groups, key=lambda g: min(rank[id(p)] for p in g))
    )


def _same(part: Part, group: Sequence[Part], tools: Tools) -> bool:
    return any(tools.variants.agreement(part.told.name or "", p.told.name or "") > 0 for p in group)


def _firm(a: Part, b: Part, tools: Tools) -> bool:
    if a.person is not None and a.person == b.person:
        return True
    return tools.variants.agreement(a.told.name or "", b.told.name or "") >= SPELLING


def participation(group: Sequence[Part]) -> Participation:
    """A person of a record: the fullest name, office and rank by most voices, every spelling."""
    accounts = by_worth([p.heard for p in group])
    first = {p.heard.key: p.told for p in reversed(group)}

    def told_of(h: Heard) -> Participant:
        return first[h.key]

    names = [p.told.name for p in group if p.told.name]
    fullest = max(names, key=lambda n: (len(n.split()), names.count(n), -names.index(n)))
    persons = sorted({p.person for p in group if p.person})
    offices = {p.told.office for p in group if p.told.office}
    return Participation(
        person=elected(accounts, lambda h: next((p.person for p in group if p.heard is h), None)) if persons else None,
        name=fullest,
        office=max(sorted(offices), key=lambda o: (len(o.split()), len(o))) if offices else None,
        rank=elected(accounts, lambda h: told_of(h).rank),
        party=elected(accounts, lambda h: told_of(h).party),
        side=elected(accounts, lambda h: told_of(h).side) or "party",
        head=any(p.told.head for p in group),
        names=tuple(sorted(set(names))),
        accounts=tuple(sorted({p.heard.key for p in group})),
    )


def delegations(accounts: Sequence[Heard], named: Sequence[Participation]) -> Iterator[Participation]:
    """Unnamed delegations of parties for which no account names a person."""
    seen = {p.party for p in named}
    for h in by_worth(accounts):
        for p in h.prepared.engagement.participants:
            if not p.name and p.party not in seen:
                seen.add(p.party)
                keys = tuple(sorted(o.key for o in accounts if _unnamed(o, p.party)))
                yield Participation(None, None, p.office, p.rank, p.party, p.side, p.head, (), keys)


def _unnamed(h: Heard, party: str | None) -> bool:
    return any(not p.name and p.party == party for p in h.prepared.engagement.participants)


def participants_of(accounts: Sequence[Heard], cast: Cast) -> tuple[Participation, ...]:
    """Everybody in the record: hosts, guests, others; within a side in the order of the best account."""
    named = [participation(g) for g in cast]
    everyone = [*named, *delegations(accounts, named)]
    return tuple(sorted(everyone, key=lambda p: SEATS.get(p.side, len(SEATS))))


def who_conflicts(accounts: Sequence[Heard], cast: Cast, tools: Tools) -> Iterator[Conflict]:
    """Where accounts disagree on who took part for a party, on a rank, on an office."""
    found = [*_other_people(accounts, cast)] or [*_other_pair(accounts, cast)]
    yield from found or _other_signatory(accounts, cast)
    for group in cast:
        others = [p for g in cast if g is not group for p in g]
        yield from _other_titles(group, others, tools)


def _other_titles(group: Sequence[Part], others: Sequence[Part], tools: Tools) -> Iterator[Conflict]:
    """Ranks and offices of one person that exclude each other.

    One that an account gives to somebody else in the record as well is passed over: most often it was read to the wrong name.
    """
    name = participation(group).name or ""
    for field, differ in (("rank", _other_rank), ("office", _other_office)):
        elsewhere = [getattr(p.told, field) for p in others if getattr(p.told, field)]
        values = [
            (p, value)
            for p in group
            if (value := getattr(p.told, field)) and all(differ(value, v, tools) for v in elsewhere)
        ]
        if any(differ(a, b, tools) for (_, a), (_, b) in combinations(values, 2)):
            keys: dict[str, set[str]] = {}
            for p, value in values:
                keys.setdefault(value, set()).add(p.heard.key)
            yield Conflict(f"{field} of {name}", {v: tuple(sorted(keys[v])) for v in sorted(keys)})


def _other_people(accounts: Sequence[Heard], cast: Cast) -> Iterator[Conflict]:
    """A party for which two accounts name people, none of whom the other account names at all."""
    members: dict[str, dict[str, set[int]]] = {}
    present: dict[str, set[int]] = {}
    for n, group in enumerate(cast):
        for p in group:
            present.setdefault(p.heard.key, set()).add(n)
            if p.told.party:
                members.setdefault(p.told.party, {}).setdefault(p.heard.key, set()).add(n)
    names = [participation(g).name or "" for g in cast]
    for party in sorted(members):
        by_account = members[party]
        pairs = combinations(sorted(by_account), 2)
        if any(not by_account[a] & present[b] and not by_account[b] & present[a] for a, b in pairs):

            def who(h: Heard, by_account: dict[str, set[int]] = by_account) -> str | None:
                return "; ".join(sorted(names[n] for n in by_account.get(h.key, ()))) or None

            yield Conflict(f"people of {party}", told(accounts, who))


def _other_pair(accounts: Sequence[Heard], cast: Cast) -> Iterator[Conflict]:
    """Two accounts that name one person a party, and each somebody whom the other does not: whichever party was meant."""
    present: dict[str, set[int]] = {}
    for n, group in enumerate(cast):
        for p in group:
            present.setdefault(p.heard.key, set()).add(n)
    small = [h for h in accounts if 1 < len(present.get(h.key, ())) == len({n.party for n in h.prepared.people})]
    if any(_differ(present[a.key], present[b.key]) for a, b in combinations(small, 2)):
        names = [participation(g).name or "" for g in cast]
        yield Conflict("people", told(small, lambda h: "; ".join(sorted(names[n] for n in present[h.key]))))


def _other_signatory(accounts: Sequence[Heard], cast: Cast) -> Iterator[Conflict]:
    """An agreement for which accounts name different people first for a party: who signed."""
    if any(h.prepared.engagement.kind != SIGNED for h in accounts):
        return
    firm = [g for g in cast if len({p.told.party for p in g}) == 1]  # whose party no two accounts dispute
    home = {(p.heard.key, p.index): participation(g).name for g in firm for p in g}
    for party in sorted({g[0].told.party for g in firm if g[0].told.party}):

        def first(h: Heard, party: str | None = party) -> str | None:
            told_of = (home.get((h.key, n.index)) for n in h.prepared.people if n.party == party)
            return next((name for name in told_of if name), None)

        values = told(accounts, first)
        if len(values) > 1:
            yield Conflict(f"signatory of {party}", values)


def _differ(a: set[int], b: set[int]) -> bool:
    return bool(a & b and a - b and b - a)


def _other_rank(a: str, b: str, tools: Tools) -> bool:
    """Ranks of which none is the other shortened or told less fully."""
    short, full = sorted((_letters(a), _letters(b)), key=lambda r: (len(r), r))
    return not all(any(_shortens(x, y) or _shortens(y, x) for y in full) for x in short)


def _letters(rank: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in rank.lower()).split()


def _shortens(short: str, full: str) -> bool:
    """Capt for captain, Lt for lieutenant: the first letter, and the others in their order."""
    letters = iter(full)
    return short[:1] == full[:1] and all(c in letters for c in short)


def _other_office(a: str, b: str, tools: Tools) -> bool:
    """Offices over different things: foreign affairs here, defence there."""
    mine, theirs = ({tools.domains[w] for w in words(o, tools) if w in tools.domains} for o in (a, b))
    return bool(mine and theirs) and not mine & theirs
