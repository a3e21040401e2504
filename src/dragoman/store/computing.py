"""Records and what hangs on them, written from what joining found. All of it can be dropped and made again to the same rows."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dragoman.merge import rejected
from dragoman.model import Judgement, Record, When
from dragoman.store.file import Connection
from dragoman.store.rows import Row, drop, encode, put

COMPUTED = ("components", "copies", "records", "holdings", "participations", "conflicts", "people", "persons")
FOUND = ("blocks", "bands", "likenesses", "links", "mentions", "profiles", "sounds")


def day_range(when: When) -> tuple[date | None, date | None]:
    """First and last day that a date may touch; a month or a year is all its days, and what is no date is None."""
    if not when.start:
        return None, None
    try:
        first, last = _days(when.start)
        if when.end:
            last = max(last, _days(when.end)[1])
    except ValueError:
        return None, None
    return first, last


def _days(iso: str) -> tuple[date, date]:
    year, month, day = (int(p) for p in (iso + "-0-0").split("-")[:3])
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)


def first_day(iso: str) -> date:
    """First day of an ISO day, month or year.

    Raises:
        ValueError: it is none of them.
    """
    return _days(iso)[0]


def last_day(iso: str) -> date:
    """Last day of an ISO day, month or year.

    Raises:
        ValueError: it is none of them.
    """
    return _days(iso)[1]


def withdraw(con: Connection, accounts: Iterable[str]) -> list[tuple[str, str]]:
    """Take the records of these accounts out; returns record and account of each, as they were."""
    held = con.ask(
        """SELECT record, account FROM holdings WHERE record IN
        (SELECT record FROM holdings WHERE account IN (SELECT unnest(?::JSON::VARCHAR[])))""",
        [sorted(accounts)],
    )
    ids = {record for record, _ in held}
    drop(con, "records", "id", ids)
    for table in ("holdings", "participations", "conflicts"):
        drop(con, table, "record", ids)
    return held


def write(con: Connection, records: Sequence[Record], judged: Sequence[Judgement], visits: Mapping[str, str]) -> None:
    """Put records in, with the tables by which they are found. ``visits`` maps accounts to those of the visits they tell of."""
    by_account: dict[str, list[Judgement]] = {}
    for j in judged:
        by_account.setdefault(j.left, []).append(j)
    about = {r.id: [j for a in r.accounts for j in by_account.get(a.key, ())] for r in records}
    put(con, "records", [record_row(r, about[r.id], visits) for r in records])
    put(con, "holdings", [{"record": r.id, "account": a.key, "doc_id": a.doc_id} for r in records for a in r.accounts])
    put(con, "participations", [row for r in records for row in participation_rows(r)])
    put(con, "conflicts", [row for r in records for row in conflict_rows(r)])


def record_row(r: Record, judged: Iterable[Judgement], visits: Mapping[str, str]) -> Row:
    """A row of records."""
    first, last = day_range(r.date)
    place = r.place
    told = (place.text, place.city, place.venue) if place else ()
    return {
        "id": r.id,
        "kind": r.kind,
        "status": r.status,
        "salience": r.salience,
        "first_day": first,
        "last_day": last,
        "city": place.city if place else None,
        "country": place.country if place else None,
        "places": " | ".join(t.lower() for t in told if t) or None,
        "parties": list(r.parties),
        "topics": list(r.topics),
        "framework": r.framework,
        "sources": list(r.sources),
        "heard": " | ".join(dict.fromkeys(w.lower() for w in (*r.sources, *(a.outlet for a in r.accounts)) if w)),
        "accounts": len(r.accounts),
        "conflicts": len(r.conflicts),
        "rejected": rejected(r, judged),
        "visits": [{"account": a.key, "visit": visits[a.key]} for a in r.accounts if a.key in visits],
        "body": encode(r),
    }


def participation_rows(r: Record) -> list[Row]:
    """Rows of participations."""
    return [
        {
            "record": r.id,
            "place": place,
            "person": p.person,
            "name": p.name,
            "office": p.office,
            "rank": p.rank,
            "party": p.party,
            "side": p.side,
            "head": p.head,
            "names": list(p.names),
            "accounts": list(p.accounts),
        }
        for place, p in enumerate(r.participants)
    ]


def conflict_rows(r: Record) -> list[Row]:
    """Rows of conflicts, one a value."""
    return [
        {"record": r.id, "field": c.field, "value": value, "accounts": list(accounts)}
        for c in r.conflicts
        for value, accounts in _values(c.values)
    ]


def _values(values: Mapping[str, tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    return sorted(values.items())
