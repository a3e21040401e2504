"""PLOVER events with POLECAT's columns, tab-separated: one row for each pair of parties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, BinaryIO

from dragoman.export.csvfile import write_rows
from dragoman.export.holdings import Holdings
from dragoman.model import Participation, Record
from dragoman.resources import Tools
from dragoman.tables.days import first_day
from dragoman.tables.records import outlets, urls

COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    "Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw",
    "Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector",
    "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City", "District",
    "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type", "Source",
    "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip
"""The 40 columns of POLECAT, in its order. What the register does not know (intensity, coordinates) stays empty."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Event type, mode and quad class of a record."""

    event: str
    mode: str
    quad: str


def write(holdings: Holdings, out: BinaryIO) -> None:
    """A head and the events; UTF-8, tabs between cells, as POLECAT's files."""
    found = (row for record in holdings.records() for row in rows(record, holdings.tools))
    write_rows(COLUMNS, ([row.get(c) for c in COLUMNS] for row in found), out, delimiter="\t")


def coded(record: Record, tools: Tools) -> Coded | None:
    """What the record is in PLOVER; None for a denied engagement, which is no event."""
    table = tools.plover
    if record.status == "held":
        found = dict(table["kinds"][record.kind])
        if record.kind == "meeting" and any(p.side == "mediator" for p in record.participants):
            found["mode"] = table["mediated"]
    elif record.status in table["status"]:
        found = dict(table["status"][record.status])
        if record.kind in table["without_meeting"]:
            found["mode"] = ""
    else:
        return None
    return Coded(found["event"], found["mode"], table["quad"][found["event"]])


def rows(record: Record, tools: Tools) -> Iterator[dict[str, Any]]:
    """Rows of one record, by column: guests towards hosts where sides are told, else each pair of parties once."""
    event = coded(record, tools)
    if event is None:
        return
    shared = _act(record, event, tools)
    for number, (actor, recipient) in enumerate(_pairs(record), 1):
        yield (
            {"Event ID": f"{record.id}/{number}"}
            | shared
            | _side("Actor", actor, record, tools)
            | _side("Recipient", recipient, record, tools)
        )


def _pairs(record: Record) -> list[tuple[str, str]]:
    sides: dict[str, set[str]] = {}
    for p in record.participants:
        if p.party:
            sides.setdefault(p.side, set()).add(p.party)
    everybody = set(record.parties)
    guests = sides.get("guest", set()) & everybody
    hosts = everybody - guests if record.kind == "visit" else sides.get("host", set()) - guests
    if guests and hosts and guests | hosts == everybody:
        return list(product(sorted(guests), sorted(hosts)))
    return list(combinations(sorted(everybody), 2))


def _act(record: Record, event: Coded, tools: Tools) -> dict[str, Any]:
    place = record.place
    published = sorted(a.published for a in record.accounts if a.published)
    return {
        "Event Date": first_day(record.date),
        "Event Type": event.event,
        "Event Mode": event.mode,
        "Quad Code": event.quad,
        "Contexts": ";".join(record.topics),
        "Placename": (place.city or tools.state_names.get(place.country or "")) if place else None,
        "City": place.city if place else None,
        "Country": place.country if place else None,
        "Raw Placename": place.text if place else None,
        "Source": ";".join(outlets(record) or urls(record)),
        "Publication Date": published[0] if published else None,
        "Story People": ";".join(sorted({p.name for p in record.participants if p.name})),
        "Story Organizations": ";".join(p for p in record.parties if p not in tools.state_names),
        "Story Locations": ";".join(x for x in (place.city, tools.state_names.get(place.country or "")) if x) if place else None,
        "Language": "English",
        "Version": tools.version,
    }  # fmt: skip


def _side(part: str, party: str, record: Record, tools: Tools) -> dict[str, Any]:
    """The eight columns of the actor or the recipient."""
    people = [p for p in record.participants if p.party == party]
    sectors = _sectors(people, tools)
    names = [p.name for p in people if p.name]
    label = tools.state_names.get(party, party)
    return {
        f"{part} Name": ";".join(names) or label,
        f"{part} Country": party if party in tools.state_names else _body(party, tools),
        f"{part} COW": tools.cow.get(party),
        f"Primary {part} Sector": sectors[0] if sectors else None,
        f"{part} Sectors": ";".join(sectors),
        f"{part} Title": ";".join(p.office for p in people if p.office),
        f"{part} Name Raw": ";".join(sorted({n for p in people for n in p.names or (p.name,) if n})) or label,
    }


def _sectors(people: list[Participation], tools: Tools) -> list[str]:
    """PLOVER sectors of the people's offices, that of the highest office first."""
    levels = [x for x in (tools.levels.of(p.office) for p in people) if x]
    ordered = sorted(set(levels), key=lambda x: (tools.levels.rank[x], x))
    return list(dict.fromkeys(tools.levels.sector[x] for x in ordered))


def _body(party: str, tools: Tools) -> str | None:
    """POLECAT's code for a body of several states."""
    return "IGO" if any(o.party == party and o.kind == "organisation" for o in tools.organisations) else None
