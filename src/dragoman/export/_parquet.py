"""Parquet: typed tables of records, participations, accounts and claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from dragoman.export.holdings import Holdings, Writer
from dragoman.frames import batches, schema
from dragoman.tables import CLAIMS, TABLES, Table


def parts() -> dict[str, Writer]:
    """File name of each table and what writes it."""
    return {f"{t.name}.parquet": _writer(t) for t in TABLES if "parquet" in t.formats}


def _writer(table: Table[Any]) -> Writer:
    def write(holdings: Holdings, out: BinaryIO) -> None:
        import pyarrow.parquet as pq

        with pq.ParquetWriter(out, schema(table.columns), compression="zstd") as sheet:
            for batch in batches(table.columns, _rows(table, holdings)):
                sheet.write_batch(batch)

    return write


def _rows(table: Table[Any], holdings: Holdings) -> Iterator[Any]:
    if table is CLAIMS:
        yield from holdings.claims()
        return
    for record in holdings.records():
        yield from table.rows(record, holdings.tools)
