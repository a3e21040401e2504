"""Tables of the register as Arrow tables or data frames, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from dragoman.errors import StopRun
from dragoman.model import Record
from dragoman.model.html import listing_html
from dragoman.resources import Tools
from dragoman.tables import ACCOUNTS, PARTICIPATIONS, RECORDS, Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from dragoman.store.shapes import Filter

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
            yield pa.RecordBatch.from_arrays(
                [pa.array(v, f.type) for v, f in zip(held, form, strict=True)], schema=form
            )
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


SHOWN = 10  # records that a notebook shows of a register


class Asked(Protocol):
    """What a register can be asked for the frames it gives."""

    def each(self, where: Filter = ..., *, sort: str = ...) -> Iterator[Record]: ...
    def records(self, where: Filter = ..., *, sort: str = ..., limit: int | None = ...) -> tuple[Record, ...]: ...
    def count(self, where: Filter = ...) -> int: ...


class Frames:
    """What a register gives to a notebook: tables, and itself as HTML. Taken in by ``Register``, which answers ``Asked``."""

    def engagements(self: Asked, where: Filter | None = None, *, frame: Frame = "arrow") -> Any:
        """One row an engagement, by date.

        Args:
            where: the part that is wanted (``dragoman.store.Filter``); all of it by default.
            frame: arrow, pandas or polars.
        """
        return engagements(_records(self, where), Tools(), frame=frame)

    def participations(self: Asked, where: Filter | None = None, *, frame: Frame = "arrow") -> Any:
        """One row for each person or delegation in an engagement. Args as for :meth:`engagements`."""
        return participations(_records(self, where), Tools(), frame=frame)

    def accounts(self: Asked, where: Filter | None = None, *, frame: Frame = "arrow") -> Any:
        """One row for each document that tells of an engagement. Args as for :meth:`engagements`."""
        return accounts(_records(self, where), Tools(), frame=frame)

    def _repr_html_(self: Asked) -> str:
        total = self.count()
        return listing_html(f"Register of {total:,} engagements", self.records(sort="-date", limit=SHOWN), total)


def _records(register: Asked, where: Filter | None) -> Iterator[Record]:
    return register.each() if where is None else register.each(where)
