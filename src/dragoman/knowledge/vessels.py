"""Words for ships."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vessels:
    """What stands before a ship's name: ``nouns`` in lower case and the singular, ``prefixes`` as written."""

    nouns: AbstractSet[str]
    prefixes: AbstractSet[str]
