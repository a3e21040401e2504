"""Cue phrases of the data files: seas of no state, and words that tell of several talks."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dragoman.resources import Tools

TOOLS = Tools()
WATERS = list(csv.DictReader((Path(__file__).parent / "cases" / "waters.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", WATERS, ids=lambda r: r["sentence"][:40])
def test_waters(row: dict[str, str]) -> None:
    assert bool(TOOLS.at_sea.search(row["sentence"])) == (row["found"] == "yes")


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("He met separately with the two ministers.", True),
        ("She also held a series of bilateral talks.", True),
        ("They discussed each of his proposals one by one.", True),
        ("The two met in Ankara.", False),
    ],
)
def test_separately(sentence: str, found: bool) -> None:
    assert bool(TOOLS.separately.search(sentence)) is found


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("He concluded on Friday a three-day visit to Hanoi.", True),
        ("The navies ended Tuesday a three-day drill.", True),
        ("He flew home after a three-day visit.", True),
        ("The three-day meeting that ended in Hiroshima on Monday.", True),
        ("He began a three-day visit on Friday.", False),
        ("After his talks in Rome he is on a three-day visit here.", False),
        ("A three-day visit is planned.", False),
    ],
)
def test_a_stretch_of_days_that_is_over(text: str, over: bool, tools: Tools) -> None:
    before, _, after = text.partition("three-day")
    assert tools.ending.of(before, after) is over
