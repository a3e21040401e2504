"""Counts over many records: what pages show of a register as a whole. Taken in by ``Register``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from dragoman.model import Record, Telling
from dragoman.store import query
from dragoman.store.codes import (
    NUMBER,
    TEXT,
    among,
    code_of,
    codes_of,
    key_of,
    of_these,
    one_of,
    person_code,
    person_of,
)
from dragoman.store.file import Connection
from dragoman.store.intake import numbers_of
from dragoman.store.rows import chunks, told_by
from dragoman.store.shapes import EVERYTHING, Filter

COUNTED = ("kind", "status", "party", "topic", "framework", "country", "source", "year", "city")  # beside a list
FEW, SOME = 250, 6_000  # records up to which their people are found by an index, and by going through participations
MANY = 50_000  # records above which each of their columns is gone through by itself
PAIRS = """WITH g AS (SELECT parties AS v, count(*) AS n FROM {records} AND r.sides BETWEEN 2 AND 40 GROUP BY ALL),
one AS (SELECT v, n, {apart} AS party FROM g)
SELECT a.party AS a, b.party AS b, sum(a.n)::BIGINT AS n FROM one a JOIN one b ON a.v = b.v AND a.party < b.party GROUP BY ALL"""


@dataclass(frozen=True, slots=True)
class Tie:
    """Two people, or two parties, and how many records both take part in; ``left`` sorts before ``right``."""

    left: str
    right: str
    records: int


@dataclass(frozen=True, slots=True)
class Active:
    """Somebody in the authority file, with the number of records asked for that they take part in."""

    id: str
    name: str
    party: str | None
    records: int


@dataclass(frozen=True, slots=True)
class Town:
    """A place and its records; ``city`` and ``country`` are None where no record says."""

    city: str | None
    country: str | None
    records: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two accounts that may or may not tell of one act: their records, the score of the link, and what speaks for it."""

    left: str
    right: str
    left_record: str
    right_record: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An account of a document, and the record that it is part of."""

    record: str
    telling: Telling


class Asked(Protocol):
    """What a register can be asked with SQL of this package."""

    def _connected(self) -> AbstractContextManager[Connection]: ...
    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...
    def _bodies(self, slots: Sequence[int]) -> tuple[Record, ...]: ...
    def _homes(self, accounts: Iterable[int]) -> dict[str, str]: ...
    def count(self, where: Filter = EVERYTHING, *, among: Sequence[int] | None = None) -> int: ...
    def active_people(
        self, where: Filter = EVERYTHING, *, party: str | None = None, limit: int = 10
    ) -> tuple[Active, ...]: ...
    def people_ties(
        self, people: Sequence[str], where: Filter = EVERYTHING, *, limit: int = 2000
    ) -> tuple[Tie, ...]: ...
    def _taking_part(self, where: Filter, limit: int, among: Sequence[int] | None = None) -> list[tuple[str, int]]: ...
    def _active(self, counted: Sequence[tuple[str, int]]) -> tuple[Active, ...]: ...
    def names(self, people: Sequence[str]) -> dict[str, Active]: ...
    def _dated(self, slots: Sequence[int], limit: int, sort: str) -> tuple[Record, ...]: ...


class Overviews:
    """Questions that are answered with counts, or with records found through others."""

    def rhythm(self: Asked, where: Filter = EVERYTHING) -> tuple[tuple[str, str, int], ...]:
        """Records by month and kind, as ("2024-05", kind, number), in order; the undated are left out."""
        sql, values = query.condition(where)
        rows = self._ask(
            f"SELECT r.month, r.kind, count(*) FROM entries r WHERE {sql} AND r.month IS NOT NULL GROUP BY ALL ORDER BY ALL",
            values,
        )
        return tuple((f"{month // 12:04d}-{month % 12 + 1:02d}", kind, number) for month, kind, number in rows)

    def narrowing(
        self: Asked,
        where: Filter = EVERYTHING,
        *,
        fields: Sequence[str] = COUNTED,
        limit: int,
        people: bool,
        among: Sequence[int] | None = None,
    ) -> dict[str, tuple[tuple[str, int], ...]]:
        """Commonest values of ``fields`` among the records; with ``people`` also of person (by id) and of pair ("A|B"), which
        cost more; with ``among`` only of the records of those slots."""
        sql, values = query.condition(where, among=among)
        records, laid = f"entries r WHERE {sql}", ""
        if (
            self.count(where, among=among) <= MANY
        ):  # their values are laid aside once; of more, each column is sooner gone through by itself
            columns = ", ".join(sorted({query.COLUMNS[f] for f in (*fields, "party")}))
            laid = f"WITH hit AS MATERIALIZED (SELECT r.sides, {columns} FROM {records}) "
            records = "hit r WHERE true"
        counts = {f: query.counted(f, records) for f in fields}
        if people:
            pairs = PAIRS.format(records=records, apart=query.apart("v"))
            counts["pair"] = f"SELECT a || '|' || b AS v, n FROM ({pairs})"
        parts = [f"(SELECT '{f}' AS f, v, n FROM ({sql}) ORDER BY n DESC, v LIMIT ?)" for f, sql in counts.items()]
        questions = [(part, [*values, limit]) for part in parts]
        if laid:
            questions = [(laid + " UNION ALL ".join(parts), [*values, *[limit] * len(parts)])]
        found: dict[str, list[tuple[str, int]]] = {"person": self._taking_part(where, limit, among)} if people else {}
        for question, given in questions:
            for name, value, number in self._ask(question, given):
                found.setdefault(name, []).append((value, number))
        return {name: tuple(sorted(some, key=lambda v: (-v[1], v[0]))) for name, some in found.items()}

    def offices(self: Asked, where: Filter) -> tuple[tuple[str, str, int], ...]:
        """Appearances of office-holders by year, as (year, office, number): of the parties that are asked for, else of all."""
        found: Counter[tuple[str, str]] = Counter()
        for party in where.parties or ("",):
            own = replace(where, parties=tuple(dict.fromkeys((party, *where.parties)))) if party else where
            sql, values = query.condition(own)
            rows = self._ask(
                f"""SELECT year::VARCHAR, v, sum(n)::BIGINT FROM (SELECT year, {query.apart("held")} AS v, n FROM (SELECT r.month // 12 AS year,
                r.offices AS held, count(*) AS n FROM entries r WHERE {sql} AND r.month IS NOT NULL GROUP BY ALL) WHERE held <> '')
                GROUP BY ALL""",
                values,
            )
            found.update({(year, office): number for year, office, number in rows})
        return tuple((year, office, number) for (year, office), number in sorted(found.items()))

    def days(self: Asked, where: Filter) -> tuple[date, ...]:
        """First days of the records, each once, in order."""
        sql, values = query.condition(where)
        rows = self._ask(
            f"SELECT DISTINCT r.first_day FROM entries r WHERE {sql} AND r.first_day IS NOT NULL ORDER BY 1", values
        )
        return tuple(day for (day,) in rows)

    def active_people(
        self: Asked, where: Filter = EVERYTHING, *, party: str | None = None, limit: int = 10
    ) -> tuple[Active, ...]:
        """Those who take part in most of the records; with ``party`` only those whom it sends."""
        own = Filter(parties=(party,)) if party else EVERYTHING
        if where == own:  # all that they take part in, which is counted already
            rows = self._ask(
                f"""SELECT id, name, party, engagements FROM people WHERE {"party = ?" if party else "true"}
                ORDER BY engagements DESC, id LIMIT ?""",
                [*([party] if party else []), limit],
            )
            return tuple(Active(person_of(who), *rest) for who, *rest in rows)
        if not party:
            return self._active(self._taking_part(where, limit))
        sql, values = query.condition(where, of_people=True)
        counted = self._ask(
            f"SELECT r.under, count(*) AS n FROM entries r WHERE {sql} AND r.own = ? GROUP BY r.under ORDER BY n DESC, r.under LIMIT ?",
            [*values, party, limit],
        )
        return self._active(counted)

    def _taking_part(
        self: Asked, where: Filter, limit: int, among: Sequence[int] | None = None
    ) -> list[tuple[str, int]]:
        """People by in how many of the records they take part. Of many records through the rows of all people, of few through
        the records' own, whichever is read sooner."""
        total = self.count(where, among=among)
        if total > SOME:
            sql, values = query.condition(where, of_people=True, among=among)
            counted = f"SELECT r.under, count(*) AS n FROM entries r WHERE {sql} GROUP BY r.under ORDER BY n DESC, r.under LIMIT ?"
            return [*self._ask(counted, [*values, limit])]
        sql, values = query.condition(where, among=among)
        slots = f"SELECT r.slot FROM entries r WHERE {sql}"
        if total <= FEW:
            slots, values = ",".join(str(slot) for (slot,) in self._ask(slots, values)), []
        rows = self._ask(
            f"""SELECT person, count(DISTINCT slot) AS n FROM participations WHERE person IS NOT NULL AND slot IN ({slots or "NULL"})
            GROUP BY person ORDER BY n DESC, person LIMIT ?""",
            [*values, limit],
        )
        return [(person_of(who), number) for who, number in rows]

    def _active(self: Asked, counted: Sequence[tuple[str, int]]) -> tuple[Active, ...]:
        """People with numbers of records, by id, with their names."""
        names = self.names([who for who, _ in counted])
        return tuple(replace(names[who], records=number) for who, number in counted if who in names)

    def counterparts(self: Asked, person: str, where: Filter = EVERYTHING, *, limit: int = 30) -> tuple[Active, ...]:
        """Those of other parties who take part in records with the person, by how many."""
        sql, values = query.condition(replace(where, person=person))
        mine = dict(self._ask(f"SELECT r.slot, r.own FROM entries r WHERE {sql}", values))
        met = Counter[str]()
        for some in chunks(mine):
            rows = self._ask(
                f"SELECT DISTINCT slot, person, party FROM participations WHERE person IS NOT NULL AND {among('slot', some)}"
            )
            with_others = {(slot, who) for slot, who, party in rows if party != mine[slot]}
            met.update(person_of(who) for _, who in with_others)
        del met[person]
        return self._active(sorted(met.items(), key=lambda m: (-m[1], m[0]))[:limit])

    def network(
        self: Asked, where: Filter = EVERYTHING, *, most: int = 300, ties: int = 2000
    ) -> tuple[tuple[Active, ...], tuple[Tie, ...], bool]:
        """The ``most`` people that take part in most of the records, pairs among them of different parties by how many records
        both take part in, and whether there are further people. The records' people are gone through once."""
        if where == EVERYTHING:  # how many they take part in is counted already
            people = self.active_people(limit=most + 1)
            return people[:most], self.people_ties([p.id for p in people[:most]], limit=ties), len(people) > most
        sql, values = query.condition(where, of_people=True)
        rows = self._ask(
            f"""WITH one AS MATERIALIZED (SELECT r.slot, r.under, r.own FROM entries r WHERE {sql}),
            first AS MATERIALIZED (SELECT under, count(*) AS n FROM one GROUP BY under ORDER BY n DESC, under LIMIT ?),
            kept AS MATERIALIZED (SELECT one.* FROM one SEMI JOIN (FROM first ORDER BY n DESC, under LIMIT ?) f ON f.under = one.under)
            (SELECT under, NULL, n FROM first) UNION ALL (SELECT a.under, b.under, count(*) AS n FROM kept a JOIN kept b
            ON a.slot = b.slot AND a.under < b.under AND a.own IS DISTINCT FROM b.own GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT ?)""",
            [*values, most + 1, most, ties],
        )
        counted = sorted(((who, n) for who, other, n in rows if other is None), key=lambda c: (-c[1], c[0]))
        tied = sorted((Tie(*row) for row in rows if row[1] is not None), key=lambda t: (-t.records, t.left, t.right))
        return self._active(counted[:most]), tuple(tied), len(counted) > most

    def party_ties(self: Asked, where: Filter = EVERYTHING, *, limit: int = 300) -> tuple[Tie, ...]:
        """Pairs of parties by how many records both take part in."""
        sql, values = query.condition(where)
        pairs = PAIRS.format(records=f"entries r WHERE {sql}", apart=query.apart("v"))
        rows = self._ask(f"SELECT a, b, n FROM ({pairs}) ORDER BY n DESC, a, b LIMIT ?", [*values, limit])
        return tuple(Tie(*row) for row in rows)

    def people_ties(
        self: Asked, people: Sequence[str], where: Filter = EVERYTHING, *, limit: int = 2000
    ) -> tuple[Tie, ...]:
        """Pairs among these people, of different parties, by how many records both take part in."""
        sql, values = query.condition(where, of_people=True)
        rows = self._ask(
            f"""WITH one AS MATERIALIZED (SELECT r.slot, r.under, r.own FROM entries r WHERE {sql} AND {one_of("r.under", TEXT)})
            SELECT a.under, b.under, count(*) AS n FROM one a JOIN one b
            ON a.slot = b.slot AND a.under < b.under AND a.own IS DISTINCT FROM b.own
            GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT ?""",
            [*values, sorted(people), limit],
        )
        return tuple(Tie(*row) for row in rows)

    def towns(self: Asked, where: Filter = EVERYTHING, *, limit: int = 2000) -> tuple[Town, ...]:
        """Cities and states by records; the row without both is what has no place."""
        sql, values = query.condition(where)
        rows = self._ask(
            f"SELECT r.city, r.country, count(*) AS n FROM entries r WHERE {sql} GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT ?",
            [*values, limit],
        )
        return tuple(Town(*row) for row in rows)

    def parts(self: Asked, record: Record, *, limit: int = 50) -> tuple[Record, ...]:
        """Records that are part of this one (a visit's meetings), by date."""
        slots = self._ask(
            f"SELECT DISTINCT slot FROM legs WHERE {one_of('visit')}", [codes_of(a.key for a in record.accounts)]
        )
        return tuple(r for r in self._dated([n for (n,) in slots], limit, "date") if r.part_of == record.id)

    def _dated(self: Asked, slots: Sequence[int], limit: int, sort: str) -> tuple[Record, ...]:
        """The first of some records that nobody has rejected, in order of ``sort``."""
        if not slots:
            return ()
        rows = self._ask(
            f"SELECT r.slot FROM entries r WHERE r.{query.ALL} AND NOT r.rejected AND {one_of('r.slot', NUMBER)} ORDER BY {query.order(sort)} LIMIT ?",
            [list(slots), limit],
        )
        return self._bodies([n for (n,) in rows])

    def together(self: Asked, record: Record, *, limit: int = 10) -> tuple[Record, ...]:
        """Other records in which two or more of the same people take part, latest first."""
        people = sorted({p.person for p in record.participants if p.person})
        if len(people) < 2:
            return ()
        marks = ", ".join("?" * len(people))
        rows = self._ask(
            f"""SELECT slot FROM entries WHERE under IN ({marks}) AND NOT rejected GROUP BY slot, id, first_day HAVING count(*) > 1
            ORDER BY first_day DESC NULLS LAST, id LIMIT ?""",
            [*people, limit + 1],
        )
        return tuple(r for r in self._bodies([n for (n,) in rows]) if r.id != record.id)[:limit]

    def by_id(self: Asked, ids: Sequence[str]) -> dict[str, Record]:
        """Records by id, asked for at once; ids that are none are left out."""
        sql, values = of_these("id", {code_of(i) for i in ids})
        rows = self._ask(f"SELECT slot FROM records WHERE {sql}", values)
        return {r.id: r for r in self._bodies([n for (n,) in rows])}

    def told_in(self: Asked, doc_id: str) -> tuple[Told, ...]:
        """All accounts of a document, as they stand in it."""
        with self._connected() as con:
            found = sorted(told_by(con, numbers_of(con, [doc_id]).values()), key=lambda t: t.place)
            home = self._homes(code_of(t.key) for t in found)
        return tuple(Told(home.get(t.key, ""), t.telling()) for t in found)

    def names(self: Asked, people: Sequence[str]) -> dict[str, Active]:
        """People by id."""
        found: dict[str, Active] = {}
        for some in chunks(map(person_code, people)):
            rows = self._ask(  # rows are found by number first: names of all are else read, only to be left again
                f"SELECT id, name, party, engagements FROM people WHERE rowid IN (SELECT rowid FROM people WHERE {among('id', some)})"
            )
            found |= {person_of(who): Active(person_of(who), *rest) for who, *rest in rows}
        return found

    def weak_links(self: Asked, *, joined: bool, limit: int = 20, offset: int = 0) -> tuple[Doubt, ...]:
        """Links between accounts of one record (``joined``), weakest first, or of two records, strongest first and of each two
        records only the strongest."""
        side, order = ("=", "ASC") if joined else ("<>", "DESC")
        once = (
            ""
            if joined
            else (
                "QUALIFY row_number() OVER (PARTITION BY least(x.slot, y.slot), greatest(x.slot, y.slot) ORDER BY l.score DESC, l.a, l.b) = 1"
            )
        )
        rows = self._ask(
            f"""SELECT l.a, l.b, l.score, l.reasons FROM links l
            JOIN holdings x ON x.account = l.a JOIN holdings y ON y.account = l.b
            WHERE x.slot {side} y.slot AND x.slot NOT IN (SELECT slot FROM entries WHERE {query.ALL} AND rejected)
            AND y.slot NOT IN (SELECT slot FROM entries WHERE {query.ALL} AND rejected) AND NOT EXISTS (SELECT 1 FROM judgements j
              JOIN anchors m ON m.judgement = j.id JOIN anchors n ON n.judgement = j.id AND n.side <> m.side
              WHERE j.withdrawn IS NULL AND m.account = printf('%016x', l.a) AND n.account = printf('%016x', l.b))
            {once} ORDER BY l.score {order}, l.a, l.b LIMIT ? OFFSET ?""",
            [limit, offset],
        )
        home = self._homes({k for row in rows for k in row[:2]}) if rows else {}
        return tuple(
            Doubt(left, right, home[left], home[right], score, tuple(reasons))
            for left, right, score, reasons in ((key_of(a), key_of(b), s, r) for a, b, s, r in rows)
        )
