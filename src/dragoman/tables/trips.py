"""The table of trips: one row a leader's journey, in the form of registers of leaders' travel (COLT)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.model import Participation, Record
from dragoman.resources import Tools
from dragoman.tables.column import Column, Table
from dragoman.tables.days import days, first_day
from dragoman.tables.records import RecordRow, confidence, described, urls

HEADS = ("S", "G")  # role codes of heads of state and of government


@dataclass(frozen=True, slots=True)
class TripRow:
    """A leader away from home in one engagement."""

    act: RecordRow
    who: Participation
    role: str

    @property
    def hosts(self) -> list[Participation]:
        """Participants of the state where it took place."""
        place = self.act.record.place
        return [p for p in self.act.record.participants if place and p.party == place.country and p.name]


def _rows(record: Record, tools: Tools) -> Iterator[TripRow]:
    """Leaders in an act that took place, is no part of another, and lies outside their own state."""
    country = record.place.country if record.place else None
    if record.status != "held" or record.part_of or not country or record.kind == "call":
        return
    act = RecordRow(record, tools)
    for who in record.participants:
        level = tools.levels.of(who.office)
        role = tools.levels.trips.get(level or "")
        if who.name and role and who.party != country:
            yield TripRow(act, who, role)


def _yes(value: bool) -> str:
    return "Yes" if value else "not known"


def _met(row: TripRow, *, heads: bool) -> list[Participation]:
    levels = row.act.tools.levels
    return [p for p in row.hosts if (levels.trips.get(levels.of(p.office) or "") in HEADS) == heads]


def _organisations(row: TripRow) -> list[Participation]:
    states = row.act.tools.state_names
    return [p for p in row.act.record.participants if p.name and p.party and p.party not in states and p is not row.who]


def _surname(name: str | None) -> str:
    return (name or "").split()[-1] if name else ""


def _country(row: TripRow) -> str:
    return row.act.record.place.country or "" if row.act.record.place else ""


def _year(row: TripRow) -> int | None:
    day = first_day(row.act.record.date)
    return day.year if day else None


COLUMNS: tuple[Column[TripRow], ...] = (
    Column("TripID", "text", "Id of the engagement, and the person's in it.", lambda r: f"{r.act.record.id}/{r.who.person or r.who.name}"),
    Column("LeaderID", "text", "Id of the person in the authority file.", lambda r: r.who.person),
    Column("LeaderFullName", "text", "Name, fullest form.", lambda r: r.who.name),
    Column("LeaderLastName", "text", "Last part of the name as written; where the family name comes first it is not that.", lambda r: _surname(r.who.name)),
    Column("LeaderTitle", "text", "Office as written.", lambda r: r.who.office),
    Column("LeaderRole", "text", "S head of state, G head of government, V deputy of either, FM foreign, DM defence minister, IGO head of an organisation.", lambda r: r.role, lambda tools: tuple(tools.levels.trips.values())),
    Column("LeaderCountryOrIGO", "text", "Name of the state or organisation that the leader stands for.", lambda r: r.act.tools.state_names.get(r.who.party or "", r.who.party)),
    Column("LeaderCountryISO", "text", "Its ISO 3166-1 alpha-3 code.", lambda r: r.who.party if r.who.party in r.act.tools.state_names else None),
    Column("LeaderCountryCOW", "integer", "Its Correlates of War country code.", lambda r: r.act.tools.cow.get(r.who.party or "")),
    Column("CountryVisited", "text", "Name of the state where it took place.", lambda r: r.act.tools.state_names.get(_country(r), _country(r))),
    Column("CountryVisitedISO", "text", "Its ISO 3166-1 alpha-3 code.", _country),
    Column("CountryVisitedCOW", "integer", "Its Correlates of War country code.", lambda r: r.act.tools.cow.get(_country(r))),
    Column("CityVisited", "text", "City.", lambda r: r.act.record.place.city if r.act.record.place else None),
    Column("TripStartDate", "text", "First day, or month, or year, as far as it is known.", lambda r: r.act.record.date.start),
    Column("TripEndDate", "text", "Last day, or month, or year.", lambda r: r.act.record.date.end or r.act.record.date.start),
    Column("DatePrecision", "text", "How exact the days are.", lambda r: r.act.record.date.precision, ("day", "month", "year")),
    Column("TripDuration", "integer", "Days, where both are known.", lambda r: days(r.act.record.date)),
    Column("TripYear", "integer", "Year of the first day.", _year),
    Column("Kind", "text", "visit, conference, or the meeting that shows that the leader was there.", lambda r: r.act.record.kind),
    Column("MetHostHead", "text", "Whether reports name a head of state or government of the host as present. Silence is not No.", lambda r: _yes(bool(_met(r, heads=True))), ("Yes", "not known")),
    Column("MetHostHeadName", "list", "Their names.", lambda r: [described(p) for p in _met(r, heads=True)]),
    Column("MetOtherHosts", "list", "Others of the host whom reports name.", lambda r: [described(p) for p in _met(r, heads=False)]),
    Column("MetIGOLeader", "list", "People of organisations whom reports name.", lambda r: [described(p) for p in _organisations(r)]),
    Column("MultilateralEvent", "text", "Named event or body, where four parties or more took part.", lambda r: r.act.record.framework if r.act.record.kind == "conference" else None),
    Column("Framework", "text", "Standing body or named event.", lambda r: r.act.record.framework),
    Column("Confidence", "integer", "1 to 5 (see participations.confidence).", lambda r: confidence(r.act.record), ("1", "2", "3", "4", "5")),
    Column("SourceLinks", "list", "Addresses of the accounts.", lambda r: urls(r.act.record)),
    Column("Notes", "text", "Fields in which accounts contradict one another.", lambda r: ", ".join(sorted({c.field for c in r.act.record.conflicts}))),
)  # fmt: skip

TRIPS = Table("trips", "One row for each journey of a leader that reports tell of.", COLUMNS, _rows, ("colt",))
