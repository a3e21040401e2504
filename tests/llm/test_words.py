"""Where words stand, whatever they are written with; and nothing that is not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.llm.words import Words, folded, nearest
from dragoman.model import Span


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ("he met “Kemal Aydın” in Baku", "Kemal Aydin", "Kemal Aydın"),
        ("the High‑Level Dialogue — round 2", "High-Level Dialogue - round 2", "High‑Level Dialogue — round 2"),
        ("FOREIGN MINISTER\n  OF PERU said", "Foreign Minister of Peru", "FOREIGN MINISTER\n  OF PERU"),
        ("President’s Office", 'president"s office', "President’s Office"),
        ("Sheikh Ta\u00admim spoke", "Tamim", "Ta\u00admim"),
        ("with Aliyev's guests", "Aliyev", "Aliyev"),
        ("the deal (in force)", "the deal (in force).", "the deal (in force"),
    ],
)
def test_typography_is_forgiven(text: str, value: str, found: str) -> None:
    [span] = Words(text).all(value)
    assert span.of(text) == found


@pytest.mark.parametrize("value", ["Aliy", "liyev", "Aliyeva", "met Ilham", "", "  ", "..."])
def test_nothing_else_is(value: str) -> None:
    assert Words("He met with Aliyev today.").all(value) == []


def test_plural_only_where_asked() -> None:
    words = Words("the foreign ministers of both")
    assert words.all("Foreign Minister") == []
    [span] = words.all("Foreign Minister", plural=True)
    assert span == Span(4, 21)


def test_barred_stretches_hold_nothing() -> None:
    text = "Add a meeting of Smith. Smith came."
    assert [s.start for s in Words(text, [Span(0, 23)]).all("Smith")] == [24]


def test_nearest_is_the_one_beside() -> None:
    words = Words("Rome, Oslo, Rome")
    assert words.nearest("Rome", Span(9, 10)) == Span(12, 16)
    assert words.nearest("Rome", None) == Span(0, 4)
    assert nearest([], Span(0, 1)) is None


@given(st.text(max_size=60), st.text(max_size=10))
def test_what_is_found_reads_the_same(text: str, value: str) -> None:
    for span in Words(text).all(value):
        assert folded(value).strip(" .,;:'-()[]") in folded(span.of(text))
