"""Which reader reads: the embedded one, a language model, or both. One line for every command that reads.

::

    with make_reader(settings, say=…) as reader:
        for account in accounts(paths, reader, summary): …
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Protocol, Self

from dragoman.config import Settings
from dragoman.errors import SkipDocument, StopRun
from dragoman.model import Document
from dragoman.reader import Account, Reader
from dragoman.resources import Tools

if TYPE_CHECKING:
    from dragoman.llm.reader import ModelReader

Say = Callable[[str], None]
Compared = Callable[[Account, Account], None]
"""Hears of each document that both read: the embedded reader's account, the language model's."""


class AnyReader(Protocol):
    """What reads documents, in order; a document that could not be read is a SkipDocument in its place."""

    settings: Settings
    tools: Tools

    @property
    def version(self) -> str:
        """What a record is made with."""
        ...

    def read_many(self, documents: Iterable[Document]) -> Iterator[Account | SkipDocument]:
        """Accounts of documents."""
        ...


class BothReader:
    """Reads with both; gives the language model's accounts, and the embedded reader's of documents that are not sent."""

    def __init__(self, rules: Reader, model: ModelReader, compared: Compared) -> None:
        self.settings = rules.settings
        self.tools = rules.tools
        self._rules, self._model, self._compared = rules, model, compared

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._model.close()

    @property
    def version(self) -> str:
        """What a record is made with."""
        return self._model.version

    def read_many(self, documents: Iterable[Document]) -> Iterator[Account | SkipDocument]:
        """Accounts of documents, in order; each that both read is told to ``compared`` first."""
        from dragoman.llm.reader import BATCH

        waiting = iter(documents)
        while batch := list(islice(waiting, BATCH)):
            for number, told in enumerate(self._model.read_many(batch)):
                yield told if isinstance(told, SkipDocument) else self._second(batch[number], told)

    def _second(self, doc: Document, told: Account) -> Account | SkipDocument:
        """The model's account, compared with the embedded reader's own; that one where nothing was sent."""
        from dragoman.llm.reader import NOT_SENT

        try:
            own = next(self._rules.read_many([doc]))
        except StopRun:
            raise
        except Exception as error:
            return SkipDocument(doc.source.doc_id, f"reading failed: {type(error).__name__}: {error}")
        if told.document.trail[-1].notes == (NOT_SENT,):
            return own
        self._compared(own, told)
        return told


def make_reader(
    settings: Settings,
    *,
    say: Say = lambda message: None,
    count: Say = lambda message: None,
    compared: Compared = lambda own, told: None,
    threads: int | None = None,
) -> AbstractContextManager[AnyReader]:
    """The reader that the settings name, to be used in a ``with``.

    Args:
        settings: which reader, and how the language model is asked.
        say: hears what the user must know: where texts are sent, what a server does not take.
        count: hears the running count of the language model's run.
        compared: with ``both``, hears of each document that both read.
        threads: how many documents the embedded reader may encode at once.
    """
    if settings.reader == "rules":
        return nullcontext(Reader(settings, threads=threads))
    from dragoman.llm.reader import ModelReader

    model = ModelReader(settings, say=say, count=count)
    if settings.reader == "llm":
        return model
    rules = Reader(settings)
    rules.tools = model.tools
    return BothReader(rules, model, compared)
