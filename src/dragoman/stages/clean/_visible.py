"""What a reader would see of a text, character by character with its origin."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from dragoman.model import FieldName, Origin, Piece, Span

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_SPECIAL = re.compile(
    "[&\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\t]"
)


@dataclass(slots=True)
class Visible:
    """Characters with the half-open stretch of the field that each stands for; ``copied`` where it is the same one."""

    field: FieldName
    text: str
    start: list[int]
    end: list[int]
    copied: list[bool]

    def pieces(self, span: Span, shift: int) -> list[Piece]:
        """Pieces for ``span`` of the visible text, laid down at ``shift`` of the clean text."""
        out: list[Piece] = []
        for i in range(span.start, span.end):
            at = shift + i - span.start
            a, b = self.start[i], self.end[i]
            last = out[-1] if out else None
            if last and self.copied[i] and last.copied and last.origin.end == a:
                out[-1] = Piece(Span(last.clean.start, at + 1), Origin(self.field, last.origin.start, b))
            elif last and not self.copied[i] and not last.copied and last.origin == Origin(self.field, a, b):
                out[-1] = Piece(Span(last.clean.start, at + 1), last.origin, copied=False)
            else:
                out.append(Piece(Span(at, at + 1), Origin(self.field, a, b), self.copied[i]))
        return out


def visible(field: FieldName, text: str) -> Visible:
    """Entities decoded, odd spaces made plain, what cannot be seen left out; line breaks are kept as ``\\n``."""
    chars: list[str] = []
    start: list[int] = []
    end: list[int] = []
    copied: list[bool] = []

    def plain(a: int, b: int) -> None:
        chars.append(text[a:b])
        start.extend(range(a, b))
        end.extend(range(a + 1, b + 1))
        copied.extend([True] * (b - a))

    def put(shown: str, a: int, b: int) -> None:
        chars.append(shown)
        start.extend([a] * len(shown))
        end.extend([b] * len(shown))
        copied.extend([False] * len(shown))

    at = 0
    for match in _SPECIAL.finditer(text):
        i = match.start()
        if i < at:
            continue
        plain(at, i)
        if text[i] == "&":
            entity = _ENTITY.match(text, i)
            shown = _shown(html.unescape(entity[0])) if entity else "&"
            if entity and shown != entity[0]:
                put(shown, i, entity.end())
                at = entity.end()
                continue
            plain(i, i + 1)
        elif text[i] in "\u2028\u2029\u0085\x0b\x0c":
            put("\n", i, i + 1)
        elif text[i] == "\r":
            if text[i + 1 : i + 2] != "\n":
                put("\n", i, i + 1)
        elif unicodedata.category(text[i]) == "Zs" or text[i] == "\t":
            put(" ", i, i + 1)
        elif "\ud800" <= text[i] <= "\udfff":
            put("\ufffd", i, i + 1)
        at = i + 1
    plain(at, len(text))
    return Visible(field, "".join(chars), start, end, copied)


def _shown(decoded: str) -> str:
    """An entity's characters as they are seen: spaces plain, marks without width none."""
    return "".join(
        " " if unicodedata.category(c) == "Zs" else c
        for c in decoded
        if unicodedata.category(c) not in {"Cf", "Cc", "Cs"} or c == "\n"
    )
