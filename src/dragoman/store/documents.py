"""Documents of a register, the words in them, and when they were read. Taken in by ``Register``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from dragoman.errors import NotFound
from dragoman.model import Record
from dragoman.store import pages, postings, query
from dragoman.store.codes import NUMBER, among, one_of
from dragoman.store.file import Connection
from dragoman.store.intake import numbers_of
from dragoman.store.joining import copies_of
from dragoman.store.passages import passage
from dragoman.store.rows import chunks
from dragoman.store.shapes import EVERYTHING, Filter, Hit, Reading, StoredDocument

MANY = 20_000  # records asked for above which a search looks at the best documents before it looks at all
LOOKED_AT = 1_000  # of them
DOCUMENT = "number, doc_id, url, outlet, published, title, text, length, digest, version, author, language, original"
SOURCE = 3  # of these, the last ones


class Asked(Protocol):
    """What a register can be asked with SQL of this package."""

    path: Path

    def _connected(self) -> AbstractContextManager[Connection]: ...
    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...
    def _ids(self, slots: Iterable[int]) -> dict[int, str]: ...
    def _documents(self, numbers: Sequence[int]) -> tuple[StoredDocument, ...]: ...
    def _hits(self, scores: dict[int, float], words: str) -> tuple[Hit, ...]: ...
    def count(self, where: Filter = EVERYTHING) -> int: ...


class Documents:
    """Questions about documents."""

    def documents(self: Asked, *, limit: int | None = None, offset: int = 0) -> tuple[StoredDocument, ...]:
        """Documents by id."""
        most = "" if limit is None else "LIMIT ?"
        asked = [*([] if limit is None else [limit]), offset]
        with self._connected() as con:
            return self._documents(
                [n for (n,) in con.ask(f"SELECT number FROM documents ORDER BY doc_id {most} OFFSET ?", asked)]
            )

    def _documents(self: Asked, numbers: Sequence[int]) -> tuple[StoredDocument, ...]:
        """Documents by number, in that order."""
        found: dict[int, StoredDocument] = {}
        with self._connected() as con:
            for some in chunks(numbers):
                rows = con.ask(f"SELECT {DOCUMENT} FROM documents WHERE {among('number', some)}")
                told = dict(
                    con.ask(
                        f"SELECT document, count(*) FROM accounts WHERE {among('document', some)} GROUP BY document"
                    )
                )
                copies = copies_of(con, [row[1] for row in rows])
                whole = pages.kept(con, some)
                found |= {
                    n: StoredDocument(*[*row[:-SOURCE], told.get(n, 0), copies.get(row[0]), *row[-SOURCE:], n in whole])
                    for n, *row in rows
                }
        return tuple(found[n] for n in numbers)

    def document(self: Asked, doc_id: str) -> StoredDocument:
        """One document, with its text where texts are kept.

        Raises:
            NotFound: there is none.
        """
        with self._connected() as con:
            found = self._documents([*numbers_of(con, [doc_id]).values()])
        if not found:
            raise NotFound(f"no document {doc_id!r} in {self.path}")
        return found[0]

    def page(self: Asked, doc_id: str) -> bytes:
        """The page or PDF that a document's text was taken from, as it came.

        Raises:
            NotFound: there is no such document, or it is not kept.
        """
        with self._connected() as con:
            numbers = [*numbers_of(con, [doc_id]).values()]
            if not numbers:
                raise NotFound(f"no document {doc_id!r} in {self.path}")
            found = pages.page(con, numbers[0])
        if found is None:
            raise NotFound(f"the page of {doc_id!r} is not kept in {self.path} (`dragoman read --keep-pages`)")
        return found

    def trail(self: Asked) -> tuple[Reading, ...]:
        """What was done to the register and when, oldest first: batches of documents read, rebuilding."""
        rows = self._ask("SELECT number, said, what, version, detail FROM trail ORDER BY number")
        return tuple(Reading(*[*row, json.loads(detail)]) for *row, detail in rows)

    def reading(self: Asked, doc_id: str) -> Reading | None:
        """When and by what a document was read; None where there is no such document."""
        with self._connected() as con:
            rows = [
                row
                for number in numbers_of(con, [doc_id]).values()
                for row in con.ask(
                    f"""SELECT number, said, what, version, detail FROM trail
                    WHERE number = (SELECT reading FROM documents WHERE {among("number", [number])})"""
                )
            ]
        return Reading(*[*rows[0][:4], json.loads(rows[0][4])]) if rows else None

    def documents_of(self: Asked, record: Record) -> dict[str, StoredDocument]:
        """The documents of a record's accounts, by id."""
        with self._connected() as con:
            found = self._documents([*numbers_of(con, {a.doc_id for a in record.accounts}).values()])
        return {d.doc_id: d for d in found}

    def search(
        self: Asked, words: str, where: Filter = EVERYTHING, *, limit: int = 20, offset: int = 0
    ) -> tuple[Hit, ...]:
        """Documents that hold the words, best first, of equal ones the one read last; with a filter, only those that tell of a
        record it asks for."""
        with self._connected() as con:
            ranked, terms = postings.ranked(con, words)
            best = f"SELECT number, score FROM ({ranked}) {{}} ORDER BY score DESC, number DESC LIMIT ? OFFSET ?"
            if where == EVERYTHING:
                return self._hits(dict(con.ask(best.format(""), [*terms, limit, offset])), words)
            sql, values = query.condition(where)
            if self.count(where) > MANY:  # then some of the best tell of such a record, more likely than not
                first = dict(con.ask(best.format(""), [*terms, LOOKED_AT, 0]))
                telling = con.ask(
                    f"""SELECT DISTINCT document FROM holdings WHERE {one_of("document", NUMBER)}
                    AND slot IN (SELECT r.slot FROM entries r WHERE {sql})""",
                    [list(first), *values],
                )
                kept = {n: first[n] for n in first if n in {t for (t,) in telling}}
                if len(kept) >= offset + limit or len(first) < LOOKED_AT:
                    return self._hits(dict([*kept.items()][offset : offset + limit]), words)
            some = f"WHERE number IN (SELECT document FROM holdings WHERE slot IN (SELECT r.slot FROM entries r WHERE {sql}))"
            return self._hits(dict(con.ask(best.format(some), [*terms, *values, limit, offset])), words)

    def _hits(self: Asked, scores: dict[int, float], words: str) -> tuple[Hit, ...]:
        hits: dict[int, Hit] = {}
        with self._connected() as con:
            held = con.ask(
                f"SELECT DISTINCT document, slot FROM holdings WHERE {one_of('document', NUMBER)}", [list(scores)]
            )
            ids = self._ids({slot for _, slot in held})
            told: dict[int, list[str]] = {number: [] for number in scores}
            for document, slot in held:
                told[document].append(ids[slot])
            for some in chunks(scores):
                for number, doc_id, outlet, day, title, text in con.ask(
                    f"SELECT number, doc_id, outlet, published, title, coalesce(text, quoted) FROM documents WHERE {among('number', some)}"
                ):
                    hits[number] = Hit(
                        doc_id, outlet, day, title, scores[number], passage(text, words), tuple(sorted(told[number]))
                    )
        return tuple(hits[number] for number in scores)
