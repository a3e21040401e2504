"""What a table and a column are: one declaration that exports, frames and the codebook share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from dragoman.model import Record
from dragoman.resources import Tools

R = TypeVar("R")

TYPES = {
    "text": "text",
    "list": "list of texts (in CSV parted by `; `)",
    "integer": "whole number",
    "day": "day, YYYY-MM-DD",
    "truth": "true or false",
    "json": "JSON",
}
"""Types of columns and how the codebook names them."""


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """A column: its name, type (a key of :data:`TYPES`), meaning, how it is read off a row, allowed values if few."""

    name: str
    type: str
    meaning: str
    value: Callable[[R], Any]
    allowed: tuple[str, ...] | Callable[[Tools], tuple[str, ...]] = ()

    def choices(self, tools: Tools) -> tuple[str, ...]:
        """The allowed values, where they are few; else nothing."""
        return self.allowed(tools) if callable(self.allowed) else self.allowed


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """A table: ``rows`` gives the rows of one record, in the order in which they are written."""

    name: str
    about: str
    columns: tuple[Column[R], ...]
    rows: Callable[[Record, Tools], Iterator[R]]
    formats: tuple[str, ...]

    def read(self, record: Record, tools: Tools) -> Iterator[tuple[Any, ...]]:
        """Values of each row of a record, in the order of the columns."""
        for row in self.rows(record, tools):
            yield tuple(column.value(row) for column in self.columns)
