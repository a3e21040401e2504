"""The driver: documents in, accounts out, one bad document never stopping the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from dragoman.config import Settings
from dragoman.errors import SkipDocument, StopRun
from dragoman.model import Document
from dragoman.reader import Account
from dragoman.readers import AnyReader
from dragoman.stages import ingest

BATCH = 32  # documents read at once


@dataclass(slots=True)
class Summary:
    """What a run did."""

    documents: int = 0
    engagements: int = 0
    aside: list[SkipDocument] = field(default_factory=list)


def accounts(
    locations: Iterable[str],
    reader: AnyReader,
    summary: Summary,
    *,
    strict: bool = False,
    told: Callable[[SkipDocument], None] = lambda skipped: None,
) -> Iterator[Account]:
    """Accounts of everything at ``locations``, in order; what is set aside goes to ``summary`` and ``told``.

    Raises:
        StopRun: with ``strict``, at the first document that is set aside.
    """

    def aside(skipped: SkipDocument) -> None:
        summary.aside.append(skipped)
        told(skipped)
        if strict:
            raise StopRun(str(skipped))

    batch: list[Document] = []
    for item in found(locations, reader.settings):
        if isinstance(item, SkipDocument):
            yield from _read(batch, reader, summary, aside)
            batch = []
            aside(item)
            continue
        batch.append(item)
        if len(batch) == BATCH:
            yield from _read(batch, reader, summary, aside)
            batch = []
    yield from _read(batch, reader, summary, aside)


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
