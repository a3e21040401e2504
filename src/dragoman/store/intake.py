"""Documents into the register: each replaces what it told before, with its claims and the keys that candidates are found by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dragoman.errors import SkipDocument
from dragoman.merge import account_keys, band_keys, block_keys, latest_day, signature
from dragoman.model import Claim, Document, Engagement, Telling
from dragoman.resources import Tools
from dragoman.store.claims import claims_of, fault
from dragoman.store.file import Connection
from dragoman.store.rows import Row, account_rows, drop, number_of, pack, put, source_digest, text_digest, unpack


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a text without it: characters, digest, and the signature by which copies are found."""

    length: int
    digest: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """A document as read, checked and ready to be stored."""

    document: Document
    version: str
    tellings: tuple[Telling, ...]
    claims: tuple[tuple[Claim, ...], ...]
    source: str
    withheld: bool = False  # its text is not kept, whatever the register does with texts
    facts: Facts | None = None  # of the text, where that is not at hand any more

    @property
    def doc_id(self) -> str:
        """The document's id."""
        return self.document.source.doc_id


def check(document: Document, engagements: Sequence[Engagement], version: str) -> Told:
    """The document and its claims, each of which must stand in the text as it says.

    Raises:
        SkipDocument: a claim does not, or the text cannot be stored.
    """
    source = document.source
    keys = account_keys(source.doc_id, engagements)
    claims = tuple(claims_of(k, source.doc_id, e, version) for k, e in zip(keys, engagements, strict=True))
    given = {"text": document.text, "title": source.title or ""}
    for words in (*given.values(), source.doc_id, source.url or "", source.outlet or ""):
        if any("\ud800" <= c <= "\udfff" for c in words):
            raise SkipDocument(source.doc_id, "it holds half of a character (a lone surrogate), which no file can hold")
    for claim in (c for rows in claims for c in rows):
        if wrong := fault(claim, given):
            raise SkipDocument(source.doc_id, f"a claim does not stand in the text: {wrong}")
    about = (source.outlet, source.url, source.title, source.published)
    day = latest_day(engagements)
    tellings = tuple(Telling(k, source.doc_id, *about, e, day) for k, e in zip(keys, engagements, strict=True))
    return Told(document, version, tellings, claims, source_digest(document))


def known(con: Connection, doc_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Source digest and version of those documents that the register has."""
    found = con.execute(
        "SELECT doc_id, source, version FROM documents WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))",
        [sorted(doc_ids)],
    )
    return {doc_id: (source, version) for doc_id, source, version in found.fetchall()}


def accounts_of(con: Connection, doc_ids: Iterable[str]) -> list[str]:
    """Keys of the documents' accounts."""
    found = con.execute(
        "SELECT key FROM accounts WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[])) ORDER BY key", [sorted(doc_ids)]
    )
    return [key for (key,) in found.fetchall()]


def remove(con: Connection, doc_ids: Sequence[str]) -> None:
    """Take documents out, with all that came from them alone."""
    keys = accounts_of(con, doc_ids)
    drop(con, "documents", "doc_id", doc_ids)
    drop(con, "accounts", "doc_id", doc_ids)
    drop(con, "bands", "doc_id", doc_ids)
    for side in ("a", "b"):
        drop(con, "likenesses", side, doc_ids)
        drop(con, "links", side, keys)
    drop(con, "blocks", "account", keys)


def store(con: Connection, told: Sequence[Told], tools: Tools, *, texts: bool) -> None:
    """Put documents in; none of them may be there."""
    numbers = con.execute("SELECT nextval('numbers') FROM range(?)", [len(told)]).fetchall()
    documents: list[Row] = []
    bands: list[Row] = []
    for (number,), t in zip(numbers, told, strict=True):
        facts = t.facts or facts_of(t.document.text)
        sketch = unpack(facts.signature)
        documents.append(_document_row(t, number, facts, texts=texts and not t.withheld))
        bands += [{"band": number_of(band), "doc_id": t.doc_id} for band in sorted(band_keys(sketch))]
    put(con, "documents", documents)
    put(con, "bands", bands)
    put(con, "accounts", [row for t in told for row in account_rows(t.tellings, t.claims)])
    put(con, "blocks", block_rows((x for t in told for x in t.tellings), tools))


def visits(con: Connection, accounts: Iterable[str]) -> dict[str, str]:
    """Accounts that tell of a visit that they are part of, with the visit's account."""
    rows = con.execute(
        "SELECT key, visit FROM accounts WHERE visit IS NOT NULL AND key IN (SELECT unnest(?::JSON::VARCHAR[]))",
        [sorted(accounts)],
    )
    return dict(rows.fetchall())


def band_again(con: Connection, doc_ids: Sequence[str]) -> None:
    """Write the keys of copies of documents that are there."""
    rows = con.execute(
        "SELECT doc_id, signature FROM documents WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(doc_ids)]
    )
    put(
        con,
        "bands",
        [{"band": number_of(b), "doc_id": d} for d, data in rows.fetchall() for b in sorted(band_keys(unpack(data)))],
    )


def block_rows(told: Iterable[Telling], tools: Tools) -> list[Row]:
    """Rows of blocks."""
    return [{"block": number_of(b), "account": t.key} for t in told for b in sorted(block_keys(t, tools))]


def facts_of(text: str) -> Facts:
    """The facts of a text."""
    return Facts(len(text), text_digest(text), pack(signature(text)))


def _document_row(told: Told, number: int, facts: Facts, *, texts: bool) -> Row:
    s = told.document.source
    return {
        "doc_id": s.doc_id,
        "url": s.url,
        "outlet": s.outlet,
        "published": s.published,
        "title": s.title,
        "text": told.document.text if texts else None,
        "quoted": None if texts else " … ".join(dict.fromkeys(t.engagement.evidence for t in told.tellings)),
        "length": facts.length,
        "digest": facts.digest,
        "source": told.source,
        "version": told.version,
        "signature": facts.signature,
        "number": number,
        "words": None,
    }
