"""The table of office-holders: which states a person of a name has held office for. A hint, never the last word."""

from __future__ import annotations

from collections.abc import Iterable

from dragoman.knowledge.names import PARTICLES, folded, near

SHARED = 2  # parts of a name that must agree: a family name alone is anybody's


class Authority:
    """Rows of data/officials.csv by parts of names."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """``rows`` are (name, state's code)."""
        self._by_part: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, state in rows:
            parts = folded(name)
            for part in set(parts):
                if state and len(part) > 2 and part not in PARTICLES:
                    self._by_part.setdefault(part, []).append((parts, state))

    def states(self, parts: tuple[str, ...]) -> frozenset[str]:
        """States that a holder of an office with that name served; empty for a name of one part."""
        if len([p for p in parts if len(p) > 1]) < SHARED:
            return frozenset()
        found = set()
        for part in parts:
            for row, state in self._by_part.get(part, ()):
                if sum(any(near(p, q) for q in row) for p in parts) >= max(SHARED, min(len(parts), len(row)) - 1):
                    found.add(state)
        return frozenset(found)
