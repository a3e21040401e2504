"""The table of participations: one row for each person or delegation in an engagement, as registers made by hand have it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dragoman.model import SIDES, Participation, Record
from dragoman.resources import Tools
from dragoman.tables.column import Column, Table
from dragoman.tables.records import ACT, CONTENT, RecordRow, described


@dataclass(frozen=True, slots=True)
class ParticipationRow:
    """One participation. A party that nobody stands for has a row with neither person nor office."""

    act: RecordRow
    who: Participation


def _rows(record: Record, tools: Tools) -> Iterator[ParticipationRow]:
    act = RecordRow(record, tools)
    for who in record.participants:
        yield ParticipationRow(act, who)
    there = {p.party for p in record.participants}
    for party in record.parties:
        if party not in there:
            yield ParticipationRow(act, Participation(None, None, None, None, party, "party", False))


def _others(row: ParticipationRow) -> list[str]:
    """People of the other parties."""
    mine = row.who.party
    return [described(p) for p in row.act.record.participants if p.party != mine and (p.name or p.office)]


def _of_act(value: Callable[[RecordRow], Any]) -> Callable[[ParticipationRow], Any]:
    return lambda row: value(row.act)


def lifted(columns: tuple[Column[RecordRow], ...]) -> tuple[Column[ParticipationRow], ...]:
    """Columns of the engagement as columns of a participation."""
    return tuple(Column(c.name, c.type, c.meaning, _of_act(c.value), c.allowed) for c in columns)


WHO: tuple[Column[ParticipationRow], ...] = (
    Column("person_id", "text", "Id of the person in the authority file; empty for a delegation.", lambda r: r.who.person),
    Column("name", "text", "Name, fullest form, without title or rank; empty for an unnamed delegation, and for a party that nobody named stands for.", lambda r: r.who.name),
    Column("names", "list", "Spellings of the name in the accounts.", lambda r: list(r.who.names)),
    Column("office", "text", "Office (title) as written; of an unnamed delegation the words for it.", lambda r: r.who.office),
    Column("level", "text", "Level of the office, from its words.", lambda r: r.act.tools.levels.of(r.who.office), lambda tools: tools.levels.names),
    Column("rank", "text", "Military rank as written.", lambda r: r.who.rank),
    Column("party", "text", "Whom the person stands for: ISO 3166-1 alpha-3, or the short name of an organisation or side.", lambda r: r.who.party),
    Column("party_name", "text", "Name of that state, in English.", lambda r: r.act.tools.state_names.get(r.who.party or "")),
    Column("party_cow", "integer", "Correlates of War country code of that state, where there is one.", lambda r: r.act.tools.cow.get(r.who.party or "")),
    Column("side", "text", "Part played: host, guest, party where neither is clear, mediator.", lambda r: r.who.side, SIDES),
    Column("head", "truth", "Whether the person is said to lead a delegation.", lambda r: r.who.head),
    Column("counterparts", "list", "People of the other parties, each with its party.", _others),
    Column("counterpart_parties", "list", "The other parties.", lambda r: [p for p in r.act.record.parties if p != r.who.party]),
)  # fmt: skip

PARTICIPATIONS = Table(
    "participations",
    "One row for each person or unnamed delegation in an engagement, and one for each party that nobody named stands for.",
    (*lifted(ACT), *WHO, *lifted(CONTENT)),
    _rows,
    ("csv", "parquet"),
)
