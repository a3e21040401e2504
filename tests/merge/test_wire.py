"""Copies of one wire text are one voice; texts in other words are not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dragoman.evaluate.gate import GOLD
from dragoman.evaluate.gold import load
from dragoman.merge import band_keys, is_copy, originals, signature
from dragoman.resources import Tools

NEWS = load(GOLD)
LONG = [r for r in NEWS if len(r["text"].split()) > 120][:40]


def copied(text: str, how: str) -> str:
    words = text.split()
    match how:
        case "as it is":
            return text
        case "with head and tail":
            return f"BAKU, Azerbaijan, May 12. {text} Follow us on our channel. All rights reserved."
        case "in capitals and lines":
            return "\n".join(w.upper() for w in words)
        case "the last fifth cut":
            return " ".join(words[: len(words) * 4 // 5])
        case "a word in fifteen changed":
            return " ".join("altered" if n % 15 == 7 else w for n, w in enumerate(words))
    raise AssertionError(how)


@pytest.mark.parametrize(
    "how",
    ["as it is", "with head and tail", "in capitals and lines", "the last fifth cut", "a word in fifteen changed"],
)
def test_copies_are_found(how: str, tools: Tools) -> None:
    found = 0
    for row in LONG:
        a, b = signature(row["text"]), signature(copied(row["text"], how))
        found += bool(band_keys(a) & band_keys(b)) and is_copy(a, b, tools)
    assert found >= 0.95 * len(LONG)


def test_outlets_that_tell_of_one_event_in_their_own_words_are_no_copies(tools: Tools) -> None:
    signatures = {r["doc_id"]: signature(r["text"]) for r in NEWS}
    clusters: dict[str, list[str]] = {}
    for r in NEWS:
        clusters.setdefault(r.get("cluster") or "none", []).append(r["doc_id"])
    for ids in clusters.values():
        assert not [(a, b) for a in ids for b in ids if a < b and is_copy(signatures[a], signatures[b], tools)]


def test_signatures_are_always_the_same() -> None:
    """A register keeps signatures: a release of the library that gives others must be noticed."""
    made = signature("The ministers of defence met in Baku on Friday and signed a plan of joint exercises.")
    assert made.values[:4] == FIRST
    assert made.size == 14


FIRST = (3256635236, 3229058701, 3321916131, 3388783047)


def test_empty_texts_are_nobodys_copy(tools: Tools) -> None:
    empty = signature("  \n ")
    assert band_keys(empty) == frozenset()
    assert not is_copy(empty, empty, tools)


def test_the_earliest_is_the_original() -> None:
    published: dict[str, date | None] = {
        "a": date(2024, 3, 16),
        "b": date(2024, 3, 15),
        "c": None,
        "d": date(2024, 3, 1),
    }
    assert originals([("a", "c"), ("b", "a")], published) == {"a": "b", "c": "b"}


def test_length_of_gold_is_known() -> None:
    assert Path(GOLD).exists()
    assert len(LONG) > 20
