"""Addresses: read into questions, written back, and refused where they ask for what is not there."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

import pytest

from dragoman.resources import Tools
from dragoman.store.shapes import Filter
from dragoman.web.asking import Asked, BadQuestion, address, read

GOOD = [
    ("party", "TUR"), ("party", "Azerbaijan"), ("kind", "visit"), ("kind", "meeting"), ("status", "held"), ("topic", "military"),
    ("since", "2022"), ("until", "2023-04"), ("place", "Baku"), ("q", "defence"), ("page", "3"), ("limit", "50"), ("sort", "date"),
]  # fmt: skip


def test_an_address_becomes_a_question(tools: Tools) -> None:
    asked = read(GOOD, {}, tools)
    assert asked.where == Filter(
        parties=("AZE", "TUR"), kinds=("visit", "meeting"), statuses=("held",), topics=("military",), since="2022",
        until="2023-04", place="Baku",
    )  # fmt: skip
    assert (asked.words, asked.page, asked.per_page, asked.sort, asked.offset) == ("defence", 3, 50, "date", 100)


def test_a_question_becomes_the_address_that_asks_it(tools: Tools) -> None:
    asked = read(GOOD, {}, tools)
    assert read(parse_qsl(address(asked)[1:]), {}, tools) == asked
    assert address(Asked()) == ""
    assert address(asked, page=None, q="x & y").count("page=") == 0


@pytest.mark.parametrize(
    ("pair", "word"),
    [
        (("colour", "red"), "no filter"), (("kind", "dance"), "choose one of"), (("since", "yesterday"), "a day, a month or a year"),
        (("page", "0"), "whole number"), (("page", "9" * 30), "whole number"), (("page", "²"), "whole number"), (("limit", "100000"), "whole number"),
        (("q", "x" * 5000), "300 characters at most"), (("sort", "random"), "choose one of"), (("contested", "1"), "choose one of"),
        (("party", "x" * 90), "no state"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused_with_what_is(tools: Tools, pair: tuple[str, str], word: str) -> None:
    with pytest.raises(BadQuestion, match=re.escape(word)):
        read([pair], {}, tools)


def test_more_values_than_anybody_needs_are_refused(tools: Tools) -> None:
    with pytest.raises(BadQuestion, match="at most"):
        read(
            [("kind", k) for k in ("visit", "call") for _ in range(1)] + [("party", f"P{n}") for n in range(40)],
            {},
            tools,
        )
