"""Levels of office: head of state, minister, chief of staff …, from the words of the office."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Level:
    """A row of data/levels.yaml; ``rank`` 1 is the highest, ``sector`` is PLOVER's, ``trips`` the
    role code in the table of leaders' trips, ``of_states`` whether no organisation has such an office."""

    name: str
    rank: int
    sector: str
    about: str
    pattern: re.Pattern[str]
    excluded: re.Pattern[str] | None
    examples: tuple[str, ...]
    trips: str | None
    of_states: bool

    def fits(self, office: str) -> bool:
        """Whether the office, in lower case, has this level's words and none that exclude it."""
        return bool(self.pattern.search(office)) and not (self.excluded and self.excluded.search(office))


class Levels:
    """The levels in the order in which they are tried."""

    def __init__(self, rows: Iterable[dict[str, object]]) -> None:
        self.all = tuple(_level(row) for row in rows)
        self.names = tuple(level.name for level in self.all)
        self.trips = {level.name: level.trips for level in self.all if level.trips}
        self.rank = {level.name: level.rank for level in self.all}
        self.sector = {level.name: level.sector for level in self.all}
        self.of_states = frozenset(level.name for level in self.all if level.of_states)
        self._found = lru_cache(maxsize=16_384)(self._find)

    def of(self, office: str | None) -> str | None:
        """Name of the level of an office as written; None where no words tell."""
        return self._found(office) if office else None

    def _find(self, office: str) -> str | None:
        words = " ".join(office.replace("’", "'").lower().split())
        return next((level.name for level in self.all if level.fits(words)), None)

    def highest(self, names: Iterable[str | None]) -> str | None:
        """The highest of several levels; None where there is none."""
        found = sorted((self.rank[n], n) for n in names if n)
        return found[0][1] if found else None


def _level(row: dict[str, object]) -> Level:
    excluded = row.get("not")
    return Level(
        name=str(row["level"]),
        rank=int(str(row["rank"])),
        sector=str(row["sector"]),
        about=str(row["about"]),
        pattern=_whole(str(row["pattern"])),
        excluded=_whole(str(excluded)) if excluded else None,
        examples=tuple(row["examples"]),  # type: ignore[arg-type]
        trips=str(row["trips"]) if "trips" in row else None,
        of_states=row.get("held_in") == "states",
    )


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")
