"""clean: the article's text without page furniture, every character with its origin.

Nothing is ever looked up again in the source: pieces are laid down as the text is built, so that offsets map back by
construction, on repeated text too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from dragoman.model import Block, CleanText, Document, Origin, Piece, Span, StageRecord
from dragoman.resources import Tools
from dragoman.stages.clean._select import Line, select
from dragoman.stages.clean._visible import Visible, visible

# A scraper's head on the first line: the word "date", the day, and a rest that may be text.
_HEADER = re.compile(
    r"\s*date\s+(?P<day>(?:19|20)\d\d-\d\d-\d\d)[ ]?(?:[ ]*\+ ↺ − 16 px|[ ]*\d{1,5}(?=\s*(?:\n|$))|[ ]*Published by)?"
)
# A sentence's end run into the next one's capital: a word of two lower-case letters or a closing mark, the stop, a capital.
_GLUED = re.compile(
    r"(?<=[a-z0-9)\]”\"’%][a-z)\]”\"’%0-9][.!?])(?=[A-Z“][a-z’']|[A-Z]\s|[A-Z]{2,}\b)|(?<=[a-z][.!?][”\"])(?=[A-Z])"
)
_RUN_ON = re.compile(r"\b(?P<left>[A-Za-z]{2,})(?<=[a-z])(?P<right>[A-Z][a-z]{2,})\b")
_FUNCTION_WORDS = frozenset(
    [
        "and",
        "of",
        "the",
        "in",
        "to",
        "by",
        "with",
        "for",
        "from",
        "at",
        "on",
        "between",
        "was",
        "were",
        "has",
        "had",
        "is",
        "are",
        "said",
        "as",
        "that",
        "his",
        "her",
        "its",
        "their",
        "who",
        "which",
    ]
)
WORD = 60  # characters on either side of a stop that may belong to one name


@dataclass(slots=True)
class _Layout:
    """Clean text under construction."""

    text: list[str]
    length: int
    pieces: list[Piece]
    blocks: list[Block]

    def add(self, source: Visible, line: Line, breaks: list[int]) -> None:
        """Lay a line down as a block, with a space put in at every break."""
        if self.length:
            self.text.append("\n\n")
            self.length += 2
        begin = self.length
        at = line.span.start
        for stop in [*breaks, line.span.end]:
            part = Span(at, stop)
            self.pieces.extend(source.pieces(part, self.length))
            self.text.append(part.of(source.text))
            self.length += len(part)
            if stop != line.span.end:
                self.text.append(" ")
                self.length += 1
            at = stop
        head = begin + line.dateline + sum(1 for b in breaks if b < line.span.start + line.dateline)
        if line.dateline:
            self.blocks.append(Block("dateline", Span(begin, head)))
        if head < self.length:
            self.blocks.append(Block(line.kind, Span(head, self.length)))


def clean(doc: Document, tools: Tools) -> Document:
    """Adds the clean text: a block for the title, then the article's paragraphs."""
    layout = _Layout([], 0, [], [])
    title = visible("title", doc.source.title or "")
    span = _trim(title.text, Span(0, len(title.text)))
    if len(span):
        layout.add(title, Line("title", span), _breaks(title.text, span, tools))
    body = visible("text", doc.text)
    header = _HEADER.match(body.text)
    day = _day(header["day"]) if header else None
    lines = select(body.text, header.end() if header and day else 0, span.of(title.text), tools.cleaning)
    for line in lines:
        layout.add(body, line, _breaks(body.text, line.span, tools))
    origin = None
    if header and day:
        read = body.pieces(Span(*header.span("day")), 0)
        origin = Origin("text", read[0].origin.start, read[-1].origin.end)
    cleaned = CleanText("".join(layout.text), tuple(layout.pieces), tuple(layout.blocks), day, origin)
    return replace(doc, clean=cleaned, trail=(*doc.trail, StageRecord("clean")))


def _breaks(text: str, span: Span, tools: Tools) -> list[int]:
    """Where a space is missing inside a line."""
    found = {m.start() for m in _GLUED.finditer(text, span.start, span.end) if not _one_name(text, m.start(), tools)}
    for m in _RUN_ON.finditer(text, span.start, span.end):
        left, right = m["left"], m["right"]
        if left in _FUNCTION_WORDS or (tools.gazetteer.known(left) and len(right) > 2) or tools.gazetteer.known(right):
            found.add(m.start("right"))
    return sorted(b for b in found if span.start < b < span.end)


def _one_name(text: str, at: int, tools: Tools) -> bool:
    """Whether the stop before ``at`` is inside a name such as "News.Az"."""
    a = at
    while a > max(0, at - WORD) and not text[a - 1].isspace():
        a -= 1
    b = at
    while b < min(len(text), at + WORD) and not text[b].isspace():
        b += 1
    word = text[a:b].strip(".,;:()\"'“”’/")
    return tools.outlet(word) is not None or bool(re.fullmatch(r"\w+\.[A-Z][a-z]\W?s?", word))


def _trim(text: str, span: Span) -> Span:
    a, b = span.start, span.end
    while a < b and text[a].isspace():
        a += 1
    while b > a and text[b - 1].isspace():
        b -= 1
    return Span(a, b)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
