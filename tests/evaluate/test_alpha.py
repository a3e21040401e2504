"""Krippendorff's alpha on the two worked examples of Krippendorff (2011) for two observers."""

from __future__ import annotations

import pytest

from dragoman.evaluate.alpha import alpha


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("0100000010", "1110010000", 0.095),
        ("aabbdcccedda", "babbbccceddd", 0.692),
        ("abab", "abab", 1.0),
    ],
)
def test_worked_examples(first: str, second: str, expected: float) -> None:
    assert alpha(list(zip(first, second, strict=True))) == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize("values", [[], [("a", "a")], [("a", "a"), ("a", "a")]])
def test_undefined(values: list[tuple[str, str]]) -> None:
    assert alpha(values) is None
