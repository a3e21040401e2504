"""Marked words: whatever marks there are, the stretches give the text back, and each shows the narrowest mark."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dragoman.web.marks import Mark, around, hits, stretches

TEXT = "The defence minister of Azerbaijan received a delegation in Baku on Friday, the ministry said."
MARKS = st.lists(
    st.builds(
        lambda a, n, g: Mark(a, a + n, g, g, g),
        st.integers(0, len(TEXT)),
        st.integers(0, 40),
        st.sampled_from(["who", "when", "party", "evidence"]),
    ),
    max_size=8,
)


@given(MARKS)
def test_stretches_are_the_text(found: list[Mark]) -> None:
    assert "".join(s.text for s in stretches(TEXT, found)) == TEXT


@given(MARKS)
def test_a_character_is_marked_where_a_mark_covers_it(found: list[Mark]) -> None:
    at = 0
    for s in stretches(TEXT, found):
        covering = [m for m in found if m.start <= at < m.end]
        if s.text:
            assert (s.group is not None) == any(m.group != "evidence" for m in covering)
            assert s.evidence == any(m.group == "evidence" for m in covering)
        at += len(s.text)


def test_the_narrowest_mark_gives_the_colour_and_all_refs_stay() -> None:
    wide, narrow = Mark(4, 34, "office", "office", "p0"), Mark(24, 34, "party", "party", "party")
    shown = next(s for s in stretches(TEXT, [wide, narrow]) if s.text == "Azerbaijan")
    assert (shown.group, shown.refs) == ("party", ("party", "p0"))


def test_a_long_text_is_shown_round_its_words() -> None:
    text = "word " * 5_000 + TEXT + " word" * 5_000
    at = text.index("received")
    shown = around(text, [Mark(at, at + 8, "act", "kind", "act")])
    assert shown[0].cut
    assert shown[-1].cut
    assert any(s.text == "received" for s in shown)
    assert sum(len(s.text) for s in shown) < 1_500


def test_words_looked_for_are_marked_by_their_beginnings() -> None:
    shown = hits(TEXT, "ministers Baku")
    assert [s.text for s in shown if s.group] == ["minister", "Baku", "ministry"]
    assert "".join(s.text for s in shown) == TEXT
