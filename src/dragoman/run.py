"""The driver: documents in, accounts out, one bad document never stopping the rest."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from dragoman import coded
from dragoman.config import Settings
from dragoman.errors import SkipDocument, StopRun
from dragoman.model import Document
from dragoman.reader import Account, Reader
from dragoman.readers import AnyReader
from dragoman.stages import ingest
from dragoman.workers import Batch, Done, Workers, light, read_here

if TYPE_CHECKING:
    from dragoman.store.write import Writer

BATCH = 32  # documents read at once by one process
LOST = 20.0  # seconds of reading that are kept back before they are written: about what a kill can lose
SHARE = 16  # documents given to a worker at once
LONE = re.compile("[\ud800-\udfff]")  # halves of characters, which UTF-8 and so the register cannot hold


@dataclass(slots=True)
class Summary:
    """What a run did; the last three are counted where it reads into a register. ``relevant`` documents tell of an engagement."""

    documents: int = 0
    relevant: int = 0
    engagements: int = 0
    aside: list[SkipDocument] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def count(self, account: Account) -> None:
        """Take an account into the counts."""
        self.documents += 1
        self.engagements += len(account.engagements)
        self.relevant += bool(account.engagements)


@dataclass(frozen=True, slots=True)
class How:
    """How a run goes: by how many processes, whether the first document set aside stops it, and who hears of each."""

    workers: int = 1
    strict: bool = False
    told: Callable[[SkipDocument], None] = lambda skipped: None


HERE = How()  # in this process, told to nobody


def accounts(
    locations: Iterable[str],
    reader: AnyReader,
    summary: Summary,
    how: How = HERE,
    *,
    wanted: Callable[[list[Document]], list[Document]] = lambda batch: batch,
) -> Iterator[Account]:
    """Accounts of everything at ``locations``, in order; what is set aside goes to ``summary`` and to ``how.told``.

    ``wanted`` chooses from each batch the documents that are worth reading.

    Raises:
        StopRun: with ``how.strict``, at the first document that is set aside.
    """
    yield from accounts_of(found(locations, reader.settings), reader, summary, how, wanted=wanted)


def accounts_of(
    items: Iterable[Document | SkipDocument],
    reader: AnyReader,
    summary: Summary,
    how: How = HERE,
    *,
    wanted: Callable[[list[Document]], list[Document]] = lambda batch: batch,
) -> Generator[Account, None, None]:
    """The same of documents that are there already, and of what could not be read among them."""

    def aside(skipped: SkipDocument) -> None:
        summary.aside.append(skipped)
        how.told(skipped)
        if how.strict:
            raise StopRun(str(skipped))

    alone = how.workers < 2 or not isinstance(reader, Reader)
    batches = _batches(items, wanted, BATCH if alone else SHARE)
    with closing(read_here(batches, reader) if alone else _shared(batches, reader, how.workers)) as done:
        for batch, outcome in done:
            for one in outcome.read:
                if isinstance(one, SkipDocument):
                    aside(one)
                    continue
                summary.count(one)
                yield one
            if outcome.stop:
                raise outcome.stop
            if batch.after:
                aside(batch.after)


def _batches(
    items: Iterable[Document | SkipDocument], wanted: Callable[[list[Document]], list[Document]], size: int
) -> Iterator[Batch]:
    """Batches of wanted documents; what cannot be read ends one."""
    batch: list[Document] = []
    for item in items:
        if isinstance(item, SkipDocument):
            yield Batch(wanted(batch) if batch else [], item)
            batch = []
            continue
        batch.append(item)
        if len(batch) == size:
            yield Batch(wanted(batch))
            batch = []
    if batch:
        yield Batch(wanted(batch))


def _shared(batches: Iterator[Batch], reader: AnyReader, workers: int) -> Generator[tuple[Batch, Done], None, None]:
    """Batches read by several processes, or here where one batch is all: processes take longer to begin than that to read."""
    first = list(islice(batches, 2))
    if len(first) < 2:
        yield from read_here(first, reader)
        return
    with Workers(reader.settings, workers) as pool:
        yield from pool.read(chain(first, batches))


def found(locations: Iterable[str], settings: Settings) -> Iterator[Document | SkipDocument]:
    """Documents of all locations, and what cannot be read there."""
    for location in locations:
        yield from ingest.read(location, settings)


def into(
    locations: Iterable[str],
    reader: AnyReader,
    writer: Writer,
    summary: Summary,
    how: How = HERE,
) -> Iterator[Account]:
    """Read what is new or changed at ``locations`` into a register; accounts come out as they are read.

    They are committed in batches. When the run is cut short, what was read until then is committed as well.

    Raises:
        RegisterError: the register cannot be written.
        StopRun: with ``how.strict``, at the first document that is set aside.
    """
    writer.make()
    read_before = [(location, coded.parts(location)) for location in locations]
    for _, files in read_before:
        if files:
            yield from coded_into(coded.accounts(files), reader, writer, summary, how)
    rest = [location for location, files in read_before if not files]
    yield from items_into(found(rest, reader.settings), reader, writer, summary, how)


def items_into(
    items: Iterable[Document | SkipDocument], reader: AnyReader, writer: Writer, summary: Summary, how: How = HERE
) -> Iterator[Account]:
    """The same of documents that are there already, and of what could not be read among them."""
    intake = _Intake(writer, reader.version, summary, how)
    try:
        with closing(accounts_of(items, reader, summary, how, wanted=intake.wanted)) as read:
            for account in read:
                yield account
                intake.take(account)
    finally:
        intake.commit()


def coded_into(
    told: Iterable[Account | SkipDocument], reader: AnyReader, writer: Writer, summary: Summary, how: How = HERE
) -> Iterator[Account]:
    """The same of accounts that are there already; what another version has read is read again."""
    intake = _Intake(writer, reader.version, summary, how)
    waiting = iter(told)
    try:
        while batch := list(islice(waiting, writer.batch)):
            known: dict[str, Account] = {}
            others: list[Document] = []
            for one in batch:
                if isinstance(one, SkipDocument):
                    intake.aside(one)
                elif one.version == reader.version:
                    known.setdefault(one.doc_id, one)
                else:
                    others.append(replace(one.document, engagements=None))
            for doc in intake.wanted([a.document for a in known.values()]):
                account = known[doc.source.doc_id]
                summary.count(account)
                yield account
                intake.take(account)
            if others:
                yield from items_into(others, reader, writer, summary, how)
    finally:
        intake.commit()


class _Intake:
    """Accounts gathered into batches for a register, and which documents of this run are worth reading."""

    def __init__(self, writer: Writer, version: str, summary: Summary, how: How) -> None:
        self.writer = writer
        self.version = version  # of the reader: another one reads again
        self.summary = summary
        self.how = how
        self.batch: list[Account] = []
        self.since = 0.0  # when the first of the batch was read
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
        self.how.told(skipped)
        if self.how.strict:
            raise StopRun(str(skipped))

    def take(self, account: Account) -> None:
        """Keep an account for the batch; only what the register keeps of it, since layers of analysis are large."""
        if not self.batch:
            self.since = time.monotonic()
        self.batch.append(light(account))
        if len(self.batch) >= self.writer.batch or time.monotonic() - self.since >= LOST:
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
