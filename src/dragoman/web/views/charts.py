"""Timeline, network and map: records drawn, with a word on what is not."""

from __future__ import annotations

from dragoman.resources import Tools
from dragoman.store.overview import Town
from dragoman.store.read import Register
from dragoman.web.asking import Asked
from dragoman.web.overviews import Country, Network, Node, Spot, Timeline, WorldMap
from dragoman.web.views.shared import entries

DRAWN = 400  # records on a timeline
TOWNS = 5_000  # cities on a map
NODES = 300  # people or parties in a network
OF = ("people", "parties")


def timeline(asked: Asked, register: Register, tools: Tools) -> Timeline:
    """The latest records asked for, by date."""
    total = register.count(asked.where)
    dated = sum(n for _, n in register.facets("year", asked.where, limit=10_000))
    shown = [r for r in register.records(asked.where, sort="-date", limit=DRAWN) if r.date.start]
    return Timeline("Timeline", total, entries(reversed(shown)), dated - len(shown), total - dated)


def network(asked: Asked, register: Register, tools: Tools) -> Network:
    """Who meets whom: people, or parties, with most records."""
    of = asked.option("of", OF)
    total = register.count(asked.where)
    if of == "parties":
        return _of_parties(asked, register, tools, total)
    people, ties, more = register.network(asked.where, most=NODES)
    tied = {i for t in ties for i in (t.left, t.right)}
    nodes = tuple(Node(p.id, p.name, p.party, p.records) for p in people if p.id in tied)
    return Network("Network of people", of, total, nodes, ties, len(people) - len(nodes), None if more else 0)


def _of_parties(asked: Asked, register: Register, tools: Tools, total: int) -> Network:
    shares = register.facets("party", asked.where, limit=NODES)
    ties = register.party_ties(asked.where, limit=2000)
    tied = {i for t in ties for i in (t.left, t.right)}
    nodes = tuple(Node(code, tools.state_names.get(code, code), code, n) for code, n in shares if code in tied)
    drawn = {n.id for n in nodes}
    kept = tuple(t for t in ties if t.left in drawn and t.right in drawn)
    return Network(
        "Network of parties",
        "parties",
        total,
        nodes,
        kept,
        len(shares) - len(nodes),
        None if len(shares) == NODES else 0,
    )


def world(asked: Asked, register: Register, tools: Tools) -> WorldMap:
    """Cities and states in which the records took place."""
    towns = register.towns(asked.where, limit=TOWNS)
    spots, unlocated = [], []
    for town in towns:
        if town.city:
            at = tools.coordinates.of(town.city, town.country)
            if at and town.country:
                spots.append(Spot(town.city, town.country, at[0], at[1], town.records))
            else:
                unlocated.append(town)
    return WorldMap(
        title="Map",
        total=sum(t.records for t in towns) if len(towns) < TOWNS else register.count(asked.where),
        spots=tuple(spots),
        countries=_countries(towns, tools),
        unlocated=tuple(unlocated),
        unplaced=sum(t.records for t in towns if not t.city and not t.country),
        stateless=sum(t.records for t in towns if t.city and not t.country),
    )


def _countries(towns: tuple[Town, ...], tools: Tools) -> tuple[Country, ...]:
    counted: dict[str, int] = {}
    for town in towns:
        if town.country:
            counted[town.country] = counted.get(town.country, 0) + town.records
    ordered = sorted(counted.items(), key=lambda c: (-c[1], c[0]))
    return tuple(Country(code, tools.coordinates.number(code), n) for code, n in ordered)
