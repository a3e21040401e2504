"""What the register is asked with and what it answers beside records and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dragoman.model import KINDS, STATUSES, TOPICS, Record

SORTS = ("date", "-date", "id", "-accounts")
CHOICES = {"kind": KINDS, "status": STATUSES, "topic": TOPICS, "salience": ("main", "mention")}
"""Filters whose values are a closed list, the same for commands and pages."""
FACETS = ("kind", "status", "party", "topic", "framework", "country", "source", "year")


def misfit(name: str, value: str) -> str | None:
    """What to choose from where a filter of that name has no such value; None where it fits."""
    allowed = CHOICES.get(name)
    return None if allowed is None or value in allowed else ", ".join(allowed)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records are wanted; what is left empty asks for nothing, and all that is given must hold.

    Attributes:
        parties: codes of parties, all of which take part.
        person: id of a person in the authority file who takes part.
        office: words that stand in a participant's office, case apart.
        kinds, statuses, topics: the record has one of them.
        place: a state's code, or words that stand in the city, the venue or the place as told.
        framework: words that stand in the framework.
        source: words that stand in the name of an outlet or another voice.
        since, until: first and last ISO day (or month, or year) that the record's date may touch.
        salience: main or mention.
        contested: whether there are conflicts.
        rejected: the records that a person has rejected, which are else left out.
    """

    parties: tuple[str, ...] = ()
    person: str | None = None
    office: str | None = None
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    place: str | None = None
    framework: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None
    salience: str | None = None
    contested: bool | None = None
    rejected: bool = False


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document of the register; ``text`` is None where texts are left out. ``copy_of`` names the original it repeats."""

    doc_id: str
    url: str | None
    outlet: str | None
    published: date | None
    title: str | None
    text: str | None
    length: int
    digest: str  # SHA-256 of the text as given
    version: str
    engagements: int
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that holds the words, best first by ``score``; ``passage`` shows them, ``records`` are those it tells of."""

    doc_id: str
    outlet: str | None
    published: date | None
    title: str | None
    score: float
    passage: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """Documents that hold the words, best first, and the records they tell of by id.

    Attributes:
        total: how many such documents there are; None where only the best were looked at.
        slots: records that all of them tell of and that were asked for; None where there are too many documents.
    """

    hits: tuple[Hit, ...]
    records: Mapping[str, Record]
    total: int | None
    slots: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """Something that happened to a record: ``what`` is told, status, same, different, correct, reject, accept, undo or removed.

    ``at`` is a day (of publication) or an ISO time (of a judgement), ``by`` an outlet or an author.
    """

    at: str | None
    what: str
    by: str | None
    text: str
    judgement: str | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """That a document or a person (``what``) was removed on purpose: when (ISO time), by whom and why."""

    id: str
    what: str
    at: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A line of the trail: what was done, when (ISO, UTC) and by which version; ``counts`` says of how much."""

    number: int
    at: str
    what: str
    version: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is."""

    documents: int
    accounts: int
    records: int
    people: int
    conflicts: int
    judgements: int
    unbound: int  # judgements whose account is gone
