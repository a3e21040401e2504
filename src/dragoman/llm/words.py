"""Where words stand in a text, whatever quotes, dashes, spaces, accents and case they are written with.

A model that quotes changes such things without saying so. Nothing else is forgiven: what is found is a stretch of the text,
and the text's own characters are what a record takes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from dragoman.model import Span

# Letters and marks that do not decompose, each to what it is compared as.
_FOLD = str.maketrans(
    {"ı": "i", "İ": "i", "ə": "e", "Ə": "e", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ß": "ss",
     "’": "'", "‘": "'", "ʻ": "'", "ʼ": "'", "`": "'", "´": "'", "‛": "'", "“": "'", "”": "'", "„": "'", "«": "'", "»": "'", '"': "'",
     "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
     "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": ""}
)  # fmt: skip
_EDGE = " .,;:'-()[]"


class Words:
    """A text, ready to be asked where words stand in it; stretches in ``barred`` are no part of it."""

    def __init__(self, text: str, barred: Iterable[Span] = ()) -> None:
        self._barred = tuple(barred)
        letters: list[str] = []
        at: list[int] = []
        for i, char in enumerate(text):
            for letter in _letters(char):
                if letter == " " and (not letters or letters[-1] == " "):
                    continue
                letters.append(letter)
                at.append(i)
        self._folded, self._at = "".join(letters), at

    def all(self, value: str, *, plural: bool = False) -> list[Span]:
        """Every stretch of whole words that reads ``value``; with ``plural`` also one that goes on with an s."""
        wanted = folded(value).strip(_EDGE)
        found: list[Span] = []
        start = self._folded.find(wanted) if wanted else -1
        while start >= 0:
            end = start + len(wanted)
            if plural and self._folded[end : end + 1] == "s":
                end += 1
            span = Span(self._at[start], self._at[end - 1] + 1)
            if self._whole(start, end) and not any(b.overlaps(span) for b in self._barred):
                found.append(span)
            start = self._folded.find(wanted, start + 1)
        return found

    def nearest(self, value: str, at: Span | None, *, plural: bool = False) -> Span | None:
        """The stretch that reads ``value`` and stands nearest to ``at``, the first one without it."""
        return nearest(self.all(value, plural=plural), at)

    def _whole(self, start: int, end: int) -> bool:
        text = self._folded
        before = start > 0 and text[start].isalnum() and text[start - 1].isalnum()
        return not before and not (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())


def nearest(spans: Sequence[Span], at: Span | None) -> Span | None:
    """The span with the fewest characters between it and ``at``, the earlier of two; the first one without ``at``."""
    return min(spans, key=lambda s: (s.distance(at) if at else 0, s), default=None)


@lru_cache(maxsize=4096)
def _letters(char: str) -> str:
    """A character as it is compared: space for any white space, no accents, no case."""
    if char.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", char.translate(_FOLD))
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_FOLD).casefold()


def folded(value: str) -> str:
    """Words as they are compared."""
    return " ".join("".join(map(_letters, value)).split())
