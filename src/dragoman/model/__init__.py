"""The nouns: frozen, slotted dataclasses that need nothing but the standard library."""

from dragoman.model.document import (
    Annotation,
    Block,
    CleanText,
    Document,
    Mention,
    Piece,
    Source,
    StageRecord,
    Token,
    Trigger,
)
from dragoman.model.finding import DateFound, Findings, PartyCandidate, PartyFound, PersonFound, PlaceFound
from dragoman.model.register import KINDS, SIDES, STATUSES, TOPICS, Engagement, Participant, When, Where
from dragoman.model.span import FieldName, Origin, Span

__all__ = [
    "KINDS", "SIDES", "STATUSES", "TOPICS", "Annotation", "Block", "CleanText", "DateFound", "Document", "Engagement",
    "FieldName", "Findings", "Mention", "Origin", "Participant", "PartyCandidate", "PartyFound", "PersonFound", "Piece", "PlaceFound", "Source",
    "Span", "StageRecord", "Token", "Trigger", "When", "Where",
]  # fmt: skip
