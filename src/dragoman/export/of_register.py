"""Holdings of a register file: what the exporters ask for, read from it as they ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from dragoman.export.holdings import Holdings
from dragoman.model import Claim, Person, Record
from dragoman.resources import Tools

if TYPE_CHECKING:
    from dragoman.store.read import Register
    from dragoman.store.shapes import Filter


PAGE = 500  # records whose claims are asked for at once


def holdings(register: Register, where: Filter, tools: Tools) -> Holdings:
    """The records that ``where`` asks for, by date, with the people in them and the claims behind them."""

    def people() -> Iterator[Person]:
        wanted = {p.person for record in register.each(where) for p in record.participants if p.person}
        yield from sorted((p for p in register.people() if p.id in wanted), key=lambda p: p.id)

    def claims() -> Iterator[Claim]:
        for page in batched(register.each(where), PAGE):
            yield from register.claims_of(page)

    return Holdings(lambda: register.each(where), people, tools, claims)


def batched(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    """The records, so many at a time."""
    rest = iter(records)
    while page := list(islice(rest, size)):
        yield page
