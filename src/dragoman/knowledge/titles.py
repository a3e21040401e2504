"""Words that stand before or in a title: ranks, honorifics, heads of office names, from the data files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import takewhile

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
        following: Iterable[str],
        bodies: Mapping[str, str],
        little: Iterable[str],
        counterpart: Iterable[str],
    ) -> None:
        self.openers, self.suffixes, self.given = frozenset(openers), frozenset(suffixes), frozenset(given)
        self._following, self._bodies, self._little = frozenset(following), dict(bodies), frozenset(little)
        self._counterpart = frozenset(counterpart)
        self._kinds: dict[str, str] = {}
        for kind, words in (("office", offices), ("honorific", honorifics), ("rank", ranks)):
            for word in words:
                self._kinds[_plain(word)] = kind
        self._plurals, self._before = self._of_several(offices)
        self._patterns = {
            "rank": _pattern(w for w, k in self._kinds.items() if k == "rank"),
            "honorific": _pattern(w for w, k in self._kinds.items() if k == "honorific"),
            "office": _pattern((w for w, k in self._kinds.items() if k == "office"), ignore_case=True),
        }

    def singular(self, word: str) -> str | None:
        """The office of one of those whom a word in the plural means ("Presidents": "President"); None if it is no such word."""
        one = self._plurals.get(word.lower())
        if one is None:
            return None
        kept = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(word.lower(), one, strict=False)))
        return word[:kept] + (one[kept:].upper() if word.isupper() else one[kept:])

    def describes(self, word: str) -> bool:
        """Whether a word stands before the head of some office ("Prime" Ministers)."""
        return word.lower() in self._before

    def follows(self, word: str) -> bool:
        """Whether a word stands behind the head of an office ("secretaries" general)."""
        return word.lower() in self._following

    def says_little(self, word: str) -> bool:
        """Whether a word is no office without another beside it ("member")."""
        return word.lower() in self._little

    def is_counterpart(self, lemma: str, before: str = "") -> bool:
        """Whether a word's dictionary form, with that of the word before it, says that somebody holds the same post as another."""
        return lemma in self._counterpart or f"{before} {lemma}" in self._counterpart

    def body(self, word: str) -> str:
        """A word for what an office belongs to, in the singular where each holder has one of his own ("Navies": "Navy")."""
        one = self._bodies.get(word.lower())
        return word if one is None else one.capitalize() if word[:1].isupper() else one

    def _of_several(self, offices: Iterable[str]) -> tuple[dict[str, str], frozenset[str]]:
        """Heads of offices by their plural, and the words that stand before heads."""
        plurals, before = {}, set()
        for office in offices:
            words = re.split(r"[ -]", re.split(r" (?:of|for|to|at|on|in) |-in-", office.lower())[0])
            while len(words) > 1 and words[-1] in self._following:
                words.pop()
            plurals[_plural(words[-1])] = words[-1]
            before.update(words[:-1])
        return {many: one for many, one in plurals.items() if one not in plurals}, frozenset(before)

    def find(self, text: str) -> tuple[tuple[Span, str], ...]:
        """Titles of ``text``, sorted, without overlaps: what begins first wins, then the longest, then a rank over an honorific over an office."""
        ahead = [(kind, p, p.search(text)) for kind, p in self._patterns.items()]
        found: list[tuple[Span, str]] = []
        while first := min(((m.start(), -m.end(), i) for i, (_, _, m) in enumerate(ahead) if m), default=None):
            kind, _, match = ahead[first[2]]
            assert match is not None
            found.append((Span(*match.span()), kind))
            ahead = [(k, p, p.search(text, match.end()) if m and m.start() < match.end() else m) for k, p, m in ahead]
        return tuple(found)


def _plural(word: str) -> str:
    """An English noun in the plural, as heads of offices have it."""
    if word.endswith("man"):
        return word[:-2] + "en"
    if word.endswith("y") and word[-2:-1] not in set("aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


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
