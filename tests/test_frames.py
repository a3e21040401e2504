"""Frames for notebooks, and records as HTML."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pyarrow as pa
import pytest

from dragoman import frames
from dragoman.errors import StopRun
from dragoman.model import Conflict, Participation, Record
from dragoman.model.html import listing_html
from tests.export.sample import RECORDS, TOOLS, record


class Asked(frames.Frames):
    """A register in memory that answers what frames ask."""

    def each(self, where: object = None, *, sort: str = "date") -> Iterator[Record]:
        yield from RECORDS if where is None else RECORDS[:1]

    def records(self, where: object = None, *, sort: str = "date", limit: int | None = None) -> tuple[Record, ...]:
        return RECORDS[:limit]

    def count(self, where: object = None) -> int:
        return 1234


def test_arrow_pandas_polars_hold_the_same() -> None:
    import pandas as pd
    import polars as pl

    register = Asked()
    arrow = register.engagements()
    assert isinstance(arrow, pa.Table)
    assert arrow.num_rows == len(RECORDS)
    assert arrow.column("highest_level").to_pylist()[:2] == ["foreign_minister", "head_of_state"]
    pandas = register.participations(frame="pandas")
    assert isinstance(pandas, pd.DataFrame)
    polars = register.participations(frame="polars")
    assert isinstance(polars, pl.DataFrame)
    assert pandas["name"].dropna().tolist() == polars["name"].drop_nulls().to_list()
    assert register.accounts(frame="pandas").record_id.value_counts()["r2"] == 3
    assert register.engagements("a filter").num_rows == 1  # type: ignore[arg-type]


def test_an_empty_register_has_typed_columns() -> None:
    table = frames.engagements([], TOOLS)
    assert table.num_rows == 0
    assert table.schema.field("first_day").type == pa.date32()


def test_more_rows_than_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "BATCH", 2)
    assert frames.engagements(RECORDS, TOOLS).column("record_id").to_pylist() == [r.id for r in RECORDS]


def test_errors_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StopRun, match="choose one of arrow, pandas, polars"):
        frames.engagements(RECORDS, TOOLS, frame="excel")  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(StopRun, match="needs the package polars: pip install polars"):
        frames.engagements(RECORDS, TOOLS, frame="polars")


def test_html_is_escaped() -> None:
    bad = "<script>alert(1)</script>"
    who = Participation(None, bad, bad, bad, bad, "host", True)
    page = record(
        bad,
        evidence=bad,
        framework=bad,
        participants=(who,),
        parties=(bad,),
        sources=(bad,),
        topics=(bad,),
        conflicts=(Conflict(bad, {bad: ("a",)}),),
    )._repr_html_()
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") >= 9
    assert "<script>" not in listing_html(bad, (record(bad),), 1)


def test_html_shows_what_matters() -> None:
    page = RECORDS[1]._repr_html_()
    assert "Visit AZE – TUR [held]" in page
    assert "differs: date" in page
    assert "Colonel General =SUM(A1), Chief of the General Staff, AZE (head)" in page
    whole = Asked()._repr_html_()
    assert "Register of 1,234 engagements" in whole
    assert "1,227 more" in whole
