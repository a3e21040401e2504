"""screen: what cannot tell of an act between two parties is not read.

A record needs two parties and a word that tells of an act, so a text without both near one another is left. Of the rest, what is
left are texts none of whose sentences has the words of such an act: of that a sieve judges that has learned it. A short text has too few
words to be judged by, and costs little to read. Texts that pass are read whole, so that their records are the same as without the screen.
What it loses is measured (docs/figures.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dragoman.model import Document, Span, StageRecord
from dragoman.resources import Tools

FIRM = frozenset(
    {"country", "capital", "venue"}
)  # places that stand for their state; other towns share their names with too much
DATELINE = frozenset({"capital", "city"})  # places that a text may say it was written in
HEAD = 80  # characters in which it says so
SCREENED = "tells of no act between two parties"


@dataclass(frozen=True, slots=True)
class Asked:
    """A text with the sentences of it that may tell of an act, and the names of parties: where each ends, and whether it is at home."""

    text: str
    sentences: tuple[Span, ...]
    named: dict[int, tuple[int, bool]]


def worth_reading(doc: Document, tools: Tools) -> bool:
    """Whether the text as given may tell of an act."""
    asked = telling(doc, tools)
    if not asked.sentences or len(asked.text) <= tools.thresholds["screen.short"]:
        return bool(asked.sentences)
    scores = tools.sieve.scores(asked.text, asked.sentences, asked.named)
    return bool(scores.max() >= tools.thresholds["screen.sieve"])


def passed_over(doc: Document) -> Document:
    """The document without engagements, with the reason in its trail."""
    return replace(doc, engagements=(), trail=(*doc.trail, StageRecord("screen", (SCREENED,))))


def telling(doc: Document, tools: Tools) -> Asked:
    """What of a text as given may tell of an act, as its words alone say: the screen's first step."""
    text = f"{doc.source.title or ''}\n{doc.text}"
    parties, places = tools.gazetteer.both(text)
    outlet = tools.source_party(doc.source)
    begin = len(doc.source.title or "")
    head = (p.country for p in places if p.kind in DATELINE and begin <= p.span.start < begin + HEAD)
    home = frozenset(p for p in (outlet, *head) if p)
    names = [(p.span, p.party) for p in parties]
    names += [(p.span, p.country) for p in places if p.country and p.kind in FIRM]
    told = tools.screen.telling(text, ((span.start, party) for span, party in names), home)
    sentences = (s for s, tells in zip(tools.screen.sentences(text), told, strict=True) if tells)
    return Asked(text, tuple(sentences), _named(names, home))


def _named(names: Sequence[tuple[Span, str]], home: frozenset[str]) -> dict[int, tuple[int, bool]]:
    """Where each name begins, the longest of those that begin there."""
    return {span.start: (span.end, party in home) for span, party in sorted(names, key=lambda n: n[0].end)}
