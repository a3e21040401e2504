"""The journal beside the register: which pages are known, what became of each, what was fetched when. One SQLite file.

Every step is one transaction. A page is ``waiting``, then ``fetched`` (its bytes are kept here), then ``read`` when the register
holds it; whatever moment a run is cut short at, the next one goes on from there. No address in it holds a password or a token.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dragoman.feeds import addresses
from dragoman.feeds.journal_file import JournalFile
from dragoman.feeds.journal_rows import STATES, Again, FeedRow, FeedState, Got, Letter, Page, Request, Told
from dragoman.feeds.parse import Entry

SUFFIX = ".watch.sqlite"
FORGOTTEN = 365.0  # days after which a page that no feed lists any more may be forgotten
DAY = 86_400.0
_PAGE = "key, url, hidden, feed, title, published, outlet, state, tries, due, hash, final, etag, modified, type, found, deaths, noes, asked"


def beside(register: Path) -> Path:
    """Where the journal of a register lies."""
    return register.with_name(register.name + SUFFIX)


class Journal(JournalFile):
    """What the journal is told and asked."""

    # feeds

    def feed(self, key: str, url: str) -> FeedRow:
        """A feed, which is written down where it is not known."""
        self._ask("INSERT OR IGNORE INTO feeds (key, url) VALUES (?, ?)", [key, addresses.shown(url)])
        columns = "key, url, etag, modified, due, failures, status, at, worked, entries, note"
        return FeedRow(*self._ask(f"SELECT {columns} FROM feeds WHERE key = ?", [key])[0])

    def drop_feeds(self, but: Iterable[str]) -> None:
        """Forget feeds that are watched no longer; their pages stay."""
        kept = set(but)
        for (key,) in self._ask("SELECT key FROM feeds"):
            if key not in kept:
                self._ask("DELETE FROM feeds WHERE key = ?", [key])

    def feed_worked(self, key: str, *, at: float, due: float, status: int, found: FeedState) -> None:
        """A feed answered."""
        self._ask(
            """UPDATE feeds SET at = ?, worked = ?, due = ?, status = ?, failures = 0, etag = ?, modified = ?, note = ?, hash = ?,
            entries = coalesce(?, entries) WHERE key = ?""",
            [at, at, due, status, found.etag, found.modified, found.note, found.hash, found.entries, key],
        )

    def feed_failed(self, key: str, *, at: float, due: float, status: int | None, note: str) -> None:
        """A feed did not answer, or not as a feed."""
        self._ask(
            "UPDATE feeds SET at = ?, due = ?, status = ?, note = ?, failures = failures + 1 WHERE key = ?",
            [at, due, status, note, key],
        )

    def feed_hash(self, key: str) -> str | None:
        """Digest of what the feed held last."""
        rows = self._ask("SELECT hash FROM feeds WHERE key = ?", [key])
        return rows[0][0] if rows else None

    def failing(self) -> list[tuple[str, int, str]]:
        """Feeds that did not answer when they were asked last: address, failures in a row, why."""
        rows = self._ask("SELECT url, failures, note FROM feeds WHERE failures > 0 ORDER BY failures DESC, url")
        return [(url, failures, note) for url, failures, note in rows]

    # pages

    def found(self, entry: Entry, feed: str, at: float, *, recheck: int) -> Page | None:
        """A feed lists a page; returns it where it is to be fetched: it is new, or its feed says that it has changed.

        ``recheck`` is how often it may be fetched again for that.
        """
        key = key_of(entry)
        rows = self._ask("SELECT stamp, state, rounds, listed FROM pages WHERE key = ?", [key])
        url = addresses.shown(entry.url)
        if not rows:
            day = entry.published.isoformat() if entry.published else None
            self._ask(
                """INSERT INTO pages (key, url, hidden, feed, title, published, outlet, stamp, state, found, listed)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)""",
                [key, url, url != entry.url, feed, entry.title, day, entry.outlet, entry.stamp, at, at],
            )
            return self.page(key)
        stamp, state, rounds, listed = rows[0]
        if abs(at - listed) > DAY:
            self._ask("UPDATE pages SET listed = ? WHERE key = ?", [at, key])
        if entry.stamp == stamp or state not in ("read", "aside", "refused", "failed") or rounds >= recheck:
            return self.page(key) if state == "waiting" and url != entry.url else None
        self._ask(
            "UPDATE pages SET stamp = ?, state = 'waiting', tries = 0, noes = 0, due = NULL, rounds = rounds + 1 WHERE key = ?",
            [entry.stamp, key],
        )
        return self.page(key)

    def page(self, key: str) -> Page:
        """A page that is known."""
        return _page(self._ask(f"SELECT {_PAGE} FROM pages WHERE key = ?", [key])[0])

    def waiting(self) -> Iterator[Page]:
        """Pages that are to be fetched, the oldest first."""
        rows = self._ask(f"SELECT {_PAGE} FROM pages WHERE state = 'waiting' ORDER BY found, key")
        yield from map(_page, rows)

    def unhide(self) -> None:
        """Have feeds give their entries again whose waiting pages have addresses that are not written down."""
        self._ask(
            """UPDATE feeds SET etag = NULL, modified = NULL, hash = NULL, due = NULL
            WHERE key IN (SELECT feed FROM pages WHERE hidden AND state = 'waiting')"""
        )

    def fetched(self, key: str, *, at: float, got: Got) -> None:
        """The bytes of a page are here."""
        self._ask(
            """UPDATE pages SET state = 'fetched', tries = 0, noes = 0, body = ?, hash = ?, final = ?, etag = ?, modified = ?, type = ?, fetched = ?,
            status = 200, note = '' WHERE key = ?""",
            [got.body, got.hash, got.final, got.etag, got.modified, got.type, at, key],
        )

    def again(self, key: str, *, at: float, due: float | None, answer: Again) -> tuple[int, int]:
        """A page is to be tried again; returns how many tries of it have counted, and how many of them were answered with no."""
        rows = self._ask(
            """UPDATE pages SET tries = tries + ?, noes = noes + ?, asked = ?, due = ?, status = ?, note = ? WHERE key = ?
            RETURNING tries, noes""",
            [int(answer.counted), int(answer.no), at, due, answer.status, answer.note, key],
        )
        return (int(rows[0][0]), int(rows[0][1])) if rows else (0, 0)

    def unchanged(self, key: str) -> None:
        """A page is as it was when it was fetched before."""
        self._ask(
            """UPDATE pages SET state = CASE WHEN read IS NULL THEN 'aside' ELSE 'read' END, status = 304, due = NULL, body = NULL
            WHERE key = ?""",
            [key],
        )

    def settled(self, key: str, state: str, *, at: float, note: str = "", status: int | None = None) -> None:
        """What became of a page. Its bytes are let go of."""
        self._ask(
            """UPDATE pages SET state = ?, body = NULL, note = ?, status = coalesce(?, status),
            read = CASE WHEN ? = 'read' THEN ? ELSE read END WHERE key = ?""",
            [state, note, status, state, at, key],
        )

    def to_read(self, most: int) -> list[tuple[Page, bytes]]:
        """Pages that are fetched and not read yet, the first ones fetched, with their bytes."""
        rows = self._ask(
            f"SELECT {_PAGE}, body FROM pages WHERE state = 'fetched' ORDER BY fetched, key LIMIT ?", [most]
        )
        return [(_page(row[:-1]), row[-1] or b"") for row in rows]

    def begin_reading(self, keys: Sequence[str]) -> None:
        """These pages are about to be read; should the run end without a word, the next one knows which they were."""
        self._ask("INSERT OR REPLACE INTO meta VALUES ('reading', ?)", [json.dumps(list(keys))])

    def end_reading(self) -> None:
        """They are read."""
        self._ask("DELETE FROM meta WHERE name = 'reading'")

    def count_deaths(self) -> None:
        """Note of pages that the last run ended with that it did; they are read alone from then on."""
        for (keys,) in self._ask("SELECT value FROM meta WHERE name = 'reading'"):
            for key in json.loads(keys):
                self._ask("UPDATE pages SET deaths = deaths + 1 WHERE key = ? AND state = 'fetched'", [key])
        self.end_reading()

    def others(self, key: str, final: str) -> bool:
        """Whether another page that is fetched or read lies at the same address."""
        rows = self._ask(
            """SELECT 1 FROM pages WHERE key <> ? AND state IN ('fetched', 'read') AND (final = ? OR key = ?) LIMIT 1""",
            [key, final, final],
        )
        return bool(rows)

    def number(self, state: str) -> int:
        """How many pages are in a state."""
        return int(self._ask("SELECT count(*) FROM pages WHERE state = ?", [state])[0][0])

    def states(self) -> dict[str, int]:
        """How many pages are in each state."""
        return {**dict.fromkeys(STATES, 0), **dict(self._ask("SELECT state, count(*) FROM pages GROUP BY state"))}

    # what was asked

    def asked(self, request: Request) -> None:
        """Write a request down."""
        r = request
        self._ask(
            "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [r.at, r.kind, addresses.shown(r.url), r.status, r.size, r.seconds, r.hash, r.note],
        )

    def requests(self, most: int = 100) -> list[Request]:
        """The latest requests, the last one first."""
        rows = self._ask("SELECT * FROM requests ORDER BY rowid DESC LIMIT ?", [most])
        return [Request(*row) for row in rows]

    def robots(self, host: str) -> tuple[float, int | None, bytes] | None:
        """When a host's robots.txt was fetched, with which status, and what it says."""
        rows = self._ask("SELECT at, status, body FROM robots WHERE host = ?", [host])
        return (rows[0][0], rows[0][1], rows[0][2]) if rows else None

    def keep_robots(self, host: str, at: float, status: int | None, body: bytes) -> None:
        """Keep a host's robots.txt."""
        self._ask("INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)", [host, at, status, body])

    def prune(self, at: float, keep: float) -> None:
        """Forget requests older than ``keep`` days, robots.txt of hosts that are asked no longer, pages that no feed lists any more."""
        self._ask("DELETE FROM requests WHERE at < ?", [at - keep * DAY])
        self._ask("DELETE FROM robots WHERE at < ?", [at - 7 * DAY])
        self._ask("DELETE FROM feeds WHERE at < ?", [at - 30 * DAY])  # maps of an index that names them no longer
        self._ask(
            "DELETE FROM pages WHERE listed < ? AND state NOT IN ('waiting', 'fetched')",
            [at - max(keep, FORGOTTEN) * DAY],
        )

    # alerts

    def write_letters(self, alert: str, ways: Sequence[str], record: Told, at: float) -> bool:
        """Somebody is to hear of a record, unless they heard of one of its accounts; returns whether they are."""
        accounts = record.accounts
        marks = ",".join("?" * len(accounts))
        known = self._ask(f"SELECT 1 FROM told WHERE alert = ? AND account IN ({marks}) LIMIT 1", [alert, *accounts])
        for account in accounts:
            self._ask("INSERT OR IGNORE INTO told VALUES (?, ?)", [alert, account])
        if not known:
            for way in ways:
                values = [alert, way, record.id, record.body, at]
                self._ask("INSERT INTO outbox (alert, way, record, body, at) VALUES (?, ?, ?, ?, ?)", values)
        return not known

    def letters(self) -> list[Letter]:
        """What is to be sent, in the order in which it came up."""
        rows = self._ask("SELECT id, alert, way, record, body, tries, due FROM outbox ORDER BY id LIMIT 1000")
        return [Letter(*row) for row in rows]

    def sent(self, letter: int) -> None:
        """A letter has arrived, or is given up."""
        self._ask("DELETE FROM outbox WHERE id = ?", [letter])

    def unsent(self, letter: int, *, due: float, note: str) -> int:
        """A letter has not arrived; returns how often it was tried."""
        rows = self._ask(
            "UPDATE outbox SET tries = tries + 1, due = ?, note = ? WHERE id = ? RETURNING tries", [due, note, letter]
        )
        return int(rows[0][0]) if rows else 0

    # counts

    def count(self, name: str, by: int = 1) -> None:
        """Count something."""
        self._ask(
            "INSERT INTO counts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = number + excluded.number",
            [name, by],
        )

    def counts(self) -> dict[str, int]:
        """All that is counted."""
        return dict(self._ask("SELECT name, number FROM counts ORDER BY name"))

    # what is removed

    def forget(self, urls: Sequence[str], names: Sequence[str]) -> int:
        """Take out what is known of pages at these addresses, and titles and letters that hold one of these names.

        Returns how many pages it was. They are not fetched again, as the register knows that they were removed.
        """
        gone = 0
        with self.step():
            for url in urls:
                key = addresses.key_of(url)
                rows = self._ask("DELETE FROM pages WHERE key = ? OR final = ? OR url = ? RETURNING 1", [key, key, url])
                gone += len(rows)
                self._ask("DELETE FROM requests WHERE url = ?", [url])
            for name in names:
                like = f"%{name}%"
                self._ask("UPDATE pages SET title = NULL WHERE title LIKE ?", [like])
                self._ask("DELETE FROM outbox WHERE body LIKE ? OR body LIKE ?", [like, f"%{json.dumps(name)[1:-1]}%"])
        self._ask("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone


def key_of(entry: Entry) -> str:
    """The key of a page."""
    return addresses.key_of(entry.url)


def _page(row: Sequence[Any]) -> Page:
    key, url, hidden, feed, title, published, *rest = row
    return Page(key, url, bool(hidden), feed, title, date.fromisoformat(published) if published else None, *rest)
