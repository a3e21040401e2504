"""Why a record is as it is: each field's value, its words with their place, or its basis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dragoman import codec
from dragoman.model import Document, Engagement, Source
from dragoman.reader import Account
from dragoman.resources import Tools
from dragoman.stages.clean import clean


def explained(account: Account) -> Iterator[str]:
    """Lines for one document: a block for each engagement, a line for each field that has a value."""
    yield f"{account.doc_id}  (read by {account.version})"
    for engagement in account.engagements:
        yield f"  {engagement.id}"
        for path, value in codec.leaves(engagement):
            if path == "id":
                continue
            yield f"    {path} = {value!r}  {_why(account.document, engagement, path)}"
    if not account.engagements:
        yield "  no engagement"


def _why(doc: Document, engagement: Engagement, path: str) -> str:
    parts = []
    for origin in engagement.spans.get(path, ()):
        words = " ".join(doc.given(origin.field)[origin.start : origin.end].split())
        where = f"{origin.start}–{origin.end}" if origin.field == "text" else f"title {origin.start}–{origin.end}"
        parts.append(f"“{words[:80]}” {where}")
    if path in engagement.basis:
        parts.append(f"inferred: {engagement.basis[path]}")
    rule = (
        engagement.rules.get(path)
        or engagement.rules.get(path.partition(".")[0].partition("[")[0])
        or engagement.rules["kind"]
    )
    return "; ".join([*parts, f"by {rule}"])


@dataclass(frozen=True, slots=True)
class Aside:
    """Characters of a text that are not read as article: page furniture, repeated lines."""

    start: int
    end: int
    why: str


def set_aside(text: str, title: str | None, tools: Tools) -> tuple[Aside, ...]:
    """What cleaning leaves out of a text, line by line, and by which rule (an id of data/cleaning.yaml) where one says so."""
    cleaned = clean(Document(Source("", title=title), text), tools).clean
    assert cleaned is not None
    kept = sorted((p.origin.start, p.origin.end) for p in cleaned.pieces if p.origin.field == "text")
    at = 0
    found: list[Aside] = []
    for start, end in (*kept, (len(text), len(text))):
        found += _lines(text, at, start, tools)
        at = max(at, end)
    return tuple(found)


def _lines(text: str, start: int, end: int, tools: Tools) -> Iterator[Aside]:
    """Lines between two stretches of article that hold words."""
    at = start
    for line in text[start:end].splitlines(keepends=True):
        words = line.strip()
        if any(c.isalnum() for c in words):
            begin = at + line.index(words)
            yield Aside(begin, begin + len(words), _reason(words, tools))
        at += len(line)


def _reason(line: str, tools: Tools) -> str:
    rule = next((r.id for r in tools.cleaning if r.does in {"drop", "tail"} and r.pattern.search(line)), None)
    return f"page furniture ({rule})" if rule else "repeated, mark-up, or after the end of the article"
