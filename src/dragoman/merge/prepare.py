"""A telling made ready to be compared: days as numbers, names and words folded once."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dragoman.knowledge.names import folded
from dragoman.model import Engagement, Telling
from dragoman.resources import Tools

WORD = re.compile(r"[^\W_]+")
AHEAD = frozenset({"planned", "proposed"})
TALKS = frozenset({"meeting", "call", "conference"})  # kinds that accounts of one act confuse


@dataclass(frozen=True, slots=True)
class Named:
    """A participant as compared: the name as told, folded words of the office."""

    index: int
    name: str
    office: frozenset[str]
    party: str | None
    side: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What comparing two tellings needs of one. ``first`` and ``last`` are ordinal days between which it must lie."""

    telling: Telling
    family: str
    parties: frozenset[str]
    first: int | None
    last: int | None
    exact: bool  # a day that the text gives
    people: tuple[Named, ...]
    of_party: Mapping[str, Sequence[Named]]  # those of them whose party is known
    city: tuple[str, ...]
    country: str | None
    framework: frozenset[str]
    ordinals: frozenset[str]
    published: int | None
    about: int | None  # day on or about which the document appeared

    @property
    def key(self) -> str:
        """The account's key."""
        return self.telling.key

    @property
    def engagement(self) -> Engagement:
        """The engagement as told."""
        return self.telling.engagement


def prepare(telling: Telling | Prepared, tools: Tools) -> Prepared:
    """The telling with what comparing needs; what is prepared already comes back as it is."""
    if isinstance(telling, Prepared):
        return telling
    e = telling.engagement
    published = telling.published.toordinal() if telling.published else None
    day = telling.published or telling.day
    about = day.toordinal() if day else None
    first, last = window(e, about, tools)
    frame = said(e.framework, tools)
    people = tuple(
        Named(i, p.name, said(p.office, tools), p.party, p.side) for i, p in enumerate(e.participants) if p.name
    )
    of_party: dict[str, list[Named]] = {}
    for n in people:
        if n.party:
            of_party.setdefault(n.party, []).append(n)
    return Prepared(
        telling=telling,
        family="talks" if e.kind in TALKS else e.kind,
        parties=frozenset(e.parties),
        first=first,
        last=last,
        exact=e.date.precision == "day" and e.date.basis != "published",
        people=people,
        of_party=of_party,
        city=folded(e.place.city) if e.place and e.place.city else (),
        country=e.place.country if e.place else None,
        framework=frozenset(w for w in frame if not numeral(w, tools)),
        ordinals=frozenset(numeral(w, tools) for w in frame if numeral(w, tools)),
        published=published,
        about=about,
    )


def window(e: Engagement, about: int | None, tools: Tools) -> tuple[int | None, int | None]:
    """First and last day on which an act may lie: from its date, or from the day about which the document appeared.

    Both are None where nothing is known.
    """
    cut, when = tools.thresholds, e.date
    if when.start:
        first, last = span_of(when.start)
        if when.end:
            last = max(last, span_of(when.end)[1])
        return (first - int(cut["merge.lag"]), last) if when.basis == "published" else (first, last)
    if about is None:
        return None, None
    if e.status in AHEAD:
        return about, about + int(cut["merge.ahead"])
    return about - int(cut["merge.back" if e.salience == "main" else "merge.back.mention"]), about


def span_of(iso: str) -> tuple[int, int]:
    """Ordinal of the first and the last day of an ISO day, month or year."""
    parts = [int(p) for p in iso.split("-")]
    if len(parts) == 3:
        day = date(*parts).toordinal()
        return day, day
    if len(parts) == 2:
        year, month = parts
        end = calendar.monthrange(year, month)[1]
        return date(year, month, 1).toordinal(), date(year, month, end).toordinal()
    return date(parts[0], 1, 1).toordinal(), date(parts[0], 12, 31).toordinal()


def words(text: str | None, tools: Tools) -> frozenset[str]:
    """Folded words that carry meaning."""
    if not text:
        return frozenset()
    return frozenset(w for part in folded(text) for w in WORD.findall(part) if w not in tools.empty_words)


@lru_cache(maxsize=8192)
def said(text: str | None, tools: Tools) -> frozenset[str]:
    """The same for what is looked at again and again: offices, frameworks, the evidence of accounts that many others are compared with."""
    return words(text, tools)


def numeral(word: str, tools: Tools) -> str:
    """ "9" for 9th, ninth, IX; the empty text for a word that counts nothing, or a year."""
    known = tools.ordinals.get(word)
    if known:
        return known
    digits = word.rstrip("thsndr")
    return digits if digits.isdigit() and len(digits) < 4 else ""
