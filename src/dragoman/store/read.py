"""Register: read-only questions to a register file, answered in the model's types.

The file is opened for the length of one question and let go of, so that one process can write while many ask. Where
several questions must see the same state, ask them within :meth:`Register.held`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from dragoman.errors import NotFound
from dragoman.frames import Frames
from dragoman.knowledge.names import folded
from dragoman.merge import part_of
from dragoman.model import Claim, Judgement, Person, Record, Telling
from dragoman.resources import Tools
from dragoman.store import judging, marks, people, postings, query
from dragoman.store.file import Connection, opened, plainly, stopped_after
from dragoman.store.overview import Overviews
from dragoman.store.passages import passage
from dragoman.store.past import items
from dragoman.store.rows import ACCOUNTS, decode, read_claims, read_telling
from dragoman.store.shapes import EVERYTHING, Filter, HistoryItem, Hit, Removal, StoredDocument, Totals

PAGE = 2000  # records fetched at once where all are wanted
LISTED = 10  # names that a message lists at most
DOCUMENTS = """SELECT d.doc_id, d.url, d.outlet, d.published, d.title, d.text, d.length, d.digest, d.version,
(SELECT count(*) FROM accounts a WHERE a.doc_id = d.doc_id), c.original
FROM documents d LEFT JOIN copies c ON c.doc_id = d.doc_id"""


class Register(Frames, Overviews):
    """A register file, to be asked."""

    def __init__(
        self,
        path: Path | str = "dragoman.duckdb",
        *,
        wait: float = 10.0,
        limit: float | None = None,
        tools: Tools | None = None,
    ) -> None:
        """``wait`` is how many seconds to try while another process writes, ``limit`` how many the questions of one hold may take;
        ``tools`` lets several registers share what is loaded.

        Raises:
            RegisterError: there is no such file, it is no register, or one of another version.
        """
        self.path = Path(path)
        self.wait = wait
        self.limit = limit
        self._tools = tools or Tools()
        self._con: Connection | None = None
        with self.held():
            pass

    @contextmanager
    def held(self) -> Iterator[Register]:
        """All questions within see one state of the file; writers wait until it ends."""
        if self._con is not None:
            yield self
            return
        with opened(self.path, wait=self.wait) as con, stopped_after(con, self.limit):
            self._con = con
            try:
                yield self
            finally:
                self._con = None

    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self.held(), plainly(self.path):
            assert self._con is not None
            return self._con.ask(sql, values)

    def totals(self) -> Totals:
        """How much there is."""
        [row] = self._ask(
            """SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM accounts),
            (SELECT count(*) FROM records WHERE NOT rejected), (SELECT count(*) FROM people),
            (SELECT count(*) FROM records WHERE conflicts > 0 AND NOT rejected), (SELECT count(*) FROM judgements),
            (SELECT count(DISTINCT judgement) FROM anchors WHERE account IS NULL)"""
        )
        return Totals(*row)

    def records(
        self, where: Filter = EVERYTHING, *, sort: str = "date", limit: int | None = None, offset: int = 0
    ) -> tuple[Record, ...]:
        """Records that ``where`` asks for; ``sort`` is one of SORTS (undated ones last; equal ones by id)."""
        sql, values = query.condition(where)
        most = "" if limit is None else "LIMIT ?"
        asked = [*values, *([] if limit is None else [limit]), offset]
        with self.held():
            rows = self._ask(
                f"SELECT r.rowid FROM records r WHERE {sql} ORDER BY {query.order(sort)} {most} OFFSET ?", asked
            )
            return self._bodies([n for (n,) in rows])

    def each(self, where: Filter = EVERYTHING, *, sort: str = "date") -> Iterator[Record]:
        """The same one after another, for registers that do not fit into memory."""
        sql, values = query.condition(where)
        with self.held():
            rows = self._ask(f"SELECT r.rowid FROM records r WHERE {sql} ORDER BY {query.order(sort)}", values)
            for start in range(0, len(rows), PAGE):
                yield from self._bodies([n for (n,) in rows[start : start + PAGE]])

    def _bodies(self, numbers: Sequence[int]) -> tuple[Record, ...]:
        """Records by row number, in that order."""
        if not numbers:
            return ()
        found = self._ask(  # a join takes only the parts of the table that hold the rows; IN would go through all of it
            "SELECT r.rowid, r.body, r.visits FROM records r JOIN (SELECT unnest(?::JSON::BIGINT[]) AS n) w ON r.rowid = w.n",
            [list(numbers)],
        )
        visits = {v["account"]: v["visit"] for _, _, several in found for v in several}
        home = dict(
            self._ask(
                "SELECT account, record FROM holdings WHERE account IN (SELECT unnest(?::JSON::VARCHAR[]))",
                [sorted(set(visits.values()))],
            )
            if visits
            else ()
        )
        records = {number: decode(body) for number, body, _ in found}
        return tuple(replace(records[n], part_of=part_of(records[n], visits, home)) for n in numbers)

    def count(self, where: Filter = EVERYTHING) -> int:
        """How many records ``where`` asks for."""
        sql, values = query.condition(where)
        [[number]] = self._ask(f"SELECT count(*) FROM records r WHERE {sql}", values)
        return int(number)

    def facets(self, field: str, where: Filter = EVERYTHING, *, limit: int = 50) -> tuple[tuple[str, int], ...]:
        """Values of one of FACETS among the records, commonest first, with how many records have them."""
        sql, values = query.condition(where)
        rows = self._ask(
            f"""SELECT v, count(*) AS n FROM (SELECT {query.values(field)} AS v FROM records r WHERE {sql})
            WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT ?""",
            [*values, limit],
        )
        return tuple((str(value), int(number)) for value, number in rows)

    def record(self, name: str) -> Record:
        """The record with that id, a unique beginning of it, or the key of one of its accounts.

        Raises:
            NotFound: there is none, or several.
        """
        with self.held():
            return self._bodies([self._named(name)])[0]

    def _named(self, name: str) -> int:
        """Row number of the record that ``name`` names."""
        wanted = name.strip()
        for sql in (
            "SELECT rowid, id FROM records WHERE id = ?",
            "SELECT r.rowid, r.id FROM records r JOIN holdings h ON h.record = r.id WHERE h.account = ?",
            f"SELECT rowid, id FROM records WHERE starts_with(id, ?) ORDER BY id LIMIT {LISTED + 1}",
        ):
            found = self._ask(sql, [wanted]) if wanted else []
            if len(found) == 1:
                return int(found[0][0])
            if found:
                raise NotFound(f"{name!r} begins several ids: {_some([i for _, i in found])}; write more of it")
        raise NotFound(f"no record {name!r} in {self.path}; `dragoman list` shows the ids")

    def people(
        self, words: str | None = None, *, party: str | None = None, limit: int | None = None, offset: int = 0
    ) -> tuple[Person, ...]:
        """People, those with most engagements first; ``words`` must all stand in one of their names."""
        most = "" if limit is None else "LIMIT ?"
        wanted = [f" {w}" for w in folded(words or "")]
        return self._people(
            f"""(?::VARCHAR IS NULL OR party = ?) AND list_bool_and([contains(folded, w) for w in ?::JSON::VARCHAR[]]) IS NOT FALSE
            ORDER BY engagements DESC, name, id {most} OFFSET ?""",
            [party, party, wanted, *([] if limit is None else [limit]), offset],
        )

    def _people(self, condition: str, values: Sequence[Any]) -> tuple[Person, ...]:
        with self.held(), plainly(self.path):
            assert self._con is not None
            numbers = dict(self._ask(f"SELECT id, engagements FROM people WHERE {condition}", values))
            entries = {p.id: p for p in people.people(self._con, numbers, self._tools)}
        return tuple(entries[i] for i in numbers)

    def person(self, name: str) -> Person:
        """The person with that id or name.

        Raises:
            NotFound: there is none, or several; the message lists them.
        """
        with self.held():
            found = self._people("id = ?", [name])
            if not found and folded(name):
                found = self.people(name, limit=LISTED + 1)
                found = tuple(p for p in found if folded(p.name) == folded(name)) or found
        if len(found) == 1:
            return found[0]
        if found:
            told = _some([f"{p.name} ({', '.join(p.parties) or 'no party'}; {p.id})" for p in found])
            raise NotFound(f"{name!r} is the name of several people: {told}; write the id")
        raise NotFound(f"nobody called {name!r} in {self.path}")

    def documents(self, *, limit: int | None = None, offset: int = 0) -> tuple[StoredDocument, ...]:
        """Documents by id."""
        most = "" if limit is None else "LIMIT ?"
        rows = self._ask(
            f"{DOCUMENTS} ORDER BY d.doc_id {most} OFFSET ?", [*([] if limit is None else [limit]), offset]
        )
        return tuple(StoredDocument(*row) for row in rows)

    def document(self, doc_id: str) -> StoredDocument:
        """One document, with its text where texts are kept.

        Raises:
            NotFound: there is none.
        """
        rows = self._ask(f"{DOCUMENTS} WHERE d.doc_id = ?", [doc_id])
        if not rows:
            raise NotFound(f"no document {doc_id!r} in {self.path}")
        return StoredDocument(*rows[0])

    def at(self, name: str) -> tuple[StoredDocument, ...]:
        """The document with that id, or all that were read from that address."""
        rows = self._ask(f"{DOCUMENTS} WHERE d.doc_id = ? OR d.url = ? ORDER BY d.doc_id", [name, name])
        found = tuple(StoredDocument(*row) for row in rows)
        return tuple(d for d in found if d.doc_id == name) or found

    def _accounts(self, record: str) -> list[tuple[Any, ...]]:
        keys = [a.key for a in self.record(record).accounts]
        return self._ask(f"{ACCOUNTS} WHERE a.key IN (SELECT unnest(?::JSON::VARCHAR[])) ORDER BY a.key", [keys])

    def tellings(self, record: str) -> tuple[Telling, ...]:
        """What each document tells of the record, by account key; spans and all."""
        with self.held():
            return tuple(read_telling(row) for row in self._accounts(record))

    def claims(self, record: str) -> tuple[Claim, ...]:
        """Every claim of the record's accounts, by account key and field."""
        with self.held():
            return tuple(claim for row in self._accounts(record) for claim in read_claims(row))

    def claims_of(self, records: Sequence[Record]) -> Iterator[Claim]:
        """Claims of many records' accounts, asked for at once: record by record, in each by account key and field."""
        keys = [a.key for r in records for a in r.accounts]
        found = self._ask(f"{ACCOUNTS} WHERE a.key IN (SELECT unnest(?::JSON::VARCHAR[]))", [keys])
        rows = {row[0]: row for row in found}
        for record in records:
            for key in sorted(a.key for a in record.accounts):
                yield from read_claims(rows[key])

    def judgements(self, record: str | None = None) -> tuple[Judgement, ...]:
        """People's judgements, withdrawn ones too, oldest first; all of them, or those on one record."""
        with self.held(), plainly(self.path):
            assert self._con is not None
            if record is None:
                return tuple(judging.read(self._con))
            keys = sorted(a.key for a in self.record(record).accounts)
            return tuple(judging.about(self._con, keys))

    def unbound(self) -> tuple[Judgement, ...]:
        """Judgements whose account is gone; they hold again when one comes that stands for it."""
        with self.held(), plainly(self.path):
            assert self._con is not None
            return tuple(judging.read(self._con, where=f"NOT ({judging.BOUND})"))

    def history(self, record: str) -> tuple[HistoryItem, ...]:
        """What happened to a record, oldest first."""
        with self.held():
            return items(self.record(record), self.judgements(record), self.removals(record))

    def removals(self, record: str | None = None) -> tuple[Removal, ...]:
        """What was removed on purpose, oldest first; all of it, or from one record."""
        some, values = "", []
        if record is not None:
            some = "WHERE id IN (SELECT removal FROM removed_from WHERE account IN (SELECT unnest(?::JSON::VARCHAR[])))"
            values = [sorted(a.key for a in self.record(record).accounts)]
        rows = self._ask(f"SELECT id, what, said, author, reason FROM removals {some} ORDER BY said, id", values)
        return tuple(Removal(*row) for row in rows)

    def kept_out(self, urls: Iterable[str]) -> set[str]:
        """Those of the addresses whose documents were removed."""
        with self.held(), plainly(self.path):
            assert self._con is not None
            gone = marks.read(self._con)
        return {url for url in urls if gone.has("url", url)} if gone else set()

    def search(self, words: str, where: Filter = EVERYTHING, *, limit: int = 20, offset: int = 0) -> tuple[Hit, ...]:
        """Documents that hold the words, best first; with a filter, only those that tell of a record it asks for."""
        sql, values = query.condition(where)
        some = f"doc_id IN (SELECT doc_id FROM holdings WHERE record IN (SELECT r.id FROM records r WHERE {sql}))"
        wanted, given = (some, values) if where != EVERYTHING else ("true", [])
        with self.held(), plainly(self.path):
            assert self._con is not None
            found = self._ask(
                f"SELECT doc_id, score FROM ({postings.ranked(self._con)}) WHERE {wanted} ORDER BY score DESC, doc_id LIMIT ? OFFSET ?",
                [words, *given, limit, offset],
            )
            return self._hits(dict(found), words)

    def _hits(self, scores: dict[str, float], words: str) -> tuple[Hit, ...]:
        rows = self._ask(
            """SELECT doc_id, outlet, published, title, coalesce(text, quoted) FROM documents
            WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))""",
            [list(scores)],
        )
        told: dict[str, list[str]] = {doc_id: [] for doc_id in scores}
        for doc_id, record in self._ask(
            """SELECT DISTINCT doc_id, record FROM holdings WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))
            ORDER BY doc_id, record""",
            [list(scores)],
        ):
            told[doc_id].append(record)
        hits = {
            doc_id: Hit(doc_id, outlet, day, title, scores[doc_id], passage(text, words), tuple(told[doc_id]))
            for doc_id, outlet, day, title, text in rows
        }
        return tuple(hits[doc_id] for doc_id in scores)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:LISTED]) + (" …" if len(names) > LISTED else "")
