"""The table of claims: one row for each value that a document gives for a field. Claims come from the register itself."""

from __future__ import annotations

import json
from collections.abc import Iterator

from dragoman.codec import span
from dragoman.model import Claim, Record
from dragoman.resources import Tools
from dragoman.tables.column import Column, Table


def _none(record: Record, tools: Tools) -> Iterator[Claim]:
    """A record does not hold its claims; they are handed over apart (``Holdings.claims``)."""
    yield from ()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


COLUMNS: tuple[Column[Claim], ...] = (
    Column("account", "text", "Key of the account that the claim belongs to.", lambda c: c.account),
    Column("doc_id", "text", "Id of the document.", lambda c: c.doc_id),
    Column("field", "text", "Which field: a path such as kind, date.start, participants[0].name.", lambda c: c.field),
    Column("value", "json", "Its value.", lambda c: _json(c.value)),
    Column("spans", "json", "Where the words stand: [start, end] in the text, or [\"title\", start, end].", lambda c: _json([span(o) for o in c.spans])),
    Column("basis", "text", "What an inferred value was inferred from; empty where words give it.", lambda c: c.basis),
    Column("voices", "list", "Who says so, nearest to the event first.", lambda c: list(c.voices)),
    Column("rule", "text", "Rule or model that read it.", lambda c: c.rule),
    Column("version", "text", "Version that read it.", lambda c: c.version),
)  # fmt: skip

CLAIMS = Table("claims", "One row for each value that one document gives for one field of one engagement.", COLUMNS, _none, ("parquet",))  # fmt: skip
