"""The one type that passes through every room: a document and what has been found in it.

Every layer from ``clean`` on is ``None`` until its stage has run; an empty layer means that the stage ran and found
nothing. Within stages all spans are in ``CleanText.text``; what leaves a document is mapped back to the fields as given
by :meth:`CleanText.origins`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dragoman.model.finding import DateFound, Findings, Lasting, PartyFound, PlaceFound
from dragoman.model.register import Engagement
from dragoman.model.span import FieldName, Origin, Span


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a document beside its text. Nothing in it is guessed by ingest, but for ``language``, which the words tell.

    ``original`` is the SHA-256 of the page or PDF that the text was taken from; None where the text came as such.
    """

    doc_id: str
    url: str | None = None
    outlet: str | None = None
    published: date | None = None
    title: str | None = None
    author: str | None = None
    language: str | None = None  # ISO 639-1; None where there are too few words to tell
    original: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """``clean`` characters and the stretch of the original they stand for.

    ``copied`` pieces are equal character by character; others (a decoded entity, a space put between glued sentences
    has no piece at all) stand for their origin as a whole.
    """

    clean: Span
    origin: Origin
    copied: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of clean text with its part in the article: title, dateline, body, caption, byline."""

    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class CleanText:
    """Article text and where each character came from.

    ``pieces`` are sorted and do not overlap, neither in clean nor in origin coordinates within a field; characters of
    ``text`` that no piece covers are separators that cleaning put in.

    """

    text: str
    pieces: tuple[Piece, ...]
    blocks: tuple[Block, ...] = ()
    header_date: date | None = None
    header_date_origin: Origin | None = None

    def origins(self, span: Span) -> tuple[Origin, ...]:
        """The stretches of the original that ``span`` came from, in order, neighbours joined.

        A decoded piece that is touched counts whole. Separators have no origin.
        """
        found: list[Origin] = []
        first = bisect_right(self.pieces, span.start, key=lambda p: p.clean.end)
        for place in range(first, len(self.pieces)):
            piece = self.pieces[place]
            if piece.clean.start >= span.end:
                break
            if not piece.clean.overlaps(span):
                continue
            if piece.copied:
                shift = piece.origin.start - piece.clean.start
                part = Origin(
                    piece.origin.field,
                    max(piece.clean.start, span.start) + shift,
                    min(piece.clean.end, span.end) + shift,
                )
            else:
                part = piece.origin
            if found and found[-1].field == part.field and found[-1].end == part.start:
                found[-1] = Origin(part.field, found[-1].start, part.end)
            else:
                found.append(part)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of clean text with what the language model says of it (spaCy's terms)."""

    span: Span
    text: str
    lemma: str
    pos: str  # universal part of speech
    sentence: int  # index into Annotation.sentences
    block: str  # kind of the block it stands in


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of words that a tagger or a dictionary takes for something: ``kind`` is one of its tags."""

    kind: str
    span: Span
    words: tuple[int, int]  # first token, one past the last
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that may anchor an engagement, with the reader's probability for its kind."""

    word: int
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class Annotation:
    """Sentences, tokens and mentions of ``CleanText.text``; ``engine`` names the models and their versions.

    ``tensor`` holds the language model's own vector of every token, ``vectors`` the reader's, for later stages ([tokens, width] of floats, whatever array
    type the encoder uses); it never leaves the process.
    """

    engine: str
    sentences: tuple[Span, ...]
    tokens: tuple[Token, ...]
    dates: tuple[DateFound, ...] = ()
    lastings: tuple[Lasting, ...] = ()
    places: tuple[PlaceFound, ...] = ()
    parties: tuple[PartyFound, ...] = ()
    titles: tuple[tuple[Span, str], ...] = ()  # words of ranks, honorifics and offices, and which of the three they are
    mentions: tuple[Mention, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    anchor: date | None = None
    anchor_basis: str | None = None
    tensor: Any = field(default=None, compare=False, repr=False)
    vectors: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StageRecord:
    """One stage's mark on a document: its name and what it wants to have noted."""

    stage: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A text as published, and the layers that stages add. ``page`` is what it was taken from, where that is to be kept."""

    source: Source
    text: str
    clean: CleanText | None = None
    annotation: Annotation | None = None
    findings: Findings | None = None
    engagements: tuple[Engagement, ...] | None = None
    trail: tuple[StageRecord, ...] = field(default=())
    page: bytes | None = field(default=None, repr=False)

    def given(self, name: FieldName) -> str:
        """The field as given: the body text or the title."""
        return self.text if name == "text" else (self.source.title or "")

    def quote(self, origins: Sequence[Origin]) -> str:
        """The original characters of ``origins``, joined."""
        return "".join(self.given(o.field)[o.start : o.end] for o in origins)
