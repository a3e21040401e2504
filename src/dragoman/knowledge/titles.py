"""Words that stand before or in a title: ranks, honorifics, heads of office names, from the data files."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dragoman.model import Span


class TitleIndex:
    """Finds titles of three kinds, longest first, whole words only."""

    def __init__(
        self,
        *,
        ranks: Iterable[str],
        honorifics: Iterable[str],
        offices: Iterable[str],
        openers: Iterable[str],
        suffixes: Iterable[str],
        given: Iterable[str],
    ) -> None:
        self.openers, self.suffixes, self.given = frozenset(openers), frozenset(suffixes), frozenset(given)
        self._kinds: dict[str, str] = {}
        for kind, words in (("office", offices), ("honorific", honorifics), ("rank", ranks)):
            for word in words:
                self._kinds[_plain(word)] = kind
        self._patterns = {
            "rank": _pattern(w for w, k in self._kinds.items() if k == "rank"),
            "honorific": _pattern(w for w, k in self._kinds.items() if k == "honorific"),
            "office": _pattern((w for w, k in self._kinds.items() if k == "office"), ignore_case=True),
        }

    def find(self, text: str) -> tuple[tuple[Span, str], ...]:
        """Titles of ``text``, sorted, without overlaps; a rank wins over an honorific, that over an office."""
        found: list[tuple[Span, str]] = []
        taken: set[int] = set()
        for kind in ("rank", "honorific", "office"):
            for match in self._patterns[kind].finditer(text):
                if match.start() not in taken and match.end() - 1 not in taken:
                    found.append((Span(*match.span()), kind))
                    taken.update(range(*match.span()))
        return tuple(sorted(found))


def _plain(word: str) -> str:
    return " ".join(word.split())


def _pattern(words: Iterable[str], *, ignore_case: bool = False) -> re.Pattern[str]:
    rows = sorted(set(words), key=lambda w: (-len(w), w))
    if not rows:
        return re.compile(r"(?!)")
    body = "|".join(re.escape(w).replace(r"\ ", r"[ \u00a0]").replace(r"\-", "[-–]") for w in rows)
    return re.compile(rf"(?<!\w)(?:{body})(?!\w|-in-)", re.IGNORECASE if ignore_case else 0)
