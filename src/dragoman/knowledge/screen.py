"""Which stretches of a text may tell of an act between parties, from words alone: one pass over it, in microseconds."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from dragoman.model import Span

_WORD = re.compile(r"\w+")
# A stop or a line ends a sentence, but not after an initial ("U.S."), nor after an abbreviation (data/words.yaml).
_END = re.compile(r"(?<!\b[A-Z]\.)(?<=[.!?;:])[\"”’')\]]*\s+|\n+")

_LAST = re.compile(r"\b([A-Z][A-Za-z]+)\.$")  # the word that ends a stretch, with a capital and a stop
_LONGEST = 12  # letters of an abbreviation at most


class Screen:
    """Words that an act is told with, and how near to one of them two parties must stand."""

    def __init__(
        self, words: Mapping[str, Iterable[str]], *, abbreviations: frozenset[str] = frozenset(), reach: int
    ) -> None:
        """``words`` are the forms of each group (data/screen.yaml), ``abbreviations`` (data/words.yaml) what ends no sentence, in
        lower case without the stop; ``reach`` is how many sentences away a party still counts."""
        self._abbreviations = abbreviations
        self._words = frozenset(w.lower() for forms in words.values() for w in forms)
        self._reach = reach

    def telling(self, text: str, named: Iterable[tuple[int, str]], home: frozenset[str]) -> list[bool]:
        """For each sentence of :meth:`sentences` whether an act may be told there.

        Args:
            text: any text.
            named: where parties are named in it, and which.
            home: parties that count everywhere, such as the state of the outlet.
        """
        begins = [s.start for s in self.sentences(text)]
        around: list[set[str]] = [set() for _ in begins]
        for at, party in named:
            around[bisect_right(begins, at) - 1].add(party)
        said = [False] * len(begins)
        for match in _WORD.finditer(text.lower() if len(text.lower()) == len(text) else text):
            if match[0] in self._words:
                said[bisect_right(begins, match.start()) - 1] = True
        return [
            here and len(home.union(*around[max(0, i - self._reach) : i + self._reach + 1])) > 1
            for i, here in enumerate(said)
        ]

    def sentences(self, text: str) -> Sequence[Span]:
        """Stretches of the text that end with a stop or a line: nearly sentences, and never less than all of the text."""
        cuts = [m.end() for m in _END.finditer(text) if not self._cut_short(text, m)]
        return [Span(a, b) for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) if a < b] or [Span(0, 0)]

    def _cut_short(self, text: str, end: re.Match[str]) -> bool:
        """Whether what ends there is no sentence but a word cut short ("Brig. X")."""
        last = _LAST.search(text, max(0, end.start() - _LONGEST), end.start()) if "\n" not in end[0] else None
        return last is not None and last[1].lower() in self._abbreviations
