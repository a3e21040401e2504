"""A record for a notebook, as HTML; everything that comes from a text is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dragoman.model.record import Participation, Record


def record_html(record: Record) -> str:
    """A small table: what, when, where, who, about what, who says so, contradictions, words."""
    rows = "".join(
        f'<tr><th style="text-align:left;vertical-align:top">{escape(name)}</th><td style="text-align:left">{value}</td></tr>'
        for name, value in _rows(record)
        if value
    )
    head = escape(f"{record.kind.capitalize()} {' – '.join(record.parties)} [{record.status}]")
    return f"<table><caption><b>{head}</b> <code>{escape(record.id)}</code></caption>{rows}</table>"


def _rows(record: Record) -> Iterator[tuple[str, str]]:
    when, where = record.date, record.place
    yield "when", escape(" to ".join(x for x in (when.start, when.end) if x) or "not said")
    if where:
        words = [where.venue, where.city, where.country]
        yield "where", escape(", ".join(dict.fromkeys(w for w in words if w)) or where.text or "")
    yield "who", "<br>".join(escape(_person(p)) for p in record.participants)
    yield "about", escape(", ".join(record.topics))
    yield "framework", escape(record.framework or "")
    yield "says who", escape(" → ".join(record.sources))
    yield (
        "accounts",
        escape(f"{len(record.accounts)}, {record.independent} of them independent") if record.accounts else "",
    )
    for conflict in record.conflicts:
        told = " | ".join(f"{value} ({len(keys)})" for value, keys in sorted(conflict.values.items()))
        yield f"differs: {conflict.field}", escape(told)
    yield "words", f"“{escape(' '.join(record.evidence.split()))}”" if record.evidence else ""


def _person(p: Participation) -> str:
    name = " ".join(x for x in (p.rank, p.name) if x)
    return f"{p.side}: " + ", ".join(x for x in (name, p.office, p.party) if x) + (" (head)" if p.head else "")


def listing_html(title: str, records: tuple[Record, ...], total: int) -> str:
    """A table of a few records of many, under a title."""
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _cells(r))}</tr>" for r in records)
    head = "".join(f"<th>{name}</th>" for name in ("date", "kind", "status", "parties", "people", "place", "id"))
    more = f"<p>{total - len(records):,} more</p>" if total > len(records) else ""
    return f"<table><caption><b>{escape(title)}</b></caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _cells(r: Record) -> tuple[str, ...]:
    place = (r.place.city or r.place.country or "") if r.place else ""
    people = ", ".join(p.name for p in r.participants if p.name)
    return (r.date.start or "", r.kind, r.status, ", ".join(r.parties), people, place, r.id)
