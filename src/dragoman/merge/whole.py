"""Everything merged at once: the same as document by document, for rebuilding and for tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from dragoman.merge.block import block_keys
from dragoman.merge.build import build, part_of, visit_key
from dragoman.merge.cluster import cluster
from dragoman.merge.correct import rejected
from dragoman.merge.link import Link, link
from dragoman.merge.people import Profile, identify, index, joined, officials, officials_by_key, person, profiles
from dragoman.merge.prepare import Prepared, prepare
from dragoman.merge.wire import band_keys, is_copy, originals, signature
from dragoman.model import Judgement, Person, Record, Telling
from dragoman.resources import Tools

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Merged:
    """Records by id, people by id, links by key, and copies: document to the document that it repeats."""

    records: tuple[Record, ...]
    people: tuple[Person, ...]
    links: tuple[Link, ...]
    copies: Mapping[str, str]


def merge_all(
    tellings: Iterable[Telling], texts: Mapping[str, str], judgements: Iterable[Judgement], tools: Tools
) -> Merged:
    """Records, people, links and copies of all tellings.

    Args:
        tellings: every account, in any order; of two with one key the last counts.
        texts: documents by id; one without text is nobody's copy.
        judgements: what people have judged, withdrawn ones too. Records that they reject are left out.
        tools: the data files.
    """
    ready = {t.key: prepare(t, tools) for t in tellings}
    known = tuple(judgements)
    links = links_of(ready.values(), tools)
    copies = copies_of(texts, {p.telling.doc_id: p.telling.published for p in ready.values()}, tools)
    identified = people_of(ready.values(), tools)
    groups = cluster(ready.values(), links, known, tools)
    records = [build([ready[k] for k in g], known, copies, identified.ids, tools) for g in groups]
    records = [r for r in _placed(records, ready) if not rejected(r, known)]
    return Merged(
        tuple(sorted(records, key=lambda r: r.id)), identified.entries(records), links, dict(sorted(copies.items()))
    )


def _placed(records: Sequence[Record], ready: Mapping[str, Prepared]) -> list[Record]:
    """The records with the visits that they are part of."""
    siblings = {(p.telling.doc_id, p.engagement.id): k for k, p in ready.items()}
    visits = {k: v for k, p in ready.items() if (v := visit_key(p.telling, siblings))}
    home = {a.key: r.id for r in records for a in r.accounts}
    return [replace(r, part_of=part_of(r, visits, home)) for r in records]


def pairs_by_key(keys: Mapping[T, Iterable[str]]) -> list[tuple[T, T]]:
    """Pairs that share a key, each once."""
    blocks: dict[str, list[T]] = defaultdict(list)
    for item in keys:
        for key in keys[item]:
            blocks[key].append(item)
    order = {item: n for n, item in enumerate(keys)}
    found = {(a, b) for block in blocks.values() for i, a in enumerate(block) for b in block[i + 1 :]}
    return sorted(found, key=lambda pair: (order[pair[0]], order[pair[1]]))


def links_of(tellings: Iterable[Prepared], tools: Tools) -> tuple[Link, ...]:
    """Links between all tellings that share a key."""
    ready = {p.key: p for p in sorted(tellings, key=lambda p: p.key)}
    pairs = pairs_by_key({k: block_keys(p, tools) for k, p in ready.items()})
    found = (link(ready[a], ready[b], tools) for a, b in pairs)
    return tuple(sorted(k for k in found if k is not None))


def copies_of(texts: Mapping[str, str], published: Mapping[str, date | None], tools: Tools) -> dict[str, str]:
    """Copies among the documents, with their originals."""
    signatures = {d: signature(texts[d]) for d in sorted(texts) if d in published}
    pairs = pairs_by_key({d: band_keys(s) for d, s in signatures.items()})
    same = [(a, b) for a, b in pairs if is_copy(signatures[a], signatures[b], tools)]
    return originals(same, {d: published[d] for d in signatures})


@dataclass(frozen=True, slots=True)
class Identified:
    """Ids of people by account key and number of the participant, and the profiles under each id."""

    ids: Mapping[tuple[str, int], str]
    under: Mapping[str, Sequence[Profile]]

    def entries(self, records: Iterable[Record]) -> tuple[Person, ...]:
        """The authority file, by id, with the number of records in which each takes part."""
        count: dict[str, int] = defaultdict(int)
        for r in records:
            for name in {p.person for p in r.participants if p.person}:
                count[name] += 1
        return tuple(person(name, self.under[name], count[name]) for name in sorted(self.under) if count[name])


def people_of(tellings: Iterable[Prepared], tools: Tools) -> Identified:
    """Who is who in all tellings."""
    single = profiles(tellings, tools)
    known = joined(single.values())
    by_key, table = index(known.values(), tools), officials_by_key(tools)
    ids = identify(known.values(), lambda key: (*by_key.get(key, ()), *table.get(key, ())), tools)
    under: dict[str, list[Profile]] = defaultdict(list)
    for p in (*known.values(), *officials(tools)):
        if p.key in ids:
            under[ids[p.key]].append(p)
    return Identified({at: ids[p.key] for at, p in single.items()}, dict(under))
