"""Keys that two accounts of one act share: parties, and when, coarsely."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from itertools import combinations

from dragoman.merge.prepare import Prepared, prepare
from dragoman.model import Telling
from dragoman.resources import Tools

MANY_MONTHS = 12  # a year told without a month meets what is told of each of its months


def block_keys(telling: Telling | Prepared, tools: Tools) -> frozenset[str]:
    """Keys by which candidates are found; accounts that share none are never compared.

    A key is kind, pair of parties, and month. A day near the edge of a month has the keys of both months; what has no date has
    those of the months in which it must lie. (Pairs of people and names of frameworks as keys found no pair more.)
    """
    p = prepare(telling, tools)
    months = _months(p, tools)
    pairs = _some(combinations(sorted(p.parties), 2), tools)
    return frozenset(f"{p.family}|{'+'.join(pair)}|{month}" for pair in pairs for month in months)


def _some(pairs: Iterable[tuple[str, ...]], tools: Tools) -> list[tuple[str, ...]]:
    """All pairs, or of many those with the smallest digests: two overlapping sets keep some in common."""
    most = int(tools.thresholds["merge.block.pairs"])
    found = sorted(pairs)
    if len(found) <= most:
        return found
    return sorted(found, key=lambda pair: hashlib.sha256("+".join(pair).encode()).digest())[:most]


def _months(p: Prepared, tools: Tools) -> list[str]:
    if p.first is None or p.last is None:
        return ["undated"]
    edge = int(tools.thresholds["merge.block.edge"])
    first, last = date.fromordinal(p.first - edge), date.fromordinal(p.last + edge)
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{n // 12}-{n % 12 + 1:02}" for n in numbers[: MANY_MONTHS + 2]]
