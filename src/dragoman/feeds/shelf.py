"""Pages into the register, through the driver that ``dragoman read`` uses, and what the register then tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from dragoman.errors import NoAnswer, SkipDocument
from dragoman.feeds import addresses
from dragoman.feeds.journal_rows import Page
from dragoman.model import Document, Record
from dragoman.readers import AnyReader
from dragoman.run import Summary, items_into
from dragoman.stages import ingest
from dragoman.store.read import Register
from dragoman.store.write import Writer


@dataclass(slots=True)
class Read:
    """What became of a page: its documents in the register, and why it, or a part of it, was set aside.

    ``waits`` says that it is to be read another time: it was not read for want of an answer.
    """

    page: Page
    documents: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    removed: bool = False
    waits: bool = False


class Shelf:
    """A register that is filled with pages."""

    def __init__(self, reader: AnyReader, writer: Writer) -> None:
        self._reader, self._writer = reader, writer

    @property
    def name(self) -> str:
        """The register's file name."""
        return self._writer.path.name

    def read(self, pages: Sequence[tuple[Page, bytes]]) -> list[Read]:
        """Read pages into the register; all of them are committed when this returns.

        Raises:
            RegisterError: the register cannot be written.
        """
        done = {page.key: Read(page) for page, _ in pages}
        owner: dict[str, Read] = {}
        summary = Summary()
        for _ in items_into(self._documents(pages, done, owner), self._reader, self._writer, summary):
            pass
        for skipped in summary.aside:
            read = owner.get(skipped.location)
            if read is not None:
                read.reasons.append(skipped.reason)
                read.documents.remove(skipped.location)
                read.waits |= isinstance(skipped, NoAnswer)
        for doc_id in self._writer.refused & owner.keys():
            owner[doc_id].removed = True
        return list(done.values())

    def _documents(
        self, pages: Sequence[tuple[Page, bytes]], done: dict[str, Read], owner: dict[str, Read]
    ) -> Iterator[Document]:
        for page, body in pages:
            found: list[Document] = []
            try:
                for item in ingest.of_bytes(body, url=page.url, content_type=page.type, settings=self._reader.settings):
                    if isinstance(item, SkipDocument):
                        done[page.key].reasons.append(item.reason)
                    else:
                        found.append(item)
            except Exception as error:
                done[page.key].reasons.append(f"its form could not be read: {type(error).__name__}")
            for number, doc in enumerate(found, 1):
                mine = named(doc, page, number if len(found) > 1 else None)
                owner[mine.source.doc_id] = done[page.key]
                done[page.key].documents.append(mine.source.doc_id)
                yield mine

    def records(self, doc_ids: Iterable[str]) -> tuple[Record, ...]:
        """Records of which these documents tell."""
        register = Register(self._writer.path, wait=self._writer.wait, tools=self._writer.tools)
        with register.held():
            ids = {told.record for doc_id in sorted(doc_ids) for told in register.told_in(doc_id)}
            found = register.by_id(sorted(ids))
        return tuple(found[i] for i in sorted(found))

    def removed(self, urls: Iterable[str]) -> set[str]:
        """Those of the addresses whose documents somebody has removed from the register."""
        return Register(self._writer.path, wait=self._writer.wait, tools=self._writer.tools).kept_out(urls)


def named(doc: Document, page: Page, number: int | None) -> Document:
    """The document with what the feed says of it where the page does not, and an id that stays when the page changes."""
    s = doc.source
    doc_id = addresses.document_id(page.url, page.key) + (f"-{number}" if number else "")
    return replace(
        doc,
        source=replace(
            s,
            doc_id=doc_id,
            url=page.url,
            outlet=s.outlet or page.outlet,
            published=s.published or page.published,
            title=s.title or page.title,
        ),
    )
