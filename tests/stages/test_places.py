"""Towns that share their names, "here", and texts in capitals."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.model import Document, Source, Span
from dragoman.resources import Tools
from dragoman.stages.annotate import annotate_many, observe_many
from dragoman.stages.clean import clean
from dragoman.stages.events._build import Builder
from dragoman.stages.resolve import resolve


def places(text: str, tools: Tools) -> list[tuple[str | None, str | None]]:
    doc = clean(Document(Source("d"), text), tools)
    [note] = observe_many([doc], tools)
    return [(p.city, p.country) for p in note.places]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ministers met in Cholpon-Ata on Monday.", [("Cholpon-Ata", "KGZ")]),
        ("The frigate put in at Walvis Bay on Sunday.", [("Walvis Bay", "NAM")]),
        ("They will meet in March, he said.", []),
        ("The two ministers split the cost.", []),
        ("NAIROBI, May 3 - The envoy arrived here on Monday.", [("Nairobi", "KEN"), ("Nairobi", "KEN")]),
        ("NAIROBI, May 3 - Talks go on in this city.", [("Nairobi", "KEN"), ("Nairobi", "KEN")]),
        ("The envoy arrived here on Monday.", []),
        ("They met at the Kyzyl-Bel checkpoint on Sunday.", []),
        ("The Baku-Tbilisi-Kars railway was spoken of.", []),
        ("A Nairobi-based envoy spoke.", [("Nairobi", "KEN")]),
        ("Present were President Andrzej Duda, Poland, and others in Proclamation 9994.", [(None, "POL")]),
        ("The visit to Tartu, Estonia, ended.", [("Tartu", "EST"), (None, "EST")]),
        ("They met at Police Headquarters on Nairobi Avenue.", []),
        ("He granted an audience at the Palace of the Republic on Monday.", []),
    ],
)
def test_places_of_a_text(text: str, expected: list[tuple[str | None, str | None]], tools: Tools) -> None:
    assert places(text, tools) == expected


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("They met in Moscow on Monday.", date(1984, 11, 20), [("Moscow", "SUN")]),
        ("They met in Moscow on Monday.", date(1994, 11, 20), [("Moscow", "RUS")]),
        ("PRAGUE, May 3 - They met here.", date(1956, 5, 3), [("Prague", "CSK"), ("Prague", "CSK")]),
        ("They met in Belgrade on Monday.", date(2002, 3, 4), [("Belgrade", "YUG")]),
        (
            "The Croatian minister met him in Zagreb.",
            date(1991, 5, 4),
            [("Zagreb", "HRV")],
        ),  # named, and Yugoslavia is not
        ("The Yugoslav and the Croatian minister met in Zagreb.", date(1991, 5, 4), [("Zagreb", "YUG")]),
        ("They met in Estonia.", date(1984, 5, 4), [(None, "EST")]),
    ],
)
def test_cities_lie_in_the_states_of_their_day(
    text: str, day: date, expected: list[tuple[str | None, str]], tools: Tools
) -> None:
    doc = clean(Document(Source("d", published=day), text), tools)
    [note] = observe_many([doc], tools)
    assert [(p.city, p.country) for p in note.places] == expected


def test_a_capital_speaks_for_the_state_of_its_day(tools: Tools) -> None:
    doc = clean(Document(Source("d", published=date(1984, 11, 20)), "Moscow said the talks would go on."), tools)
    [note] = observe_many([doc], tools)
    assert [p.party for p in note.parties] == ["SUN"]


def test_cities_of_former_states_have_their_place_on_the_map(tools: Tools) -> None:
    assert tools.coordinates.of("Moscow", "SUN") == tools.coordinates.of("Moscow", "RUS")
    assert tools.coordinates.of("Moscow", "CSK") is None


def test_here_points_to_the_dateline(tools: Tools) -> None:
    text = "NAIROBI, May 3 - The envoy arrived here on Monday."
    doc = clean(Document(Source("d"), text), tools)
    [note] = observe_many([doc], tools)
    here = note.places[-1]
    assert here.span.of(text) == "here"
    assert here.named is not None
    assert here.named.of(text) == "NAIROBI"


def test_texts_in_capitals_are_read_as_headlines(tools: Tools) -> None:
    text = "PRESIDENT HAMDI GAZZAR TODAY RECEIVED SUDANESE MINISTER IDRIS SHAMA AT THE PALACE IN CAIRO."
    doc = clean(Document(Source("d"), text), tools)
    [note] = observe_many([doc], tools)
    assert [t.text for t in note.tokens][:3] == ["PRESIDENT", "HAMDI", "GAZZAR"]
    assert all(t.span.of(text) == t.text for t in note.tokens)
    assert {t.text: t.pos for t in note.tokens if t.text in {"HAMDI", "GAZZAR", "IDRIS", "SHAMA", "RECEIVED", "AT"}} == {
        "HAMDI": "PROPN", "GAZZAR": "PROPN", "IDRIS": "PROPN", "SHAMA": "PROPN", "RECEIVED": "VERB", "AT": "ADP",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("port of Rio de", "port of Rio de Janeiro"),
        ("Janeiro naval base", "Rio de Janeiro naval base"),
        ("the port", "the port"),
        ("villa San", "villa San-Remo"),
    ],
)
def test_a_venue_holds_a_place_s_name_whole(words: str, whole: str, tools: Tools) -> None:
    text = "The corvette put in at the port of Rio de Janeiro naval base on Thursday, and the villa San-Remo, the navy said."
    [doc] = annotate_many([clean(Document(Source("d"), text), tools)], tools)
    builder = Builder(resolve(doc, tools), tools)
    start = text.index(words)
    assert builder._with_whole_places(Span(start, start + len(words))).of(text) == whole
