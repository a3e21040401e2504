"""Documents into the register: each replaces what it told before, with its claims and the keys that candidates are found by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dragoman.errors import SkipDocument
from dragoman.model import Claim, Document, Engagement, Telling
from dragoman.store.claims import account_keys, claims_of, fault
from dragoman.store.file import Connection
from dragoman.store.joiner import Joiner
from dragoman.store.rows import Row, account_rows, drop, put, source_digest, text_digest


@dataclass(frozen=True, slots=True)
class Told:
    """A document as read, checked and ready to be stored."""

    document: Document
    version: str
    tellings: tuple[Telling, ...]
    claims: tuple[tuple[Claim, ...], ...]
    source: str

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
    tellings = tuple(Telling(k, source.doc_id, *about, e) for k, e in zip(keys, engagements, strict=True))
    return Told(document, version, tellings, claims, source_digest(document))


def known(con: Connection, doc_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Source digest and version of those documents that the register has."""
    found = con.execute(
        "SELECT doc_id, source, version FROM documents WHERE doc_id IN (SELECT unnest(?::VARCHAR[]))", [sorted(doc_ids)]
    )
    return {doc_id: (source, version) for doc_id, source, version in found.fetchall()}


def accounts_of(con: Connection, doc_ids: Iterable[str]) -> list[str]:
    """Keys of the documents' accounts."""
    found = con.execute("SELECT key FROM accounts WHERE doc_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY key", [sorted(doc_ids)])
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


def store(con: Connection, told: Sequence[Told], joiner: Joiner, *, texts: bool) -> None:
    """Put documents in; none of them may be there."""
    numbers = con.execute("SELECT nextval('numbers') FROM range(?)", [len(told)]).fetchall()
    documents: list[Row] = []
    bands: list[Row] = []
    for (number,), t in zip(numbers, told, strict=True):
        signature = joiner.signature(t.document.text)
        documents.append(_document_row(t, number, signature, texts=texts))
        bands += [{"band": band, "doc_id": t.doc_id} for band in sorted(joiner.bands(signature))]
    put(con, "documents", documents)
    put(con, "bands", bands)
    accounts = [row for t in told for row in account_rows(t.tellings, t.claims)]
    put(con, "accounts", accounts)
    blocks = [{"block": b, "account": x.key} for t in told for x in t.tellings for b in sorted(joiner.blocks(x))]
    put(con, "blocks", blocks)


def _document_row(told: Told, number: int, signature: bytes, *, texts: bool) -> Row:
    s = told.document.source
    return {
        "doc_id": s.doc_id,
        "url": s.url,
        "outlet": s.outlet,
        "published": s.published,
        "title": s.title,
        "text": told.document.text if texts else None,
        "length": len(told.document.text),
        "digest": text_digest(told.document.text),
        "source": told.source,
        "version": told.version,
        "signature": signature,
        "number": number,
        "words": None,
    }
