"""Copies of one wire text, found by MinHash: two documents that share most of their wording are one voice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dragoman.merge.cluster import components
from dragoman.resources import Tools

SEED = 20 * 7 + 3  # of the hash functions: any number, but always the same
PERMUTATIONS, ROWS = 128, 4  # 32 bands of four: texts that share a third of their wording meet with 0.33
SHINGLE = 3  # words


@dataclass(frozen=True, slots=True)
class Signature:
    """MinHash values of a text's three-word stretches, and how many different ones there are."""

    values: tuple[int, ...]
    size: int


def signature(text: str) -> Signature:
    """Signature of a text; upper and lower case, punctuation and line breaks do not count."""
    from rensa import RMinHash

    words = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    stretches = {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))} if words else set()
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(sorted(stretches))
    return Signature(tuple(sketch.digest()), len(stretches))


def band_keys(of: Signature) -> frozenset[str]:
    """Keys of which two copies share at least one, nearly always; an empty text has none."""
    if not of.size:
        return frozenset()
    return frozenset(
        f"{i}:{hashlib.sha256(repr(of.values[i : i + ROWS]).encode()).hexdigest()[:12]}"
        for i in range(0, PERMUTATIONS, ROWS)
    )


def is_copy(a: Signature, b: Signature, tools: Tools) -> bool:
    """Whether the smaller text's wording stands in the larger one's, nearly all of it."""
    if not a.size or not b.size:
        return False
    shared = sum(x == y for x, y in zip(a.values, b.values, strict=True)) / PERMUTATIONS
    within = shared / (1 + shared) * (a.size + b.size) / min(a.size, b.size)
    return within >= tools.thresholds["merge.copy.within"] and shared >= tools.thresholds["merge.copy.shared"]


def originals(pairs: Iterable[tuple[str, str]], published: Mapping[str, date | None]) -> dict[str, str]:
    """Each copy with its original: of documents that are copies of one another the earliest, then the smallest id.

    Args:
        pairs: ids of documents that are copies.
        published: day of publication of every document in ``pairs``.
    """
    out: dict[str, str] = {}
    for part in components(published, pairs):
        first = min(part, key=lambda d: (published[d] or date.max, d))
        out |= {d: first for d in part if d != first}
    return out
