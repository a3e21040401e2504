"""CSV: one row a participation, as registers made by hand have it."""

from __future__ import annotations

from typing import BinaryIO

from dragoman.export.csvfile import write_table
from dragoman.export.holdings import Holdings
from dragoman.tables import PARTICIPATIONS


def write(holdings: Holdings, out: BinaryIO) -> None:
    """The table of participations."""
    rows = (row for record in holdings.records() for row in PARTICIPATIONS.rows(record, holdings.tools))
    write_table(PARTICIPATIONS.columns, rows, out)
