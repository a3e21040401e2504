"""Documents into the register: each replaces what it told before, with its claims and the keys that candidates are found by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dragoman.errors import SkipDocument
from dragoman.merge import Signature, account_keys, band_keys, block_keys, latest_day, prepare, reach, signature
from dragoman.model import Claim, Document, Engagement, Telling
from dragoman.resources import Tools
from dragoman.store import pages
from dragoman.store.claims import claims_of, fault
from dragoman.store.codes import NUMBER, TEXT, among, code_of, codes_of, key_of, of_these, one_of
from dragoman.store.file import Connection
from dragoman.store.rows import (
    Row,
    account_rows,
    chunks,
    drop,
    number_of,
    pack,
    put,
    source_digest,
    text_digest,
    unpack,
)


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
    for words in (*given.values(), source.doc_id, source.url or "", source.outlet or "", source.author or ""):
        if any("\ud800" <= c <= "\udfff" for c in words):
            raise SkipDocument(source.doc_id, "it holds half of a character (a lone surrogate), which no file can hold")
    for claim in (c for rows in claims for c in rows):
        if wrong := fault(claim, given):
            raise SkipDocument(source.doc_id, f"a claim does not stand in the text: {wrong}")
    about = (source.outlet, source.url, source.title, source.published)
    day = latest_day(engagements)
    who = (source.author, source.language)
    tellings = tuple(Telling(k, source.doc_id, *about, e, day, *who) for k, e in zip(keys, engagements, strict=True))
    return Told(document, version, tellings, claims, source_digest(document))


def numbers_of(con: Connection, doc_ids: Iterable[str]) -> dict[str, int]:
    """Numbers of those documents that the register has."""
    wanted = set(doc_ids)
    sql, values = of_these("code", {number_of(doc_id) for doc_id in wanted})
    rows = con.ask(f"SELECT doc_id, number FROM documents WHERE {sql}", values)
    return {doc_id: number for doc_id, number in rows if doc_id in wanted}


def names_of(con: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Ids of documents by number."""
    return {
        number: doc_id
        for some in chunks(numbers)
        for number, doc_id in con.ask(f"SELECT number, doc_id FROM documents WHERE {among('number', some)}")
    }


def known(con: Connection, doc_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Source digest and version of those documents that the register has."""
    found: dict[str, tuple[str, str]] = {}
    for some in chunks(numbers_of(con, doc_ids).values()):
        rows = con.ask(f"SELECT doc_id, source, version FROM documents WHERE {among('number', some)}")
        found |= {doc_id: (source, version) for doc_id, source, version in rows}
    return found


def accounts_of(con: Connection, documents: Iterable[int]) -> list[str]:
    """Keys of the accounts of documents, given by number."""
    return sorted(
        key_of(key)
        for some in chunks(documents)
        for (key,) in con.ask(f"SELECT key FROM accounts WHERE {among('document', some)}")
    )


def remove(con: Connection, documents: Mapping[str, int]) -> None:
    """Take documents, given by id and number, out, with all that came from them alone."""
    if not documents:
        return
    numbers = sorted(documents.values())
    keys = codes_of(accounts_of(con, numbers))
    con.execute(f"INSERT INTO gone SELECT number FROM documents WHERE words IS NOT NULL AND {among('number', numbers)}")
    drop(con, "documents", "number", numbers, NUMBER)
    drop(con, "accounts", "document", numbers, NUMBER)
    for table in ("bands", "doubts", "pages"):
        drop(con, table, "document", numbers, NUMBER)
    for side in ("a", "b"):
        drop(con, "likenesses", side, documents, TEXT)
        drop(con, "links", side, keys)
    drop(con, "blocks", "account", keys)


def store(con: Connection, told: Sequence[Told], reading: int, tools: Tools, *, texts: bool) -> dict[str, int]:
    """Put documents in, none of which may be there; ``reading`` is their number in the trail. Returns their numbers."""
    given = con.ask("SELECT nextval('numbers') FROM range(?)", [len(told)])
    numbers = {t.doc_id: n for (n,), t in zip(sorted(given), told, strict=True)}
    documents: list[Row] = []
    bands: list[Row] = []
    for t in told:
        facts = t.facts or facts_of(t.document.text)
        sketch = unpack(facts.signature)
        row = _document_row(t, facts, texts=texts and not t.withheld)
        documents.append(row | {"number": numbers[t.doc_id], "reading": reading})
        if t.tellings:  # copies matter where voices are counted, and error pages are alike by the thousand
            bands += band_rows(numbers[t.doc_id], sketch)
    put(con, "documents", documents)
    if texts:
        pages.keep(con, {numbers[t.doc_id]: t.document.page for t in told if t.document.page and not t.withheld})
    put(con, "bands", bands)
    put(con, "accounts", [row for t in told for row in account_rows(numbers[t.doc_id], t.tellings, t.claims)])
    put(con, "blocks", block_rows((x for t in told for x in t.tellings), tools))
    return numbers


def visits(con: Connection, accounts: Iterable[str]) -> dict[str, str]:
    """Accounts that tell of a visit that they are part of, with the visit's account."""
    rows = con.ask(f"SELECT key, visit FROM accounts WHERE visit IS NOT NULL AND {one_of('key')}", [codes_of(accounts)])
    return {key_of(key): key_of(visit) for key, visit in rows}


def band_again(con: Connection, documents: Iterable[int]) -> None:
    """Write the keys of copies of documents that are there and tell of something, given by number."""
    for some in chunks(documents):
        rows = con.ask(f"SELECT number, signature FROM documents WHERE {among('number', some)}")
        put(con, "bands", [row for n, data in rows for row in band_rows(n, unpack(data))])


def band_rows(number: int, sketch: Signature) -> list[Row]:
    """Rows of bands. All of them are gone through with each batch, so half of the 64 bits is kept: that too few documents meet by
    chance to be a burden, and who meets is compared."""
    return [{"band": number_of(b) >> 32, "document": number} for b in sorted(band_keys(sketch))]


def block_rows(told: Iterable[Telling], tools: Tools) -> list[Row]:
    """Rows of blocks."""
    rows: list[Row] = []
    for t in told:
        p = prepare(t, tools)
        days = {"first": p.first, "last": p.last, "reach": reach(p, tools)}
        rows += [{"block": number_of(b), "account": code_of(t.key), **days} for b in sorted(block_keys(p, tools))]
    return rows


def facts_of(text: str) -> Facts:
    """The facts of a text."""
    return Facts(len(text), text_digest(text), pack(signature(text)))


def _document_row(told: Told, facts: Facts, *, texts: bool) -> Row:
    """A row of documents, but for its number and its place in the trail."""
    s = told.document.source
    return {
        "code": number_of(s.doc_id),
        "doc_id": s.doc_id,
        "url": s.url,
        "outlet": s.outlet,
        "published": s.published,
        "title": s.title,
        "author": s.author,
        "language": s.language,
        "original": s.original,
        "text": told.document.text if texts else None,
        "quoted": None if texts else " … ".join(dict.fromkeys(t.engagement.evidence for t in told.tellings)),
        "length": facts.length,
        "digest": facts.digest,
        "source": told.source,
        "version": told.version,
        "signature": facts.signature,
        "words": None,
    }
