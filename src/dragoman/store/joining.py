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
from dragoman.store.file import Connection
from dragoman.store.rows import drop, put, tellings, unpack


def find_links(con: Connection, new: Mapping[str, Telling], tools: Tools) -> None:
    """Compare new tellings with all that share a block with them, and keep the links."""
    if not new:
        return
    pairs = _sharing(con, "blocks", "block", "account", new)
    old = tellings(con, {k for pair in pairs for k in pair} - set(new))
    every = {k: prepare(t, tools) for k, t in {**old, **new}.items()}
    found = (link(every[a], every[b], tools) for a, b in pairs)
    put(con, "links", [{"a": k.left, "b": k.right, "score": k.score, "reasons": list(k.reasons)} for k in found if k])


def _sharing(con: Connection, table: str, key: str, item: str, new: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs that share a key and of which at least one is new, each once; the smaller comes first."""
    # In two questions: joined with itself, the whole table is joined before what is new is looked at.
    mine = con.ask(
        f"SELECT DISTINCT {key} FROM {table} WHERE {item} IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(new)]
    )
    rows = con.ask(
        f"SELECT {key}, {item} FROM {table} WHERE {key} IN (SELECT unnest(?::JSON::BIGINT[]))", [[k for (k,) in mine]]
    )
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for number, name in rows:
        groups[number].append(name)
    fresh = set(new)
    found = {(min(a, b), max(a, b)) for group in groups.values() for a in group if a in fresh for b in group if a != b}
    return sorted(found)


def _signatures(con: Connection, doc_ids: set[str]) -> dict[str, Signature]:
    """Signatures of documents; by row, as a document's row is found by its id alone and signatures are long."""
    rows = con.ask("SELECT rowid FROM documents WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(doc_ids)])
    found = con.ask(
        "SELECT doc_id, signature FROM documents WHERE rowid IN (SELECT unnest(?::JSON::BIGINT[]))",
        [[n for (n,) in rows]],
    )
    return {doc_id: unpack(data) for doc_id, data in found}


def find_copies(con: Connection, doc_ids: Sequence[str], touched: Iterable[str], tools: Tools) -> set[str]:
    """Compare new documents with those that share a band, and say of which documents the original may have changed.

    ``touched`` are documents that are gone or were copies before.
    """
    pairs = _sharing(con, "bands", "band", "doc_id", doc_ids)
    signatures = _signatures(con, {d for pair in pairs for d in pair})
    alike = [(a, b) for a, b in pairs if is_copy(signatures[a], signatures[b], tools)]
    put(con, "likenesses", [{"a": a, "b": b} for a, b in alike])
    return _settle_copies(con, {d for pair in alike for d in pair} | set(touched))


def _settle_copies(con: Connection, docs: set[str]) -> set[str]:
    """Originals of the groups that ``docs`` belong, or belonged, to; returns documents whose original is another now."""
    group = _group(con, docs)
    was = dict(
        con.execute(
            "SELECT doc_id, original FROM copies WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(group)]
        ).fetchall()
    )
    days = dict(
        con.execute(
            "SELECT doc_id, published FROM documents WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))",
            [sorted(group)],
        ).fetchall()
    )
    pairs = con.execute(
        "SELECT a, b FROM likenesses WHERE a IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(group)]
    ).fetchall()
    now = originals(pairs, days)
    drop(con, "copies", "doc_id", group)
    put(con, "copies", [{"doc_id": d, "original": o} for d, o in sorted(now.items())])
    return {d for d in group if was.get(d) != now.get(d)}


def _group(con: Connection, docs: set[str]) -> set[str]:
    """``docs`` and all documents in one group of copies with any of them, now or before."""
    originals = con.execute(
        "SELECT original FROM copies WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(docs)]
    ).fetchall()
    heads = docs | {o for (o,) in originals}
    found = con.execute(
        "SELECT doc_id FROM copies WHERE original IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(heads)]
    )
    return heads | {d for (d,) in found.fetchall()}


def copies_of(con: Connection, doc_ids: Iterable[str]) -> dict[str, str]:
    """The originals of those documents that are copies."""
    rows = con.execute(
        "SELECT doc_id, original FROM copies WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(doc_ids)]
    )
    return dict(rows.fetchall())


def affected(con: Connection, dirty: Iterable[str]) -> set[str]:
    """All accounts, there or gone, whose component may be another because of ``dirty`` accounts."""
    ends = con.execute(
        """WITH d AS (SELECT unnest(?::JSON::VARCHAR[]) AS k)
        SELECT k FROM d UNION SELECT b FROM links WHERE a IN (FROM d) UNION SELECT a FROM links WHERE b IN (FROM d)
        UNION SELECT o.account FROM anchors n JOIN anchors o USING (judgement) JOIN judgements j ON j.id = judgement
        WHERE n.account IN (FROM d) AND o.account IS NOT NULL AND j.verdict = 'same' AND j.withdrawn IS NULL""",
        [sorted(dirty)],
    ).fetchall()
    near = sorted({k for (k,) in ends})
    whole = con.execute(
        """SELECT account FROM components WHERE component IN
        (SELECT component FROM components WHERE account IN (SELECT unnest(?::JSON::VARCHAR[])))""",
        [near],
    ).fetchall()
    return {*near, *(k for (k,) in whole)}


def components(
    con: Connection, keys: set[str], present: Iterable[str], judged: Sequence[Judgement]
) -> list[tuple[tuple[str, ...], list[Link]]]:
    """Components among ``present`` accounts, with their links; the table of components is made to fit."""
    rows = con.execute(
        "SELECT a, b, score, reasons FROM links WHERE a IN (SELECT unnest(?::JSON::VARCHAR[])) ORDER BY a, b",
        [sorted(keys)],
    ).fetchall()
    links = [Link(a, b, score, tuple(reasons)) for a, b, score, reasons in rows]
    same = [(j.left, j.right) for j in judged if j.verdict == "same" and j.right]
    found = parts(present, [*((k.left, k.right) for k in links), *same])
    drop(con, "components", "account", keys)
    put(con, "components", [{"account": k, "component": part[0]} for part in found for k in part])
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
