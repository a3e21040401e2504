"""Documents that have been read already, as Parquet: what ``dragoman batch`` writes, and ``dragoman read`` takes in.

A row is a document with its text and its engagements, these as JSON in the form of the annotation guide. What could not be read has
a table of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from dragoman.codec import engagement, read_engagement
from dragoman.errors import SkipDocument
from dragoman.model import Document, Source
from dragoman.reader import Account

DOCUMENTS, FAILED = "documents", "failed"
"""Folders of the two tables."""


@cache
def schema(table: str) -> Any:
    """Columns of a table, as Arrow has them."""
    import pyarrow as pa

    text = pa.string()
    if table == FAILED:
        return pa.schema([("location", text), ("reason", text), ("part", text), ("version", text)])
    return pa.schema(
        [("doc_id", text), ("url", text), ("outlet", text), ("author", text), ("published", pa.date32()), ("title", text),
         ("language", text), ("original", text), ("text", text),
         ("found", pa.int32()), ("engagements", text), ("part", text), ("version", text)]
    )  # fmt: skip


def row(account: Account, part: str) -> dict[str, Any]:
    """A document's row."""
    told = [engagement(e) for e in account.engagements]
    return {
        "doc_id": account.doc_id,
        "url": account.url,
        "outlet": account.outlet,
        "author": account.document.source.author,
        "published": account.published,
        "title": account.title,
        "language": account.document.source.language,
        "original": account.document.source.original,
        "text": account.document.text,
        "found": len(told),
        "engagements": json.dumps(told, ensure_ascii=False),
        "part": part,
        "version": account.version,
    }


def failed_row(skipped: SkipDocument, part: str, version: str) -> dict[str, Any]:
    """The row of a document that was set aside."""
    return {"location": skipped.location, "reason": skipped.reason, "part": part, "version": version}


def table(rows: Iterable[dict[str, Any]], name: str) -> Any:
    """Rows as an Arrow table."""
    import pyarrow as pa

    return pa.Table.from_pylist(list(rows), schema=schema(name))


def parts(location: str) -> list[Path]:
    """Files with documents of a folder that ``dragoman batch`` has written; none of any other place."""
    folder = Path(location) / DOCUMENTS
    return sorted(folder.glob("*.parquet")) if folder.is_dir() and (Path(location) / FAILED).is_dir() else []


def accounts(files: Iterable[Path]) -> Iterator[Account | SkipDocument]:
    """What the files tell, row by row."""
    import pyarrow
    import pyarrow.parquet

    for path in files:
        number = 0
        try:
            for batch in pyarrow.parquet.ParquetFile(path).iter_batches(batch_size=256):
                for told in batch.to_pylist():
                    number += 1
                    yield _account(told, f"{path}:row {number}")
        except (pyarrow.ArrowException, OSError) as error:
            yield SkipDocument(str(path), f"not a Parquet file that can be read: {str(error).splitlines()[0]}")


def _account(told: dict[str, Any], location: str) -> Account | SkipDocument:
    try:
        more = (told.get(name) for name in ("author", "language", "original"))
        source = Source(told["doc_id"], told["url"], told["outlet"], told["published"], told["title"], *more)
        engagements = tuple(read_engagement(e) for e in json.loads(told["engagements"]))
        doc = Document(source, told["text"], engagements=engagements)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return SkipDocument(location, f"not a row as dragoman batch writes it: {type(error).__name__}: {error}")
    return Account.of(doc, told["version"])
