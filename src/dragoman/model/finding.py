"""What resolve finds in one document before any engagement is built. Spans are in clean text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dragoman.model.span import Span


@dataclass(frozen=True, slots=True)
class DateFound:
    """A time expression and what it means. ``start`` is ISO ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY`` by ``precision``."""

    span: Span
    start: str
    end: str | None
    precision: str  # day, month, year
    relative: bool  # resolved against the anchor date
    ahead: str | None = None  # what it means instead when the act lies ahead ("on Thursday", "in March")

    def value(self, *, ahead: bool) -> tuple[str, str | None]:
        """First and last day (month, year) that it means, of an act that lies ``ahead`` or does not."""
        if not ahead or not self.ahead:
            return self.start, self.end
        if not self.end:
            return self.ahead, None
        long = date.fromisoformat(self.end) - date.fromisoformat(self.start)
        return self.ahead, (date.fromisoformat(self.ahead) + long).isoformat()


@dataclass(frozen=True, slots=True)
class Lasting:
    """A stretch of words that says for how many days something goes on ("two-day", "for five days")."""

    span: Span
    days: int


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place name: ``city`` is None when the span names a country, ``country`` is ISO 3166-1 alpha-3."""

    span: Span
    city: str | None
    country: str | None
    kind: str  # country, capital, city, region, venue; town: a city's name that may be something else
    named: Span | None = None  # where it is named, if ``span`` only points there ("here")


@dataclass(frozen=True, slots=True)
class PartyFound:
    """A word for a party: a country's name, a demonym, a capital that may stand for its government, an organisation.

    ``party`` is ISO 3166-1 alpha-3, the usual short name of an organisation, or of a non-state side.
    """

    span: Span
    party: str
    kind: str  # name, demonym, capital, organisation, side


@dataclass(frozen=True, slots=True)
class PersonFound:
    """One named person of the text with every mention of them; word ranges index ``Annotation.tokens``."""

    name: Span  # the fullest form, without title and rank
    named: tuple[tuple[int, int], ...]  # mentions by name
    by_role: tuple[tuple[int, int], ...]  # mentions by office ("the minister")
    office: Span | None
    office_text: str | None  # as the guide wants it: nationality adjectives left out, in the singular
    office_basis: str | None  # None when stated of that one; counterpart, plural
    rank: Span | None
    party: str | None
    office_of: Span | None = None  # "of Ukraine" behind the name ("President Volodymyr Zelenskyy of Ukraine")
    party_scores: tuple[tuple[str, float], ...] = ()  # probabilities of all parties considered, best first


@dataclass(frozen=True, slots=True)
class PartyCandidate:
    """A party that the document may be about, the word ranges that name it, and six numbers that tell how.

    ``extra``: how often it is named (scaled logarithm), whether it is the dateline's state, the outlet's state, an
    organisation, a non-state side, named by name or demonym (1.0 or 0.0).
    """

    party: str
    mentions: tuple[tuple[int, int], ...]
    extra: tuple[float, ...]

    @property
    def is_organisation(self) -> bool:
        """Whether it is an organisation of states."""
        return bool(self.extra[3])

    @property
    def is_side(self) -> bool:
        """Whether it is a side to talks that is no state: a movement, an armed group."""
        return bool(self.extra[4])


@dataclass(frozen=True, slots=True)
class Findings:
    """Who is in one document, in order of first mention, and where its dateline stands."""

    people: tuple[PersonFound, ...] = ()
    candidates: tuple[PartyCandidate, ...] = ()
    here: PlaceFound | None = None  # the dateline's place
    home: str | None = None  # the state that "the ministry" without a country belongs to: dateline's or outlet's
