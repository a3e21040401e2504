"""Markdown's links and pictures (CommonMark 0.31, sections 6.3 and 6.4): what of them is not words."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BRACKET = re.compile(
    r"\n[ \t\r]*\n|\[|\](?P<link>\((?:https?://|www\.|mailto:|/|#)[^\s()]*(?:\([^\s()]*\)[^\s()]*)*(?:[ ]+\"[^\"\n]{0,200}\")?\))?"
)


def shown(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text that are seen, in order: all but what Markdown sets around the words of a link, and its pictures."""
    at = 0
    for a, b in _hidden(text):
        yield at, a
        at = b
    yield at, len(text)


def _hidden(text: str) -> list[tuple[int, int]]:
    """What Markdown sets around the words of a link ("[", "](https://…)"), and whole pictures ("![…](…)"), in order, without overlaps."""
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for match in _BRACKET.finditer(text):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0][0] == "\n":
            opened.clear()
        elif opened:
            start = opened.pop()
            if match["link"] is None:
                continue
            if text[start - 1 : start] == "!":
                while found and found[-1][0] >= start:  # a link in the picture's words
                    found.pop()
                found.append((start - 1, match.end()))
            else:
                found += [(start, start + 1), match.span()]
    return sorted(found)
