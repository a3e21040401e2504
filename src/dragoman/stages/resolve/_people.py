"""Mentions of people gathered into people: one person for each name of the text, with every later mention of them.

A later mention may be the family name, any other part of the name, or a spelling a letter or two away ("Kadıoglu",
"Kadıoğlu"). A part that fits two people goes to the one named last before it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from dragoman.model import Span, Token

# Letters that do not decompose, and the marks that stand for an apostrophe in names.
_FOLD = str.maketrans(
    {"ı": "i", "İ": "I", "ə": "e", "Ə": "E", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss",
     "’": "", "‘": "", "ʻ": "", "`": "", "'": "", "‑": "-"}
)  # fmt: skip
NEAR = 0.8  # similarity at which two name parts are one spelling apart; 0.8 lets one letter in five differ
PARTICLES = frozenset(
    "al el bin ibn ben bint abu abd abdel abdul von van der den de da dos das do di del della la le du san santa mac mc st y e".split()
)


@lru_cache(maxsize=65536)
def folded(name: str) -> tuple[str, ...]:
    """Lower-case parts of a name without accents, apostrophes and hyphens."""
    plain = unicodedata.normalize("NFKD", name.translate(_FOLD))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return tuple(p for p in plain.replace("-", " ").replace(".", " ").split() if p)


def near(a: str, b: str) -> bool:
    """Whether two folded name parts are the same but for a spelling; an initial matches what it begins."""
    if a == b:
        return True
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    return len(a) > 3 and len(b) > 3 and Levenshtein.normalized_similarity(a, b) >= NEAR


def within(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether every part of ``short`` stands in ``full`` and at least one of them is more than an initial."""
    return all(any(near(p, q) for q in full) for p in short) and any(len(p) > 1 and p not in PARTICLES for p in short)


@dataclass(slots=True)
class Cluster:
    """A person under construction: word ranges of the mentions, in order of text, and the parts of the fullest name."""

    parts: tuple[str, ...]
    name: tuple[int, int]
    mentions: list[tuple[int, int]] = field(default_factory=list)
    roles: set[tuple[int, int]] = field(default_factory=set)  # those mentions that are words for an office

    @property
    def named(self) -> list[tuple[int, int]]:
        """Mentions by name."""
        return [m for m in self.mentions if m not in self.roles]

    @property
    def by_role(self) -> list[tuple[int, int]]:
        """Mentions by office."""
        return sorted(self.roles)


def gather(tokens: Sequence[Token], names: Iterable[tuple[int, int]]) -> list[Cluster]:
    """Clusters of word ranges that hold names, in order of first mention.

    Longer names are placed first, so that a family name never founds a person who is named in full elsewhere.
    """
    spans = sorted(set(names))
    parts = {s: folded(" ".join(t.text for t in tokens[s[0] : s[1]])) for s in spans}
    clusters: list[Cluster] = []
    for span in sorted(spans, key=lambda s: (-len(parts[s]), s)):
        if not parts[span]:
            continue
        fits = [c for c in clusters if within(parts[span], c.parts)]
        if len(fits) > 1:
            before = [c for c in fits if min(c.mentions)[0] <= span[0]]
            fits = [max(before or fits, key=lambda c: max((m[0] for m in c.mentions if m[0] <= span[0]), default=-1))]
        if fits:
            fits[0].mentions.append(span)
        elif any(len(p) > 1 for p in parts[span]):
            clusters.append(Cluster(parts[span], span, [span]))
    for cluster in clusters:
        cluster.mentions.sort()
    clusters.sort(key=lambda c: c.mentions[0])
    return clusters


def surnames(tokens: Sequence[Token], clusters: Sequence[Cluster]) -> None:
    """Add single capitalised words that equal one part of exactly one cluster's name and were not tagged."""
    taken = {i for c in clusters for a, b in c.mentions for i in range(a, b)}
    owners: dict[str, list[Cluster]] = {}
    for cluster in clusters:
        if len(cluster.parts) > 1:
            for part in set(cluster.parts):
                if len(part) > 2 and part not in PARTICLES:
                    owners.setdefault(part, []).append(cluster)
    for i, token in enumerate(tokens):
        if i in taken or not token.text[:1].isupper():
            continue
        parts = folded(token.text)
        found = owners.get(parts[-1], []) if parts else []
        if len(found) == 1 and within(parts, found[0].parts):
            found[0].mentions.append((i, i + 1))
    for cluster in clusters:
        cluster.mentions.sort()


def span_of(tokens: Sequence[Token], words: tuple[int, int]) -> Span:
    """Characters of a word range."""
    return Span(tokens[words[0]].span.start, tokens[words[1] - 1].span.end)
