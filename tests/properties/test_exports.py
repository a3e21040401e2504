"""Whatever stands in a text, each export stays a file of its form, and says the same."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from dragoman.export import Holdings, in_memory
from dragoman.export.csvfile import FORMULA, cell
from dragoman.model import Participation, Record, Where
from tests.export.sample import TOOLS, account, record, written

WORDS = st.text(max_size=30)


@st.composite
def odd(draw: st.DrawFn) -> Record:
    """A record whose texts are anything at all."""
    names = draw(st.lists(WORDS, min_size=2, max_size=3, unique=True))
    people = tuple(
        Participation(None, n, draw(WORDS), draw(st.none() | WORDS), p, "party", False)
        for n, p in zip(names, ("TUR", "AZE", None), strict=False)
    )
    told = account("a", draw(st.none() | WORDS), title=draw(st.none() | WORDS), url=draw(st.none() | WORDS), sources=())
    place = Where(draw(WORDS), draw(WORDS), "TUR", draw(WORDS))
    return record("r", participants=people, place=place, accounts=(told,), evidence=draw(WORDS), framework=draw(st.none() | WORDS), sources=tuple(draw(st.lists(WORDS, max_size=2))))  # fmt: skip


def holdings(r: Record) -> Holdings:
    return in_memory([r], TOOLS)


@given(WORDS)
def test_a_cell_is_never_a_formula_and_loses_nothing(text: str) -> None:
    made = cell(text)
    assert not made.lstrip(" ").startswith(FORMULA)
    assert made.removeprefix("'") == text.removeprefix("'") or "\\u" in made


@given(odd())
@settings(deadline=None, max_examples=60)
def test_tables_have_their_columns(r: Record) -> None:
    for name, delimiter in (("csv", ","), ("plover", "\t"), ("colt", ",")):
        rows = list(
            csv.reader(io.StringIO(written(name, holdings(r)).decode(), newline=""), delimiter=delimiter, strict=True)
        )
        assert len({len(row) for row in rows}) == 1


@given(odd())
@settings(deadline=None, max_examples=60)
def test_calendars_are_calendars(r: Record) -> None:
    [event] = Calendar.from_ical(written("ics", holdings(r))).walk("VEVENT")
    assert str(event["uid"]) == "r@dragoman"


@given(odd())
@settings(deadline=None, max_examples=60)
def test_graphs_are_graphs(r: Record) -> None:
    graph = nx.read_graphml(io.BytesIO(written("graphml", holdings(r))))
    assert graph.number_of_edges() >= 1


@given(odd())
@settings(deadline=None, max_examples=60)
def test_json_is_json_and_notes_are_one_line_each(r: Record) -> None:
    line: dict[str, Any] = json.loads(written("jsonl", holdings(r)))
    assert line["evidence"] == r.evidence
    [event] = json.loads(written("jsonld", holdings(r)))["@graph"]
    assert event["identifier"] == "r"
    assert all(json.loads(x)["id"] for x in written("ftm", holdings(r)).decode().split("\n") if x)
    assert len(written("footnotes", holdings(r)).decode().strip("\n").split("\n")) == 1
