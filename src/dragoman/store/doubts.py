"""Where a second reader differs from what is in the register: kept with the document, shown to people until they judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dragoman.store.codes import code_of
from dragoman.store.file import Connection
from dragoman.store.intake import Told
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
