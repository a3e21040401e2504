"""Counts over many records: what pages show of a register as a whole. Taken in by ``Register``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from dragoman.model import Record, Telling
from dragoman.store import query
from dragoman.store.rows import ACCOUNTS, read_telling
from dragoman.store.shapes import EVERYTHING, Filter

AXES = query.VALUES | {"month": "strftime(r.first_day, '%Y-%m')", "city": "r.city"}
"""What records can be counted by, as SQL over records r."""

OF_HIT = {name: sql.replace("r.", "") for name, sql in AXES.items() if name != "month"}
HIT = """WITH hit AS MATERIALIZED (SELECT r.id, r.kind, r.status, r.framework, r.country, r.city, r.first_day, r.parties, r.topics,
r.sources FROM records r WHERE {sql})"""
ONE_FACET = """(SELECT '{name}' AS f, v, count(*) AS n FROM (SELECT {value} AS v FROM hit) WHERE v IS NOT NULL
GROUP BY v ORDER BY n DESC, v LIMIT ?)"""
BY_MONTH = """(SELECT 'month' AS f, strftime(first_day, '%Y-%m') || '|' || kind AS v, count(*) AS n FROM hit
WHERE first_day IS NOT NULL GROUP BY v)"""
BY_PERSON = """(SELECT 'person' AS f, p.person AS v, count(*) AS n FROM participations p WHERE p.person IS NOT NULL
AND p.record IN (SELECT id FROM hit) GROUP BY p.person ORDER BY n DESC, p.person LIMIT ?)"""
BY_PAIR = """(SELECT 'pair' AS f, a.party || '|' || b.party AS v, count(*) AS n FROM (SELECT id, unnest(parties) AS party FROM hit) a
JOIN (SELECT id, unnest(parties) AS party FROM hit) b ON a.id = b.id AND a.party < b.party GROUP BY v ORDER BY n DESC, v LIMIT ?)"""


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

    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...
    def _bodies(self, numbers: Sequence[int]) -> tuple[Record, ...]: ...


class Overviews:
    """Questions that are answered with counts, or with records found through others."""

    def crossed(self: Asked, by: str, split: str, where: Filter = EVERYTHING) -> tuple[tuple[str, str, int], ...]:
        """Records by two of AXES at once, as (by, split, number), in order; what has no value on one of them is left out."""
        sql, values = query.condition(where)
        rows = self._ask(
            f"""SELECT a::VARCHAR, b::VARCHAR, count(*) FROM (SELECT {AXES[by]} AS a, {AXES[split]} AS b FROM records r WHERE {sql})
            WHERE a IS NOT NULL AND b IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2""",
            values,
        )
        return tuple(rows)

    def narrowing(
        self: Asked, where: Filter = EVERYTHING, *, limit: int, people: bool
    ) -> dict[str, tuple[tuple[str, int], ...]]:
        """Commonest values of FACETS and of city among the records, in one pass, and all months with kind ("2024-05|visit");
        with ``people`` also of person (by id) and of pair ("A|B"), which cost more."""
        sql, values = query.condition(where)
        counted = [ONE_FACET.format(name=name, value=value) for name, value in OF_HIT.items()]
        counted += [BY_PERSON, BY_PAIR] if people else []
        union = " UNION ALL ".join([*counted, BY_MONTH])
        rows = self._ask(f"{HIT.format(sql=sql)} {union}", [*values, *[limit] * len(counted)])
        found: dict[str, list[tuple[str, int]]] = {}
        for name, value, number in rows:
            found.setdefault(name, []).append((value, number))
        return {name: tuple(sorted(some, key=lambda v: (-v[1], v[0]))) for name, some in found.items()}

    def offices(self: Asked, where: Filter, *, party: str | None) -> tuple[tuple[str, str, int], ...]:
        """Offices in the records by year, as (year, office, records); of one party's people, or of all."""
        sql, values = query.condition(where)
        rows = self._ask(
            f"""SELECT year(r.first_day)::VARCHAR, p.office, count(DISTINCT r.id) FROM records r JOIN participations p ON p.record = r.id
            WHERE {sql} AND (?::VARCHAR IS NULL OR p.party = ?) AND p.office IS NOT NULL AND r.first_day IS NOT NULL
            GROUP BY 1, 2 ORDER BY 1, 2""",
            [*values, party, party],
        )
        return tuple(rows)

    def days(self: Asked, where: Filter) -> tuple[date, ...]:
        """First days of the records, each once, in order."""
        sql, values = query.condition(where)
        rows = self._ask(
            f"SELECT DISTINCT r.first_day FROM records r WHERE {sql} AND r.first_day IS NOT NULL ORDER BY 1", values
        )
        return tuple(day for (day,) in rows)

    def active_people(self: Asked, where: Filter = EVERYTHING, *, limit: int = 10) -> tuple[Active, ...]:
        """Those who take part in most of the records."""
        sql, values = query.condition(where)
        if where == EVERYTHING:
            counted, values = "SELECT id AS person, engagements AS n FROM people ORDER BY n DESC, person LIMIT ?", []
        else:
            counted = f"""SELECT p.person, count(*) AS n FROM participations p WHERE p.person IS NOT NULL
            AND p.record IN (SELECT r.id FROM records r WHERE {sql}) GROUP BY p.person ORDER BY n DESC, p.person LIMIT ?"""
        rows = self._ask(
            f"""SELECT t.person, q.name, q.party, t.n FROM ({counted}) t JOIN people q ON q.id = t.person ORDER BY t.n DESC, t.person""",
            [*values, limit],
        )
        return tuple(Active(*row) for row in rows)

    def counterparts(self: Asked, person: str, where: Filter = EVERYTHING, *, limit: int = 30) -> tuple[Active, ...]:
        """Those of other parties who take part in records with the person, by how many."""
        sql, values = query.condition(where)
        rows = self._ask(
            f"""WITH mine AS (SELECT record, party FROM participations WHERE person = ?)
            SELECT p.person, any_value(q.name), any_value(q.party), count(DISTINCT p.record) AS n
            FROM mine JOIN participations p USING (record) JOIN people q ON q.id = p.person JOIN records r ON r.id = p.record
            WHERE {sql} AND p.person <> ? AND p.party IS DISTINCT FROM mine.party GROUP BY p.person ORDER BY n DESC, p.person LIMIT ?""",
            [person, *values, person, limit],
        )
        return tuple(Active(*row) for row in rows)

    def party_ties(self: Asked, where: Filter = EVERYTHING, *, limit: int = 300) -> tuple[Tie, ...]:
        """Pairs of parties by how many records both take part in."""
        sql, values = query.condition(where)
        rows = self._ask(
            f"""WITH one AS (SELECT r.id, unnest(r.parties) AS party FROM records r WHERE {sql} AND len(r.parties) BETWEEN 2 AND 40)
            SELECT a.party, b.party, count(*) AS n FROM one a JOIN one b ON a.id = b.id AND a.party < b.party
            GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT ?""",
            [*values, limit],
        )
        return tuple(Tie(*row) for row in rows)

    def people_ties(
        self: Asked, people: Sequence[str], where: Filter = EVERYTHING, *, limit: int = 2000
    ) -> tuple[Tie, ...]:
        """Pairs among these people, of different parties, by how many records both take part in."""
        sql, values = query.condition(where)
        rows = self._ask(
            f"""WITH one AS (SELECT DISTINCT p.record, p.person, p.party FROM participations p
              WHERE p.person IN (SELECT unnest(?::JSON::VARCHAR[])) AND p.record IN (SELECT r.id FROM records r WHERE {sql}))
            SELECT a.person, b.person, count(DISTINCT a.record) AS n FROM one a JOIN one b
            ON a.record = b.record AND a.person < b.person AND a.party IS DISTINCT FROM b.party
            GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT ?""",
            [list(people), *values, limit],
        )
        return tuple(Tie(*row) for row in rows)

    def towns(self: Asked, where: Filter = EVERYTHING, *, limit: int = 2000) -> tuple[Town, ...]:
        """Cities and states by records; the row without both is what has no place."""
        sql, values = query.condition(where)
        rows = self._ask(
            f"SELECT r.city, r.country, count(*) AS n FROM records r WHERE {sql} GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT ?",
            [*values, limit],
        )
        return tuple(Town(*row) for row in rows)

    def parts(self: Asked, record: Record, *, limit: int = 50) -> tuple[Record, ...]:
        """Records that are part of this one (a visit's meetings), by date."""
        keys = [a.key for a in record.accounts]
        rows = self._ask(
            """SELECT r.rowid FROM records r WHERE NOT r.rejected AND r.id <> ? AND len(r.visits) > 0
            AND list_has_any(list_transform(r.visits, v -> v.visit), ?::JSON::VARCHAR[]) ORDER BY r.first_day, r.id LIMIT ?""",
            [record.id, keys, limit],
        )
        return tuple(r for r in self._bodies([n for (n,) in rows]) if r.part_of == record.id)

    def together(self: Asked, record: Record, *, limit: int = 10) -> tuple[Record, ...]:
        """Other records in which two or more of the same people take part, latest first."""
        people = sorted({p.person for p in record.participants if p.person})
        rows = self._ask(
            """SELECT r.rowid FROM records r JOIN (SELECT record FROM participations WHERE person IN (SELECT unnest(?::JSON::VARCHAR[]))
              GROUP BY record HAVING count(DISTINCT person) > 1) s ON s.record = r.id
            WHERE NOT r.rejected AND r.id <> ? ORDER BY r.first_day DESC NULLS LAST, r.id LIMIT ?""",
            [people, record.id, limit],
        )
        return self._bodies([n for (n,) in rows])

    def by_id(self: Asked, ids: Sequence[str]) -> dict[str, Record]:
        """Records by id, asked for at once; ids that are none are left out."""
        rows = self._ask("SELECT r.rowid FROM records r WHERE r.id IN (SELECT unnest(?::JSON::VARCHAR[]))", [list(ids)])
        return {r.id: r for r in self._bodies([n for (n,) in rows])}

    def told_in(self: Asked, doc_id: str) -> tuple[Told, ...]:
        """All accounts of a document, as they stand in it."""
        rows = self._ask(f"{ACCOUNTS} WHERE a.doc_id = ? ORDER BY a.place", [doc_id])
        home = dict(self._ask("SELECT account, record FROM holdings WHERE doc_id = ?", [doc_id]))
        told = (read_telling(row) for row in rows)
        return tuple(Told(home.get(t.key, ""), t) for t in told)

    def names(self: Asked, people: Sequence[str]) -> dict[str, Active]:
        """People by id."""
        rows = self._ask(
            "SELECT id, name, party, engagements FROM people WHERE id IN (SELECT unnest(?::JSON::VARCHAR[]))",
            [list(people)],
        )
        return {row[0]: Active(*row) for row in rows}

    def weak_links(self: Asked, *, joined: bool, limit: int = 20, offset: int = 0) -> tuple[Doubt, ...]:
        """Links between accounts of one record (``joined``), weakest first, or of two records, strongest first."""
        side, order = ("=", "ASC") if joined else ("<>", "DESC")
        rows = self._ask(
            f"""SELECT l.a, l.b, x.record, y.record, l.score, l.reasons FROM links l
            JOIN holdings x ON x.account = l.a JOIN holdings y ON y.account = l.b
            JOIN records r ON r.id = x.record JOIN records s ON s.id = y.record
            WHERE x.record {side} y.record AND NOT r.rejected AND NOT s.rejected AND NOT EXISTS (SELECT 1 FROM judgements j
              JOIN anchors m ON m.judgement = j.id JOIN anchors n ON n.judgement = j.id AND n.side <> m.side
              WHERE j.withdrawn IS NULL AND m.account = l.a AND n.account = l.b)
            ORDER BY l.score {order}, l.a, l.b LIMIT ? OFFSET ?""",
            [limit, offset],
        )
        return tuple(Doubt(row[0], row[1], row[2], row[3], row[4], tuple(row[5])) for row in rows)
