"""What was removed from a register on purpose. Taken in by ``Register``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from dragoman.model import Record
from dragoman.store import marks
from dragoman.store.file import Connection
from dragoman.store.intake import numbers_of
from dragoman.store.shapes import Removal, StoredDocument


class Asked(Protocol):
    """What a register can be asked with SQL of this package."""

    def _connected(self) -> AbstractContextManager[Connection]: ...
    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...
    def _documents(self, numbers: Sequence[int]) -> tuple[StoredDocument, ...]: ...


class Removals:
    """Questions about what is to be removed, and what was."""

    def at(self: Asked, name: str) -> tuple[StoredDocument, ...]:
        """The document with that id, or all that were read from that address."""
        with self._connected() as con:
            numbers = [*numbers_of(con, [name]).values()]
            if not numbers:
                numbers = [n for (n,) in con.ask("SELECT number FROM documents WHERE url = ? ORDER BY doc_id", [name])]
            return self._documents(numbers)

    def removals(self: Asked, record: Record | None = None) -> tuple[Removal, ...]:
        """What was removed on purpose, oldest first; all of it, or from one record."""
        some, values = "", []
        if record is not None:
            some = "WHERE id IN (SELECT removal FROM removed_from WHERE account IN (SELECT unnest(?::JSON::VARCHAR[])))"
            values = [sorted(a.key for a in record.accounts)]
        rows = self._ask(f"SELECT id, what, said, author, reason FROM removals {some} ORDER BY said, id", values)
        return tuple(Removal(*row) for row in rows)

    def kept_out(self: Asked, urls: Iterable[str]) -> set[str]:
        """Those of the addresses whose documents were removed."""
        with self._connected() as con:
            gone = marks.read(con)
        return {url for url in urls if gone.has("url", url)} if gone else set()
