"""Levels of office from their words, and the codes that exports give."""

from __future__ import annotations

import pytest

from dragoman.knowledge.levels import Level
from dragoman.model import KINDS, STATUSES
from dragoman.resources import Tools

TOOLS = Tools()


@pytest.mark.parametrize("level", TOOLS.levels.all, ids=lambda level: level.name)
def test_each_level_gets_its_examples(level: Level) -> None:
    assert level.examples
    assert {TOOLS.levels.of(e) for e in level.examples} == {level.name}


@pytest.mark.parametrize(
    ("office", "level"),
    [
        ("Vice President", "vice_head"),
        ("President of the Senate", "speaker"),
        ("Chancellor of the Exchequer", "minister"),
        ("Crown Prince and Prime Minister", "head_of_government"),
        ("Deputy Chief of the General Staff", "commander"),
        ("Adviser to the President", "adviser"),
        ("Special Envoy of the President", "envoy"),
        ("Secretary of State for Defence", "defence_minister"),
        ("Pakistan Navy Ship (PNS) Zulfiquar", None),
        ("", None),
        (None, None),
    ],
)
def test_words_that_look_alike(office: str | None, level: str | None) -> None:
    assert TOOLS.levels.of(office) == level


def test_the_highest_of_several() -> None:
    assert TOOLS.levels.highest(["ambassador", None, "minister", "head_of_government"]) == "head_of_government"
    assert TOOLS.levels.highest([None]) is None


def test_most_offices_of_the_table_have_a_level() -> None:
    offices = [row["office"] for row in TOOLS._officials]
    assert sum(TOOLS.levels.of(o) is None for o in offices) / len(offices) < 0.04


def test_cow_codes() -> None:
    assert set(TOOLS.cow) <= set(TOOLS.state_names)
    assert (TOOLS.cow["USA"], TOOLS.cow["TUR"], TOOLS.cow["KOR"], TOOLS.cow["DEU"]) == (2, 640, 732, 255)
    assert len(set(TOOLS.cow.values())) == len(TOOLS.cow) - 3  # SUN is RUS; YUG and SCG are SRB


def test_plover_knows_every_kind_and_status() -> None:
    table = TOOLS.plover
    assert set(table["kinds"]) == set(KINDS)
    assert set(table["status"]) | {"held", "denied"} == set(STATUSES)
    events = {v["event"] for part in ("kinds", "status") for v in table[part].values()}
    assert events == set(table["quad"])
