"""Time grows with length, not with its square, on text made of whatever a pattern may trip over.

No absolute times: ten times the text may take at most ``MOST`` times as long, where a quadratic step would take a hundred times.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from functools import lru_cache

import pytest

from dragoman.model import Document, Source
from dragoman.resources import Tools
from dragoman.stages.annotate._dates import find_dates
from dragoman.stages.clean import clean
from dragoman.stages.ingest._common import decode, decode_page
from dragoman.stages.ingest._pdf import paragraphs
from dragoman.stages.resolve._people import addresses

SMALL, MOST, NOTHING = 1_500, 40, 0.03  # characters; times as long for ten times the text; seconds too short to compare
PIECES = [
    " ", "the the the ", "12", "1/", "3 May - ", "May 3, ", "Monday to ", "- ", "—", "((", "[(", "A", "Aa ", "A, ", "A. ", "ABC ", "aa.Bb", "andTurkey",
    "Jordan Aa ", "Jordan ", "&a", "&amp;", "\u00a0", "\n", "Aa\n", "Photo (", "(AP Photo: x ", "x(left)", "Share | ", "VK X OK ", "Read more: ", "of the ",
    "a@b.", "aa/", "“", "e\u0301", "capital of ", "\ud800", "\u202e", "Date 2024-01-01 ", "a couple of days ", "12,", "...", "A [Bb] ", "de al ",
    "a", "@", "a@", "https://", "[", "](", "[a](/b)", "![", "](https://a(", "on the second day, ", "On May 3, on the first day, ",
]  # fmt: skip


@lru_cache(maxsize=1)
def tools() -> Tools:
    return Tools()


def _clean(text: str) -> None:
    clean(Document(Source("x"), text), tools())


def _title(text: str) -> None:
    clean(Document(Source("x", title=text), "They met."), tools())


def _evidence(text: str) -> None:
    """Where every word of a clean text came from."""
    doc = clean(Document(Source("x"), text), tools())
    assert doc.clean is not None
    for block in doc.clean.blocks:
        doc.clean.origins(block.span)


READERS: dict[str, Callable[[str], object]] = {
    "clean": _clean,
    "title": _title,
    "origins": _evidence,
    "dates": lambda text: find_dates(text, date(2024, 5, 3)),
    "places and parties": lambda text: tools().gazetteer.both(text),
    "titles": lambda text: tools().titles.find(text),
    "addresses": addresses,
    "pdf": lambda text: paragraphs([text] * 3),
    "encoding": lambda text: decode(text.encode("utf-8", "surrogatepass"), "x", charset="cp1252"),
    "page's encoding": lambda text: decode_page(
        b"<meta " * 9 + text.encode("cp1252", "replace") + b"\xff", "x", "cp1252"
    ),
}


def _seconds(read: Callable[[str], object], text: str, tries: int) -> float:
    best = float("inf")
    for _ in range(tries):
        begun = time.thread_time()
        read(text)
        best = min(best, time.thread_time() - begun)
    return best


@pytest.mark.parametrize("name", READERS)
def test_ten_times_the_text_takes_about_ten_times_as_long(name: str) -> None:
    read = READERS[name]
    read("They met in Rome on Friday.")
    slow = {}
    for piece in PIECES:
        text = piece * (SMALL // len(piece))
        after = _seconds(read, text * 10, 1)
        if after > NOTHING:
            before = _seconds(read, text, 3)
            if after > MOST * before and _seconds(read, text * 10, 2) > MOST * before:
                slow[piece] = round(after / before)
    assert slow == {}
