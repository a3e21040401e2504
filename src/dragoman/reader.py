"""Reading as a library: one text, or many documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dragoman import codec
from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document, Engagement, Source
from dragoman.pipeline import run_batch
from dragoman.resources import Tools
from dragoman.stages.ingest._common import digest
from dragoman.stages.ingest._language import language_of


@dataclass(frozen=True, slots=True)
class Account:
    """What one document tells: its source, its engagements, and the version that read it."""

    doc_id: str
    url: str | None
    outlet: str | None
    published: date | None
    title: str | None
    engagements: tuple[Engagement, ...]
    version: str
    document: Document

    @classmethod
    def of(cls, document: Document, version: str) -> Account:
        """What a document that has been read tells."""
        s = document.source
        return cls(s.doc_id, s.url, s.outlet, s.published, s.title, document.engagements or (), version, document)

    def to_json(self) -> str:
        """The JSON line that ``dragoman code`` writes."""
        return codec.line(codec.account(self.document, self.version))


class Reader:
    """Reads texts into engagements. Loads its models when it reads first; keep one and use it again."""

    def __init__(self, settings: Settings | None = None, *, threads: int | None = None) -> None:
        """``threads`` is how many documents may be encoded at once; as many as there are cores, if nothing is said."""
        self.settings = settings or Settings()
        self.tools = Tools(threads=threads)

    @property
    def version(self) -> str:
        """What a record is made with."""
        return self.tools.version

    def read(
        self,
        text: str,
        *,
        published: date | None = None,
        outlet: str | None = None,
        title: str | None = None,
        url: str | None = None,
    ) -> Account:
        """Engagements of one text.

        Args:
            text: the report as published.
            published: its day of publication, from which "on Tuesday" is counted.
            outlet: who published it.
            title: its headline, if that is not part of the text.
            url: where it stands.

        Raises:
            SkipDocument: the text is empty or longer than the settings allow.
        """
        if not text.strip():
            raise SkipDocument("text", "is empty")
        if len(text) > self.settings.largest:
            raise SkipDocument("text", f"{len(text):,} characters are more than the limit of {self.settings.largest:,}")
        source = Source(
            digest(url or "", text),
            url,
            outlet or self.settings.outlet,
            published or self.settings.published,
            title,
            language=language_of(text, self.settings.language),
        )
        return next(self.read_many([Document(source, text)]))

    def read_many(self, documents: Iterable[Document]) -> Iterator[Account]:
        """Accounts of documents, in order. A document that breaks the reading of one raises; see ``dragoman code``."""
        for doc in run_batch(documents, self.tools):
            yield Account.of(doc, self.tools.version)
