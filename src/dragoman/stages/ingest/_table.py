"""Tables: CSV and Parquet, a document a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document
from dragoman.stages.ingest._common import document, load

COLUMNS = 1000  # a table with more columns than this is no list of documents


def read_csv(path: Path, settings: Settings) -> Iterator[Document | SkipDocument]:
    """Rows of a CSV (or, by its name, tab-separated) file with a header line."""
    try:
        text = load(path, settings)
    except SkipDocument as skipped:
        yield skipped
        return
    # The limit is the whole process's: it is only raised, and `load` has already refused what is too large.
    csv.field_size_limit(max(csv.field_size_limit(), settings.largest_file))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    try:
        head = [h.strip() for h in next(reader, [])]
        if len(head) > COLUMNS or not {"text", "content", "body"} & set(head):
            yield SkipDocument(
                f"{path}:1", "its first line names no column text" if len(head) <= COLUMNS else "too many columns"
            )
            return
        for row in reader:
            where = f"{path}:{reader.line_num}"
            if not any(row):
                continue
            if len(row) != len(head):
                yield SkipDocument(where, f"{len(row)} fields, but {len(head)} columns")
                continue
            try:
                yield document({k: v for k, v in zip(head, row, strict=True) if v != ""}, where, settings)
            except SkipDocument as skipped:
                yield skipped
    except csv.Error as error:
        yield SkipDocument(f"{path}:{reader.line_num}", f"not CSV: {error}")


def read_parquet(path: Path, settings: Settings) -> Iterator[Document | SkipDocument]:
    """Rows of a Parquet file."""
    import pyarrow
    import pyarrow.parquet

    wanted = {"doc_id", "id", "url", "outlet", "published", "date", "title", "text", "content", "body"}
    try:
        file = pyarrow.parquet.ParquetFile(path)
        columns = [c for c in file.schema_arrow.names if c in wanted]
        number = 0
        for batch in file.iter_batches(batch_size=256, columns=columns):
            for row in batch.to_pylist():
                number += 1
                try:
                    yield document(row, f"{path}:row {number}", settings)
                except SkipDocument as skipped:
                    yield skipped
    except (pyarrow.ArrowException, OSError) as error:
        yield SkipDocument(str(path), f"not a Parquet file that can be read: {str(error).splitlines()[0]}")
