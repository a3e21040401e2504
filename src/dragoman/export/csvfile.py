"""CSV files that are safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, BinaryIO, TypeVar

from dragoman.frames import clean
from dragoman.tables import Column

R = TypeVar("R")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet take a cell for a formula."""


def write_table(columns: tuple[Column[R], ...], rows: Iterable[R], out: BinaryIO) -> None:
    """A head and the rows of a table, each value as its column reads it."""
    write_rows([c.name for c in columns], ([c.value(row) for c in columns] for row in rows), out)


def write_rows(head: Sequence[str], rows: Iterable[Sequence[Any]], out: BinaryIO, *, delimiter: str = ",") -> None:
    """A head and rows. UTF-8, `; ` within a list, CRLF after a row as RFC 4180 has it."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    sheet = csv.writer(text, delimiter=delimiter)
    sheet.writerow(head)
    for row in rows:
        sheet.writerow([cell(value) for value in row])
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
