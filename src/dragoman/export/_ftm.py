"""FollowTheMoney: entities a line (Event, Person, PublicBody, Organization, Position, Occupancy, Article) for Aleph and its kin.

The form is plain JSON lines, so the library is needed only to check it (the tests do); see docs/decisions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from dragoman import codec
from dragoman.export import phrases
from dragoman.export.holdings import Holdings
from dragoman.model import AccountRef, Participation, Person, Record
from dragoman.resources import Tools
from dragoman.tables.days import first_day, last_day
from dragoman.tables.records import urls

FORMER = {"XKX": "xk", "SUN": "suhh", "YUG": "yucs", "CSK": "cshh", "SCG": "csxx", "DDR": "dd"}
"""Codes of FollowTheMoney for states that ISO 3166-1 does not list (any more)."""

Entity = dict[str, Any]


def write(holdings: Holdings, out: BinaryIO) -> None:
    """Entities, each once, in the order in which the records need them; ids do not change between exports."""
    written: set[str] = set()
    for entity in entities(holdings):
        if entity["id"] not in written:
            written.add(entity["id"])
            out.write((codec.line(entity) + "\n").encode("utf-8"))


def entities(holdings: Holdings) -> Iterator[Entity]:
    """All entities; the same one may come again."""
    known = {p.id: p for p in holdings.people()}
    for record in holdings.records():
        for party in record.parties:
            yield _party(party, holdings.tools)
        for account in record.accounts:
            yield _article(account)
        for p in record.participants:
            if p.name:
                yield from _somebody(p, known.get(p.person or ""), holdings.tools)
        yield _event(record, holdings.tools)


def make(key: str, schema: str, **properties: Any) -> Entity:
    """An entity whose properties are lists of texts, empty ones left out."""
    told: dict[str, list[str]] = {}
    for name, value in properties.items():
        values = [v for v in (value if isinstance(value, list) else [value]) if v]
        if values:
            told[name] = list(dict.fromkeys(str(v) for v in values))
    return {"id": key, "schema": schema, "properties": told}


def key_of(kind: str, name: str) -> str:
    """A stable id: FollowTheMoney allows letters, digits, dots, dashes and underscores, so names are hashed."""
    return (
        f"dragoman-{kind}-{hashlib.sha1(name.encode('utf-8', 'surrogatepass'), usedforsecurity=False).hexdigest()[:16]}"
    )


def country(code: str | None, tools: Tools) -> str | None:
    """The two-letter code of a state; None for what is no state."""
    if code is None or code not in tools.state_names:
        return None
    if code in FORMER:
        return FORMER[code]
    import pycountry

    found = pycountry.countries.get(alpha_3=code)
    return str(found.alpha_2).lower() if found else None


def _party(party: str, tools: Tools) -> Entity:
    state = tools.state_names.get(party)
    return make(
        key_of("party", party),
        "PublicBody" if state else "Organization",
        name=state or party,
        country=country(party, tools),
        topics=None if state else _topic(party, tools),
    )


def _topic(party: str, tools: Tools) -> str | None:
    """FollowTheMoney's topic of a body of several states."""
    return "gov.igo" if any(o.party == party and o.kind == "organisation" for o in tools.organisations) else None


def _article(a: AccountRef) -> Entity:
    return make(
        key_of("document", a.doc_id),
        "Article",
        title=a.title or a.doc_id,
        sourceUrl=a.url,
        publisher=a.outlet,
        publishedAt=a.published.isoformat() if a.published else None,
    )


def _somebody(p: Participation, known: Person | None, tools: Tools) -> Iterator[Entity]:
    """A person, and the offices held: with days where the authority file has them."""
    person = key_of("person", p.person or f"{p.name}|{p.party}")
    names = [n for n in (known.names if known else p.names) if n != (known.name if known else p.name)]
    yield make(
        person,
        "Person",
        name=known.name if known else p.name,
        alias=sorted(names),
        country=country(p.party, tools),
        topics="role.pep",
    )
    posts = [(t.office, t.party, t.since, t.until) for t in known.tenures] if known else []
    if p.office and not any(office == p.office for office, *_ in posts):
        posts.append((p.office, p.party, None, None))
    for office, party, since, until in posts:
        post = key_of("post", f"{office}|{party}")
        yield make(
            post,
            "Position",
            name=office,
            country=country(party, tools),
            organization=key_of("party", party) if party else None,
        )
        if party:
            yield _party(party, tools)
        yield make(
            key_of("tenure", f"{person}|{post}|{since}|{until}"),
            "Occupancy",
            holder=person,
            post=post,
            startDate=since,
            endDate=until,
        )


def _event(record: Record, tools: Tools) -> Entity:
    first, last = first_day(record.date), last_day(record.date)
    people = [key_of("person", p.person or f"{p.name}|{p.party}") for p in record.participants if p.name]
    exact = record.date.precision == "day"
    return make(
        key_of("engagement", record.id),
        "Event",
        name=phrases.title(record, tools),
        recordId=record.id,
        startDate=record.date.start,
        endDate=record.date.end or (last.isoformat() if last and first and last > first and exact else None),
        location=phrases.place(record, tools),
        country=country(record.place.country, tools) if record.place else None,
        involved=[*people, *(key_of("party", p) for p in record.parties)],
        keywords=[record.kind, record.status, *record.topics],
        summary=record.evidence,
        sourceUrl=urls(record),
        proof=[key_of("document", a.doc_id) for a in record.accounts],
    )
