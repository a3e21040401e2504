"""Records and what hangs on them, written from what joining found. All of it can be dropped and made again to the same rows."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dragoman.merge import rejected
from dragoman.model import Judgement, Record, When
from dragoman.store.codes import NUMBER, code_of, codes_of, one_of, person_code, person_of
from dragoman.store.file import Connection
from dragoman.store.rows import Row, drop, encode, put

MARK = "\x1f"  # between values that stand in one text
LOOSE = 100_000  # rows that may stand out of order
OF_RECORDS = ("records", "entries", "holdings", "legs", "participations")
COMPUTED = ("components", "copies", *OF_RECORDS, "people", "persons")
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


def withdraw(con: Connection, accounts: Iterable[str]) -> set[str]:
    """Take the records of these accounts out; returns the people in them."""
    slots = [
        n for (n,) in con.ask(f"SELECT DISTINCT slot FROM holdings WHERE {one_of('account')}", [codes_of(accounts)])
    ]
    if not slots:
        return set()
    named = con.ask(
        f"SELECT DISTINCT person FROM participations WHERE person IS NOT NULL AND {one_of('slot', NUMBER)}", [slots]
    )
    for table in OF_RECORDS:
        drop(con, table, "slot", slots, NUMBER)
    return {person_of(p) for (p,) in named}


def write(
    con: Connection,
    records: Sequence[Record],
    judged: Sequence[Judgement],
    visits: Mapping[str, str],
    documents: Mapping[str, int],
) -> None:
    """Put records in, with the tables by which they are found.

    Args:
        con: the register.
        records: what joining found.
        judged: judgements over their accounts.
        visits: accounts to those of the visits that they tell of.
        documents: numbers of documents by id.
    """
    by_account: dict[str, list[Judgement]] = {}
    for j in judged:
        by_account.setdefault(j.left, []).append(j)
    given = con.ask("SELECT nextval('slots') FROM range(?)", [len(records)])
    placed = [(slot, r) for (slot,), r in zip(sorted(given), records, strict=True)]
    put(con, "records", [{"slot": slot, "id": code_of(r.id), "body": encode(r)} for slot, r in placed])
    entries = []
    for slot, r in placed:
        out = rejected(r, [j for a in r.accounts for j in by_account.get(a.key, ())])
        entries += [{"slot": slot, **row} for row in entry_rows(r, rejected=out)]
    put(con, "entries", entries)
    held = [(slot, a) for slot, r in placed for a in r.accounts]
    put(
        con,
        "holdings",
        [{"slot": slot, "account": code_of(a.key), "document": documents[a.doc_id]} for slot, a in held],
    )
    put(
        con,
        "legs",
        [
            {"slot": slot, "account": code_of(a.key), "visit": code_of(visits[a.key])}
            for slot, a in held
            if a.key in visits
        ],
    )
    put(con, "participations", [{"slot": slot, **row} for slot, r in placed for row in participation_rows(r)])


def entry_rows(r: Record, *, rejected: bool) -> list[Row]:
    """Rows of entries, but for their slot."""
    shared = _entry(r, rejected=rejected)
    held = [(p.party, p.person, p.office) for p in r.participants]
    rows = [{"under": "", "own": None, "offices": together(o for _, _, o in held if o)}]
    for party in dict.fromkeys(p for p in r.parties if p):
        rows.append({"under": party, "own": None, "offices": together(o for p, _, o in held if o and p == party)})
    for own, person, office in {person: (own, person, office) for own, person, office in held if person}.values():
        rows.append({"under": person, "own": own, "offices": together([office] if office else [])})
    return [row | shared for row in rows]


def _entry(r: Record, *, rejected: bool) -> Row:
    """What all rows of a record have in entries."""
    first, last = day_range(r.date)
    place = r.place
    told = (place.text, place.city, place.venue) if place else ()
    return {
        "id": code_of(r.id),
        "first_day": first,
        "last_day": last,
        "month": first.year * 12 + first.month - 1 if first else None,
        "kind": r.kind,
        "status": r.status,
        "salience": r.salience,
        "city": place.city if place else None,
        "country": place.country if place else None,
        "framework": r.framework,
        "places": " | ".join(t.lower() for t in told if t) or None,
        "heard": " | ".join(dict.fromkeys(w.lower() for w in (*r.sources, *(a.outlet for a in r.accounts)) if w)),
        "parties": together(dict.fromkeys(r.parties)),
        "topics": together(dict.fromkeys(r.topics)),
        "sources": together(dict.fromkeys(r.sources)),
        "sides": len(set(r.parties)),
        "accounts": len(r.accounts),
        "conflicts": len(r.conflicts),
        "rejected": rejected,
    }


def together(values: Iterable[str]) -> str:
    """Values as one text, MARK before, between and after: counted as one and taken apart where few are left."""
    found = [v.replace(MARK, " ") for v in values]
    return MARK.join(["", *found, ""]) if found else ""


def participation_rows(r: Record) -> list[Row]:
    """Rows of participations, but for their slot."""
    return [
        {
            "place": place,
            "person": person_code(p.person) if p.person else None,
            "name": p.name,
            "office": p.office,
            "rank": p.rank,
            "party": p.party,
            "side": p.side,
            "head": p.head,
        }
        for place, p in enumerate(r.participants)
    ]


def arrange(con: Connection, *, whole: bool = False) -> None:
    """Put entries in order of whom they are under and of days, so that a question goes through the rows of its party alone.

    It is done when a quarter of the rows came since it was last done (or with ``whole``), so that it costs each row little.
    """
    there = con.one("SELECT count(*) FROM entries")
    name = "arranged"
    before = int(con.one("SELECT value FROM meta WHERE name = ?", [name]) or 0)
    if not whole and there - before < max(LOOSE, before // 4):
        return
    con.execute("CREATE OR REPLACE TEMP TABLE arranging AS FROM entries ORDER BY under, first_day, id")
    con.execute("DELETE FROM entries")
    con.execute("INSERT INTO entries FROM arranging")
    con.execute("DROP TABLE arranging")
    con.execute("DELETE FROM meta WHERE name = ?", [name])
    con.execute("INSERT INTO meta VALUES (?, ?)", [name, str(there)])
