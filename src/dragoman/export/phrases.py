"""A record in words: what calendars, pages and footnotes call it."""

from __future__ import annotations

from datetime import date

from dragoman.model import Participation, Record
from dragoman.resources import Tools
from dragoman.tables.days import first_day, last_day

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""English whatever the locale of the machine."""


NAMED = 8  # parties named in a title; a summit's would fill a page, and FollowTheMoney refuses such names


def act(record: Record, tools: Tools) -> str:
    """ "Meeting: Türkiye – Azerbaijan"; the status stands before it unless the act was held."""
    parties = " – ".join(tools.state_names.get(p, p) for p in record.parties[:NAMED])
    if len(record.parties) > NAMED:
        parties += f" and {len(record.parties) - NAMED} more"
    kind = record.kind if record.status == "held" else f"{record.status} {record.kind}"
    return f"{kind[:1].upper()}{kind[1:]}: {parties}"


def title(record: Record, tools: Tools) -> str:
    """The act and the city, else the state, where it took place."""
    where = (record.place.city or tools.state_names.get(record.place.country or "")) if record.place else None
    return act(record, tools) + (f", {where}" if where else "")


def person(p: Participation) -> str:
    """Rank, name, office and party in one phrase."""
    name = " ".join(x for x in (p.rank, p.name) if x)
    return ", ".join(x for x in (name, p.office) if x) + (f" ({p.party})" if p.party else "")


def place(record: Record, tools: Tools) -> str | None:
    """Venue, city, state: what is known of them; else the place as written."""
    if record.place is None:
        return None
    where = record.place
    words = [where.venue, where.city, tools.state_names.get(where.country or "", where.country)]
    return ", ".join(dict.fromkeys(w for w in words if w)) or where.text


def american(day: date) -> str:
    """A day as Chicago style has it: May 3, 2024."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def when(record: Record) -> str:
    """The date in words, as exact as it is known."""
    first, last = first_day(record.date), last_day(record.date)
    if first is None:
        return "date not said"
    if record.date.precision == "year":
        return str(first.year)
    if record.date.precision == "month":
        return f"{MONTHS[first.month - 1]} {first.year}"
    return american(first) if last is None or last <= first else f"{american(first)}, to {american(last)}"
