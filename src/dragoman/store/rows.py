"""Rows of the register's tables from the model's types, and back."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import msgspec

from dragoman.merge import Signature, visit_key
from dragoman.model import Claim, Document, Origin, Record, Telling
from dragoman.store.claims import engagement_of
from dragoman.store.codes import CODE, among, code_of, codes_of, key_of, one_of
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


def drop(con: Connection, table: str, column: str, values: Iterable[str] | Iterable[int], kind: str = CODE) -> None:
    """Delete the rows whose ``column``, which holds ``kind``, is one of ``values``."""
    wanted = sorted(values)
    if wanted:
        con.execute(f"DELETE FROM {table} WHERE {one_of(column, kind)}", [wanted])


def number_of(key: str) -> int:
    """A key as 64 bits, to be compared with others of its table. Two keys that meet by chance cost one comparison more."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")


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
        *([s.author] if s.author else []),
    ]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def account_rows(number: int, told: Sequence[Telling], claims: Sequence[Sequence[Claim]]) -> list[Row]:
    """Rows of accounts for all tellings of one document, in order."""
    siblings = {(t.doc_id, t.engagement.id): t.key for t in told}
    return [
        _account_row(number, t, place, visit_key(t, siblings), rows)
        for place, (t, rows) in enumerate(zip(told, claims, strict=True))
    ]


def _account_row(number: int, t: Telling, place: int, visit: str | None, claims: Sequence[Claim]) -> Row:
    kept = [
        {
            "field": c.field,
            "value": c.value,
            "spans": [{"field": o.field, "start": o.start, "end": o.end} for o in c.spans],
            "basis": c.basis,
            "rule": c.rule,
        }
        for c in claims
    ]
    return {
        "key": code_of(t.key),
        "document": number,
        "place": place,
        "day": t.day,
        "visit": None if visit is None else code_of(visit),
        "voices": _json(t.engagement.sources),
        "claims": _json([{name: v for name, v in c.items() if v not in (None, [])} for c in kept]),
    }


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode("utf-8")


class Kept(msgspec.Struct, frozen=True):
    """A claim as stored: what it has in common with the others of its account stands beside them once."""

    field: str
    value: Any = None
    spans: tuple[Origin, ...] = ()
    basis: str | None = None
    rule: str | None = None


class Bare(msgspec.Struct, frozen=True):
    """A stored claim of which only the value is read: places in the text are most of it, and comparing accounts asks for none."""

    field: str
    value: Any = None
    spans: ClassVar[tuple[Origin, ...]] = ()
    basis: ClassVar[str | None] = None
    rule: ClassVar[str | None] = None


_KEPT = msgspec.json.Decoder(tuple[Kept, ...])
ABOUT, ABOUT_BARE = (
    "version, outlet, url, title, published, author, language",
    "'', NULL, NULL, NULL, published, NULL, NULL",
)
_BARE = msgspec.json.Decoder(tuple[Bare, ...])


@dataclass(frozen=True, slots=True)
class Told:
    """An account as stored, with what is known of its document."""

    key: str
    document: int
    place: int
    doc_id: str
    voices: tuple[str, ...]
    kept: tuple[Kept | Bare, ...]
    about: tuple[Any, ...]  # outlet, url, title, day of publication, author, language
    day: Any
    version: str

    def telling(self) -> Telling:
        """What it tells."""
        outlet, url, title, published, author, language = self.about
        told = engagement_of(self.kept)
        return Telling(self.key, self.doc_id, outlet, url, title, published, told, self.day, author, language)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Its claims, each for itself."""
        return tuple(
            Claim(self.key, self.doc_id, k.field, k.value, k.spans, k.basis, self.voices, k.rule, self.version)
            for k in self.kept
        )


def told_by(
    con: Connection, documents: Iterable[int], keys: Collection[str] | None = None, *, bare: bool = False
) -> Iterator[Told]:
    """All accounts of documents, given by number; with ``keys`` only those, as the claims of an account are long to read.

    With ``bare`` only what comparing accounts asks for: values, without places in the text, bases and rules, and of a document its
    id and day.
    """
    read, known = (_BARE.decode, ABOUT_BARE) if bare else (_KEPT.decode, ABOUT)
    for some in chunks(documents):
        sources = {
            number: (doc_id, version, about)
            for number, doc_id, version, *about in con.ask(
                f"SELECT number, doc_id, {known} FROM documents WHERE {among('number', some)}"
            )
        }
        rows = con.ask(
            f"SELECT document, key, place, day, voices, claims FROM accounts WHERE {among('document', some)}"
        )
        for number, key, place, day, voices, claims in rows:
            if keys is not None and key_of(key) not in keys:
                continue
            doc_id, version, about = sources[number]
            heard = tuple(json.loads(voices))
            yield Told(key_of(key), number, place, doc_id, heard, read(claims), tuple(about), day, version)


def tellings(con: Connection, keys: Iterable[str], *, bare: bool = False) -> dict[str, Telling]:
    """Tellings by account key, in order of keys; ``bare`` as :func:`told_by` has it."""
    wanted = sorted(keys)
    if not wanted:
        return {}
    documents = con.ask(f"SELECT DISTINCT document FROM accounts WHERE {one_of('key')}", [codes_of(wanted)])
    mine = set(wanted)
    found = {t.key: t.telling() for t in told_by(con, [n for (n,) in documents], mine, bare=bare)}
    return {key: found[key] for key in wanted if key in found}


def chunks(numbers: Iterable[int], size: int = 1000) -> Iterator[list[int]]:
    """Different numbers in order, so many at a time that an index is asked for each (see :func:`codes.among`)."""
    every = sorted(set(numbers))
    for start in range(0, len(every), size):
        yield every[start : start + size]


def encode(record: Record) -> str:
    """A record as JSON."""
    return msgspec.json.encode(record, order="deterministic").decode("utf-8", "surrogatepass")


@lru_cache(maxsize=1)
def _records() -> msgspec.json.Decoder[Record]:
    return msgspec.json.Decoder(Record)


def decode(body: str) -> Record:
    """The record of a JSON."""
    return _records().decode(body)
