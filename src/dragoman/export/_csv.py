"""CSV: tables of :mod:`dragoman.tables` as text, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any, BinaryIO, TypeVar

from dragoman.export.holdings import Holdings
from dragoman.frames import clean
from dragoman.tables import PARTICIPATIONS, Column

R = TypeVar("R")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet take a cell for a formula."""


def write(holdings: Holdings, out: BinaryIO) -> None:
    """One row a participation. UTF-8, a comma between cells, `; ` within a list, CRLF after a row (RFC 4180)."""
    rows = (row for record in holdings.records() for row in PARTICIPATIONS.rows(record, holdings.tools))
    write_table(PARTICIPATIONS.columns, rows, out)


def write_table(columns: tuple[Column[R], ...], rows: Iterable[R], out: BinaryIO) -> None:
    """A head and the rows."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    sheet = csv.writer(text)
    sheet.writerow([c.name for c in columns])
    for row in rows:
        sheet.writerow([cell(c.value(row)) for c in columns])
    text.detach()


def cell(value: Any) -> str:
    """A value as a cell. Text that a spreadsheet would run as a formula is guarded by a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return guarded("; ".join(clean(v) for v in value))
    if isinstance(value, date):
        return value.isoformat()
    return guarded(clean(value)) if isinstance(value, str) else str(value)


def guarded(text: str) -> str:
    """The text, with an apostrophe before it if it begins as a formula does (also after blanks)."""
    return "'" + text if text.lstrip(" ").startswith(FORMULA) else text
