"""First and last day of a date that may be a month or a year."""

from __future__ import annotations

import calendar
from datetime import date

from dragoman.model import When


def first_day(when: When) -> date | None:
    """The first day that the date may mean; None where there is none or it is no date."""
    return _day(when.start, last=False)


def last_day(when: When) -> date | None:
    """The last day that the date may mean: of its end, else of its start."""
    return _day(when.end or when.start, last=True)


def _day(text: str | None, *, last: bool) -> date | None:
    try:
        parts = [int(p) for p in (text or "").split("-")]
        year = parts[0]
        month = parts[1] if len(parts) > 1 else (12 if last else 1)
        day = parts[2] if len(parts) > 2 else (calendar.monthrange(year, month)[1] if last else 1)
        return date(year, month, day)
    except (ValueError, IndexError):
        return None


def days(when: When) -> int | None:
    """How many days it lasted; None unless start and end are days."""
    if when.precision != "day":
        return None
    first, last = first_day(when), last_day(when)
    return (last - first).days + 1 if first and last and last >= first else None
