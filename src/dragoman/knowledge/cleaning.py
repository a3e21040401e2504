"""A rule of data/cleaning.yaml: what a line of a scraped text is."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of data/cleaning.yaml."""

    id: str
    does: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...]
    counter: str
