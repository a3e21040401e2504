"""Where a second reader differs from what is in the register: kept with the document, shown to people until they judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from dragoman.store.codes import NUMBER, code_of, key_of, one_of
from dragoman.store.file import Connection
from dragoman.store.intake import Told, names_of, numbers_of
from dragoman.store.rows import put


@dataclass(frozen=True, slots=True)
class Difference:
    """One value on which two readers of a document differ.

    Attributes:
        engagement: id in the document's line of the engagement that is kept; None where only the other reader has it.
        field: what differs; None where only one of the two has the engagement.
        kept: the value that is kept, or the words of the engagement.
        other: the other reader's.
    """

    engagement: str | None
    field: str | None
    kept: str | None
    other: str | None


@dataclass(frozen=True, slots=True)
class Differing:
    """A difference in the register: the record and account it is about, None where only the other reader has the engagement."""

    record: str | None
    account: str | None
    doc_id: str
    field: str | None
    kept: str | None
    other: str | None


def keep(con: Connection, told: Mapping[int, Told], found: Mapping[str, Sequence[Difference]]) -> None:
    """Keep what two readers differ in: ``told`` has new documents by number, ``found`` differences by the document's id."""
    rows = []
    for number, document in told.items():
        keys = {t.engagement.id: code_of(t.key) for t in document.tellings}
        for d in found.get(document.doc_id, ()):
            account = keys.get(d.engagement) if d.engagement else None
            rows.append({"document": number, "account": account, "field": d.field, "kept": d.kept, "other": d.other})
    put(con, "doubts", rows)


OPEN = """SELECT h.slot, d.account, d.document, d.field, d.kept, d.other FROM doubts d JOIN holdings h ON h.account = d.account
WHERE h.slot NOT IN (SELECT o.slot FROM holdings o JOIN anchors m ON o.account = ('0x' || m.account)::UBIGINT JOIN judgements j ON j.id = m.judgement
WHERE j.withdrawn IS NULL AND j.verdict IN ('accept', 'correct', 'reject'))"""
"""Differences over records that nobody has accepted, corrected or rejected."""


class Asked(Protocol):
    """What a register can be asked with SQL of this package."""

    def _connected(self) -> AbstractContextManager[Connection]: ...
    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...
    def _homes(self, accounts: Iterable[int]) -> dict[str, str]: ...


class Doubts:
    """Questions about what two readers differ in. Taken in by ``Register``."""

    def differing(self: Asked, *, limit: int = 20, offset: int = 0) -> tuple[tuple[Differing, ...], ...]:
        """Records on which a second reader differs and that nobody has judged: all its differences of each, latest read first."""
        slots = self._ask(f"SELECT DISTINCT slot FROM ({OPEN}) ORDER BY slot DESC LIMIT ? OFFSET ?", [limit, offset])
        rows = self._ask(
            f"SELECT * FROM ({OPEN}) WHERE {one_of('slot', NUMBER)} ORDER BY slot DESC, field NULLS FIRST, kept, other",
            [[n for (n,) in slots]],
        )
        with self._connected() as con:
            documents = names_of(con, {row[2] for row in rows})
        home = self._homes({row[1] for row in rows})
        found: dict[int, list[Differing]] = {}
        for slot, account, document, *rest in rows:
            key = key_of(account)
            found.setdefault(slot, []).append(Differing(home[key], key, documents[document], *rest))
        return tuple(map(tuple, found.values()))

    def differing_in(self: Asked, doc_id: str) -> tuple[Differing, ...]:
        """All differences of a document, judged or not."""
        with self._connected() as con:
            rows = [
                row
                for number in numbers_of(con, [doc_id]).values()
                for row in con.ask(
                    "SELECT account, field, kept, other FROM doubts WHERE document = ? ORDER BY account, field, kept, other",
                    [number],
                )
            ]
        home = self._homes({row[0] for row in rows if row[0] is not None})
        keys = [None if row[0] is None else key_of(row[0]) for row in rows]
        return tuple(Differing(home.get(k or ""), k, doc_id, *row[1:]) for k, row in zip(keys, rows, strict=True))
