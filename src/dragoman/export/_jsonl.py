"""JSON lines: an engagement a line in the form of the annotation guide, with its accounts and conflicts."""

from __future__ import annotations

import dataclasses
from typing import Any, BinaryIO

from dragoman import codec
from dragoman.export.holdings import Holdings
from dragoman.model import AccountRef, Record


def write(holdings: Holdings, out: BinaryIO) -> None:
    """One line a record."""
    for record in holdings.records():
        out.write((codec.line(row(record)) + "\n").encode("utf-8"))


def row(record: Record) -> dict[str, Any]:
    """A record in the guide's form (see `docs/records.md`) with what the register adds to it."""
    guide = {
        "id": record.id,
        "kind": record.kind,
        "status": record.status,
        "salience": record.salience,
        "part_of": record.part_of,
        "date": dataclasses.asdict(record.date),
        "place": dataclasses.asdict(record.place) if record.place else None,
        "participants": [
            {
                "name": p.name, "office": p.office, "rank": p.rank, "party": p.party, "side": p.side, "head": p.head,
                "person": p.person, "names": list(p.names), "accounts": list(p.accounts),
            }
            for p in record.participants
        ],
        "parties": list(record.parties),
        "topics": list(record.topics),
        "framework": record.framework,
        "sources": list(record.sources),
        "evidence": record.evidence,
    }  # fmt: skip
    return guide | {
        "accounts": [_account(a) for a in record.accounts],
        "conflicts": [
            {"field": c.field, "values": {v: list(keys) for v, keys in sorted(c.values.items())}}
            for c in record.conflicts
        ],
        "history": [
            {"status": s.status, "said": s.said.isoformat() if s.said else None, "account": s.account}
            for s in record.history
        ],
        "independent": record.independent,
        "corrected": list(record.corrected),
        "accepted": record.accepted,
        "basis": dict(sorted(record.basis.items())),
    }


def _account(a: AccountRef) -> dict[str, Any]:
    return {
        "doc_id": a.doc_id,
        "id": a.local_id,
        "key": a.key,
        "outlet": a.outlet,
        "url": a.url,
        "title": a.title,
        "published": a.published.isoformat() if a.published else None,
        "author": a.author,
        "language": a.language,
        "sources": list(a.sources),
        "copy_of": a.copy_of,
        "evidence": a.evidence,
    }
