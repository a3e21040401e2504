"""Tables: CSV and Parquet, a document a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO, Any

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import Found, decode, document
from dragoman.stages.ingest._item import Item, spooled

TEXT = frozenset({"text", "content", "body"})
WANTED = TEXT | {"doc_id", "id", "url", "outlet", "published", "date", "title", "author"}


def read_csv(item: Item, settings: Settings) -> Iterator[Found]:
    """Rows of a CSV (or, by its name, tab-separated) file with a header line."""
    text = decode(item.content(settings), item.location)
    # The limit is the whole process's: it is only raised, and the file's size has already been held to its own.
    csv.field_size_limit(max(csv.field_size_limit(), settings.largest_file))
    delimiter = "\t" if item.name.lower().endswith(".tsv") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        head = _head(next(reader, []), item.location, settings)
        for row in reader:
            where = f"{item.location}:{reader.line_num}"
            if not any(row):
                continue
            if len(row) != len(head):
                yield SkipDocument(where, f"{len(row)} fields, but {len(head)} columns")
                continue
            yield _row({k: v for k, v in zip(head, row, strict=True) if v != ""}, where, settings)
    except csv.Error as error:
        yield SkipDocument(f"{item.location}:{reader.line_num}", f"not CSV: {error}")


def _head(row: list[str], location: str, settings: Settings) -> list[str]:
    if len(row) > settings.columns:
        raise SkipDocument(f"{location}:1", f"{len(row):,} columns are more than the limit of {settings.columns:,}")
    head = [h.strip() for h in row]
    if not TEXT & set(head):
        raise SkipDocument(f"{location}:1", "its first line names no column text")
    return head


def read_parquet(item: Item, settings: Settings) -> Iterator[Found]:
    """Rows of a Parquet file."""
    import pyarrow

    try:
        with spooled(item, settings) as file:
            yield from _rows(file, item, settings)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        yield SkipDocument(item.location, f"not a Parquet file that can be read: {reason}")


def _rows(file: IO[bytes], item: Item, settings: Settings) -> Iterator[Found]:
    """Documents of the rows. Words are read as a dictionary, so that one long value told a million times is held once."""
    import pyarrow.parquet

    schema = pyarrow.parquet.read_schema(file)
    columns = [c for c in schema.names if c in WANTED]
    words = [c for c in columns if pyarrow.types.is_string(schema.field(c).type)]
    file.seek(0)
    parquet = pyarrow.parquet.ParquetFile(file, read_dictionary=words)
    meta = parquet.metadata
    if meta.num_columns > settings.columns:
        raise SkipDocument(
            item.location, f"{meta.num_columns:,} columns are more than the limit of {settings.columns:,}"
        )
    if not TEXT & set(columns):
        raise SkipDocument(item.location, "it has no column text")
    number = 0
    for group in range(meta.num_row_groups):
        size = sum(meta.row_group(group).column(c).total_uncompressed_size for c in range(meta.num_columns))
        if size > settings.largest_member:
            raise SkipDocument(item.location, f"a part of it unpacks to more than {settings.largest_member:,} bytes")
        for batch in parquet.iter_batches(batch_size=256, row_groups=[group], columns=columns):
            for place in range(batch.num_rows):
                number += 1
                row = {name: batch.column(k)[place].as_py() for k, name in enumerate(batch.schema.names)}
                yield _row(row, f"{item.location}:row {number}", settings)


def _row(row: dict[str, Any], where: str, settings: Settings) -> Found:
    try:
        return document(row, where, settings)
    except SkipDocument as skipped:
        return skipped
