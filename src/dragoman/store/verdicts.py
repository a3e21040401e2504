"""What a person says of records, as judgements over their accounts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from dragoman.errors import JudgementError
from dragoman.merge import check
from dragoman.model import Record


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement before it has an author and a time; fields as in :class:`dragoman.model.Judgement`."""

    verdict: str
    left: str
    right: str | None = None
    field: str | None = None
    value: Any = None


def one_act(records: Sequence[Record]) -> list[Verdict]:
    """The records are of one act: all their accounts, so that none stays behind which reading would not join with the others.

    Raises:
        JudgementError: there are not two of them.
    """
    if len({r.id for r in records}) < 2:
        raise JudgementError("merging takes two records; these are one already")
    first, *others = dict.fromkeys(a.key for r in records for a in r.accounts)
    return [Verdict("same", first, key) for key in others]


def other_act(record: Record, names: Sequence[str]) -> list[Verdict]:
    """Accounts of the record, named by key (or its unique beginning) or by document, tell of another act than the rest.

    Raises:
        JudgementError: a name fits no account or several, or no account is left.
    """
    out = sorted({_account(record, name) for name in names})
    rest = [a.key for a in record.accounts if a.key not in out]
    if not rest:
        raise JudgementError("these are all accounts of the record: name those that tell of another act")
    return [Verdict("different", *sorted(pair)) for pair in product(out, rest)]


def two_acts(left: Record, right: Record) -> list[Verdict]:
    """The two records are of two acts, so that nobody has to ask again and no reading joins them.

    Raises:
        JudgementError: they are one record.
    """
    if left.id == right.id:
        raise JudgementError("these are one record: name the accounts that tell of another act")
    return [Verdict("different", *sorted((a.key, b.key))) for a, b in product(left.accounts, right.accounts)]


def _account(record: Record, name: str) -> str:
    found = [a.key for a in record.accounts if name and (a.key.startswith(name) or a.doc_id == name)]
    if len(found) != 1:
        known = ", ".join(f"{a.key} ({a.doc_id})" for a in record.accounts)
        raise JudgementError(
            f"{name!r} names {'several accounts' if found else 'no account'} of the record; there are {known}"
        )
    return found[0]


def correction(record: Record, words: str) -> Verdict:
    """FIELD=VALUE for a record; VALUE is a text, or null, true, false or a list in JSON; nothing after = empties the field.

    Raises:
        JudgementError: it is not of that form, there is no such field, or it cannot hold the value.
    """
    field, sign, text = words.partition("=")
    if not sign or not field.strip():
        raise JudgementError(f"{words!r} is not FIELD=VALUE, as date.start=2024-05-03")
    value = _value(text.strip())
    check(record, field.strip(), value)
    return Verdict("correct", record.accounts[0].key, None, field.strip(), value)


def _value(text: str) -> Any:
    if text in {"", "null"}:
        return None
    if text in {"true", "false"}:
        return text == "true"
    if text.startswith("["):
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise JudgementError(f"{text!r} is no list: {error.msg}") from None
    return text


def rejection(record: Record) -> Verdict:
    """The record is no engagement."""
    return Verdict("reject", record.accounts[0].key)


def acceptance(record: Record) -> Verdict:
    """The record is right as it stands."""
    return Verdict("accept", record.accounts[0].key)
