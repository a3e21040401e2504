"""Answers kept in one SQLite file, so that asking again costs nothing and gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from dragoman.errors import StopRun

_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, doc_id TEXT NOT NULL, model TEXT NOT NULL, prompt INTEGER NOT NULL, answer TEXT NOT NULL
) WITHOUT ROWID
"""
_WAIT = 30  # seconds that another process may hold the file


def key_of(request: Mapping[str, Any], prompt: int) -> str:
    """The name of a request: by its document, instructions, model and settings, and the version of the prompt."""
    text = json.dumps([prompt, request], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Answers:
    """Answers by key. Each is written in a transaction of its own: whole or not at all. Safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            StopRun: it cannot be opened, or is something else.
        """
        self._path, self._lock = path, threading.Lock()
        # by key: held by the thread that asks, and how many hold it or wait for it
        self._asked: dict[str, tuple[threading.Lock, int]] = {}
        try:
            self._db = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False, isolation_level=None)
        except sqlite3.Error as error:
            raise StopRun(f"{path}: answers cannot be kept here: {error}") from None
        self._run(_TABLE)

    def get(self, key: str) -> str | None:
        """The answer kept under a key."""
        found = self._run("SELECT answer FROM answers WHERE key = ?", key)
        return str(found[0][0]) if found else None

    def put(self, key: str, doc_id: str, model: str, prompt: int, answer: str) -> str:
        """Keep an answer, and give the one that is kept: the first one stays, whoever else asked meanwhile."""
        self._run("INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?)", key, doc_id, model, prompt, answer)
        return self.get(key) or answer

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """While it lasts no other thread is in one for the same key."""
        with self._lock:
            lock, number = self._asked.get(key, (threading.Lock(), 0))
            self._asked[key] = (lock, number + 1)
        try:
            with lock:
                yield
        finally:
            with self._lock:
                lock, number = self._asked.pop(key)
                if number > 1:
                    self._asked[key] = (lock, number - 1)

    def drop(self, doc_ids: Iterable[str]) -> None:
        """Take out what was answered on these documents."""
        self._run("PRAGMA secure_delete = ON")
        for doc_id in doc_ids:
            self._run("DELETE FROM answers WHERE doc_id = ?", doc_id)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def _run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            with self._lock, closing(self._db.execute(statement, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.Error as error:
            raise StopRun(
                f"{self._path}: answers cannot be kept or read here: {error}; name another file with --cache"
            ) from None
