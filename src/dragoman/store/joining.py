"""Accounts joined into records: only the components that new, changed or judged accounts belong to are worked out again.

What comes out is a function of the accounts and judgements that are there, never of the order in which they came: links are
a property of pairs, components of links, and records of components.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from dragoman.merge import Link, Signature, cluster, is_copy, link, originals, prepare
from dragoman.merge import components as parts
from dragoman.model import Judgement, Telling
from dragoman.resources import Tools
from dragoman.store.codes import HALF, NUMBER, TEXT, among, code_of, codes_of, key_of, one_of
from dragoman.store.file import Connection
from dragoman.store.intake import numbers_of
from dragoman.store.rows import chunks, drop, put, tellings, unpack


def find_links(con: Connection, new: Mapping[str, Telling], tools: Tools) -> None:
    """Compare new tellings with all that share a block with them and may lie on the same days, and keep the links."""
    if not new:
        return
    pairs = [(key_of(a), key_of(b)) for a, b in _candidates(con, codes_of(new))]
    old = tellings(con, {k for pair in pairs for k in pair} - set(new), bare=True)  # link() asks for values alone
    every = {k: prepare(t, tools) for k, t in {**old, **new}.items()}
    found = [k for a, b in pairs if (k := link(every[a], every[b], tools))]
    rows = [{"a": code_of(k.left), "b": code_of(k.right), "score": k.score, "reasons": list(k.reasons)} for k in found]
    put(con, "links", rows)


def _candidates(con: Connection, new: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of accounts that share a block, at least one of which is new, each once; the smaller comes first.

    Those are left out here that :func:`dragoman.merge.link` would refuse for their days: a block holds a month of a pair of
    parties, and in a large register nearly all of it lies on other days.
    """
    # In two questions: joined with itself, the whole table is joined before what is new is looked at.
    con.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT * FROM blocks WHERE {one_of('account')}", [list(new)])
    pairs = con.ask(
        """SELECT DISTINCT least(n.account, b.account) AS a, greatest(n.account, b.account) AS b
        FROM blocks b JOIN fresh n ON n.block = b.block AND n.account <> b.account
        WHERE coalesce(greatest(n.first - b.last, b.first - n.last) < greatest(n.reach, b.reach), true) ORDER BY a, b"""
    )
    con.execute("DROP TABLE fresh")
    return [(a, b) for a, b in pairs]


def _sharing(con: Connection, new: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of documents that share a band, at least one of which is new, each once; the smaller comes first."""
    mine = con.ask(f"SELECT DISTINCT band FROM bands WHERE {one_of('document', NUMBER)}", [list(new)])
    rows = con.ask(f"SELECT band, document FROM bands WHERE {one_of('band', HALF)}", [[k for (k,) in mine]])
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for number, name in rows:
        groups[number].append(name)
    fresh = set(new)
    found = {(min(a, b), max(a, b)) for group in groups.values() for a in group if a in fresh for b in group if a != b}
    return sorted(found)


def _signatures(con: Connection, documents: Iterable[int]) -> dict[int, tuple[str, Signature]]:
    """Ids and signatures of documents by number."""
    return {
        number: (doc_id, unpack(data))
        for some in chunks(documents)
        for number, doc_id, data in con.ask(
            f"SELECT number, doc_id, signature FROM documents WHERE {among('number', some)}"
        )
    }


def find_copies(con: Connection, documents: Mapping[str, int], touched: Iterable[str], tools: Tools) -> set[str]:
    """Compare new documents, given by id and number, with those that share a band; says of which the original may have changed.

    ``touched`` are ids of documents that are gone or were copies before.
    """
    pairs = _sharing(con, sorted(documents.values()))
    sketches = _signatures(con, {n for pair in pairs for n in pair})
    found = [(sketches[a], sketches[b]) for a, b in pairs]
    alike = sorted(tuple(sorted((a, b))) for (a, x), (b, y) in found if is_copy(x, y, tools))
    put(con, "likenesses", [{"a": a, "b": b} for a, b in alike])
    return _settle_copies(con, {d for pair in alike for d in pair} | set(touched))


def _settle_copies(con: Connection, docs: set[str]) -> set[str]:
    """Originals of the groups that ``docs`` belong, or belonged, to; returns documents whose original is another now."""
    group = sorted(_group(con, docs))
    was = copies_of(con, group)
    numbers = numbers_of(con, group).values()
    days = {
        doc_id: day
        for some in chunks(numbers)
        for doc_id, day in con.ask(f"SELECT doc_id, published FROM documents WHERE {among('number', some)}")
    }
    pairs = con.ask(f"SELECT a, b FROM likenesses WHERE {one_of('a', TEXT)}", [group])
    now = originals(pairs, days)
    drop(con, "copies", "doc_id", group, TEXT)
    put(con, "copies", [{"doc_id": d, "original": o} for d, o in sorted(now.items())])
    return {d for d in group if was.get(d) != now.get(d)}


def _group(con: Connection, docs: set[str]) -> set[str]:
    """``docs`` and all documents in one group of copies with any of them, now or before."""
    heads = docs | set(copies_of(con, docs).values())
    found = con.ask(f"SELECT doc_id FROM copies WHERE {one_of('original', TEXT)}", [sorted(heads)])
    return heads | {d for (d,) in found}


def copies_of(con: Connection, doc_ids: Iterable[str]) -> dict[str, str]:
    """The originals of those documents that are copies."""
    return dict(con.ask(f"SELECT doc_id, original FROM copies WHERE {one_of('doc_id', TEXT)}", [sorted(doc_ids)]))


def affected(con: Connection, dirty: Iterable[str]) -> set[str]:
    """All accounts, there or gone, whose component may be another because of ``dirty`` accounts."""
    keys = sorted(dirty)
    ends = con.ask(
        """WITH d AS MATERIALIZED (SELECT unnest(?::JSON::UBIGINT[]) AS k)
        SELECT b FROM links WHERE a IN (FROM d) UNION SELECT a FROM links WHERE b IN (FROM d)""",
        [codes_of(keys)],
    )
    judged = con.ask(
        f"""SELECT DISTINCT o.account FROM anchors n JOIN anchors o USING (judgement) JOIN judgements j ON j.id = judgement
        WHERE {one_of("n.account", TEXT)} AND o.account IS NOT NULL AND j.verdict = 'same' AND j.withdrawn IS NULL""",
        [keys],
    )
    near = {*keys, *(key_of(k) for (k,) in ends), *(k for (k,) in judged)}
    parts = con.ask(f"SELECT DISTINCT component FROM components WHERE {one_of('account')}", [codes_of(near)])
    whole = con.ask(f"SELECT account FROM components WHERE {one_of('component')}", [[c for (c,) in parts]])
    return near | {key_of(k) for (k,) in whole}


def components(
    con: Connection, keys: set[str], present: Iterable[str], judged: Sequence[Judgement]
) -> list[tuple[tuple[str, ...], list[Link]]]:
    """Components among ``present`` accounts, with their links; the table of components is made to fit."""
    rows = con.ask(f"SELECT a, b, score, reasons FROM links WHERE {one_of('a')} ORDER BY a, b", [codes_of(keys)])
    links = [Link(key_of(a), key_of(b), score, tuple(reasons)) for a, b, score, reasons in rows]
    same = [(j.left, j.right) for j in judged if j.verdict == "same" and j.right]
    found = parts(present, [*((k.left, k.right) for k in links), *same])
    drop(con, "components", "account", codes_of(keys))
    put(con, "components", [{"account": code_of(k), "component": code_of(part[0])} for part in found for k in part])
    by_part = {k: part[0] for part in found for k in part}
    inner: defaultdict[str, list[Link]] = defaultdict(list)
    for pair in links:
        if pair.left in by_part:
            inner[by_part[pair.left]].append(pair)
    return [(part, inner[part[0]]) for part in found]


def clusters(
    part: Sequence[str], links: Sequence[Link], known: Mapping[str, Telling], judged: Sequence[Judgement], tools: Tools
) -> tuple[tuple[str, ...], ...]:
    """Acts within one component."""
    if len(part) == 1:
        return ((part[0],),)
    inside = set(part)
    about = [j for j in judged if j.left in inside and j.right in inside]
    return cluster([known[k] for k in part], links, about, tools)
