"""Documents as JSON lines, in the form of the annotation guide. The same document gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dragoman.model import Document, Engagement, Origin, Participant, When, Where


def account(doc: Document, version: str) -> dict[str, Any]:
    """A document's line: doc_id, url, outlet, author, published, title, language, original, engagements, version; keys in this order."""
    return {
        "doc_id": doc.source.doc_id,
        "url": doc.source.url,
        "outlet": doc.source.outlet,
        "author": doc.source.author,
        "published": doc.source.published.isoformat() if doc.source.published else None,
        "title": doc.source.title,
        "language": doc.source.language,
        "original": doc.source.original,
        "engagements": [engagement(e) for e in doc.engagements or ()],
        "version": version,
    }


def engagement(e: Engagement) -> dict[str, Any]:
    """An engagement in the guide's form, with ``spans``, ``basis`` and ``rules``."""
    return {
        "id": e.id,
        "kind": e.kind,
        "status": e.status,
        "salience": e.salience,
        "part_of": e.part_of,
        "date": {"start": e.date.start, "end": e.date.end, "precision": e.date.precision, "basis": e.date.basis},
        "place": {"text": e.place.text, "city": e.place.city, "country": e.place.country, "venue": e.place.venue}
        if e.place
        else None,
        "participants": [
            {"name": p.name, "office": p.office, "rank": p.rank, "party": p.party, "side": p.side, "head": p.head}
            for p in e.participants
        ],
        "parties": list(e.parties),
        "topics": list(e.topics),
        "framework": e.framework,
        "sources": list(e.sources),
        "evidence": e.evidence,
        "spans": {path: [span(o) for o in origins] for path, origins in e.spans.items()},
        "basis": dict(e.basis),
        "rules": dict(e.rules),
    }


def read_engagement(row: Mapping[str, Any]) -> Engagement:
    """The engagement of a row in the guide's form; the inverse of :func:`engagement`. What the row lacks is empty."""
    date, place = row.get("date") or {}, row.get("place")
    return Engagement(
        id=row["id"],
        kind=row["kind"],
        status=row["status"],
        salience=row["salience"],
        part_of=row.get("part_of"),
        date=When(*(date.get(k) for k in ("start", "end", "precision", "basis"))),
        place=Where(*(place.get(k) for k in ("text", "city", "country", "venue"))) if place else None,
        participants=tuple(
            Participant(p.get("name"), p.get("office"), p.get("rank"), p.get("party"), p["side"], bool(p.get("head")))
            for p in row.get("participants") or ()
        ),
        parties=tuple(row.get("parties") or ()),
        topics=tuple(row.get("topics") or ()),
        framework=row.get("framework"),
        sources=tuple(row.get("sources") or ()),
        evidence=row["evidence"],
        spans={path: tuple(map(origin, spans)) for path, spans in (row.get("spans") or {}).items()},
        basis=dict(row.get("basis") or {}),
        rules=dict(row.get("rules") or {}),
    )


def origin(row: Sequence[Any]) -> Origin:
    """The stretch that :func:`span` wrote."""
    return Origin("text", row[0], row[1]) if len(row) == 2 else Origin(row[0], row[1], row[2])


def leaves(e: Engagement) -> Iterator[tuple[str, Any]]:
    """Every value of an engagement that is there, with its path as in ``spans`` ("participants[0].name"), in the guide's order."""
    row = engagement(e)
    yield from _leaves({name: value for name, value in row.items() if name not in {"spans", "basis", "rules"}})


def _leaves(row: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(row, dict):
        for key, value in row.items():
            yield from _leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(row, list):
        for i, value in enumerate(row):
            yield from _leaves(value, f"{path}[{i}]")
    elif row is not None:
        yield path, row


def span(origin: Origin) -> list[int | str]:
    """[start, end] in the text, or ["title", start, end]."""
    return [origin.start, origin.end] if origin.field == "text" else ["title", origin.start, origin.end]


def line(row: Mapping[str, Any]) -> str:
    """One JSON line, without the line break. Lone surrogates are escaped, so that the line is valid UTF-8."""
    text = json.dumps(row, ensure_ascii=False, separators=(", ", ": "))
    return text if text.isprintable() or not _surrogate(text) else json.dumps(row, ensure_ascii=True)


def _surrogate(text: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in text)
