"""events: engagements, each with its participants, parties, status, date, place, topics and framework."""

from __future__ import annotations

from dataclasses import replace

from dragoman.model import Document, StageRecord
from dragoman.resources import Tools
from dragoman.stages.events._build import Builder
from dragoman.stages.events._detect import detect


def find_events(doc: Document, tools: Tools) -> Document:
    """Adds the engagements that the document reports; their sources are left to attribution."""
    assert doc.annotation is not None
    assert doc.findings is not None
    assert doc.clean is not None
    drafts = detect(doc.annotation, doc.findings, tools)
    builder = Builder(doc, tools)
    return replace(
        doc,
        engagements=builder.engagements(drafts) if drafts else (),
        trail=(*doc.trail, StageRecord("events", (f"{len(drafts)} of {len(doc.annotation.triggers)} triggers",))),
    )
