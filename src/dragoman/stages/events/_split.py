"""One wording that tells of several acts: a tour of three states is three visits, talks "separately" with four are four meetings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

Person = tuple[int, str, bool]  # number, side, head


@dataclass(frozen=True, slots=True)
class Part:
    """One of the acts: who was there, the parties, and for visits the state visited."""

    people: tuple[Person, ...]
    parties: frozenset[str]
    country: str | None = None


def came_together(going: Mapping[str, float], share: float) -> set[str]:
    """The party that likeliest travels, of ``going`` with how likely each does, and those that come to ``share`` of it or more."""
    least = max(going.values()) * share
    return {party for party, score in going.items() if score >= least}


def tours(
    people: Sequence[Person],
    parties: Collection[str],
    party_of: Callable[[int], str | None],
    has_place: Collection[str],
    only: str | None,
) -> list[Part]:
    """A part for each party that travels and each state that it goes to; empty where that is one visit.

    ``has_place`` holds the states of which the document names a place, for only a state with territory can be visited; ``only`` is the
    one state where the visit may be, which tells hosts from guests where no traveller is named. Guests of several parties who come
    to one state are a visit each.
    """
    own = {p for x in people if x[1] != "host" and (p := party_of(x[0]))}
    visited = {p for p in parties if p not in own and (p in has_place if own else p == only)}
    if len(visited) == 1:
        own = set(parties) - visited
    if len(visited) * len(own) < 2:
        return []
    pairs = [(home, country) for country in sorted(visited) for home in sorted(own)]
    return [Part(tuple(x for x in people if party_of(x[0]) in pair), frozenset(pair), pair[1]) for pair in pairs]


def separate_talks(
    people: Sequence[Person], parties: Collection[str], party_of: Callable[[int], str | None], hub: int | None
) -> list[Part]:
    """A part for each counterpart of whoever met them all, ``hub`` if that is known; empty where there is only one.

    Counterparts of several parties are told apart by party (a minister and his aide came together); of one party, by
    person. Parties for which nobody is named have parts of their own.
    """
    sides: dict[str, list[Person]] = {}
    for x in people:
        if party := party_of(x[0]):
            sides.setdefault(party, []).append(x)
    if not sides:
        return []
    alone = [rows[0][0] for rows in sides.values() if len(rows) == 1]
    middle = party_of(hub if hub is not None else (alone or [people[0][0]])[0])
    if middle is None:
        return []
    own = tuple(sides.pop(middle, ()))
    unnamed = [p for p in sorted(parties) if p != middle and p not in sides]
    if len(sides) + len(unnamed) >= 2:
        parts = [Part((*own, *rows), frozenset({middle, party})) for party, rows in sides.items()]
        return [*parts, *(Part(own, frozenset({middle, party})) for party in unnamed)]
    others = [x for rows in sides.values() for x in rows]
    if len(others) < 2:
        return []
    return [Part((*own, x), frozenset({middle, party_of(x[0]) or ""})) for x in others]
