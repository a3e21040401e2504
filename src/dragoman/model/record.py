"""What the register holds: claims as facts, judgements over them, and the records computed from both.

A claim is one value that one document gives for one field of one engagement it tells of. A judgement is a person's word
over accounts or records. Records (:class:`Record`) are computed from claims and judgements, and can be dropped and
computed again to the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dragoman.model.register import Engagement, When, Where
from dragoman.model.span import Origin

VERDICTS = ("same", "different", "correct", "reject", "accept")


@dataclass(frozen=True, slots=True)
class Claim:
    """One value for one field of one engagement in one document.

    ``account`` is the key of the account (see :class:`AccountKey`), ``field`` a path as in ``Engagement.spans``
    ("kind", "participants[0].name", "date.start" …), ``value`` what JSON can hold, ``voices`` who says so, nearest to the event
    first, ``rule`` and ``version`` what read it.
    """

    account: str
    doc_id: str
    field: str
    value: Any
    spans: tuple[Origin, ...]
    basis: str | None
    voices: tuple[str, ...]
    rule: str | None
    version: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word, kept for good; ``withdrawn`` is set when it is undone, and nothing is ever deleted.

    ``verdict`` same / different: ``left`` and ``right`` are account keys that tell, or do not tell, of one act. correct:
    ``field`` of the record that holds account ``left`` has ``value``. reject / accept: the record that holds ``left`` is
    no engagement / is right as it stands. ``at`` and ``withdrawn`` are ISO times (UTC, seconds).
    """

    id: str
    verdict: str
    left: str
    right: str | None
    field: str | None
    value: Any
    author: str
    reason: str
    at: str
    withdrawn: str | None = None
    withdrawn_by: str | None = None


@dataclass(frozen=True, slots=True)
class AccountRef:
    """One document's telling of an engagement, as part of a record.

    ``key`` is stable across re-reading; ``local_id`` is the engagement's id in that document's line ("e1"). ``copy_of``
    names the document whose wire text this one repeats: the two are one voice.
    """

    key: str
    doc_id: str
    local_id: str
    outlet: str | None
    url: str | None
    title: str | None
    published: date | None
    sources: tuple[str, ...]
    evidence: str
    copy_of: str | None = None
    author: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Participation:
    """A person or unnamed delegation in a record. ``person`` is the id in the authority file, None for a delegation."""

    person: str | None
    name: str | None
    office: str | None
    rank: str | None
    party: str | None
    side: str
    head: bool
    names: tuple[str, ...] = ()  # spellings in the accounts, sorted
    accounts: tuple[str, ...] = ()  # keys of the accounts that name them


@dataclass(frozen=True, slots=True)
class Conflict:
    """Values that exclude each other: ``values`` maps each value (as text) to the keys of the accounts that give it."""

    field: str  # date, place, status, rank, people …
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class StatusStep:
    """What a record was said to be on a day: planned on the 3rd, held on the 9th."""

    status: str
    said: date | None  # publication of the account that says so
    account: str


@dataclass(frozen=True, slots=True)
class Record:
    """One engagement of the register, computed from all accounts of it and the judgements over them."""

    id: str
    kind: str
    status: str
    salience: str
    part_of: str | None  # id of another record
    date: When
    place: Where | None
    participants: tuple[Participation, ...]
    parties: tuple[str, ...]
    topics: tuple[str, ...]
    framework: str | None
    sources: tuple[str, ...]  # voices of all accounts, nearest to the event first, outlets last
    evidence: str
    accounts: tuple[AccountRef, ...]
    conflicts: tuple[Conflict, ...] = ()
    history: tuple[StatusStep, ...] = ()
    independent: int = 1  # accounts that do not repeat another's wire text
    corrected: tuple[str, ...] = ()  # fields that a person has set
    accepted: bool = False
    basis: Mapping[str, str] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        """The record as a notebook shows it."""
        from dragoman.model.html import record_html

        return record_html(self)


@dataclass(frozen=True, slots=True)
class Tenure:
    """An office as read: from the first to the last day on which a source gives it to the person."""

    office: str
    party: str | None
    since: str | None
    until: str | None
    sources: tuple[str, ...]  # document ids, or the name of the table of officials


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the authority file: public acts of an office-holder only."""

    id: str
    name: str
    names: tuple[str, ...]
    parties: tuple[str, ...]
    tenures: tuple[Tenure, ...]
    engagements: int


@dataclass(frozen=True, slots=True)
class Telling:
    """One engagement as one document tells it, with what merging needs to know of the document.

    ``key`` is derived from the document's id, the kind and the span of its anchor, so that it does not change when the
    document is read again or others are added. ``day`` stands in for ``published`` where that is not known and an act has no
    date: see :func:`dragoman.merge.latest_day`.
    """

    key: str
    doc_id: str
    outlet: str | None
    url: str | None
    title: str | None
    published: date | None
    engagement: Engagement
    day: date | None = None
    author: str | None = None
    language: str | None = None
