"""Which two accounts tell of one act: rows of tests/cases/merge.yaml; keys, reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dragoman.merge import block_keys, cluster, link
from dragoman.resources import Tools
from tests.merge._made import telling

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "merge.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_pair(case: dict[str, Any], tools: Tools) -> None:
    left, right = telling("a", **case["left"]), telling("b", **case["right"])
    found = link(left, right, tools)
    groups = cluster([left, right], [found] if found else [], (), tools)
    assert (groups == (("a", "b"),)) == case["same"], found
    if case["same"]:
        assert block_keys(left, tools) & block_keys(right, tools)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_a_link_has_no_direction(case: dict[str, Any], tools: Tools) -> None:
    left, right = telling("a", **case["left"]), telling("b", **case["right"])
    assert link(left, right, tools) == link(right, left, tools)


def test_reasons_are_told(tools: Tools) -> None:
    people = ["Ana Silva, , AAA, host", "Bo Berg, , BBB, guest"]
    found = link(telling("b", people=people), telling("a", people=people, date="2024-03-16"), tools)
    assert found is not None
    assert (found.left, found.right) == ("a", "b")
    assert {"same parties", "2 of 2 people", "days apart: 1", "same city"} <= {*found.reasons}


def test_two_acts_of_one_document_are_never_linked(tools: Tools) -> None:
    assert link(telling("a", "one"), telling("b", "one", id="e2"), tools) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"date": "2024-03-31"}, {"date": "2024-04-02", "published": "2024-04-02"}),
        ({"date": "2024-03"}, {"date": "2024-03-15"}),
        ({"date": "2023"}, {"date": "2023-11-02"}),
        ({"date": None, "published": "2024-03-15"}, {"date": "2024-03-10"}),
        ({"date": None, "status": "planned", "published": "2024-03-15"}, {"date": "2024-06-01"}),
        ({"parties": [*"ABCDEFGHIJ"]}, {"parties": [*"ABCDEFGHI"]}),
    ],
)
def test_candidates_meet(first: dict[str, Any], second: dict[str, Any], tools: Tools) -> None:
    assert block_keys(telling("a", **first), tools) & block_keys(telling("b", **second), tools)


def test_keys_stay_few(tools: Tools) -> None:
    many = telling("a", kind="conference", parties=[f"P{n:02}" for n in range(40)])
    assert len(block_keys(many, tools)) == tools.thresholds["merge.block.pairs"]
    assert block_keys(telling("a", parties=["AAA"]), tools) == frozenset()
