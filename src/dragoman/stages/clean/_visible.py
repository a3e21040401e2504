"""What a reader would see of a text, character by character with its origin."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from dragoman.knowledge.links import shown
from dragoman.model import FieldName, Origin, Piece, Span

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_SPECIAL = re.compile(
    "[&\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\t]"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of a visible text from ``start`` on, and the half-open stretch of the field that they stand for.

    Where they are ``copied`` each stands for one character of it, else each for all of it.
    """

    start: int
    origin: Span
    copied: bool


@dataclass(frozen=True, slots=True)
class Visible:
    """A text as it is seen, in runs without gaps."""

    field: FieldName
    text: str
    runs: tuple[Run, ...]

    def pieces(self, span: Span, shift: int) -> list[Piece]:
        """Pieces for ``span`` of the visible text, laid down at ``shift`` of the clean text; neighbours are joined."""
        out: list[Piece] = []
        first = bisect_right(self.runs, span.start, key=lambda r: r.start) - 1
        for place in range(max(first, 0), len(self.runs)):
            run = self.runs[place]
            if run.start >= span.end:
                break
            stop = self.runs[place + 1].start if place + 1 < len(self.runs) else len(self.text)
            a, b = max(run.start, span.start), min(stop, span.end)
            if a >= b:
                continue
            moved = run.origin.start - run.start
            origin = (a + moved, b + moved) if run.copied else (run.origin.start, run.origin.end)
            last = out[-1] if out else None
            if last and run.copied and last.copied and last.origin.end == origin[0]:
                out[-1] = Piece(
                    Span(last.clean.start, shift + b - span.start), Origin(self.field, last.origin.start, origin[1])
                )
            else:
                laid = Span(shift + a - span.start, shift + b - span.start)
                out.append(Piece(laid, Origin(self.field, *origin), run.copied))
        return out


def visible(field: FieldName, text: str) -> Visible:
    """Entities decoded, odd spaces made plain, what cannot be seen left out; line breaks are kept as ``\\n``. Of Markdown's links the words stay."""
    chars: list[str] = []
    runs: list[Run] = []
    length = 0

    def add(shown: str, a: int, b: int, *, copied: bool) -> None:
        nonlocal length
        if shown:
            chars.append(shown)
            runs.append(Run(length, Span(a, b), copied))
            length += len(shown)

    def plain(a: int, b: int) -> None:
        add(text[a:b], a, b, copied=True)

    def put(shown: str, a: int, b: int) -> None:
        add(shown, a, b, copied=False)

    def seen(at: int, end: int) -> None:
        for match in _SPECIAL.finditer(text, at, end):
            i = match.start()
            if i < at:
                continue
            plain(at, i)
            if text[i] == "&":
                entity = _ENTITY.match(text, i, end)
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
        plain(at, end)

    for a, b in shown(text):
        seen(a, b)
    return Visible(field, "".join(chars), tuple(runs))


def _shown(decoded: str) -> str:
    """An entity's characters as they are seen: spaces plain, marks without width none."""
    return "".join(
        " " if unicodedata.category(c) == "Zs" else c
        for c in decoded
        if unicodedata.category(c) not in {"Cf", "Cc", "Cs"} or c == "\n"
    )
