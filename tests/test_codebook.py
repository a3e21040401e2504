"""The codebook and what is exported are the same things."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from dragoman.cli import app
from dragoman.export import export
from dragoman.tables import TABLES, TYPES, Column, Table
from tests.export.sample import RECORDS, TOOLS, sample, written

RUN = CliRunner()


def entries() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(RUN.invoke(app, ["codebook", "-f", "csv"]).stdout)))


def test_every_column_of_every_file_has_its_entry(tmp_path: Path) -> None:
    told: dict[str, list[str]] = {}
    for e in entries():
        assert e["meaning"].endswith(".")
        assert e["type"] in TYPES.values()
        told.setdefault(e["table"], []).append(e["column"])
    for file in export(sample(), "parquet", str(tmp_path), io.BytesIO()):
        assert pq.read_schema(file).names == told[Path(file).stem]
    assert next(csv.reader(io.StringIO(written("csv").decode()))) == told["participations"]
    assert next(csv.reader(io.StringIO(written("colt").decode()))) == told["trips"]


def test_values_are_among_the_allowed() -> None:
    for table in TABLES:
        for column in table.columns:
            allowed = column.choices(TOOLS)
            if allowed:
                _check(column, [row for record in RECORDS for row in table.rows(record, TOOLS)], set(allowed))


def _check(column: Column[Any], rows: list[Any], allowed: set[str]) -> None:
    for row in rows:
        value = column.value(row)
        values = value if isinstance(value, list) else [value]
        assert {str(v) for v in values if v is not None} <= allowed, column.name


def test_other_forms() -> None:
    markdown = RUN.invoke(app, ["codebook"]).stdout
    page = Path(__file__).parents[1] / "docs" / "codebook.md"
    assert page.read_text(encoding="utf-8") == markdown  # remake it: dragoman codebook > docs/codebook.md
    assert "## participations" in markdown
    assert "| `level` | text |" in markdown
    tables = json.loads(RUN.invoke(app, ["codebook", "--format", "json"]).stdout)
    assert [t["table"] for t in tables["tables"]] == [t.name for t in TABLES]
    assert tables["levels"][0]["rank"] == 1
    assert RUN.invoke(app, ["codebook", "-f", "xml"]).exit_code == 2


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_names_are_used_once(table: Table[Any]) -> None:
    names = [c.name for c in table.columns]
    assert len(names) == len(set(names))
