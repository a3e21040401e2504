"""Filters and orders as SQL with parameters; nothing that a caller gives becomes SQL itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dragoman.errors import RegisterError
from dragoman.store.codes import NUMBER, one_of
from dragoman.store.computing import MARK, first_day, last_day
from dragoman.store.shapes import FACETS, SORTS, Filter

ORDERS = {
    "date": "r.first_day ASC NULLS LAST, r.id",
    "-date": "r.first_day DESC NULLS LAST, r.id",
    "id": "r.id",
    "-accounts": "r.accounts DESC, r.first_day ASC NULLS LAST, r.id",
}
VALUES = {
    "kind": "r.kind",
    "status": "r.status",
    "party": "r.parties",
    "topic": "r.topics",
    "framework": "r.framework",
    "country": "r.country",
    "city": "r.city",
    "source": "r.sources",
    "year": "r.month // 12",
    "month": "r.month",
}
"""What records are counted by, as SQL over their entries r."""
COLUMNS = {name: sql.partition(" ")[0] for name, sql in VALUES.items()}
ALL = "under < chr(1)"  # rows of all records, which stand under '': compared with that, DuckDB (1.5) would pass over none of the others
OFFICE = (
    f"r.slot IN (SELECT slot FROM entries WHERE {ALL} AND contains(lower(offices), ?))"  # of anybody who takes part
)
SEVERAL = frozenset(
    {"party", "topic", "source"}
)  # many values in one text, which are taken apart when they are counted


def condition(where: Filter, *, of_people: bool = False, among: Sequence[int] | None = None) -> tuple[str, list[Any]]:
    """The filter as a condition on entries r, and its parameters. It finds each record once, or with ``of_people`` once for
    each of its people, under the person's id; with ``among`` only records of those slots.

    Raises:
        RegisterError: a date is none.
    """
    found = [*(_people(where) if of_people else _under(where)), *_conditions(where)]
    if among is not None:
        found.append((one_of("r.slot", NUMBER), [list(among)]))
    return " AND ".join(sql for sql, _ in found), [v for _, values in found for v in values]


def _under(f: Filter) -> Iterator[tuple[str, list[Any]]]:
    """The rows of a person, of a party, or of all, whichever are fewest."""
    first, *others = (f.person, *f.parties) if f.person else (f.parties or ("",))
    yield ("r.under = ?", [first]) if first else (f"r.{ALL}", [])
    yield from map(_party, others)
    if f.office:
        yield (OFFICE if first else "contains(lower(r.offices), ?)"), [f.office.lower()]


def _people(f: Filter) -> Iterator[tuple[str, list[Any]]]:
    """The rows of people."""
    yield "r.under >= 'p0' AND r.under < 'pg'", []
    yield from map(_party, f.parties)
    if f.person:
        yield "r.slot IN (SELECT slot FROM entries WHERE under = ?)", [f.person]
    if f.office:
        yield OFFICE, [f.office.lower()]


def _party(code: str) -> tuple[str, list[Any]]:
    return "contains(r.parties, ?)", [f"{MARK}{code}{MARK}"]


def _conditions(f: Filter) -> Iterator[tuple[str, list[Any]]]:
    yield "r.rejected = ?", [f.rejected]
    for column, wanted in (("kind", f.kinds), ("status", f.statuses)):
        if wanted:
            yield f"r.{column} IN ({', '.join('?' * len(wanted))})", list(wanted)
    if f.topics:
        held = " OR ".join(["contains(r.topics, ?)"] * len(f.topics))
        yield f"({held})", [f"{MARK}{topic}{MARK}" for topic in f.topics]
    if f.place:
        yield "(r.country = ? OR contains(r.places, ?))", [f.place.upper(), f.place.lower()]
    if f.framework:
        yield "contains(lower(r.framework), ?)", [f.framework.lower()]
    if f.source:
        yield "contains(r.heard, ?)", [f.source.lower()]
    if f.salience:
        yield "r.salience = ?", [f.salience]
    if f.contested is not None:
        yield "(r.conflicts > 0) = ?", [f.contested]
    if f.since:
        yield "r.last_day >= ?", [_day(f.since, first_day)]
    if f.until:
        yield "r.first_day <= ?", [_day(f.until, last_day)]


def counted(field: str, records: str) -> str:
    """SQL that counts values v of one of FACETS in n of ``records``, which is entries r with a condition.

    Values that stand in one text are counted together before they are taken apart: of a million records some thousand are left.

    Raises:
        RegisterError: there is no such facet.
    """
    if field not in VALUES:
        raise RegisterError(f"no facet {field!r}: name one of {', '.join(FACETS)}")
    groups = f"SELECT {VALUES[field]} AS v, count(*) AS n FROM {records} GROUP BY ALL"
    if field in SEVERAL:
        return (
            f"SELECT v, sum(n)::BIGINT AS n FROM (SELECT {apart('v')} AS v, n FROM ({groups}) WHERE v <> '') GROUP BY v"
        )
    return f"SELECT v::VARCHAR AS v, n FROM ({groups}) WHERE v IS NOT NULL"


def apart(column: str) -> str:
    """SQL for a row of each value that stands in the texts of a column."""
    return f"unnest(string_split(trim({column}, '{MARK}'), '{MARK}'))"


def _day(text: str, bound: Any) -> Any:
    try:
        return bound(text)
    except ValueError:
        raise RegisterError(
            f"{text!r} is no date: write a day, a month or a year, as 2024-12-03, 2024-12 or 2024"
        ) from None


def order(sort: str) -> str:
    """The order as SQL.

    Raises:
        RegisterError: there is no such order.
    """
    if sort not in ORDERS:
        raise RegisterError(f"no order {sort!r}: name one of {', '.join(SORTS)}")
    return ORDERS[sort]
