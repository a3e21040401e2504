"""Documents of a register, the words in them, and when they were read. Taken in by ``Register``."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from dragoman.errors import NotFound
from dragoman.model import Record
from dragoman.store import postings, query
from dragoman.store.codes import NUMBER, among, one_of
from dragoman.store.file import Connection
from dragoman.store.intake import numbers_of
from dragoman.store.joining import copies_of
from dragoman.store.passages import passage
from dragoman.store.rows import chunks
from dragoman.store.shapes import EVERYTHING, Filter, Hit, Reading, Searched, StoredDocument

MANY = 50_000  # records asked for above which a search looks at what the best documents tell of, before it looks for all that tell of such
LOOKED_AT = 1_000  # documents that it looks at; where no more hold the words, it always looks at them
DOCUMENT = "number, doc_id, url, outlet, published, title, text, length, digest, version"


class Asked(Protocol):
    """What a register can be asked with SQL of this package."""

    path: Path

    def _connected(self) -> AbstractContextManager[Connection]: ...
    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...
    def _bodies(self, slots: Sequence[int]) -> tuple[Record, ...]: ...
    def _documents(self, numbers: Sequence[int]) -> tuple[StoredDocument, ...]: ...
    def _telling(self, documents: Collection[int], where: Filter) -> tuple[set[int], tuple[int, ...]]: ...
    def _hits(
        self,
        shown: Sequence[int],
        scores: Mapping[int, float],
        words: str,
        total: int | None,
        slots: tuple[int, ...] | None,
    ) -> Searched: ...
    def searched(self, words: str, where: Filter = EVERYTHING, *, limit: int = 20, offset: int = 0) -> Searched: ...
    def count(self, where: Filter = EVERYTHING, *, among: Sequence[int] | None = None) -> int: ...


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
                found |= {n: StoredDocument(*[*row, told.get(n, 0), copies.get(row[0])]) for n, *row in rows}
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
        return self.searched(words, where, limit=limit, offset=offset).hits

    def searched(self: Asked, words: str, where: Filter = EVERYTHING, *, limit: int = 20, offset: int = 0) -> Searched:
        """The same, with the records that they tell of and how many documents there are."""
        page = slice(offset, offset + limit)
        with self._connected() as con:
            found = postings.ranked(con, words)
            every = len(found) <= LOOKED_AT
            if every or (where != EVERYTHING and self.count(where) > MANY):
                best = found.best(LOOKED_AT)
                telling, slots = self._telling(best, where)
                kept = [n for n in best if where == EVERYTHING or n in telling]
                if every:
                    return self._hits(kept[page], best, words, len(kept), slots)
                if len(kept) >= page.stop:
                    return self._hits(kept[page], best, words, None, None)
            if where != EVERYTHING:
                sql, values = query.condition(where)
                held = f"SELECT document FROM holdings WHERE slot IN (SELECT r.slot FROM entries r WHERE {sql})"
                found = found.within(con.execute(held, values).fetchnumpy()["document"])
            best = found.best(max(page.stop, LOOKED_AT))
            some = self._telling(best, where)[1] if len(found) <= LOOKED_AT else None
            return self._hits([*best][page], best, words, len(found), some)

    def _telling(self: Asked, documents: Collection[int], where: Filter) -> tuple[set[int], tuple[int, ...]]:
        """Those of the documents that tell of a record which is asked for, and the slots of these records."""
        held = self._ask(f"SELECT document, slot FROM holdings WHERE {one_of('document', NUMBER)}", [[*documents]])
        sql, values = query.condition(where, among=sorted({slot for _, slot in held}))
        asked = {slot for (slot,) in self._ask(f"SELECT r.slot FROM entries r WHERE {sql}", values)}
        return {document for document, slot in held if slot in asked}, tuple(sorted(asked))

    def _hits(
        self: Asked,
        shown: Sequence[int],
        scores: Mapping[int, float],
        words: str,
        total: int | None,
        slots: tuple[int, ...] | None,
    ) -> Searched:
        """The documents ``shown``, by number."""
        found: dict[int, Hit] = {}
        with self._connected() as con:
            held = con.ask(
                f"SELECT DISTINCT document, slot FROM holdings WHERE {one_of('document', NUMBER)}", [list(shown)]
            )
            mine = sorted({slot for _, slot in held})
            records = dict(zip(mine, self._bodies(mine), strict=True))
            told: dict[int, list[str]] = {number: [] for number in shown}
            for document, slot in held:
                told[document].append(records[slot].id)
            for some in chunks(shown):
                for number, doc_id, outlet, day, title, text in con.ask(
                    f"SELECT number, doc_id, outlet, published, title, coalesce(text, quoted) FROM documents WHERE {among('number', some)}"
                ):
                    found[number] = Hit(
                        doc_id, outlet, day, title, scores[number], passage(text, words), tuple(sorted(told[number]))
                    )
        hits = tuple(found[number] for number in shown)
        return Searched(hits, {r.id: r for r in records.values()}, total, slots)

    def latest(self: Asked) -> date | None:
        """The day of the latest publication; None where no document has one."""
        [[day]] = self._ask("SELECT max(published) FROM documents")
        return day  # type: ignore[no-any-return]
