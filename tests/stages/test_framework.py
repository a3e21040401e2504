"""A framework's name is whole: what the network tagged of it, with the capitalised words around."""

from __future__ import annotations

from typing import Any, cast

import pytest

from dragoman.model import Document, Source
from dragoman.resources import Tools
from dragoman.stages.annotate import observe_many
from dragoman.stages.clean import clean
from dragoman.stages.events._write import Writer
from tests.stages.test_people import words_of


@pytest.mark.parametrize(
    ("text", "tagged", "whole"),
    [
        (
            "They met at the Azerbaijani-Turkish High-Level Military Dialogue Meeting in Baku.",
            "High-Level",
            "Azerbaijani-Turkish High-Level Military Dialogue Meeting",
        ),
        ("They met within the Joint Economic Commission on Monday.", "Economic", "Joint Economic Commission"),
        ("They met at the G20 Summit, Foreign Minister Novak said.", "G20", "G20 Summit"),
        ("At the Quad Foreign Minister Novak spoke.", "Quad", "Quad"),  # an office is no part of it
        ("They met at the Forum. Lima Dialogue was not spoken of.", "Forum", "Forum"),
        ("They met at the annual Forum - Novak was there.", "Forum", "Forum"),  # a dash ties nothing
    ],
)
def test_a_name_takes_in_what_it_goes_on_with(text: str, tagged: str, whole: str, tools: Tools) -> None:
    doc = clean(Document(Source("d"), text), tools)
    [note] = observe_many([doc], tools)
    writer = Writer(Document(doc.source, text, doc.clean, note), cast("Any", None), [], {}, tools)
    a, b = writer._whole(words_of(note, text, tagged))
    assert text[note.tokens[a].span.start : note.tokens[b - 1].span.end] == whole
