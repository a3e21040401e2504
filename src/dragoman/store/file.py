"""The register's file: opened for as short as can be, migrated when it is of an older schema, its errors in plain words."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import resources as packaged
from pathlib import Path
from typing import Any

import duckdb

from dragoman.errors import RegisterError, TooCostly

SCHEMA = Path(str(packaged.files("dragoman"))) / "store" / "schema"
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # An index is asked for a thousand documents and gives what hangs on them. Beyond 2,048 rows DuckDB would go through all of the
    # table instead, claims and all.
    "index_scan_max_count": "20000",
    "late_materialization_max_rows": "0",  # the first rows of a list in order: read again by number they take DuckDB (1.5) twice as long
}
# What is added to a table goes into its last group of rows, and all of that group is packed and written anew with each batch. DuckDB's
# groups have 122,880 rows: with a register's long texts that is most of what a batch costs.
ROWS_TOGETHER = 16_384
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.25  # seconds between tries while another process has the file
FRESH = 1.5  # seconds for which a waiting process counts after its last try
_INDEX = re.compile(r"^CREATE INDEX (\w+) ON [^;]+;", re.MULTILINE)
_HELD = re.compile(
    r"Conflicting lock|Could not set lock|different configuration|being used by another|already attached|handle conflict",
    re.IGNORECASE,
)
_FULL = re.compile(r"No space left|disk full|Disk quota|File too large", re.IGNORECASE)
_FOREIGN = re.compile(
    r"not a valid DuckDB database|different version|newer version|storage version|Serialization", re.IGNORECASE
)
_DENIED = re.compile(r"Permission denied|read-only|Read-only file system|Operation not permitted", re.IGNORECASE)


class Connection:
    """A DuckDB connection to which lists go as JSON (``?::JSON::VARCHAR[]``): as lists they cost 0.2 ms a value, as the binding
    looks for other libraries' types in each."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw  # a duckdb.DuckDBPyConnection

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Run one statement; returns DuckDB's result, to be fetched from."""
        return self.raw.execute(sql, [json.dumps(v) if isinstance(v, list) else v for v in values])

    def ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and fetch all rows."""
        rows: list[tuple[Any, ...]] = self.execute(sql, values).fetchall()
        return rows

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first value of the first row, or None."""
        row = self.execute(sql, values).fetchone()
        return row[0] if row else None


def migrations() -> list[tuple[int, str]]:
    """Number and text of each step of the schema, in order."""
    return [(int(p.stem), p.read_text(encoding="utf-8")) for p in sorted(SCHEMA.glob("[0-9]*.sql"))]


@contextmanager
def opened(path: Path, *, write: bool = False, wait: float = 10.0) -> Iterator[Connection]:
    """A connection to the register, closed at the end; with ``write`` the file is made or migrated where needed.

    Raises:
        RegisterError: it cannot be opened within ``wait`` seconds, is no register, or is of a newer version.
    """
    with plainly(path):
        con = connected(path, write=write, wait=wait)
        try:
            yield con
        finally:
            con.raw.close()


def connected(path: Path, *, write: bool = False, wait: float = 10.0) -> Connection:
    """The connection that :func:`opened` gives, which has to be closed; DuckDB's errors come as they are."""
    if not write and not path.exists():
        raise RegisterError(f"no register at {path}: make one with `dragoman read PATH… --register {path}`")
    con = _connect(path, write, wait)
    try:
        broken_off = _log(path).exists()
        _settle(con, path, write)
        if broken_off:
            _mistrust_indexes(con, write)
    except BaseException:
        con.raw.close()
        raise
    return con


def _connect(path: Path, write: bool, wait: float) -> Connection:
    """A connection, tried until ``wait`` seconds have gone by: the file is locked only while somebody reads or commits.

    Who wants to write and finds the file taken says so beside it, and readers wait: else many of them could hold it for good.
    """
    until = time.monotonic() + wait
    pause = FIRST_PAUSE
    flag = _flag(path)
    try:
        while True:
            try:
                if write or not writer_waits(path) or time.monotonic() > until:
                    return Connection(
                        _attached(path) if write else duckdb.connect(str(path), read_only=True, config=CONFIG)
                    )
            except duckdb.Error as error:
                if not _HELD.search(str(error)) or time.monotonic() > until:
                    raise
                if write:
                    with suppress(OSError):
                        flag.touch()
            time.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(LONGEST_PAUSE, pause * 2)
    finally:
        if write:
            with suppress(OSError):
                flag.unlink(missing_ok=True)


def _attached(path: Path) -> Any:
    """The file opened to write: only where it is attached can it be said how many rows stand together."""
    con = duckdb.connect(config=CONFIG)
    try:
        con.execute(attaching(path, "register"))
        con.execute("USE register")
    except BaseException:
        con.close()
        raise
    return con


def attaching(path: Path, name: str) -> str:
    """SQL that opens another file, or makes it, to write to."""
    return f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS {name} (ROW_GROUP_SIZE {ROWS_TOGETHER})"


def _log(path: Path) -> Path:
    """DuckDB's log of what is not in the file yet; it is left beside the file by a process that was killed."""
    return path.with_name(path.name + ".wal")


def _mistrust_indexes(con: Connection, write: bool) -> None:
    """Make indexes anew, or with a reader leave them unasked: replayed from the log of a killed process they lack rows.

    Seen with DuckDB 1.5: after one kill in fifteen, rows were in the table and not in its index.
    """
    if not write:
        con.execute("SET index_scan_max_count = 0")
        con.execute("SET index_scan_percentage = 0")
        return
    for name, text in ((m[1], m[0]) for _, step in migrations() for m in _INDEX.finditer(step)):
        con.execute(f"DROP INDEX IF EXISTS {name}")
        con.execute(text)
    con.execute("CHECKPOINT")


def _flag(path: Path) -> Path:
    return path.with_name(path.name + ".waits")


def writer_waits(path: Path) -> bool:
    """Whether a process waits for the file to write to it; one that was killed meanwhile does not count for long."""
    try:
        return time.time() - _flag(path).stat().st_mtime < FRESH
    except OSError:
        return False


def _settle(con: Connection, path: Path, write: bool) -> None:
    """Check the schema's number; with ``write`` bring it up to date, each step whole or not at all."""
    steps = migrations()
    newest = steps[-1][0]
    have = schema_of(con)
    if have is None:
        if con.one("SELECT count(*) FROM duckdb_tables()"):
            raise RegisterError(f"{path} is a DuckDB file, but no register: name another file with --register")
        if not write:
            raise RegisterError(f"{path} is empty: fill it with `dragoman read PATH… --register {path}`")
        have = 0
    if have > newest:
        raise RegisterError(
            f"{path} was written by a newer dragoman (schema {have}; this one knows {newest}): install that version"
        )
    if have < newest and not write:
        raise RegisterError(
            f"{path} has the older schema {have}: bring it up to {newest} with `dragoman rebuild --register {path}`"
        )
    for number, text in steps[have:]:
        con.execute("BEGIN")
        con.execute(text)
        con.execute("DELETE FROM meta WHERE name = 'schema'")
        con.execute("INSERT INTO meta VALUES ('schema', ?)", [str(number)])
        con.execute("COMMIT")


def schema_of(con: Connection) -> int | None:
    """Number of the file's schema; None where it is no register."""
    if not con.one("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'meta'"):
        return None
    number = con.one("SELECT value FROM meta WHERE name = 'schema'")
    return int(number) if str(number).isdigit() else None


@contextmanager
def transaction(con: Connection) -> Iterator[Connection]:
    """All that is done within, or nothing of it."""
    con.execute("BEGIN")
    try:
        yield con
        con.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):  # the engine may have rolled back and shut down, as it does when the disk is full
            con.execute("ROLLBACK")
        raise


@contextmanager
def stopped_after(con: Connection, seconds: float | None) -> Iterator[None]:
    """What runs on the connection within is interrupted after so many seconds; with None never."""
    if seconds is None:
        yield
        return
    timer = threading.Timer(seconds, con.raw.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """DuckDB's errors as ours, saying what to do."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise TooCostly(
            "the question took too long and was stopped: ask for less, for instance for fewer years"
        ) from error
    except duckdb.Error as error:
        raise RegisterError(f"{path}: {_told(str(error), path)}") from error


def _told(message: str, path: Path) -> str:
    if _HELD.search(message):
        return "another process is writing to it or holds it open; try again when it is done"
    if _FULL.search(message):
        return "the disk is full: make room and read again; what was committed before is whole"
    if _DENIED.search(message):
        return "it may not be written: check the rights of the file and its folder, or name another with --register"
    if _FOREIGN.search(message):
        return "it is no register, or one written by a newer DuckDB: name another file with --register, or upgrade dragoman"
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}"
    return f"DuckDB says: {message.splitlines()[0]}"
