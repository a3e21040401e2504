"""Names of people compared: folded parts, spellings a letter apart, initials."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

# Letters that do not decompose, and the marks that stand for an apostrophe in names.
_FOLD = str.maketrans(
    {"ı": "i", "İ": "I", "ə": "e", "Ə": "E", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss",
     "’": "", "‘": "", "ʻ": "", "`": "", "'": "", "‑": "-"}
)  # fmt: skip
NEAR = 0.8  # similarity at which two name parts are one spelling apart; 0.8 lets one letter in five differ
PARTICLES = frozenset(
    [
        "al",
        "el",
        "bin",
        "ibn",
        "ben",
        "bint",
        "abu",
        "abd",
        "abdel",
        "abdul",
        "von",
        "van",
        "der",
        "den",
        "de",
        "da",
        "dos",
        "das",
        "do",
        "di",
        "del",
        "della",
        "la",
        "le",
        "du",
        "san",
        "santa",
        "mac",
        "mc",
        "st",
        "y",
        "e",
    ]
)


@lru_cache(maxsize=16_384)
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


def met(
    short: Sequence[str], full: Sequence[str], near: Callable[[str, str], bool], alike: Callable[[str, str], bool]
) -> list[tuple[str, str]]:
    """Parts of ``short`` with the part of ``full`` that each stands for, no two for the same; the longest first, each with the likest.

    ``near`` says whether a part may stand for another, ``alike`` whether it does so without a letter's difference.
    """
    left, out = list(full), []
    for part in sorted(short, key=lambda p: (-len(p), p)):
        if fits := [q for q in left if near(part, q)]:
            found = max(fits, key=lambda q: (alike(part, q), len(q), q))
            left.remove(found)
            out.append((part, found))
    return out


def by_name(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether parts that met do so as more than initials and particles: "Reuven Rivlin" only begins as the "R." of "Joseph R. Biden" does."""
    return any(len(p) > 1 and len(q) > 1 and p not in PARTICLES for p, q in pairs)


def within(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether every part of ``short`` stands in ``full``, each as another part, and one of them as more than an initial."""
    pairs = met(short, full, near, str.__eq__)
    return len(pairs) == len(short) and by_name(pairs)
