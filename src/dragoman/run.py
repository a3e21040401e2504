"""The driver: documents in, accounts out, one bad document never stopping the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dragoman.config import Settings
from dragoman.errors import SkipDocument, StopRun
from dragoman.model import Document
from dragoman.reader import Account
from dragoman.readers import AnyReader
from dragoman.stages import ingest

if TYPE_CHECKING:
    from dragoman.store.write import Writer

BATCH = 32  # documents read at once
LONE = re.compile("[\ud800-\udfff]")  # halves of characters, which UTF-8 and so the register cannot hold


@dataclass(slots=True)
class Summary:
    """What a run did; the last three are counted where it reads into a register."""

    documents: int = 0
    engagements: int = 0
    aside: list[SkipDocument] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0


def accounts(
    locations: Iterable[str],
    reader: AnyReader,
    summary: Summary,
    *,
    strict: bool = False,
    told: Callable[[SkipDocument], None] = lambda skipped: None,
    wanted: Callable[[list[Document]], list[Document]] = lambda batch: batch,
) -> Iterator[Account]:
    """Accounts of everything at ``locations``, in order; what is set aside goes to ``summary`` and ``told``.

    ``wanted`` chooses from each batch the documents that are worth reading.

    Raises:
        StopRun: with ``strict``, at the first document that is set aside.
    """
    yield from accounts_of(found(locations, reader.settings), reader, summary, strict=strict, told=told, wanted=wanted)


def accounts_of(
    items: Iterable[Document | SkipDocument],
    reader: AnyReader,
    summary: Summary,
    *,
    strict: bool = False,
    told: Callable[[SkipDocument], None] = lambda skipped: None,
    wanted: Callable[[list[Document]], list[Document]] = lambda batch: batch,
) -> Iterator[Account]:
    """The same of documents that are there already, and of what could not be read among them."""

    def aside(skipped: SkipDocument) -> None:
        summary.aside.append(skipped)
        told(skipped)
        if strict:
            raise StopRun(str(skipped))

    batch: list[Document] = []
    for item in items:
        if isinstance(item, SkipDocument):
            yield from _read(wanted(batch), reader, summary, aside)
            batch = []
            aside(item)
            continue
        batch.append(item)
        if len(batch) == BATCH:
            yield from _read(wanted(batch), reader, summary, aside)
            batch = []
    yield from _read(wanted(batch), reader, summary, aside)


def found(locations: Iterable[str], settings: Settings) -> Iterator[Document | SkipDocument]:
    """Documents of all locations, and what cannot be read there."""
    for location in locations:
        yield from ingest.read(location, settings)


def _read(
    batch: list[Document], reader: AnyReader, summary: Summary, aside: Callable[[SkipDocument], None]
) -> Iterator[Account]:
    """A batch; if anything breaks in it, each document by itself, so that only the one at fault is lost.

    What was read before a run has to stop is given first.
    """
    if not batch:
        return
    done: list[Account | SkipDocument] = []
    stop: StopRun | None = None
    try:
        for one in reader.read_many(batch):
            done.append(one)  # noqa: PERF402 (what came before a stop must be kept)
    except StopRun as stopped:
        stop = stopped
    except Exception:
        done = [_alone(doc, reader) for doc in batch]
    for account in done:
        if isinstance(account, SkipDocument):
            aside(account)
            continue
        summary.documents += 1
        summary.engagements += len(account.engagements)
        yield account
    if stop:
        raise stop


def _alone(doc: Document, reader: AnyReader) -> Account | SkipDocument:
    try:
        return next(reader.read_many([doc]))
    except StopRun:
        raise
    except Exception as error:
        return SkipDocument(doc.source.doc_id, f"reading failed: {type(error).__name__}: {error}")


def into(
    locations: Iterable[str],
    reader: AnyReader,
    writer: Writer,
    summary: Summary,
    *,
    strict: bool = False,
    told: Callable[[SkipDocument], None] = lambda skipped: None,
) -> Iterator[Account]:
    """Read what is new or changed at ``locations`` into a register; accounts come out as they are read.

    They are committed in batches. When the run is cut short, what was read until then is committed as well.

    Raises:
        RegisterError: the register cannot be written.
        StopRun: with ``strict``, at the first document that is set aside.
    """
    writer.make()
    yield from items_into(found(locations, reader.settings), reader, writer, summary, strict=strict, told=told)


def items_into(
    items: Iterable[Document | SkipDocument],
    reader: AnyReader,
    writer: Writer,
    summary: Summary,
    *,
    strict: bool = False,
    told: Callable[[SkipDocument], None] = lambda skipped: None,
) -> Iterator[Account]:
    """The same of documents that are there already, and of what could not be read among them."""
    intake = _Intake(writer, reader.version, summary, told, strict)
    try:
        for account in accounts_of(items, reader, summary, strict=strict, told=told, wanted=intake.wanted):
            yield account
            intake.take(account)
    finally:
        intake.commit()


class _Intake:
    """Accounts gathered into batches for a register, and which documents of this run are worth reading."""

    def __init__(
        self, writer: Writer, version: str, summary: Summary, told: Callable[[SkipDocument], None], strict: bool
    ) -> None:
        self.writer = writer
        self.version = version  # of the reader: another one reads again
        self.summary = summary
        self.told = told
        self.strict = strict
        self.batch: list[Account] = []
        self.seen: dict[str, int] = {}

    def wanted(self, batch: list[Document]) -> list[Document]:
        """Documents of the batch that the register does not have as they are."""
        fresh = self.writer.unread([d for d in map(storable, batch) if self._first(d)], self.version)
        self.summary.unchanged += len(batch) - len(fresh)
        return fresh

    def _first(self, doc: Document) -> bool:
        """Whether the run meets the document for the first time; another of the same id is set aside."""
        mark = hash((doc.source, doc.text))
        known = self.seen.get(doc.source.doc_id)
        self.seen.setdefault(doc.source.doc_id, mark)
        if known not in (None, mark):
            self.summary.unchanged -= 1
            self.aside(
                SkipDocument(doc.source.doc_id, "another document of this run has the same id: give each its own")
            )
        return known is None

    def aside(self, skipped: SkipDocument) -> None:
        """Set a document aside."""
        self.summary.aside.append(skipped)
        self.told(skipped)
        if self.strict:
            raise StopRun(str(skipped))

    def take(self, account: Account) -> None:
        """Keep an account for the batch; only what the register keeps of it, since layers of analysis are large."""
        light = replace(account.document, clean=None, annotation=None, findings=None, trail=())
        self.batch.append(replace(account, document=light))
        if len(self.batch) >= self.writer.batch:
            self.commit()

    def commit(self) -> None:
        """Write the batch."""
        batch, self.batch = self.batch, []
        if batch:
            done = self.writer.add(batch)
            self.summary.new += done.new
            self.summary.changed += done.changed
            for skipped in done.aside:
                self.aside(skipped)


def storable(doc: Document) -> Document:
    """The document with the sign for an unreadable character where half of one stands; lengths stay."""
    s = doc.source
    words = [s.doc_id, s.url or "", s.outlet or "", s.title or "", doc.text]
    if not any(map(LONE.search, words)):
        return doc
    doc_id, url, outlet, title, text = (LONE.sub("\ufffd", w) for w in words)
    return replace(
        doc, text=text, source=replace(s, doc_id=doc_id, url=url or None, outlet=outlet or None, title=title or None)
    )
