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
from dragoman.model.finding import DateFound, Findings, Lasting, PartyCandidate, PartyFound, PersonFound, PlaceFound
from dragoman.model.record import (
    VERDICTS,
    AccountRef,
    Claim,
    Conflict,
    Judgement,
    Participation,
    Person,
    Record,
    StatusStep,
    Telling,
    Tenure,
)
from dragoman.model.register import AHEAD, KINDS, SIDES, STATUSES, TOPICS, Engagement, Participant, When, Where
from dragoman.model.span import FieldName, Origin, Span

__all__ = [
    "AHEAD", "KINDS", "SIDES", "STATUSES", "TOPICS", "VERDICTS", "AccountRef", "Annotation", "Block", "Claim", "CleanText", "Conflict",
    "DateFound", "Document", "Engagement", "FieldName", "Findings", "Judgement", "Lasting", "Mention", "Origin", "Participant",
    "Participation", "PartyCandidate", "PartyFound", "Person", "PersonFound", "Piece", "PlaceFound", "Record", "Source", "Span",
    "StageRecord", "StatusStep", "Telling", "Tenure", "Token", "Trigger", "When", "Where",
]  # fmt: skip
