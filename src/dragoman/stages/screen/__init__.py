"""screen: what cannot tell of an act between two parties is not read; of a very long text only what can.

A record needs two parties and a word that tells of an act, so a text without both near one another is left. Texts up to
``screen.long`` characters that pass are read whole: their records are the same as without the screen. What it loses is measured
(docs/figures.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dragoman.model import Block, Document, PartyFound, PlaceFound, Span, StageRecord
from dragoman.resources import Tools

FIRM = frozenset(
    {"country", "capital", "venue"}
)  # places that stand for their state; other towns share their names with too much
DATELINE = frozenset({"capital", "city"})  # places that a text may say it was written in
HEAD = 80  # characters in which it says so
LEAD = 1000  # characters of a long text that are read whatever they say
TAIL = 3  # blocks at the end that may hold a signature
AROUND = 1  # sentences read before and after one that tells of an act
SCREENED = "tells of no act between two parties"


def worth_reading(doc: Document, tools: Tools) -> bool:
    """Whether the text as given may tell of an act."""
    text = f"{doc.source.title or ''}\n{doc.text}"
    return any(_telling(text, doc, tools))


def passed_over(doc: Document) -> Document:
    """The document without engagements, with the reason in its trail."""
    return replace(doc, engagements=(), trail=(*doc.trail, StageRecord("screen", (SCREENED,))))


def shortened(doc: Document, tools: Tools) -> Document:
    """A cleaned document whose blocks are, if it is long, only those stretches that are worth reading; its text stays whole."""
    assert doc.clean is not None
    text = doc.clean.text
    if len(text) <= tools.thresholds["screen.long"]:
        return doc
    sentences = tools.screen.sentences(text)
    keep = [False] * len(sentences)
    for i, tells in enumerate(_telling(text, doc, tools)):
        if tells:
            for k in range(max(0, i - AROUND), min(len(keep), i + AROUND + 1)):
                keep[k] = True
    blocks: list[Block] = []
    for number, block in enumerate(doc.clean.blocks):
        whole = block.kind != "body" or block.span.start < LEAD or number >= len(doc.clean.blocks) - TAIL
        blocks += [block] if whole else (Block(block.kind, s) for s in _kept(block.span, sentences, keep))
    note = f"{sum(len(b.span) for b in blocks):,} of {len(text):,} characters"
    return replace(
        doc, clean=replace(doc.clean, blocks=tuple(blocks)), trail=(*doc.trail, StageRecord("screen", (note,)))
    )


def _telling(text: str, doc: Document, tools: Tools) -> list[bool]:
    parties, places = tools.gazetteer.both(text)
    outlet = tools.outlet_country(doc.source.outlet) if doc.source.outlet else None
    begin = len(doc.source.title or "")
    head = (p.country for p in places if p.kind in DATELINE and begin <= p.span.start < begin + HEAD)
    home = frozenset(p for p in (outlet, *head) if p)
    return tools.screen.telling(text, _named(parties, places), home)


def _named(parties: Sequence[PartyFound], places: Sequence[PlaceFound]) -> Iterator[tuple[int, str]]:
    yield from ((p.span.start, p.party) for p in parties)
    yield from ((p.span.start, p.country) for p in places if p.country and p.kind in FIRM)


def _kept(block: Span, sentences: Sequence[Span], keep: Sequence[bool]) -> Iterator[Span]:
    """Runs of sentences of a block that are kept."""
    start: int | None = None
    for sentence, wanted in zip(sentences, keep, strict=True):
        if sentence.end <= block.start or sentence.start >= block.end:
            continue
        if wanted and start is None:
            start = max(sentence.start, block.start)
        elif not wanted and start is not None:
            yield Span(start, sentence.start)
            start = None
    if start is not None:
        yield Span(start, block.end)
