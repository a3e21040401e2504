"""People's judgements: kept for good, bound to accounts, and bound again when a document is read anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from dragoman.model import Judgement, Telling
from dragoman.store.codes import TEXT, among, one_of
from dragoman.store.file import Connection
from dragoman.store.intake import numbers_of
from dragoman.store.rows import Row, chunks, drop, put, tellings, told_by

COLUMNS = """SELECT j.id, j.verdict, coalesce(l.account, l.key), coalesce(r.account, r.key), j.field, j.value, j.author, j.reason,
j.said, j.withdrawn, j.withdrawn_by FROM judgements j
JOIN anchors l ON l.judgement = j.id AND l.side = 'left' LEFT JOIN anchors r ON r.judgement = j.id AND r.side = 'right'"""
BOUND = "l.account IS NOT NULL AND (r.judgement IS NULL OR r.account IS NOT NULL)"


def read(con: Connection, *, where: str = "true", values: Sequence[object] = ()) -> list[Judgement]:
    """Judgements, oldest first, with the accounts that they are bound to now (as said, where those are gone)."""
    rows = con.ask(f"{COLUMNS} WHERE {where} ORDER BY j.said, j.id", values)
    return [
        Judgement(id_, verdict, left, right, field, None if value is None else json.loads(value), *rest)
        for id_, verdict, left, right, field, value, *rest in rows
    ]


def active(con: Connection, accounts: Iterable[str] | None = None) -> list[Judgement]:
    """Judgements that hold and are bound; all, or those over some of ``accounts``."""
    if accounts is None:
        return read(con, where=f"j.withdrawn IS NULL AND {BOUND}")
    keys = sorted(accounts)
    some = "l.account IN (SELECT unnest(?::JSON::VARCHAR[])) OR r.account IN (SELECT unnest(?::JSON::VARCHAR[]))"
    return read(con, where=f"j.withdrawn IS NULL AND {BOUND} AND ({some})", values=[keys, keys])


def about(con: Connection, accounts: Iterable[str]) -> list[Judgement]:
    """Judgements over some of the accounts, withdrawn ones too."""
    found = con.ask(f"SELECT DISTINCT judgement FROM anchors WHERE {one_of('account', TEXT)}", [sorted(accounts)])
    return read(con, where=one_of("j.id", TEXT), values=[[j for (j,) in found]]) if found else []


def add(con: Connection, judgements: Sequence[Judgement]) -> None:
    """Keep new judgements; their accounts must be there."""
    found = tellings(con, {k for j in judgements for k in (j.left, j.right) if k})
    digests = _digests(con, {t.doc_id for t in found.values()})
    rows, anchors = [], []
    for j in judgements:
        rows.append(_row(j))
        for side, key in (("left", j.left), ("right", j.right)):
            if key:
                anchors.append(_anchor(j.id, side, found[key], digests[found[key].doc_id]))
    put(con, "judgements", rows)
    put(con, "anchors", anchors)


def _digests(con: Connection, doc_ids: Iterable[str]) -> dict[str, str]:
    """Digests of the texts of documents."""
    return {
        doc_id: digest
        for some in chunks(numbers_of(con, doc_ids).values())
        for doc_id, digest in con.ask(f"SELECT doc_id, digest FROM documents WHERE {among('number', some)}")
    }


def _row(j: Judgement) -> Row:
    return {
        "id": j.id,
        "verdict": j.verdict,
        "field": j.field,
        "value": None if j.field is None else json.dumps(j.value),
        "author": j.author,
        "reason": j.reason,
        "said": j.at,
        "withdrawn": j.withdrawn,
        "withdrawn_by": j.withdrawn_by,
    }


def _anchor(judgement: str, side: str, t: Telling, digest: str) -> Row:
    start, end = evidence(t)
    return {
        "judgement": judgement,
        "side": side,
        "key": t.key,
        "doc_id": t.doc_id,
        "digest": digest,
        "kind": t.engagement.kind,
        "start": start,
        "end": end,
        "evidence": t.engagement.evidence,
        "account": t.key,
    }


def evidence(t: Telling) -> tuple[int, int]:
    """First and last character of a telling's evidence in the text; 0, 0 where it stands in the title alone."""
    spans = [o for o in t.engagement.spans.get("evidence", ()) if o.field == "text"]
    return (min(o.start for o in spans), max(o.end for o in spans)) if spans else (0, 0)


def undo(con: Connection, ids: Sequence[str], *, at: str, by: str) -> None:
    """Withdraw judgements; they stay on record."""
    con.execute(
        "UPDATE judgements SET withdrawn = ?, withdrawn_by = ? WHERE id IN (SELECT unnest(?::JSON::VARCHAR[])) AND withdrawn IS NULL",
        [at, by, list(ids)],
    )


def rebind(con: Connection, doc_ids: Sequence[str], cut: float) -> set[str]:
    """Bind the judgements over these documents to the accounts that are there now; returns all accounts concerned.

    An account of the same key is the same. Else it is the one of the same document and kind whose evidence overlaps most, or,
    where the text has changed, reads most alike (``cut`` of 1 at least). Else the judgement stays unbound until such an account comes.
    """
    rows = con.execute(
        """SELECT judgement, side, key, doc_id, digest, kind, "start", "end", evidence, account FROM anchors
        WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[])) ORDER BY judgement, side""",
        [sorted(doc_ids)],
    ).fetchall()
    if not rows:
        return set()
    documents = numbers_of(con, {row[3] for row in rows})
    found = {t.key: t.telling() for t in told_by(con, documents.values())}
    by_document = _digests(con, documents)
    digests = {key: by_document[t.doc_id] for key, t in found.items()}
    names = ("judgement", "side", "key", "doc_id", "digest", "kind", "start", "end", "evidence", "account")
    anchors = [dict(zip(names, row, strict=True)) for row in rows]
    concerned = {a["account"] for a in anchors}
    for anchor in anchors:
        anchor["account"] = _stands_for(anchor, found, digests, cut)
    drop(con, "anchors", "doc_id", doc_ids, TEXT)
    put(con, "anchors", anchors)
    partners = con.execute(
        "SELECT account FROM anchors WHERE judgement IN (SELECT unnest(?::JSON::VARCHAR[]))",
        [sorted({a["judgement"] for a in anchors})],
    ).fetchall()
    return {k for k in (*concerned, *(a["account"] for a in anchors), *(p for (p,) in partners)) if k}


def _stands_for(anchor: Row, found: dict[str, Telling], digests: dict[str, str], cut: float) -> str | None:
    if anchor["key"] in found:
        return str(anchor["key"])
    scored = []
    for key, telling in found.items():
        if telling.doc_id != anchor["doc_id"] or telling.engagement.kind != anchor["kind"]:
            continue
        if digests[key] == anchor["digest"]:
            start, end = evidence(telling)
            score = float(min(end, anchor["end"]) - max(start, anchor["start"]))
            good = score > 0
        else:
            score = fuzz.ratio(anchor["evidence"], telling.engagement.evidence) / 100
            good = score >= cut
        if good:
            scored.append((-score, key))
    return min(scored)[1] if scored else None
