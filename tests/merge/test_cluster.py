"""Groups: what may not be one, what people have judged, and that no order matters."""

from __future__ import annotations

import pytest

from dragoman.merge import Link, cluster, components
from dragoman.model import Judgement, Telling
from dragoman.resources import Tools
from tests.merge._made import judgement, telling


def linked(*pairs: tuple[str, str, float]) -> list[Link]:
    return [Link(a, b, score, ()) for a, b, score in pairs]


def test_the_better_of_two_acts_of_a_document_is_taken(tools: Tools) -> None:
    told = [telling("a1", "A"), telling("a2", "A", id="e2"), telling("b", "B")]
    assert cluster(told, linked(("a1", "b", 0.7), ("a2", "b", 0.9)), (), tools) == (("a1",), ("a2", "b"))


def test_a_group_grows_by_the_mean(tools: Tools) -> None:
    told = [telling(k) for k in "abcd"]
    weak = linked(("a", "b", 0.95), ("c", "d", 0.95), ("b", "c", 0.6))  # b and c alone would join the two pairs
    assert cluster(told, weak, (), tools) == (("a", "b"), ("c", "d"))
    strong = linked(("a", "b", 0.95), ("c", "d", 0.95), ("b", "c", 0.9), ("a", "c", 0.8), ("a", "d", 0.7))
    assert cluster(told, strong, (), tools) == (("a", "b", "c", "d"),)


def test_what_is_excluded_parts_a_chain(tools: Tools) -> None:
    told = [telling("a", date="2024-03-13"), telling("b", date="2024-03-15"), telling("c", date="2024-03-18")]
    groups = cluster(told, linked(("a", "b", 0.9), ("b", "c", 0.8)), (), tools)
    assert groups == (("a", "b"), ("c",))


ONE_DOC: list[Telling] = [telling("a1", "A"), telling("a2", "A", id="e2"), telling("b", "B"), telling("c", "C")]


@pytest.mark.parametrize(
    ("judgements", "expected"),
    [
        ([judgement("same", "a1", "a2")], (("a1", "a2"), ("b", "c"))),
        ([judgement("same", "a1", "b")], (("a1", "b", "c"), ("a2",))),
        ([judgement("different", "b", "c")], (("a1",), ("a2",), ("b",), ("c",))),
        ([judgement("different", "b", "c"), judgement("same", "b", "c", at="2025")], (("a1",), ("a2",), ("b", "c"))),
        ([judgement("same", "b", "c"), judgement("different", "c", "b", at="2025")], (("a1",), ("a2",), ("b",), ("c",))),
        ([judgement("different", "b", "c", withdrawn="2025")], (("a1",), ("a2",), ("b", "c"))),
        ([judgement("same", "b", "gone")], (("a1",), ("a2",), ("b", "c"))),
        (
            [judgement("same", "a1", "b", at="2024"), judgement("same", "b", "a2", at="2025"), judgement("different", "a1", "a2", at="2026")],
            (("a1",), ("a2", "b", "c")),
        ),
    ],
)  # fmt: skip
def test_judgements(judgements: list[Judgement], expected: tuple[tuple[str, ...], ...], tools: Tools) -> None:
    assert cluster(ONE_DOC, linked(("b", "c", 0.9)), judgements, tools) == expected
    assert cluster(reversed(ONE_DOC), linked(("b", "c", 0.9)), reversed(judgements), tools) == expected


def test_components() -> None:
    assert components("edcba", [("a", "c"), ("e", "c"), ("b", "x")]) == (("a", "c", "e"), ("b",), ("d",))
