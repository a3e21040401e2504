"""Engagements in the form of the annotation guide, with the words each value came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dragoman.model.span import Origin

KINDS = ("meeting", "call", "visit", "conference", "exercise", "agreement", "correspondence")
STATUSES = ("held", "planned", "proposed", "cancelled", "denied")
AHEAD = frozenset({"planned", "proposed", "cancelled"})  # statuses whose weekdays and months lie ahead
SIDES = ("host", "guest", "party", "mediator")
TOPICS = (
    "military",
    "intelligence",
    "executive",
    "legislative",
    "election",
    "political_institutions",
    "pro_democracy",
    "pro_autocracy",
    "economic",
    "legal",
    "reparations",
    "human_rights",
    "rights_freedoms",
    "repression",
    "human_security",
    "gender",
    "lgbt",
    "religion_ethnicity",
    "inequality",
    "diplomatic",
    "territory",
    "peacekeeping",
    "health",
    "asylum",
    "migration",
    "disasters",
    "natural_resource",
    "environment",
    "technology",
    "terrorism",
    "cbrn",
    "cyber",
    "misinformation",
    "crime",
    "corruption",
    "illegal_drugs",
    "trafficking",
)  # PLOVER's contexts (PLOVER codebook, 2021)


@dataclass(frozen=True, slots=True)
class When:
    """Date of an engagement: ISO day, month or year by ``precision``; ``basis`` is text, published or None."""

    start: str | None = None
    end: str | None = None
    precision: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """Place of an engagement; ``country`` is ISO 3166-1 alpha-3."""

    text: str | None
    city: str | None
    country: str | None
    venue: str | None


@dataclass(frozen=True, slots=True)
class Participant:
    """A person, or an unnamed delegation, taking part."""

    name: str | None
    office: str | None
    rank: str | None
    party: str | None
    side: str
    head: bool


@dataclass(frozen=True, slots=True)
class Engagement:
    """One act between parties as one document tells it.

    ``spans`` maps a field's path ("kind", "participants[0].name", "place.city", "date.start", "evidence" …) to the
    stretches of the document as given that it came from; ``basis`` maps the paths of inferred values to what they
    were inferred from (published, authority, part_of …); ``rules`` maps paths to the rule or model that filled them.
    """

    id: str
    kind: str
    status: str
    salience: str
    part_of: str | None
    date: When
    place: Where | None
    participants: tuple[Participant, ...]
    parties: tuple[str, ...]
    topics: tuple[str, ...]
    framework: str | None
    sources: tuple[str, ...]
    evidence: str
    spans: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)
    basis: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
