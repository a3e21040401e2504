"""Leaders' trips in the form of COLT: one row a leader's journey, CSV."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import BinaryIO

from dragoman.export.csvfile import write_table
from dragoman.export.holdings import Holdings
from dragoman.tables import TRIPS
from dragoman.tables.days import first_day, last_day
from dragoman.tables.trips import TripRow

SHOWS_MOST = ("visit", "conference")  # of several acts on one journey the one whose row stands for it, best first


def write(holdings: Holdings, out: BinaryIO) -> None:
    """Trips sorted by first day, leader, state. Acts of one leader in one state whose days overlap are one trip."""
    write_table(TRIPS.columns, sorted(_trips(holdings), key=_order), out)


def _trips(holdings: Holdings) -> Iterator[TripRow]:
    by_leader: dict[tuple[str, str], list[TripRow]] = defaultdict(list)
    for record in holdings.records():
        for row in TRIPS.rows(record, holdings.tools):
            place = row.act.record.place
            by_leader[row.who.person or row.who.name or "", (place.country if place else None) or ""].append(row)
    for rows in by_leader.values():
        kept: list[TripRow] = []
        for row in sorted(rows, key=_weight):
            if not any(_overlap(row, other) for other in kept):
                kept.append(row)
        yield from kept


def _weight(row: TripRow) -> tuple[int, str]:
    kind = row.act.record.kind
    return (SHOWS_MOST.index(kind) if kind in SHOWS_MOST else len(SHOWS_MOST), row.act.record.id)


def _overlap(a: TripRow, b: TripRow) -> bool:
    days = [(first_day(r.act.record.date), last_day(r.act.record.date)) for r in (a, b)]
    (start, end), (other_start, other_end) = days
    if not (start and end and other_start and other_end):
        return False
    return start <= other_end and other_start <= end


def _order(row: TripRow) -> tuple[str, str, str]:
    return (row.act.record.date.start or "9", row.who.name or "", row.act.record.id)
