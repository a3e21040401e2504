"""Whether a mention may be of somebody named more fully."""

from __future__ import annotations

import pytest

from dragoman.knowledge.names import folded, within
from dragoman.resources import Tools


@pytest.mark.parametrize(
    ("short", "full", "is_one"),
    [
        ("Reuven Rivlin", "Joseph R. Biden, Jr.", False),
        ("Rivlin", "Joseph R. Biden, Jr.", False),
        ("Biden", "Joseph R. Biden, Jr.", True),
        ("J. Biden", "Joseph R. Biden", True),
        ("Joseph Biden", "J. R. Biden", True),
        ("R. Biden", "Joseph Biden", False),
        ("Kadıoglu", "Fatma Kadıoğlu", True),
        ("J.", "Joseph Biden", False),
        ("Jae-in", "Moon Jae-in", True),
    ],
)
def test_within(short: str, full: str, is_one: bool) -> None:
    assert within(folded(short), folded(full)) is is_one


@pytest.mark.parametrize(
    ("first", "second", "how"),
    [
        ("Reuven Rivlin", "Joseph R. Biden, Jr.", 0.0),
        ("Joe Biden", "Joseph R. Biden, Jr.", 0.6),
        ("Joseph Biden", "Joseph R. Biden, Jr.", 1.0),
        ("Kalin", "Ibrahim Kalin", 0.8),
        ("J. R. Biden", "Joseph Robinette Biden", 1.0),
    ],
)
def test_agreement(first: str, second: str, how: float, tools: Tools) -> None:
    assert tools.variants.agreement(first, second) == how
    assert tools.variants.agreement(second, first) == how
