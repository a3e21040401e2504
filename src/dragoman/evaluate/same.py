"""When two names, two descriptions, two records are the same, as the measure has it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

Record = dict[str, Any]

_FOLD = str.maketrans(
    {"ı": "i", "İ": "I", "ə": "e", "Ə": "E", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "s",
     "’": "'", "‘": "'", "ʻ": "'", "`": "'"}
)  # fmt: skip
_EMPTY = frozenset({"of", "the", "and", "for", "s", "a"})
NAME_CUT, TEXT_CUT, WORD_CUT, PAIR_CUT = 0.8, 0.6, 0.84, 0.5


def fold(text: str | None) -> str:
    """Lower case without accents and punctuation."""
    plain = unicodedata.normalize("NFKD", (text or "").translate(_FOLD))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return re.sub(r"[^\w\s]", " ", plain).strip()


@lru_cache(maxsize=65536)
def tokens(text: str | None) -> tuple[str, ...]:
    """Folded words that carry meaning."""
    return tuple(t for t in fold(text).split() if t not in _EMPTY)


@lru_cache(maxsize=262144)
def alike(a: str, b: str, cut: float = WORD_CUT) -> bool:
    """Equal but for a few letters."""
    return a == b or SequenceMatcher(None, a, b).ratio() >= cut


def same_name(first: str, second: str) -> bool:
    """One person's names: every part of the shorter has a near-equal in the longer."""
    a, b = tokens(first), tokens(second)
    if not a or not b:
        return False
    short, full = sorted((a, b), key=len)
    return any(len(x) > 1 for x in short) and all(
        any(alike(x, y, NAME_CUT) or (len(x) == 1 and y[0] == x) for y in full) for x in short
    )


def same_text(first: str | None, second: str | None) -> bool:
    """Two descriptions whose words agree well enough (F1)."""
    a, b = tokens(first), tokens(second)
    if not a or not b:
        return not a and not b
    return 2 * matched(a, b, alike) / (len(a) + len(b)) >= TEXT_CUT


def matched(gold: Sequence[Any], system: Sequence[Any], same: Callable[[Any, Any], bool]) -> int:
    """How many of ``gold`` find a partner in ``system``, first come first served."""
    left, hit = list(system), 0
    for x in gold:
        for y in left:
            if same(x, y):
                left.remove(y)
                hit += 1
                break
    return hit


def people(record: Record) -> list[Record]:
    """Named participants."""
    return [p for p in record.get("participants") or [] if p.get("name")]


def similarity(gold: Record, system: Record) -> float:
    """Parties 0.4, kind 0.3, people 0.3; nothing without a shared party."""
    a, b = set(gold.get("parties") or []), set(system.get("parties") or [])
    if not a & b:
        return 0.0
    mine, theirs = people(gold), people(system)
    names = 1.0
    if mine or theirs:
        hit = sum(any(same_name(p["name"], q["name"]) for q in theirs) for p in mine)
        names = 2 * hit / (len(mine) + len(theirs))
    return 0.4 * (len(a & b) / len(a | b)) + 0.3 * (gold.get("kind") == system.get("kind")) + 0.3 * min(1, names)


def pair(gold: Sequence[Record], system: Sequence[Record]) -> list[tuple[int, int]]:
    """Which system record answers which gold record, best pairs first, each at most once."""
    candidates = sorted(
        ((similarity(g, s), i, j) for i, g in enumerate(gold) for j, s in enumerate(system)),
        key=lambda c: (-c[0], gold[c[1]].get("salience") != "main", c[1], c[2]),
    )
    used_gold: set[int] = set()
    used_system: set[int] = set()
    out: list[tuple[int, int]] = []
    for value, i, j in candidates:
        if value >= PAIR_CUT and i not in used_gold and j not in used_system:
            used_gold.add(i)
            used_system.add(j)
            out.append((i, j))
    return out
