"""What a page is handed, and what the API answers: frozen types, each with the rows of its CSV.

The JSON of an address is its context; ``rows`` gives a head and then the same facts as a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dragoman.model import Conflict, Judgement, Person, Record
from dragoman.store.doubts import Differing
from dragoman.store.overview import Active, Tie
from dragoman.store.shapes import HistoryItem, Reading, StoredDocument, Totals
from dragoman.web.marks import Stretch

Row = Sequence[Any]


class Context(Protocol):
    """What every page has: a title, and its facts as a table."""

    @property
    def title(self) -> str: ...
    def rows(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Who:
    """A participant in a list; ``id`` leads to the person's page."""

    id: str | None
    name: str | None
    office: str | None
    party: str | None
    side: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in a list. ``contested`` names the fields in which accounts differ."""

    id: str
    kind: str
    status: str
    start: str | None
    end: str | None
    when: str
    city: str | None
    country: str | None
    parties: tuple[str, ...]
    people: tuple[Who, ...]
    topics: tuple[str, ...]
    framework: str | None
    accounts: int
    independent: int
    contested: tuple[str, ...]
    accepted: bool
    part_of: str | None
    evidence: str


ENTRY_HEAD = (
    "id", "kind", "status", "start", "end", "city", "country", "parties", "people", "topics", "framework", "accounts", "independent",
    "contested", "accepted", "part_of", "evidence",
)  # fmt: skip


def entry_rows(entries: Sequence[Entry]) -> Iterator[Row]:
    """Entries as a table."""
    yield ENTRY_HEAD
    for e in entries:
        people = [f"{p.name or p.office or ''}{f' ({p.party})' if p.party else ''}" for p in e.people]
        yield (
            e.id, e.kind, e.status, e.start, e.end, e.city, e.country, list(e.parties), people, list(e.topics), e.framework,
            e.accounts, e.independent, list(e.contested), e.accepted, e.part_of, e.evidence,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """A value and how many records have it; ``label`` is what it is called, where the value itself does not say."""

    value: str
    records: int
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """Values of one field among the records asked for; ``name`` is the filter that asks for one."""

    name: str
    values: tuple[Share, ...]
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Counts by two fields: ``cells[i][j]`` is the number for ``lines[i]`` and ``columns[j]``."""

    lines: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]

    def rows(self, name: str) -> Iterator[Row]:
        """As a table, with the lines under ``name``."""
        yield (name, *self.columns)
        for line, numbers in zip(self.lines, self.cells, strict=True):
            yield (line, *numbers)


@dataclass(frozen=True, slots=True)
class Start:
    """What the register holds."""

    title: str
    totals: Totals
    rhythm: Grid
    parties: tuple[Share, ...]
    pairs: tuple[Tie, ...]
    people: tuple[Active, ...]
    sources: tuple[Share, ...]
    newest: tuple[Entry, ...]

    def rows(self) -> Iterator[Row]:
        """Records by month and kind."""
        yield from self.rhythm.rows("month")


@dataclass(frozen=True, slots=True)
class Found:
    """A document that holds the words, with the passage and the records it tells of."""

    doc_id: str
    title: str | None
    outlet: str | None
    published: str | None
    passage: tuple[Stretch, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Records asked for by filters (``entries``), or documents by words (``found``). ``total`` is how many there are of them, None
    where it is not counted."""

    title: str
    total: int | None
    page: int
    further: bool
    entries: tuple[Entry, ...]
    found: tuple[Found, ...]
    facets: tuple[Facet, ...]
    rhythm: Grid | None
    advice: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """The records, one a row."""
        yield from entry_rows([*self.entries, *(e for f in self.found for e in f.entries)])


@dataclass(frozen=True, slots=True)
class AccountShown:
    """One document's telling: its words with marks, the chain of who says so, and what it repeats."""

    key: str
    doc_id: str
    outlet: str | None
    title: str | None
    url: str | None
    published: str | None
    status: str
    chain: tuple[str, ...]
    copy_of: str | None
    words: tuple[Stretch, ...]
    kept: bool  # whether the text is in the register


@dataclass(frozen=True, slots=True)
class EngagementShown:
    """A record, its accounts side by side, and everything that hangs on it."""

    title: str
    record: Record
    entry: Entry
    rejected: bool
    accounts: tuple[AccountShown, ...]
    conflicts: tuple[Conflict, ...]
    history: tuple[HistoryItem, ...]
    judgements: tuple[Judgement, ...]
    whole: Entry | None
    parts: tuple[Entry, ...]
    together: tuple[Entry, ...]
    footnote: str

    def rows(self) -> Iterator[Row]:
        """The record."""
        yield from entry_rows([self.entry])


@dataclass(frozen=True, slots=True)
class ToldShown:
    """An engagement that a document tells of, by number on the page."""

    number: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class AsideShown:
    """Characters of a document that were not read as article, and why."""

    start: int
    end: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class DocumentShown:
    """A text as published, with everything read in it, and what was set aside."""

    title: str
    document: StoredDocument
    headline: tuple[Stretch, ...]
    words: tuple[Stretch, ...]
    told: tuple[ToldShown, ...]
    aside: tuple[AsideShown, ...]
    differing: tuple[Differing, ...]
    reading: Reading | None

    def rows(self) -> Iterator[Row]:
        """The records it tells of."""
        yield from entry_rows([t.entry for t in self.told])


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents of the register, a page of them."""

    title: str
    total: int
    page: int
    further: bool
    documents: tuple[StoredDocument, ...]

    def rows(self) -> Iterator[Row]:
        """The documents, one a row, without their texts."""
        yield ("doc_id", "outlet", "published", "title", "url", "engagements", "copy_of")
        for d in self.documents:
            yield (d.doc_id, d.outlet, d.published, d.title, d.url, d.engagements, d.copy_of)


@dataclass(frozen=True, slots=True)
class People:
    """People of the authority file, a page of them."""

    title: str
    words: str
    page: int
    further: bool
    people: tuple[Person, ...]

    def rows(self) -> Iterator[Row]:
        """The people, one a row."""
        yield ("id", "name", "names", "parties", "engagements")
        for p in self.people:
            yield (p.id, p.name, list(p.names), list(p.parties), p.engagements)
