"""Offsets hold on any text, however hostile."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.model import Document, Source
from dragoman.resources import Tools
from dragoman.stages.clean import clean

TOOLS = Tools()
PARTS = st.sampled_from(
    ["&amp;", "&nbsp;", "&#39;", "&#0;", "&#xD800;", "&bogus;", "\u00ad", "\u200b", "\u202e", "\u00a0", "\r\n", "\r", "\n\n", "\x00", "\ud800", "Meeting.The ",
     "News.Az", " date 2024-12-03 403\n", "Photo: X", "BAKU, May 3 (AA) -- ", "Read also:\n", "+ ↺ − 16 px", "andTurkey ", "İ", "ß", "𝔘", "e\u0301", "(end)"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PARTS, st.text(st.characters(), max_size=12)), max_size=25).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.one_of(st.none(), TEXTS))
def test_pieces(text: str, title: str | None) -> None:
    doc = clean(Document(Source("x", title=title), text), TOOLS)
    assert doc.clean is not None
    covered = 0
    at = 0
    last = {"title": 0, "text": 0}
    for piece in doc.clean.pieces:
        gap = doc.clean.text[at : piece.clean.start]
        assert gap.strip() == "", f"{gap!r} has no origin"
        assert piece.clean.start >= at
        assert piece.origin.start >= last[piece.origin.field] or not piece.copied
        given_text = doc.given(piece.origin.field)
        assert 0 <= piece.origin.start < piece.origin.end <= len(given_text)
        if piece.copied:
            assert piece.clean.of(doc.clean.text) == given_text[piece.origin.start : piece.origin.end]
        at = piece.clean.end
        last[piece.origin.field] = piece.origin.end
        covered += len(piece.clean)
    assert doc.clean.text[at:].strip() == ""
    for block in doc.clean.blocks:
        assert block.span.end <= len(doc.clean.text)
        assert doc.clean.origins(block.span)
    assert not any("\ud800" <= c <= "\udfff" for c in doc.clean.text)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_windows_read_every_word_once(sizes: list[int]) -> None:
    from dragoman.network.features import windows

    pieces = [tuple(range(1000, 1000 + n % 9)) for n in sizes * 60]
    rows, window, position = windows(pieces)
    assert len(window) == len(position) == len(pieces)
    for i, piece in enumerate(pieces):
        row = rows[window[i]]
        assert len(row) <= 512
        if piece:
            assert row[position[i]] == piece[0]
