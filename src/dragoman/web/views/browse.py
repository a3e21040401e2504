"""Start, search and browse, documents, people, parties: the ways in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dragoman.model import Record
from dragoman.resources import Tools
from dragoman.store.read import Register
from dragoman.store.shapes import EVERYTHING, Filter, Hit
from dragoman.web.asking import Asked
from dragoman.web.contexts import Documents, Facet, Found, Listing, People, Share, Start
from dragoman.web.marks import hits
from dragoman.web.overviews import Parties
from dragoman.web.views.shared import entries, rhythm, shares

TOP = 10
FACETS = {
    "kind": "kinds", "status": "statuses", "party": "parties", "topic": "topics",
    "country": None, "city": None, "source": None, "framework": None, "year": None,
}  # fmt: skip
"""Facets of the register, and the field of the filter whose values they show as chosen."""
SHOWN = 12  # values of a facet
FEW = 100_000  # records above which people and pairs are not counted beside a list


def start(asked: Asked, register: Register, tools: Tools) -> Start:
    """What the register holds. What lies ahead of all that was published is not among the newest."""
    latest = register.latest()
    until = Filter(until=latest.isoformat() if latest else None)
    return Start(
        title="Who met whom",
        totals=register.totals(),
        rhythm=rhythm(register.rhythm()),
        parties=shares(register.facets("party", limit=TOP)),
        pairs=register.party_ties(limit=TOP),
        people=register.active_people(limit=TOP),
        sources=shares(register.facets("source", limit=TOP)),
        newest=entries(register.records(until, sort="-date", limit=TOP)),
    )


def listing(asked: Asked, register: Register, tools: Tools) -> Listing:
    """Records by filters, or documents and their records by words."""
    if asked.words:
        return _searched(asked, register)
    total = register.count(asked.where)
    counted = register.narrowing(asked.where, limit=SHOWN, people=total <= FEW) if total else {}
    records = register.records(asked.where, sort=asked.sort, limit=asked.per_page, offset=asked.offset)
    return Listing(
        title="Engagements",
        total=total,
        page=asked.page,
        further=asked.offset + len(records) < total,
        entries=entries(records),
        found=(),
        facets=facets(register, asked.where, counted),
        rhythm=rhythm(register.rhythm(asked.where)) if total else None,
        advice=() if total else advice(asked),
    )


def facets(register: Register, where: Filter, counted: Mapping[str, Sequence[tuple[str, int]]]) -> tuple[Facet, ...]:
    """Values of the records asked for, with how many have each; people by name."""
    names = register.names([person for person, _ in counted.get("person", ())])
    found = []
    for name in (*FACETS, "person", "pair"):
        labels = {i: a.name for i, a in names.items()} if name == "person" else {}
        values = tuple(Share(value, number, labels.get(value)) for value, number in counted.get(name, ()))
        field = FACETS.get(name)
        chosen = tuple(getattr(where, field)) if field else ()
        found.append(Facet(name, values, (where.person,) if name == "person" and where.person else chosen))
    return tuple(f for f in found if f.values)


def _searched(asked: Asked, register: Register) -> Listing:
    """Documents that hold the words, one more than a page asked for, so that we know whether there are further ones.
    Where they are not too many, the engagements that they all tell of are counted as those of a list are."""
    found = register.searched(asked.words, asked.where, limit=asked.per_page + 1, offset=asked.offset)
    shown = tuple(_found(hit, asked, found.records) for hit in found.hits[: asked.per_page])
    counted = register.narrowing(asked.where, limit=SHOWN, people=True, among=found.slots) if found.slots else {}
    return Listing(
        title=f"Search: {asked.words}",
        total=found.total,
        page=asked.page,
        further=len(found.hits) > asked.per_page,
        entries=(),
        found=shown,
        facets=facets(register, asked.where, counted),
        rhythm=None,
        advice=() if shown else advice(asked),
    )


def _found(hit: Hit, asked: Asked, told: Mapping[str, Record]) -> Found:
    records = [told[i] for i in hit.records if i in told]
    day = hit.published.isoformat() if hit.published else None
    return Found(hit.doc_id, hit.title, hit.outlet, day, hits(hit.passage, asked.words), entries(records))


def advice(asked: Asked) -> tuple[str, ...]:
    """What to change where nothing is found."""
    where = asked.where
    told = []
    if asked.words:
        told.append("Look for fewer words, or for another form of them; the search takes every word by itself.")
    if where.since or where.until:
        told.append("Widen the dates: an engagement without a date is never within any.")
    if len(where.parties) > 1:
        told.append("All parties that are named must take part in one engagement; name one of them.")
    if where.person and where.parties:
        told.append("The person is taken with every party that is named; leave the parties out.")
    if (
        len(
            [
                f
                for f in (
                    where.kinds,
                    where.statuses,
                    where.topics,
                    where.place,
                    where.office,
                    where.framework,
                    where.source,
                )
                if f
            ]
        )
        > 0
    ):
        told.append("Take away a filter: all that are given must hold.")
    if where != EVERYTHING and replace(where, rejected=False) == EVERYTHING:
        told.append("Nobody has rejected a record so far.")
    return tuple(told) or ("The register holds no engagement yet: read texts into it with `dragoman read PATH`.",)


def people(asked: Asked, register: Register, tools: Tools) -> People:
    """People, those with most engagements first; by words of a name, and by one party."""
    party = asked.where.parties[0] if asked.where.parties else None
    found = register.people(asked.words or None, party=party, limit=asked.per_page + 1, offset=asked.offset)
    return People("People", asked.words, asked.page, len(found) > asked.per_page, found[: asked.per_page])


def parties(asked: Asked, register: Register, tools: Tools) -> Parties:
    """All parties, and the pairs that meet most."""
    return Parties(
        "Parties", shares(register.facets("party", asked.where, limit=300)), register.party_ties(asked.where, limit=100)
    )


def documents(asked: Asked, register: Register, tools: Tools) -> Documents:
    """Documents by id."""
    total = register.totals().documents
    found = register.documents(limit=asked.per_page, offset=asked.offset)
    bare = tuple(replace(d, text=None) for d in found)
    return Documents("Documents", total, asked.page, asked.offset + len(found) < total, bare)
