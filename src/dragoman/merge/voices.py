"""Accounts of one act put in order and counted: who speaks for himself, what most say, which account is best."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dragoman.merge.prepare import Prepared

V = TypeVar("V", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Heard:
    """An account within a record: ``voice`` names the document that it repeats, or its own."""

    prepared: Prepared
    voice: str

    @property
    def key(self) -> str:
        """The account's key."""
        return self.prepared.key


def order(p: Prepared) -> tuple[float, str]:
    """Earliest published first, those without a day last, then by key."""
    return (p.published if p.published is not None else float("inf"), p.key)


def heard(tellings: Iterable[Prepared], copies: Mapping[str, str]) -> tuple[Heard, ...]:
    """Accounts in the order in which they appeared; ``copies`` maps a document to the one that it repeats."""
    return tuple(Heard(p, copies.get(p.telling.doc_id, p.telling.doc_id)) for p in sorted(tellings, key=order))


def by_worth(accounts: Sequence[Heard]) -> tuple[Heard, ...]:
    """The best account first: what it is about, not a copy, more people and fields, then the earlier."""

    def worth(h: Heard) -> tuple[bool, bool, int, tuple[float, str]]:
        e = h.prepared.engagement
        told = len(h.prepared.people) + len(e.parties) + bool(e.place) + bool(e.framework) + h.prepared.exact
        return (e.salience != "main", h.voice != h.prepared.telling.doc_id, -told, order(h.prepared))

    return tuple(sorted(accounts, key=worth))


def votes(accounts: Iterable[Heard], value: Callable[[Heard], V | None]) -> dict[V, int]:
    """How many voices give each value; values in the order of ``accounts``, None left out."""
    voices: dict[V, set[str]] = {}
    for h in accounts:
        told = value(h)
        if told is not None:
            voices.setdefault(told, set()).add(h.voice)
    return {v: len(s) for v, s in voices.items()}


def elected(accounts: Iterable[Heard], value: Callable[[Heard], V | None]) -> V | None:
    """What most voices say; among equals what the first of ``accounts`` says."""
    counted = votes(accounts, value)
    return max(counted, key=lambda v: counted[v]) if counted else None


def told(accounts: Iterable[Heard], value: Callable[[Heard], str | None]) -> dict[str, tuple[str, ...]]:
    """Each value with the sorted keys of the accounts that give it, sorted by value."""
    out: dict[str, list[str]] = {}
    for h in accounts:
        said = value(h)
        if said is not None:
            out.setdefault(said, []).append(h.key)
    return {v: tuple(sorted(out[v])) for v in sorted(out)}
