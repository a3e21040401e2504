"""The table of records: one row an engagement. Other tables take their columns on the engagement from here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.model import KINDS, STATUSES, TOPICS, Conflict, Participation, Record
from dragoman.resources import Tools
from dragoman.tables.column import Column, Table
from dragoman.tables.days import days, first_day, last_day

PRECISIONS = ("day", "month", "year")
INDEPENDENT_MANY = 3  # independent accounts from which a record is as sure as it gets without a person's word


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record and what is known beside it."""

    record: Record
    tools: Tools


def people(record: Record) -> list[str]:
    """Participants as "Name (PARTY)", in the order of the record."""
    return [described(p) for p in record.participants if p.name or p.office]


def described(p: Participation) -> str:
    """A participant as "Name (PARTY)"; an unnamed delegation by the words for it."""
    return (p.name or p.office or "") + (f" ({p.party})" if p.party else "")


def confidence(record: Record) -> int:
    """1 to 5: 5 a person accepted it; else 2, 3 or 4 by independent accounts (1, 2, 3 and more), one less with a conflict."""
    if record.accepted:
        return 5
    sure = 1 + min(max(record.independent, 1), INDEPENDENT_MANY)
    return sure - 1 if record.conflicts else sure


def conflict_text(conflict: Conflict) -> str:
    """A conflict in one line: the field, then each value with the number of accounts that give it."""
    told = " | ".join(f"{value} ({len(keys)})" for value, keys in sorted(conflict.values.items()))
    return f"{conflict.field}: {told}"


def outlets(record: Record) -> list[str]:
    """Outlets of the accounts, each once, sorted."""
    return sorted({a.outlet for a in record.accounts if a.outlet})


def urls(record: Record) -> list[str]:
    """Addresses of the accounts, each once, sorted."""
    return sorted({a.url for a in record.accounts if a.url})


def levels(record: Record, tools: Tools) -> list[str | None]:
    """Level of each participant's office."""
    return [tools.levels.of(p.office) for p in record.participants]


def _country(row: RecordRow) -> str | None:
    return row.record.place.country if row.record.place else None


def _year(row: RecordRow) -> int | None:
    day = first_day(row.record.date)
    return day.year if day else None


def _cow(row: RecordRow) -> int | None:
    return row.tools.cow.get(_country(row) or "")


_Columns = tuple[Column[RecordRow], ...]

ACT: _Columns = (
    Column("record_id", "text", "Id of the engagement; the same in every table.", lambda r: r.record.id),
    Column("kind", "text", "What kind of act it is.", lambda r: r.record.kind, KINDS),
    Column("status", "text", "Whether it took place.", lambda r: r.record.status, STATUSES),
    Column("salience", "text", "main: what reports are about; mention: background.", lambda r: r.record.salience, ("main", "mention")),
    Column("part_of", "text", "Id of the visit that it is part of.", lambda r: r.record.part_of),
    Column("start", "text", "First day, or month, or year, as far as it is known.", lambda r: r.record.date.start),
    Column("end", "text", "Last day, where it lasted longer than one.", lambda r: r.record.date.end),
    Column("precision", "text", "How exact start and end are.", lambda r: r.record.date.precision, PRECISIONS),
    Column("date_basis", "text", "text: the report gives the date; published: the day of publication stands for it.", lambda r: r.record.date.basis, ("text", "published")),
    Column("first_day", "day", "First day that start may mean: of a month its first, of a year 1 January.", lambda r: first_day(r.record.date)),
    Column("last_day", "day", "Last day that end (else start) may mean.", lambda r: last_day(r.record.date)),
    Column("days", "integer", "How many days it lasted; empty unless start and end are days.", lambda r: days(r.record.date)),
    Column("year", "integer", "Year of first_day.", _year),
    Column("city", "text", "City where it took place.", lambda r: r.record.place.city if r.record.place else None),
    Column("country", "text", "State where it took place, ISO 3166-1 alpha-3.", _country),
    Column("country_cow", "integer", "The same as Correlates of War country code, where there is one.", _cow),
    Column("venue", "text", "Building or institution where it took place.", lambda r: r.record.place.venue if r.record.place else None),
    Column("place", "text", "The place as written.", lambda r: r.record.place.text if r.record.place else None),
)  # fmt: skip

CONTENT: _Columns = (
    Column("topics", "list", "What it was about, in PLOVER's contexts, most prominent first.", lambda r: list(r.record.topics), TOPICS),
    Column("framework", "text", "Standing body or named event that it belongs to, as written.", lambda r: r.record.framework),
    Column("sources", "list", "Who says so, nearest to the event first, outlets last.", lambda r: list(r.record.sources)),
    Column("outlets", "list", "Outlets of the accounts.", lambda r: outlets(r.record)),
    Column("urls", "list", "Addresses of the accounts.", lambda r: urls(r.record)),
    Column("accounts", "integer", "How many documents tell of it.", lambda r: len(r.record.accounts)),
    Column("independent", "integer", "How many of them do not repeat the wire text of another.", lambda r: r.record.independent),
    Column("conflicts", "list", "Fields in which accounts contradict one another.", lambda r: sorted({c.field for c in r.record.conflicts})),
    Column("conflict_values", "list", "Each contradiction: field, values, and how many accounts give each.", lambda r: sorted(conflict_text(c) for c in r.record.conflicts)),
    Column("confidence", "integer", "5: a person accepted the record; else by independent accounts (one 2, two 3, three or more 4), one less with a conflict.", lambda r: confidence(r.record), ("1", "2", "3", "4", "5")),
    Column("corrected", "list", "Fields that a person has set.", lambda r: list(r.record.corrected)),
    Column("accepted", "truth", "Whether a person has accepted the record as it stands.", lambda r: r.record.accepted),
    Column("evidence", "text", "The words that establish the engagement, as written.", lambda r: r.record.evidence),
)  # fmt: skip

PARTIES: _Columns = (
    Column("parties", "list", "All parties: ISO 3166-1 alpha-3, or the short name of an organisation or side.", lambda r: list(r.record.parties)),
    Column("participants", "list", "People and unnamed delegations, each with its party.", lambda r: people(r.record)),
    Column("levels", "list", "Levels of office present, each once.", lambda r: sorted({x for x in levels(r.record, r.tools) if x}), lambda tools: tools.levels.names),
    Column("highest_level", "text", "The highest of them (see participations.level).", lambda r: r.tools.levels.highest(levels(r.record, r.tools)), lambda tools: tools.levels.names),
)  # fmt: skip


def _rows(record: Record, tools: Tools) -> Iterator[RecordRow]:
    yield RecordRow(record, tools)


RECORDS = Table("records", "One row an engagement.", (*ACT, *PARTIES, *CONTENT), _rows, ("parquet",))
