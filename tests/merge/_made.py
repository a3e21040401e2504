"""Tellings made for tests in one line each."""

from __future__ import annotations

from datetime import date
from typing import Any

from dragoman.model import Engagement, Judgement, Participant, Telling, When, Where

PRECISION = {10: "day", 7: "month", 4: "year"}


def person(text: str) -> Participant:
    """``"Name, Office, PARTY, side"``; the office may be empty."""
    name, office, party, side = (part.strip() for part in text.split(","))
    return Participant(name or None, office or None, None, party, side, False)


def telling(key: str, doc: str | None = None, **given: Any) -> Telling:
    """A telling; what is not given is plain: a meeting of AAA and BBB, held on the day of publication in X, AAA."""
    day = given.get("date", "2024-03-15")
    start, _, end = (day or "").partition("/")
    place = given.get("place", "Alpha, AAA")
    city, _, country = (place or "").rpartition(", ")
    published = given.get("published", "2024-03-15")
    engagement = Engagement(
        id=given.get("id", "e1"),
        kind=given.get("kind", "meeting"),
        status=given.get("status", "held"),
        salience=given.get("salience", "main"),
        part_of=given.get("part_of"),
        date=When(start or None, end or None, PRECISION.get(len(start)), given.get("basis", "text") if day else None),
        place=Where(place, city or None, country, given.get("venue")) if place else None,
        participants=tuple(p if isinstance(p, Participant) else person(p) for p in given.get("people", ())),
        parties=tuple(sorted(given.get("parties", ("AAA", "BBB")))),
        topics=tuple(given.get("topics", ())),
        framework=given.get("framework"),
        sources=tuple(given.get("sources", ("Ministry", "Agency"))),
        evidence=given.get("evidence", "met"),
    )
    return Telling(
        key=key,
        doc_id=doc or f"doc-{key}",
        outlet=given.get("outlet", "Agency"),
        url=None,
        title=None,
        published=date.fromisoformat(published) if published else None,
        engagement=engagement,
        day=given.get("day"),
    )


def judgement(verdict: str, left: str, right: str | None = None, **given: Any) -> Judgement:
    """A judgement of "A. Reader"; ``at`` orders them."""
    at = given.get("at", "2024-04-01T00:00:00Z")
    return Judgement(
        id=given.get("id", f"j-{verdict}-{left}-{right}-{at}"),
        verdict=verdict,
        left=left,
        right=right,
        field=given.get("field"),
        value=given.get("value"),
        author="A. Reader",
        reason="",
        at=at,
        withdrawn=given.get("withdrawn"),
    )
