"""Which lines of a visible text are article, and what part of it each is. No character is changed here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dragoman.knowledge.cleaning import Rule
from dragoman.model import Span

SHORT = 24  # characters below which a repeated line may be meant
HEAD = 260  # characters of a line in which a dateline is looked for
FIRST = 6  # lines among which the dateline stands
LONGEST = 600  # a longer line is article whatever it begins with
BETWEEN_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line kept: its part in the article, its span in the visible text, and the length of its dateline."""

    kind: str
    span: Span
    dateline: int = 0


def select(text: str, start: int, title: str, rules: Sequence[Rule]) -> list[Line]:
    """Lines of ``text`` from ``start`` on that are article, in order."""
    spans = [s for s in _lines(text, start) if len(s)]
    seen = {_key(title)} if title else set()
    kept: list[Line] = []
    dated = False
    for number, span in enumerate(spans):
        line = span.of(text)
        does = _does(line, rules) if len(line) <= LONGEST else None
        if does == "tail" and number >= len(spans) / 2 and span.start >= (start + len(text)) / 2:
            break
        if does in {"drop", "tail"} or not any(c.isalnum() for c in line):
            continue
        key = _key(line)
        if key in seen and (len(key) >= SHORT or key == _key(title)):
            continue
        seen.add(key)
        if does == "byline" and not _may_be_byline(number, len(spans), line):
            does = None
        if does:
            kept.append(Line(does, span))
            continue
        length = 0 if dated or len(kept) >= FIRST else _dateline(line, rules)
        dated = dated or length > 0
        kept.append(Line("body", span, length))
    return kept


def _lines(text: str, start: int) -> Iterable[Span]:
    for match in re.compile(r"[^\n]+").finditer(text, start):
        a, b = match.span()
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        yield Span(a, b)


def _does(line: str, rules: Sequence[Rule]) -> str | None:
    return next((r.does for r in rules if r.does != "dateline" and r.pattern.search(line)), None)


def _may_be_byline(number: int, lines: int, line: str) -> bool:
    """A signature stands at either end of a text; in the middle a short capitalised line is a heading."""
    return (number >= lines - 3 and number > 0) or (number < 4 and line.lower().startswith(("by ", "edited", "report")))


def _dateline(line: str, rules: Sequence[Rule]) -> int:
    for rule in rules:
        if rule.does == "dateline":
            match = rule.pattern.match(line[:HEAD])
            if match and match.end() < len(line):
                return match.end()
    return 0


def _key(line: str) -> str:
    return BETWEEN_WORDS.sub(" ", line.lower()).strip()
