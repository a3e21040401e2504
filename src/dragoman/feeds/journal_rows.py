"""What the journal holds: its tables and their rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SCHEMA = 2
OPEN = ("waiting", "fetched")
STATES = (*OPEN, "read", "same", "aside", "refused", "failed", "removed")
"""What becomes of a page: to be fetched; to be read; read; another address of one that is read; fetched and not readable; may not be
fetched; given up; removed from the register by somebody."""

TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feeds (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, etag TEXT, modified TEXT, due REAL, failures INTEGER NOT NULL DEFAULT 0,
    status INTEGER, at REAL, worked REAL, entries INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '', hash TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, hidden INTEGER NOT NULL, feed TEXT NOT NULL, title TEXT, published TEXT, outlet TEXT,
    stamp TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, due REAL, note TEXT NOT NULL DEFAULT '',
    status INTEGER, hash TEXT, final TEXT, etag TEXT, modified TEXT, type TEXT, body BLOB, rounds INTEGER NOT NULL DEFAULT 0,
    found REAL NOT NULL, listed REAL NOT NULL, fetched REAL, read REAL, deaths INTEGER NOT NULL DEFAULT 0,
    noes INTEGER NOT NULL DEFAULT 0, asked REAL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pages_open ON pages (state) WHERE state IN ('waiting', 'fetched');
CREATE INDEX IF NOT EXISTS pages_final ON pages (final);
CREATE TABLE IF NOT EXISTS robots (host TEXT PRIMARY KEY, at REAL NOT NULL, status INTEGER, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (
    at REAL NOT NULL, kind TEXT NOT NULL, url TEXT NOT NULL, status INTEGER, bytes INTEGER NOT NULL, seconds REAL NOT NULL,
    hash TEXT, note TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS requests_at ON requests (at);
CREATE TABLE IF NOT EXISTS told (alert TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (alert, account)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY, alert TEXT NOT NULL, way TEXT NOT NULL, record TEXT NOT NULL, body TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    due REAL, note TEXT NOT NULL DEFAULT '', at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""

LATER = {2: ("ALTER TABLE pages ADD COLUMN noes INTEGER NOT NULL DEFAULT 0", "ALTER TABLE pages ADD COLUMN asked REAL")}
"""What brings a journal of an earlier version up to each one."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the journal; ``body`` only where it is fetched and not read yet."""

    key: str
    url: str
    hidden: bool
    feed: str
    title: str | None
    published: date | None
    outlet: str | None
    state: str
    tries: int
    due: float | None
    hash: str | None
    final: str | None
    etag: str | None
    modified: str | None
    type: str | None
    at: float  # when it was found
    deaths: int  # how often a run ended without a word while this page was read
    noes: int  # tries that a server which works answered with no
    asked: float | None  # when it was last asked for in vain


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed of the journal."""

    key: str
    url: str
    etag: str | None
    modified: str | None
    due: float | None
    failures: int
    status: int | None
    at: float | None
    worked: float | None
    entries: int
    note: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A record that somebody wants to hear of and has not been sent yet."""

    id: int
    alert: str
    way: str  # file, command or webhook
    record: str
    body: str
    tries: int
    due: float | None


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was made; ``status`` is None where no answer came."""

    at: float
    kind: str
    url: str
    status: int | None
    size: int
    seconds: float
    hash: str | None
    note: str


@dataclass(frozen=True, slots=True)
class FeedState:
    """What a feed that answered is known by; ``entries`` is None where it has not changed."""

    etag: str | None
    modified: str | None
    hash: str | None
    entries: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Got:
    """A page's bytes, and what it is known by. ``final`` is the key of the address at which it was found."""

    body: bytes
    hash: str
    final: str
    etag: str | None
    modified: str | None
    type: str | None


@dataclass(frozen=True, slots=True)
class Again:
    """What a try for a page came to that brought nothing: the answer's status, whether the try counts, whether it was a no."""

    status: int | None
    note: str
    counted: bool = True
    no: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A record that somebody is to hear of: its id, the keys of its accounts, itself as JSON."""

    id: str
    accounts: tuple[str, ...]
    body: str
