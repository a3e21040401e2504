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
