"""Contexts of the pages that show many records at once: person, party, pair, timeline, network, map, review, comparison."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.compare import Comparison
from dragoman.compare import report as compared
from dragoman.model import Judgement, Person
from dragoman.store.overview import Active, Tie, Town
from dragoman.web.contexts import Entry, Grid, Row, Share, entry_rows


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without a dated record: the last day before and the first after it."""

    last: str
    next: str
    days: int


@dataclass(frozen=True, slots=True)
class PersonShown:
    """Somebody: offices over time as read, diary, whom they met."""

    title: str
    person: Person
    rhythm: Grid
    total: int
    diary: tuple[Entry, ...]
    counterparts: tuple[Active, ...]
    page: int
    further: bool

    def rows(self) -> Iterator[Row]:
        """The diary."""
        yield from entry_rows(self.diary)


@dataclass(frozen=True, slots=True)
class PartyShown:
    """A party, or a pair of parties: rhythm by kind, level of office, topics, frameworks, gaps, people, newest records."""

    title: str
    parties: tuple[str, ...]
    total: int
    rhythm: Grid
    levels: Grid
    topics: tuple[Share, ...]
    frameworks: tuple[Share, ...]
    gaps: tuple[Gap, ...]
    partners: tuple[Share, ...]
    people: tuple[Active, ...]
    newest: tuple[Entry, ...]

    def rows(self) -> Iterator[Row]:
        """Records by year and kind."""
        yield from self.rhythm.rows("year")


@dataclass(frozen=True, slots=True)
class Parties:
    """Parties by records, and pairs of them."""

    title: str
    parties: tuple[Share, ...]
    pairs: tuple[Tie, ...]

    def rows(self) -> Iterator[Row]:
        """The pairs."""
        yield ("party", "other", "records")
        for t in self.pairs:
            yield (t.left, t.right, t.records)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Records on a line of time; ``left_out`` are those that are not drawn, ``undated`` those without a day."""

    title: str
    total: int
    entries: tuple[Entry, ...]
    left_out: int
    undated: int

    def rows(self) -> Iterator[Row]:
        """The records drawn."""
        yield from entry_rows(self.entries)


@dataclass(frozen=True, slots=True)
class Node:
    """A person or a party in the network."""

    id: str
    name: str
    party: str | None
    records: int


@dataclass(frozen=True, slots=True)
class Network:
    """Who meets whom. ``of`` is people or parties; ``left_out`` says how many nodes are not drawn, None where not counted."""

    title: str
    of: str
    total: int
    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    alone: int
    left_out: int | None

    def rows(self) -> Iterator[Row]:
        """The ties, with names."""
        names = {n.id: n.name for n in self.nodes}
        yield ("left", "left_name", "right", "right_name", "records")
        for t in self.ties:
            yield (t.left, names.get(t.left), t.right, names.get(t.right), t.records)


@dataclass(frozen=True, slots=True)
class Spot:
    """A city whose place on the earth is known, with its records."""

    city: str
    country: str
    lat: float
    lon: float
    records: int


@dataclass(frozen=True, slots=True)
class Country:
    """A state with the records that took place in it; ``number`` is its ISO 3166-1 number, by which shapes are named."""

    code: str
    number: str | None
    records: int


@dataclass(frozen=True, slots=True)
class WorldMap:
    """Where records took place. ``unplaced`` have no place; ``unlocated`` name a city that the table of cities does not have;
    ``stateless`` name a place, but no state."""

    title: str
    total: int
    spots: tuple[Spot, ...]
    countries: tuple[Country, ...]
    unlocated: tuple[Town, ...]
    unplaced: int
    stateless: int

    def rows(self) -> Iterator[Row]:
        """Cities with their place on the earth."""
        yield ("city", "country", "lat", "lon", "records")
        for s in self.spots:
            yield (s.city, s.country, s.lat, s.lon, s.records)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A record, or two, to be looked at, and why; ``accounts`` are the two whose link is in doubt."""

    why: str
    entry: Entry
    other: Entry | None
    accounts: tuple[str, ...]
    reasons: tuple[str, ...]
    score: float | None


@dataclass(frozen=True, slots=True)
class Review:
    """A queue of doubtful records, and what people said last."""

    title: str
    queue: str
    page: int
    further: bool
    items: tuple[Doubtful, ...]
    judgements: tuple[Judgement, ...]

    def rows(self) -> Iterator[Row]:
        """What people said: who, what, when."""
        yield (
            "id",
            "verdict",
            "account",
            "other",
            "field",
            "value",
            "author",
            "reason",
            "at",
            "withdrawn",
            "withdrawn_by",
        )
        for j in self.judgements:
            value = None if j.value is None else str(j.value)
            yield (
                j.id,
                j.verdict,
                j.left,
                j.right,
                j.field,
                value,
                j.author,
                j.reason,
                j.at,
                j.withdrawn,
                j.withdrawn_by,
            )


@dataclass(frozen=True, slots=True)
class Compared:
    """A register made by hand against this one; ``comparison`` is None where none was given to the server."""

    title: str
    file: str | None
    comparison: Comparison | None

    def rows(self) -> Iterator[Row]:
        """Rows of the list, then what it lacks, as ``dragoman compare --csv`` has them."""
        yield compared.COLUMNS
        if self.comparison:
            yield from compared.rows(self.comparison)
