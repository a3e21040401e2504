"""Names of people from different accounts: whether two spellings can be one person's."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from rapidfuzz.distance import Levenshtein

from dragoman.knowledge.names import NEAR, PARTICLES, by_name, folded, met

CORE = 3  # letters below which a part of a name says little by itself


class Variants:
    """Compares names with the table of transliterations."""

    def __init__(
        self, table: Sequence[tuple[str, str]], *, patronymics: Sequence[str] = (), descent: Sequence[str] = ()
    ) -> None:
        """``table`` has (written, read) in the order in which they apply.

        ``patronymics`` stand between somebody's own name and the father's; ``descent`` are parts that accounts leave out at will.
        """
        self._table = tuple(table)
        self._patronymics, self._descent = frozenset(patronymics), frozenset(descent)
        self.parts = lru_cache(maxsize=32_768)(self._parts)
        self._read = lru_cache(maxsize=32_768)(self._sound)
        self.agreement = lru_cache(maxsize=32_768)(self._agreement)

    def _parts(self, name: str) -> tuple[str, ...]:
        """Folded parts without titles of descent; a quoted by-name is a part like others."""
        return tuple(p for p in (q.strip('"“”(),') for q in folded(name)) if p and p not in self._descent)

    def _sound(self, part: str) -> str:
        for written, read in self._table:
            part = part.replace(written, read)
        return "".join(c for i, c in enumerate(part) if i == 0 or c != part[i - 1])

    def near(self, a: str, b: str) -> bool:
        """Whether two parts are one but for a spelling; an initial matches what it begins."""
        if a == b:
            return True
        if len(a) == 1 or len(b) == 1:
            return a[0] == b[0]
        x, y = self._read(a), self._read(b)
        if x == y:
            return True
        return len(x) > CORE and len(y) > CORE and Levenshtein.normalized_similarity(x, y) >= NEAR

    def _alike(self, a: str, b: str) -> bool:
        """Whether two parts sound the same, or one is the other's initial."""
        return self._read(a) == self._read(b) or (1 in (len(a), len(b)) and a[0] == b[0])

    def family(self, name: str) -> frozenset[str]:
        """Parts that can be a family name: the first and the last that are more than an initial or a particle, as read."""
        long = [p for p in self.parts(name) if len(p) > 1 and p not in PARTICLES]
        return frozenset(self._read(p) for p in (long[:1] + long[-1:]))

    def _agreement(self, first: str, second: str) -> float:
        """How well two names agree, 0 to 1.

        1: at least two parts agree as they sound and none differs; 0.9: some only but for a letter or two; 0.8: one part stands for the whole name ("Kalin"); 0.6: the last
        parts agree and first names differ ("Mike Pompeo", "Michael Pompeo"); 0: two people.
        """
        a, b = self.parts(first), self.parts(second)
        if not a or not b:
            return 0.0
        if "".join(a) == "".join(b) or self._read("".join(sorted(a))) == self._read("".join(sorted(b))):
            return 1.0
        if self._other_child(a, b):
            return 0.0
        short, full = sorted((a, b), key=lambda name: (len(name), name))  # so that it has no direction
        pairs = met(short, full, self.near, self._alike)
        if not by_name(pairs):
            return self._joined(a, b)
        if len(pairs) == len(short) > 1:
            return 1.0 if all(self._alike(p, q) for p, q in pairs) else 0.9
        if len(pairs) == len(short):
            return 0.8
        if self.near(a[-1], b[-1]) and len(a[-1]) > CORE and len(short) > 1:
            return 0.6
        return self._joined(a, b)

    def _other_child(self, a: Sequence[str], b: Sequence[str]) -> bool:
        """Both names say whose child somebody is, and the own names differ: Khalid bin Salman is no Salman bin Abdulaziz."""
        own = [list(takewhile(lambda p: p not in self._patronymics, name)) for name in (a, b)]
        if len(own[0]) == len(a) or len(own[1]) == len(b) or not all(own):
            return False
        return not any(self.near(p, q) for p in own[0] for q in own[1])

    def _joined(self, a: Sequence[str], b: Sequence[str]) -> float:
        """Names that are parted differently: "Haile Mariam", "Hailemariam"."""
        x, y = self._read("".join(a)), self._read("".join(b))
        return 1.0 if len(a) != len(b) and Levenshtein.normalized_similarity(x, y) >= 1 - (1 - NEAR) / 2 else 0.0
