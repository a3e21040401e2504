"""What an exporter is handed: records, people and claims of a register, each as often as it asks, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from dragoman.model import Claim, Person, Record
from dragoman.resources import Tools


def _nothing() -> Iterator[Claim]:
    yield from ()


@dataclass(frozen=True, slots=True)
class Holdings:
    """The part of a register that is exported.

    Args:
        records: gives the records anew at each call, sorted as they are to be written.
        people: gives the people of the authority file who take part in them.
        claims: gives the claims of their accounts.
        tools: data of the package (levels, codes).
    """

    records: Callable[[], Iterable[Record]]
    people: Callable[[], Iterable[Person]]
    tools: Tools
    claims: Callable[[], Iterable[Claim]] = _nothing


def in_memory(
    records: Iterable[Record], tools: Tools, people: Iterable[Person] = (), claims: Iterable[Claim] = ()
) -> Holdings:
    """Holdings of what is at hand, in the order of a register: by date, then id; the undated last."""
    rows = sorted(records, key=order)
    folk = sorted(people, key=lambda p: p.id)
    facts = tuple(claims)
    return Holdings(lambda: rows, lambda: folk, tools, lambda: facts)


def order(record: Record) -> tuple[bool, str, str]:
    """The order of records in every export."""
    return (record.date.start is None, record.date.start or "", record.id)


class Writer(Protocol):
    """Writes holdings to an open file. The same holdings give the same bytes."""

    def __call__(self, holdings: Holdings, out: BinaryIO) -> None: ...
