"""JSON-LD: schema.org Events, with their people, places and the articles that tell of them."""

from __future__ import annotations

from typing import Any, BinaryIO
from urllib.parse import quote

from dragoman import codec
from dragoman.export import phrases
from dragoman.export.holdings import Holdings
from dragoman.model import AccountRef, Participation, Record
from dragoman.resources import Tools

SCHEMA = "https://schema.org/"
CONTEXT = {
    "@vocab": SCHEMA,
    "startDate": {"@type": f"{SCHEMA}Date"},
    "endDate": {"@type": f"{SCHEMA}Date"},
    "datePublished": {"@type": f"{SCHEMA}Date"},
    "eventStatus": {"@type": "@vocab"},
    "url": {"@type": f"{SCHEMA}URL"},
}
"""Given in full, so that a reader needs no network to understand the file."""
STATUS = {
    "held": "EventScheduled",
    "planned": "EventScheduled",
    "proposed": "EventScheduled",
    "cancelled": "EventCancelled",
}


def write(holdings: Holdings, out: BinaryIO) -> None:
    """One document with an `@graph`, an event a line."""
    out.write(f'{{"@context": {codec.line(CONTEXT)}, "@graph": [\n'.encode())
    for number, record in enumerate(holdings.records()):
        out.write(((",\n" if number else "") + codec.line(event(record, holdings.tools))).encode())
    out.write(b"\n]}\n")


def event(record: Record, tools: Tools) -> dict[str, Any]:
    """A record as schema.org Event. What schema.org has no term for (status, kind, side) is a PropertyValue."""
    told = {
        "@id": _urn("engagement", record.id),
        "@type": "Event",
        "identifier": record.id,
        "name": phrases.title(record, tools),
        "startDate": record.date.start,
        "endDate": record.date.end,
        "eventStatus": STATUS.get(record.status),
        "location": _place(record, tools),
        "superEvent": {"@id": _urn("engagement", record.part_of)} if record.part_of else None,
        "attendee": [_person(p, tools) for p in record.participants if p.name],
        "contributor": [_party(p, tools) for p in record.parties],
        "keywords": list(record.topics),
        "about": record.framework,
        "description": record.evidence,
        "subjectOf": [_article(a) for a in record.accounts],
        "additionalProperty": _values(record),
    }
    return {k: v for k, v in told.items() if v not in (None, [], "")}


def _urn(kind: str, name: str) -> str:
    return f"urn:dragoman:{kind}:{quote(name, safe='')}"


def _values(record: Record) -> list[dict[str, Any]]:
    pairs = [("kind", record.kind), ("status", record.status), ("salience", record.salience)]
    pairs += [("conflict", c.field) for c in record.conflicts]
    return [{"@type": "PropertyValue", "name": n, "value": v} for n, v in pairs]


def _place(record: Record, tools: Tools) -> dict[str, Any] | None:
    where = record.place
    if where is None:
        return None
    address = {"@type": "PostalAddress", "addressLocality": where.city, "addressCountry": where.country}
    return {
        "@type": "Place",
        "name": phrases.place(record, tools),
        "address": {k: v for k, v in address.items() if v},
    }


def _party(party: str, tools: Tools) -> dict[str, Any]:
    name = tools.state_names.get(party)
    return {"@id": _urn("party", party), "@type": "Country" if name else "Organization", "name": name or party}


def _person(p: Participation, tools: Tools) -> dict[str, Any]:
    told = {
        "@id": _urn("person", p.person or f"{p.name}|{p.party}"),
        "@type": "Person",
        "name": p.name,
        "alternateName": [n for n in p.names if n != p.name],
        "honorificPrefix": p.rank,
        "jobTitle": p.office,
        "affiliation": _party(p.party, tools) if p.party else None,
    }
    return {k: v for k, v in told.items() if v not in (None, [], "")}


def _article(a: AccountRef) -> dict[str, Any]:
    told = {
        "@id": _urn("document", a.doc_id),
        "@type": "NewsArticle",
        "headline": a.title,
        "author": {"@type": "Person", "name": a.author} if a.author else None,
        "publisher": {"@type": "Organization", "name": a.outlet} if a.outlet else None,
        "datePublished": a.published.isoformat() if a.published else None,
        "url": a.url,
        "inLanguage": a.language,
    }
    return {k: v for k, v in told.items() if v}
