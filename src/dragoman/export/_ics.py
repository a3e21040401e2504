"""iCalendar (RFC 5545): a day or days of each dated engagement, for calendar programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, BinaryIO

from dragoman.export import phrases
from dragoman.export.holdings import Holdings
from dragoman.frames import clean
from dragoman.model import Record
from dragoman.resources import Tools
from dragoman.tables.days import first_day, last_day
from dragoman.tables.records import conflict_text, urls

_ADDRESS = re.compile(
    r"https?://[\w.-]+(?::\d+)?(?:[/?#][!-Z\\^-~]*)?", re.ASCII
)  # what every calendar takes for an address
STATUS = {"held": "CONFIRMED", "planned": "TENTATIVE", "proposed": "TENTATIVE", "cancelled": "CANCELLED"}
"""What iCalendar calls the statuses; a denied engagement is no entry."""


def write(holdings: Holdings, out: BinaryIO) -> None:
    """A calendar of all-day entries. Engagements without a day (only a month or year, or none) are left out."""
    from icalendar import Calendar

    head = Calendar()
    head.add("prodid", "-//dragoman//register of engagements//EN")
    head.add("version", "2.0")
    head.add("method", "PUBLISH")
    begin, _, end = head.to_ical().partition(b"END:VCALENDAR")
    out.write(begin)
    for record in holdings.records():
        if record.status in STATUS and record.date.precision == "day" and first_day(record.date):
            out.write(_event(record, holdings.tools).to_ical())
    out.write(b"END:VCALENDAR" + end)


def _event(record: Record, tools: Tools) -> Any:
    from icalendar import Event

    first = first_day(record.date)
    last = last_day(record.date)
    if first is None:  # the caller has looked; a date is needed for every entry
        raise ValueError(record.id)
    entry = Event()
    entry.add("uid", f"{record.id}@dragoman")
    entry.add("dtstamp", _stamp(record, first))
    entry.add("dtstart", first)
    entry.add("dtend", (last if last and last >= first else first) + timedelta(1))
    entry.add("summary", clean(phrases.title(record, tools)))
    entry.add("status", STATUS[record.status])
    entry.add("transp", "TRANSPARENT")
    entry.add("categories", [record.kind, *record.topics])
    where = phrases.place(record, tools)
    if where:
        entry.add("location", clean(where))
    entry.add("description", clean("\n".join(_lines(record))))
    for address in [u for u in urls(record) if _ADDRESS.fullmatch(u)][:1]:
        entry.add("url", address)
    return entry


def _stamp(record: Record, first: date) -> datetime:
    """When it was first published, else its own day: an export must not depend on the clock."""
    published = [a.published for a in record.accounts if a.published]
    return datetime.combine(min(published, default=first), time(), UTC)


def _lines(record: Record) -> Iterator[str]:
    yield from (f"{p.side}: {phrases.person(p)}" for p in record.participants if p.name or p.office)
    if record.framework:
        yield f"framework: {record.framework}"
    if record.sources:
        yield f"says who: {' → '.join(record.sources)}"
    yield from (f"accounts differ on {conflict_text(c)}" for c in record.conflicts)
    yield from urls(record)
