"""The journal's file: opened, held, written in steps that are whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dragoman.errors import StopRun
from dragoman.feeds.journal_rows import LATER, SCHEMA, TABLES

WAIT = 30.0  # seconds that another process may hold the file


class JournalFile:
    """The file: one thread of one process writes, others may look."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            StopRun: it cannot be opened, is something else, or of a newer version.
        """
        self.path = path
        self._lock: sqlite3.Connection | None = None
        with self._plainly():
            self._db = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten
            for statement in TABLES.split(";\n"):
                self._db.execute(statement)
            self._db.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", [str(SCHEMA)])
            [[schema]] = self._ask("SELECT value FROM meta WHERE name = 'schema'")
        if int(schema) > SCHEMA:
            raise StopRun(f"{path} was written by a newer dragoman: install that version")
        if int(schema) < SCHEMA:
            self._bring_up()

    def _bring_up(self) -> None:
        """An earlier version's file becomes one of this version; another process that opens it meanwhile waits."""
        with self.step():
            [[schema]] = self._ask("SELECT value FROM meta WHERE name = 'schema'")
            for version in range(int(schema) + 1, SCHEMA + 1):
                for statement in LATER[version]:
                    self._ask(statement)
            self._ask("UPDATE meta SET value = ? WHERE name = 'schema'", [str(SCHEMA)])

    def hold(self) -> None:
        """Keep other watching processes out until this one ends, however it ends.

        Raises:
            StopRun: another one watches.
        """
        other = self.path.with_name(self.path.name + ".lock")
        try:
            self._lock = sqlite3.connect(other, timeout=0, isolation_level=None)
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise StopRun(f"{self.path}: another `dragoman watch` fills this register ({error})") from None

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        if self._lock is not None:
            self._lock.close()

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StopRun(f"{self.path}: the journal cannot be kept here: {error}") from None

    @contextmanager
    def step(self) -> Iterator[None]:
        """All that is written within, or nothing of it."""
        with self._plainly():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._plainly():
            return self._db.execute(sql, values).fetchall()
