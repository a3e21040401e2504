"""The table of accounts: one row for each document that tells of an engagement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.model import AccountRef, Record
from dragoman.resources import Tools
from dragoman.tables.column import Column, Table


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account and the record that it belongs to."""

    record: Record
    account: AccountRef


def _rows(record: Record, tools: Tools) -> Iterator[AccountRow]:
    for account in record.accounts:
        yield AccountRow(record, account)


def _said(row: AccountRow) -> str | None:
    return next((s.status for s in row.record.history if s.account == row.account.key), None)


def _differs(row: AccountRow) -> list[str]:
    """Fields in which this account takes part in a contradiction, with the value it gives."""
    key = row.account.key
    return sorted(f"{c.field}: {v}" for c in row.record.conflicts for v, keys in c.values.items() if key in keys)


COLUMNS: tuple[Column[AccountRow], ...] = (
    Column("record_id", "text", "Id of the engagement.", lambda r: r.record.id),
    Column("account", "text", "Key of the account; does not change when its document is read again.", lambda r: r.account.key),
    Column("doc_id", "text", "Id of the document.", lambda r: r.account.doc_id),
    Column("local_id", "text", "Id of the engagement within the document's line.", lambda r: r.account.local_id),
    Column("outlet", "text", "Who published it.", lambda r: r.account.outlet),
    Column("url", "text", "Where it stands.", lambda r: r.account.url),
    Column("title", "text", "Headline.", lambda r: r.account.title),
    Column("published", "day", "Day of publication.", lambda r: r.account.published),
    Column("author", "text", "Who wrote it, as published with it; several are parted by semicolons.", lambda r: r.account.author),
    Column("language", "text", "Language of the document, told by its words; ISO 639-1.", lambda r: r.account.language),
    Column("sources", "list", "Who says so in this document, nearest to the event first.", lambda r: list(r.account.sources)),
    Column("status_said", "text", "What status this account gives, where the record's history keeps it.", _said),
    Column("copy_of", "text", "Id of the document whose wire text this one repeats; the two are one voice.", lambda r: r.account.copy_of),
    Column("conflicts", "list", "Contradictions that this account takes part in, with the value that it gives.", _differs),
    Column("evidence", "text", "The words that establish the engagement in this document.", lambda r: r.account.evidence),
)  # fmt: skip

ACCOUNTS = Table("accounts", "One row for each document that tells of an engagement.", COLUMNS, _rows, ("parquet",))
