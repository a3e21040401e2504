"""Register: read-only questions to a register file, answered in the model's types.

The file is opened for the length of one question and let go of, so that one process can write while many ask. Where
several questions must see the same state, ask them within :meth:`Register.held`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dragoman.model import Claim, Judgement, Person, Record, Telling
from dragoman.store.shapes import EVERYTHING, Filter, Hit, HistoryItem, StoredDocument, Totals


class Register:
    """A register file, to be asked."""

    def __init__(self, path: Path | str = "dragoman.duckdb", *, wait: float = 10.0) -> None:
        """``wait`` is how many seconds to try while another process writes.

        Raises:
            RegisterError: there is no such file, it is no register, or one of a newer version.
        """
        raise NotImplementedError

    @contextmanager
    def held(self) -> Iterator[Register]:
        """All questions within see one state of the file; writers wait until it ends."""
        raise NotImplementedError

    def totals(self) -> Totals:
        """How much there is."""
        raise NotImplementedError

    def records(
        self, where: Filter = EVERYTHING, *, sort: str = "date", limit: int | None = None, offset: int = 0
    ) -> tuple[Record, ...]:
        """Records that ``where`` asks for; ``sort`` is one of SORTS (undated ones last; equal ones by id)."""
        raise NotImplementedError

    def each(self, where: Filter = EVERYTHING, *, sort: str = "date") -> Iterator[Record]:
        """The same one after another, for registers that do not fit into memory."""
        raise NotImplementedError

    def count(self, where: Filter = EVERYTHING) -> int:
        """How many records ``where`` asks for."""
        raise NotImplementedError

    def facets(self, field: str, where: Filter = EVERYTHING, *, limit: int = 50) -> tuple[tuple[str, int], ...]:
        """Values of one of FACETS among the records, commonest first, with how many records have them."""
        raise NotImplementedError

    def record(self, name: str) -> Record:
        """The record with that id, a unique beginning of it, or the key of one of its accounts.

        Raises:
            NotFound: there is none, or several.
        """
        raise NotImplementedError

    def people(
        self, words: str | None = None, *, party: str | None = None, limit: int | None = None, offset: int = 0
    ) -> tuple[Person, ...]:
        """People, those with most engagements first; ``words`` must all stand in one of their names."""
        raise NotImplementedError

    def person(self, name: str) -> Person:
        """The person with that id or name.

        Raises:
            NotFound: there is none, or several; the message lists them.
        """
        raise NotImplementedError

    def documents(self, *, limit: int | None = None, offset: int = 0) -> tuple[StoredDocument, ...]:
        """Documents by id."""
        raise NotImplementedError

    def document(self, doc_id: str) -> StoredDocument:
        """One document, with its text where texts are kept.

        Raises:
            NotFound: there is none.
        """
        raise NotImplementedError

    def tellings(self, record: str) -> tuple[Telling, ...]:
        """What each document tells of the record, by account key; spans and all."""
        raise NotImplementedError

    def claims(self, record: str) -> tuple[Claim, ...]:
        """Every claim of the record's accounts, by account key and field."""
        raise NotImplementedError

    def judgements(self, record: str | None = None) -> tuple[Judgement, ...]:
        """People's judgements, withdrawn ones too, oldest first; all of them, or those on one record."""
        raise NotImplementedError

    def history(self, record: str) -> tuple[HistoryItem, ...]:
        """What happened to a record, oldest first."""
        raise NotImplementedError

    def search(
        self, words: str, where: Filter = EVERYTHING, *, limit: int = 20, offset: int = 0
    ) -> tuple[Hit, ...]:
        """Documents that hold the words, best first; with a filter, only those that tell of a record it asks for."""
        raise NotImplementedError
