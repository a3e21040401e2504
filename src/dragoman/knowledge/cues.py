"""Cue words of data/attribution.yaml, ready to match."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any


class Cues:
    """Cue words of data/attribution.yaml, ready to match."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.before = any_of(table["before"]["words"])
        self.after = any_of(table["after"]["words"])
        self.bodies = frozenset(w for phrase in table["bodies"] for w in phrase.split())
        self.people = frozenset(table["people"])
        self.speaking = frozenset(table["speaking"])


def any_of(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern that finds any of the phrases as whole words, in any case, the longest first."""
    rows = sorted(set(words), key=lambda w: (-len(w), w))
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(w) for w in rows) + r")(?!\w)", re.IGNORECASE)


NAME = r"[A-Z][\w'’-]*"
BETWEEN = r"(?:[ \u00a0]+[\w'’-]+){0,5}[ \u00a0]+"  # "in (the eastern waters of the) Black Sea"


def at_sea(table: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """A pattern that finds an act placed on waters of no state ("in the Gulf of Oman"); ``table`` as in data/words.yaml."""
    keys = ("leads", "after", "before", "names")
    leads, after, before, names = ("|".join(re.escape(w) for w in table[k]) for k in keys)
    water = rf"{NAME}(?: {NAME})? (?:{after})|(?:{before}) of (?:the )?{NAME}|(?:{names})"
    return re.compile(rf"\b(?:{leads})\b{BETWEEN}(?:{water})(?!\w)")


class Ending:
    """Tells whether a stretch of days lies behind the day that is told with it; ``table`` as in data/words.yaml."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        verbs, links = (any_of(table[k]).pattern for k in ("verbs", "links"))
        self._before = re.compile(
            rf"(?:{verbs}(?:\s+[^\s.;]+){{0,5}}|{links}(?:\s+[^\s,.;]+){{0,2}})\s+$", re.IGNORECASE
        )
        self._after = re.compile(rf"(?:\s+[^\s.;]+){{0,8}}?\s+{verbs}", re.IGNORECASE)

    def of(self, before: str, after: str) -> bool:
        """Whether what stands ``before`` and ``after`` the words for the stretch, in their sentence, says so."""
        return bool(self._before.search(before) or self._after.match(after))
