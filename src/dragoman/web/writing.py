"""Judgements from a form or from JSON, through the same functions as the commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dragoman.errors import JudgementError, NotFound
from dragoman.model import Judgement, Record
from dragoman.store.read import Register
from dragoman.store.verdicts import Verdict, acceptance, correction, one_act, other_act, rejection, two_acts
from dragoman.store.write import Writer
from dragoman.web.desk import Desk

ACTS = ("accept", "reject", "correct", "merge", "split", "undo")
LONGEST = 2_000  # characters of a reason or a value


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to say.

    Attributes:
        act: one of ACTS.
        record: id of the record it is about (undo: none).
        others: merge: ids of the other records. split: keys or documents of the accounts that tell of another act, or the id of a
            record that is another act. undo: the judgement's id.
        correction: correct: FIELD=VALUE.
        author: who says it; the server's author where empty.
        reason: why.
    """

    act: str
    record: str = ""
    others: tuple[str, ...] = ()
    correction: str = ""
    author: str = ""
    reason: str = ""


def wish(given: Mapping[str, Sequence[str]]) -> Wish:
    """The wish in a form's fields or a JSON object's.

    Raises:
        JudgementError: a field is missing, unknown or too long.
    """
    known = {"act", "record", "others", "correction", "author", "reason"}
    unknown = sorted(set(given) - known - {"mark", "back", "field", "value"})
    if unknown:
        raise JudgementError(f"no field {unknown[0]!r}: there are {', '.join(sorted(known))}")
    if any(len(v) > LONGEST for values in given.values() for v in values):
        raise JudgementError(f"{LONGEST} characters at most")
    one = {name: values[-1].strip() for name, values in given.items() if values}
    if one.get("act") not in ACTS:
        raise JudgementError(f"act is one of {', '.join(ACTS)}")
    words = one.get("correction") or (f"{one['field']}={one.get('value', '')}" if one.get("field") else "")
    others = tuple(part for value in given.get("others", ()) for part in value.replace(",", " ").split())
    return Wish(one["act"], one.get("record", ""), others, words, one.get("author", ""), one.get("reason", ""))


def grant(desk: Desk, wanted: Wish) -> tuple[Judgement, ...]:
    """Do what is wished; returns the judgements made or withdrawn.

    Raises:
        JudgementError: it cannot be.
        RegisterError: the record or judgement is not there, or the file cannot be written.
    """
    author = wanted.author or desk.options.author
    writer = Writer(desk.options.register, desk.tools)
    if wanted.act == "undo":
        if not wanted.others:
            raise JudgementError("undo: which judgement?")
        with desk.writing():
            return tuple(j for name in wanted.others for j in writer.undo(name, author=author))
    verdicts = desk.ask(lambda register: _verdicts(register, wanted))
    with desk.writing():
        return writer.judge(verdicts, author=author, reason=wanted.reason)


def _other(register: Register, record: Record, names: Sequence[str]) -> Record | None:
    """Another record, where that is what is to be parted from this one; None where accounts of its own are."""
    if len(names) != 1 or any(names[0] in (a.key, a.doc_id) for a in record.accounts):
        return None
    try:
        other = register.record(names[0])
    except NotFound:
        return None
    return other if other.id != record.id else None


def _verdicts(register: Register, wanted: Wish) -> list[Verdict]:
    record = register.record(wanted.record)
    match wanted.act:
        case "accept":
            return [acceptance(record)]
        case "reject":
            return [rejection(record)]
        case "correct":
            return [correction(record, wanted.correction)]
        case "split":
            other = _other(register, record, wanted.others)
            return two_acts(record, other) if other else other_act(record, wanted.others)
        case _:
            return one_act([record, *(register.record(name) for name in wanted.others)])
