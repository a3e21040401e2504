"""What stands between two things: the words, and their greatest values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.network import layout
from dragoman.network.features import Stretches, between

FAR = layout.BETWEEN_WORDS


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ((3, 4), (7, 9), (4, 7)),
        ((7, 9), (3, 4), (4, 7)),
        ((3, 4), (4, 6), (0, 0)),  # side by side
        ((3, 6), (4, 5), (0, 0)),  # one in the other
        ((0, 1), (1 + FAR, 2 + FAR), (1, 1 + FAR)),
        ((0, 1), (2 + FAR, 3 + FAR), (0, 0)),  # too far
    ],
)
def test_words_between(left: tuple[int, int], right: tuple[int, int], words: tuple[int, int]) -> None:
    assert between(np.array([left]), np.array([right])).tolist() == [list(words)]


@given(st.data())
def test_greatest_of_any_stretch(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 200))
    rows = np.random.default_rng(data.draw(st.integers(0, 99))).random((n, 3), dtype=np.float32)
    start = data.draw(st.integers(0, n))
    end = data.draw(st.integers(start, min(n, start + FAR)))
    (found,) = Stretches(rows).of(np.array([(start, end)]))
    assert found.tolist() == (rows[start:end].max(0) if end > start else np.zeros(3)).tolist()
