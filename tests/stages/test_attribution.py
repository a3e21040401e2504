"""Who says so: institutions whole, outlets only where they are named for themselves."""

from __future__ import annotations

import pytest

from dragoman.model import Document, Source
from dragoman.pipeline import run_batch
from dragoman.resources import Tools

ACT = "Peru's President Esteban Carrillo met Bolivia's President Mirtha Condori in Lima on 3 May 2021"


@pytest.mark.parametrize(
    ("words", "sources"),
    [
        (f"{ACT}, Peru's Ministry of Foreign Affairs reported.", ("Peru's Ministry of Foreign Affairs",)),
        (f"{ACT}, Interfax reported.", ("Interfax",)),
        (f"{ACT}. Foreign Affairs reported this on its website.", ("Foreign Affairs",)),
    ],
)
def test_sources(words: str, sources: tuple[str, ...], tools: Tools) -> None:
    [doc] = run_batch([Document(Source("a"), words)], tools)
    assert doc.engagements
    assert doc.engagements[0].sources == sources
