"""Keys of accounts, which stay when a document is read again and others come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

from dragoman.model import Engagement, Origin


def account_keys(doc_id: str, engagements: Sequence[Engagement]) -> tuple[str, ...]:
    """Keys of a document's accounts, in their order: from the document, the kind, and where the anchor stands.

    Several records of one anchor (a visit to three states) are told apart by their parties, and, where those are equal too, by
    number.
    """
    anchors = [(e.kind, _anchor(e)) for e in engagements]
    keys: list[str] = []
    for e, anchor in zip(engagements, anchors, strict=True):
        parts = (doc_id, *anchor, *(e.parties if anchors.count(anchor) > 1 else ()))
        key, number = _digest(parts), 1
        while key in keys:
            number += 1
            key = _digest((*parts, number))
        keys.append(key)
    return tuple(keys)


def _anchor(e: Engagement) -> tuple[tuple[str, int, int], ...]:
    spans: Sequence[Origin] = e.spans.get("kind") or e.spans.get("evidence") or ()
    return tuple((o.field, o.start, o.end) for o in spans)


def _digest(parts: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def latest_day(engagements: Iterable[Engagement]) -> date | None:
    """The latest day that a document gives to something that was held: about when it appeared, if nothing else says so."""
    days = [e.date.start for e in engagements if e.status == "held" and e.date.precision == "day" and e.date.start]
    return date.fromisoformat(max(days)) if days else None
