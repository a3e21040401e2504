"""Scraped texts beside their clean blocks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dragoman.model import Document, Origin, Source, Span
from dragoman.resources import Tools
from dragoman.stages.clean import clean

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "clean.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_blocks(case: dict[str, Any], tools: Tools) -> None:
    cleaned = clean(Document(Source("x"), case["text"]), tools).clean
    assert cleaned is not None
    assert [[b.kind, b.span.of(cleaned.text)] for b in cleaned.blocks] == case["blocks"]
    assert cleaned.header_date == case.get("header")


def test_title_is_the_first_block_and_its_repeat_goes(tools: Tools) -> None:
    cleaned = clean(Document(Source("x", title="Two met"), "Two met\n\nThey met in Rome."), tools).clean
    assert cleaned is not None
    assert [(b.kind, b.span.of(cleaned.text)) for b in cleaned.blocks] == [
        ("title", "Two met"),
        ("body", "They met in Rome."),
    ]
    assert cleaned.origins(Span(0, 3)) == (Origin("title", 0, 3),)


def test_origins_of_a_decoded_character_are_its_entity(tools: Tools) -> None:
    text = "Peace &amp; trade"
    cleaned = clean(Document(Source("x"), text), tools).clean
    assert cleaned is not None
    at = cleaned.text.index("&")
    assert cleaned.origins(Span(at, at + 1)) == (Origin("text", 6, 11),)
    assert cleaned.origins(Span(0, len(cleaned.text))) == (Origin("text", 0, len(text)),)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("The [Prime Minister](https://gov.example/pm_(office)) came.", "The Prime Minister came."),
        ("He met [Li Wu](/people/li.html \"Li Wu\") [sic] and [others](as said).", "He met Li Wu [sic] and [others](as said)."),
        ("![A [tall](/t) man](https://img.example/a.png) They met.", "They met."),
        ("[![logo](https://img.example/l.png)](https://out.example) They met.", "They met."),
        ("[See [this](/x) page](https://out.example)!", "See this page!"),
        ("An [open bracket.\n\nA close](https://x.example).", "An [open bracket.\n\nA close](https://x.example)."),
    ],
)  # fmt: skip
def test_of_markdown_links_the_words_are_seen(text: str, seen: str, tools: Tools) -> None:
    cleaned = clean(Document(Source("x"), text), tools).clean
    assert cleaned is not None
    assert cleaned.text.strip() == seen
    for piece in cleaned.pieces:
        assert piece.clean.of(cleaned.text) == text[piece.origin.start : piece.origin.end]
