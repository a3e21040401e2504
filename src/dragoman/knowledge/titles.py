"""Words that stand before or in a title: ranks, honorifics, heads of office names, from the data files."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dragoman.model import Span

ATOMS = {" ": "[ \u00a0]", "-": "[-–]"}  # letters of a title that may be written in two ways
END = ""  # where a word of a tree may end
Tree = dict[str, "Tree"]
"""Words by the letters they begin with."""


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

    def of_several(self, word: str) -> bool:
        """Whether a word is an office in the plural ("Presidents")."""
        folded = word.lower()
        return folded.endswith("s") and self._kinds.get(folded[:-1]) == "office"

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
    tree: Tree = {}
    for word in words:
        node = tree
        for atom in (ATOMS.get(c, re.escape(c)) for c in (word.lower() if ignore_case else word)):
            node = node.setdefault(atom, {})
        node[END] = {}
    body = _body(tree) if tree else "(?!)"
    return re.compile(rf"(?<!\w){body}(?!\w|-in-)", re.IGNORECASE if ignore_case else 0)


def _body(tree: Tree) -> str:
    """The words of a tree as one pattern, the longest first; where words begin alike what they share is looked at once."""
    rest = [atom + _body(tree[atom]) for atom in sorted(tree) if atom != END]
    if not rest:
        return ""
    return f"(?:{'|'.join(rest)})" + ("?" if END in tree else "")
