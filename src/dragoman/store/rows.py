"""Rows of the register's tables from the model's types, and back."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from dragoman.merge import Signature, visit_key
from dragoman.model import Claim, Document, Record, Telling
from dragoman.store.claims import engagement_of, origin
from dragoman.store.file import Connection

Row = dict[str, Any]


def put(con: Connection, table: str, rows: Sequence[Row]) -> None:
    """Append rows, given by column name, to a table."""
    if not rows:
        return
    import pyarrow as pa

    schema = con.execute(f"SELECT * FROM {table} LIMIT 0").to_arrow_table().schema
    con.raw.register("new_rows", pa.Table.from_pylist(list(rows), schema=schema))
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM new_rows")
    con.raw.unregister("new_rows")


def drop(con: Connection, table: str, column: str, values: Iterable[str] | Iterable[int]) -> None:
    """Delete the rows whose ``column`` is one of ``values``."""
    wanted = sorted(values)
    if wanted:
        kind = "BIGINT" if isinstance(wanted[0], int) else "VARCHAR"
        con.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT unnest(?::JSON::{kind}[]))", [wanted])


def number_of(key: str) -> int:
    """A key as 64 bits, to be compared with others of its table. Two keys that meet by chance cost one comparison more."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def pack(of: Signature) -> bytes:
    """A signature as bytes."""
    return array("I", [of.size, *of.values]).tobytes()


def unpack(data: bytes) -> Signature:
    """The signature of those bytes."""
    size, *values = array("I", data)
    return Signature(tuple(values), size)


def text_digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def source_digest(doc: Document) -> str:
    """SHA-256 of a document's text and of all that is known of it: what reading it depends on beside the version."""
    s = doc.source
    known = [
        s.doc_id,
        s.url,
        s.outlet,
        s.published.isoformat() if s.published else None,
        s.title,
        text_digest(doc.text),
    ]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def account_rows(told: Sequence[Telling], claims: Sequence[Sequence[Claim]]) -> list[Row]:
    """Rows of accounts for all tellings of one document, in order."""
    siblings = {(t.doc_id, t.engagement.id): t.key for t in told}
    return [
        _account_row(t, place, visit_key(t, siblings), rows)
        for place, (t, rows) in enumerate(zip(told, claims, strict=True))
    ]


def _account_row(t: Telling, place: int, visit: str | None, claims: Sequence[Claim]) -> Row:
    return {
        "key": t.key,
        "doc_id": t.doc_id,
        "place": place,
        "local_id": t.engagement.id,
        "day": t.day,
        "visit": visit,
        "voices": list(t.engagement.sources),
        "claims": [
            {
                "field": c.field,
                "value": None if c.value is None else json.dumps(c.value),
                "spans": [{"field": o.field, "start": o.start, "end": o.end} for o in c.spans],
                "basis": c.basis,
                "rule": c.rule,
            }
            for c in claims
        ],
    }


ACCOUNTS = """SELECT a.key, a.doc_id, a.voices, a.claims, d.version, d.outlet, d.url, d.title, d.published, a.day
FROM accounts a JOIN documents d ON d.doc_id = a.doc_id"""


def read_claims(row: Sequence[Any]) -> tuple[Claim, ...]:
    """Claims of a row of ACCOUNTS."""
    key, doc_id, voices, claims, version = row[:5]
    return tuple(
        Claim(
            account=key,
            doc_id=doc_id,
            field=c["field"],
            value=None if c["value"] is None else json.loads(c["value"]),
            spans=tuple(origin(o) for o in c["spans"]),
            basis=c["basis"],
            voices=tuple(voices),
            rule=c["rule"],
            version=version,
        )
        for c in claims
    )


def read_telling(row: Sequence[Any]) -> Telling:
    """The telling of a row of ACCOUNTS."""
    outlet, url, title, published, day = row[5:10]
    return Telling(row[0], row[1], outlet, url, title, published, engagement_of(read_claims(row)), day)


def tellings(con: Connection, keys: Iterable[str]) -> dict[str, Telling]:
    """Tellings by account key."""
    found = con.execute(f"{ACCOUNTS} WHERE a.key IN (SELECT unnest(?::JSON::VARCHAR[])) ORDER BY a.key", [sorted(keys)])
    return {row[0]: read_telling(row) for row in found.fetchall()}


def encode(record: Record) -> str:
    """A record as JSON."""
    return msgspec.json.encode(record, order="deterministic").decode("utf-8", "surrogatepass")


@lru_cache(maxsize=1)
def _records() -> msgspec.json.Decoder[Record]:
    return msgspec.json.Decoder(Record)


def decode(body: str) -> Record:
    """The record of a JSON."""
    return _records().decode(body)
