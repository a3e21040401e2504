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
from dragoman.store import judging, people, query
from dragoman.store.codes import among, is_person, key_of, of_these, person_code, person_of, span_of
from dragoman.store.documents import Documents
from dragoman.store.doubts import Doubts
from dragoman.store.file import Connection, opened, plainly, stopped_after
from dragoman.store.intake import numbers_of
from dragoman.store.overview import Overviews
from dragoman.store.past import items
from dragoman.store.pool import Pool
from dragoman.store.removals import Removals
from dragoman.store.rows import Told, chunks, decode, told_by
from dragoman.store.shapes import EVERYTHING, Filter, HistoryItem, Totals

PAGE = 2000  # records fetched at once where all are wanted
LISTED = 10  # names that a message lists at most


class Register(Frames, Overviews, Documents, Doubts, Removals):
    """A register file, to be asked."""

    def __init__(
        self,
        path: Path | str = "dragoman.duckdb",
        *,
        wait: float = 10.0,
        limit: float | None = None,
        tools: Tools | None = None,
        pool: Pool | None = None,
    ) -> None:
        """``wait`` is how many seconds to try while another process writes, ``limit`` how many the questions of one hold may take;
        ``tools`` and ``pool`` let several registers share what is loaded, and the open file.

        Raises:
            RegisterError: there is no such file, it is no register, or one of another version.
        """
        self.path = Path(path)
        self.wait = wait
        self.limit = limit
        self._tools = tools or Tools()
        self._pool = pool
        self._con: Connection | None = None
        with self.held():
            pass

    @contextmanager
    def held(self) -> Iterator[Register]:
        """All questions within see one state of the file; writers wait until it ends."""
        if self._con is not None:
            yield self
            return
        lent = self._pool.lent() if self._pool else opened(self.path, wait=self.wait)
        with lent as con, stopped_after(con, self.limit):
            self._con = con
            try:
                yield self
            finally:
                self._con = None

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with self.held(), plainly(self.path):
            assert self._con is not None
            yield self._con

    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._connected() as con:
            return con.ask(sql, values)

    def totals(self) -> Totals:
        """How much there is."""
        [row] = self._ask(
            f"""SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM accounts), r.there, (SELECT count(*) FROM people),
            r.contested, (SELECT count(*) FROM judgements), (SELECT count(DISTINCT judgement) FROM anchors WHERE account IS NULL)
            FROM (SELECT count(*) AS there, count(*) FILTER (conflicts > 0) AS contested FROM entries WHERE {query.ALL} AND NOT rejected) r"""
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
                f"SELECT r.slot FROM entries r WHERE {sql} ORDER BY {query.order(sort)} {most} OFFSET ?", asked
            )
            return self._bodies([n for (n,) in rows])

    def each(self, where: Filter = EVERYTHING, *, sort: str = "date") -> Iterator[Record]:
        """The same one after another, for registers that do not fit into memory."""
        sql, values = query.condition(where)
        with self.held():
            rows = self._ask(f"SELECT r.slot FROM entries r WHERE {sql} ORDER BY {query.order(sort)}", values)
            for start in range(0, len(rows), PAGE):
                yield from self._bodies([n for (n,) in rows[start : start + PAGE]])

    def _bodies(self, slots: Sequence[int]) -> tuple[Record, ...]:
        """Records by slot, in that order."""
        with self._connected() as con:
            found = {
                slot: decode(body)
                for some in chunks(slots)
                for slot, body in con.ask(f"SELECT slot, body FROM records WHERE {among('slot', some)}")
            }
            legs = [
                (key_of(account), visit)
                for some in chunks(slots)
                for account, visit in con.ask(f"SELECT account, visit FROM legs WHERE {among('slot', some)}")
            ]
            visits = {account: key_of(visit) for account, visit in legs}
            home = self._homes({visit for _, visit in legs}) if legs else {}
        return tuple(replace(found[n], part_of=part_of(found[n], visits, home)) for n in slots)

    def _homes(self, accounts: Iterable[int]) -> dict[str, str]:
        """Ids of records by key of account; accounts are given by their bits."""
        with self._connected() as con:
            sql, values = of_these("account", set(accounts))
            held = con.ask(f"SELECT account, slot FROM holdings WHERE {sql}", values)
            ids = self._ids({slot for _, slot in held})
            return {key_of(account): ids[slot] for account, slot in held}

    def _ids(self, slots: Iterable[int]) -> dict[int, str]:
        """Ids of records by slot."""
        return {
            slot: key_of(code)
            for some in chunks(slots)
            for slot, code in self._ask(f"SELECT slot, id FROM records WHERE {among('slot', some)}")
        }

    def count(self, where: Filter = EVERYTHING, *, among: Sequence[int] | None = None) -> int:
        """How many records ``where`` asks for; with ``among`` of those slots."""
        sql, values = query.condition(where, among=among)
        [[number]] = self._ask(f"SELECT count(*) FROM entries r WHERE {sql}", values)
        return int(number)

    def facets(self, field: str, where: Filter = EVERYTHING, *, limit: int = 50) -> tuple[tuple[str, int], ...]:
        """Values of one of FACETS among the records, commonest first, with how many records have them."""
        sql, values = query.condition(where)
        counted = query.counted(field, f"entries r WHERE {sql}")
        rows = self._ask(f"SELECT v, n FROM ({counted}) ORDER BY n DESC, v LIMIT ?", [*values, limit])
        return tuple((str(value), int(number)) for value, number in rows)

    def record(self, name: str) -> Record:
        """The record with that id, a unique beginning of it, or the key of one of its accounts.

        Raises:
            NotFound: there is none, or several.
        """
        with self.held():
            return self._bodies([self._named(name)])[0]

    def _named(self, name: str) -> int:
        """Slot of the record that ``name`` names."""
        wanted = span_of(name.strip())
        if wanted is None:
            raise NotFound(f"no record {name!r} in {self.path}; `dragoman list` shows the ids")
        found = self._ask(
            f"SELECT slot, id FROM records WHERE id BETWEEN ?::UBIGINT AND ?::UBIGINT ORDER BY id LIMIT {LISTED + 1}",
            [*wanted],
        )
        if not found:
            found = self._ask(
                "SELECT slot, account FROM holdings WHERE account = ?::UBIGINT AND account = ?::UBIGINT", [*wanted]
            )
        if not found:
            raise NotFound(f"no record {name!r} in {self.path}; `dragoman list` shows the ids")
        if len(found) > 1:
            raise NotFound(f"{name!r} begins several ids: {_some([key_of(i) for _, i in found])}; write more of it")
        return int(found[0][0])

    def people(
        self, words: str | None = None, *, party: str | None = None, limit: int | None = None, offset: int = 0
    ) -> tuple[Person, ...]:
        """People, those with most engagements first; ``words`` must all stand in one of their names."""
        most = "" if limit is None else "LIMIT ?"
        wanted = [f" {w}" for w in folded(words or "")]
        asked = [*["party = ?"] * (party is not None), *["contains(folded, ?)"] * len(wanted)]
        return self._people(
            f"{' AND '.join(asked) or 'true'} ORDER BY engagements DESC, name, id {most} OFFSET ?",
            [*([] if party is None else [party]), *wanted, *([] if limit is None else [limit]), offset],
        )

    def _people(self, condition: str, values: Sequence[Any]) -> tuple[Person, ...]:
        with self._connected() as con:
            numbers = {
                person_of(n): count
                for n, count in con.ask(f"SELECT id, engagements FROM people WHERE {condition}", values)
            }
            entries = {p.id: p for p in people.people(con, numbers, self._tools)}
        return tuple(entries[i] for i in numbers)

    def person(self, name: str) -> Person:
        """The person with that id or name.

        Raises:
            NotFound: there is none, or several; the message lists them.
        """
        with self.held():
            found = self._people("id = ?", [person_code(name)]) if is_person(name) else ()
            if not found and folded(name):
                found = self.people(name, limit=LISTED + 1)
                found = tuple(p for p in found if folded(p.name) == folded(name)) or found
        if len(found) == 1:
            return found[0]
        if found:
            told = _some([f"{p.name} ({', '.join(p.parties) or 'no party'}; {p.id})" for p in found])
            raise NotFound(f"{name!r} is the name of several people: {told}; write the id")
        raise NotFound(f"nobody called {name!r} in {self.path}")

    def _accounts(self, records: Iterable[Record]) -> dict[str, Told]:
        """Accounts of records, by key."""
        keys = {a.key: a.doc_id for r in records for a in r.accounts}
        with self._connected() as con:
            return {t.key: t for t in told_by(con, numbers_of(con, keys.values()).values()) if t.key in keys}

    def tellings(self, record: str | Record) -> tuple[Telling, ...]:
        """What each document tells of the record, by account key; spans and all."""
        with self.held():
            found = self._accounts([self.record(record) if isinstance(record, str) else record])
            return tuple(found[key].telling() for key in sorted(found))

    def claims(self, record: str) -> tuple[Claim, ...]:
        """Every claim of the record's accounts, by account key and field."""
        with self.held():
            return tuple(self.claims_of([self.record(record)]))

    def claims_of(self, records: Sequence[Record]) -> Iterator[Claim]:
        """Claims of many records' accounts, asked for at once: record by record, in each by account key and field."""
        found = self._accounts(records)
        for record in records:
            for key in sorted(a.key for a in record.accounts):
                yield from found[key].claims

    def judgements(self, record: str | Record | None = None) -> tuple[Judgement, ...]:
        """People's judgements, withdrawn ones too, oldest first; all of them, or those on one record."""
        with self._connected() as con:
            if record is None:
                return tuple(judging.read(con))
            one = self.record(record) if isinstance(record, str) else record
            return tuple(judging.about(con, sorted(a.key for a in one.accounts)))

    def unbound(self) -> tuple[Judgement, ...]:
        """Judgements whose account is gone; they hold again when one comes that stands for it."""
        with self._connected() as con:
            return tuple(judging.read(con, where=f"NOT ({judging.BOUND})"))

    def history(self, record: str) -> tuple[HistoryItem, ...]:
        """What happened to a record, oldest first."""
        with self.held():
            one = self.record(record)
            return items(one, self.judgements(one), self.removals(one))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:LISTED]) + (" …" if len(names) > LISTED else "")
