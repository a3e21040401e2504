"""Tables of the register as Arrow tables or data frames, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from dragoman.errors import StopRun
from dragoman.model import Record
from dragoman.resources import Tools
from dragoman.tables import ACCOUNTS, PARTICIPATIONS, RECORDS, Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

Frame = Literal["arrow", "pandas", "polars"]
FRAMES = ("arrow", "pandas", "polars")
BATCH = 5_000  # rows turned into Arrow at once
R = TypeVar("R")


def engagements(records: Iterable[Record], tools: Tools, *, frame: Frame = "arrow") -> Any:
    """One row an engagement (the columns of the table ``records``), as the frame that is asked for."""
    return framed(arrow(RECORDS, records, tools), frame)


def participations(records: Iterable[Record], tools: Tools, *, frame: Frame = "arrow") -> Any:
    """One row for each person or delegation in an engagement, as the frame that is asked for."""
    return framed(arrow(PARTICIPATIONS, records, tools), frame)


def accounts(records: Iterable[Record], tools: Tools, *, frame: Frame = "arrow") -> Any:
    """One row for each document that tells of an engagement, as the frame that is asked for."""
    return framed(arrow(ACCOUNTS, records, tools), frame)


def framed(table: pa.Table, frame: Frame) -> Any:
    """An Arrow table as itself, or as a frame of pandas or polars.

    Raises:
        StopRun: no such frame, or its library is not installed.
    """
    if frame not in FRAMES:
        raise StopRun(f"no frame {frame!r}: choose one of {', '.join(FRAMES)}")
    if frame == "arrow":
        return table
    try:
        library = import_module(frame)
    except ModuleNotFoundError:
        raise StopRun(f"frame={frame!r} needs the package {frame}: pip install {frame}") from None
    return table.to_pandas() if frame == "pandas" else library.from_arrow(table)


def arrow(table: Table[R], records: Iterable[Record], tools: Tools) -> pa.Table:
    """The rows of ``table`` for the records, in their order."""
    import pyarrow as pa

    rows = (row for record in records for row in table.rows(record, tools))
    return pa.Table.from_batches(list(batches(table.columns, rows)), schema(table.columns))


def batches(columns: tuple[Column[R], ...], rows: Iterable[R]) -> Iterator[pa.RecordBatch]:
    """Rows as Arrow batches, a few thousand at a time, so that memory does not grow with the register."""
    import pyarrow as pa

    form = schema(columns)
    held: list[list[Any]] = [[] for _ in columns]
    for row in rows:
        for values, column in zip(held, columns, strict=True):
            values.append(arrow_value(column.value(row)))
        if len(held[0]) == BATCH:
            yield pa.RecordBatch.from_arrays([pa.array(v, f.type) for v, f in zip(held, form, strict=True)], schema=form)
            held = [[] for _ in columns]
    if held[0]:
        yield pa.RecordBatch.from_arrays([pa.array(v, f.type) for v, f in zip(held, form, strict=True)], schema=form)


def schema(columns: tuple[Column[R], ...]) -> pa.Schema:
    """Arrow types of columns; each field carries its meaning from the codebook as metadata."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "json": pa.string(),
        "list": pa.list_(pa.string()),
        "integer": pa.int64(),
        "day": pa.date32(),
        "truth": pa.bool_(),
    }
    return pa.schema([pa.field(c.name, types[c.type], metadata={"meaning": c.meaning}) for c in columns])


def arrow_value(value: Any) -> Any:
    """A value as Arrow can hold it: text that is not valid UTF-8 (lone surrogates) is escaped."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [clean(v) for v in value]
    return value


def clean(text: str) -> str:
    """The text, with lone surrogates written as escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


class Frames:
    """What a register gives to a notebook. The register that takes this in gives its records in ``records``."""

    def frame_records(self, **filters: Any) -> Iterable[Record]:
        """Records under the filters; the register says how."""
        raise NotImplementedError

    def engagements(self, *, frame: Frame = "arrow", **filters: Any) -> Any:
        """One row an engagement. Args: ``frame`` arrow, pandas or polars; filters as those of ``dragoman list``."""
        return engagements(self.frame_records(**filters), Tools(), frame=frame)

    def participations(self, *, frame: Frame = "arrow", **filters: Any) -> Any:
        """One row for each person or delegation in an engagement. Args as for :meth:`engagements`."""
        return participations(self.frame_records(**filters), Tools(), frame=frame)

    def accounts(self, *, frame: Frame = "arrow", **filters: Any) -> Any:
        """One row for each document that tells of an engagement. Args as for :meth:`engagements`."""
        return accounts(self.frame_records(**filters), Tools(), frame=frame)


