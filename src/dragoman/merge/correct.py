"""What people have set in a record, over what its accounts say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import date
from typing import Any

from dragoman.errors import JudgementError
from dragoman.model import KINDS, SIDES, STATUSES, TOPICS, Judgement, Participation, Record, When, Where

Setter = Callable[[Record, Any], Record]
STATE = re.compile("[A-Z]{3}")
PRECISION = {10: "day", 7: "month", 4: "year"}


def standing(record: Record, judgements: Iterable[Judgement], *verdicts: str) -> list[Judgement]:
    """Judgements of those verdicts on the record that are not withdrawn, oldest first."""
    keys = {a.key for a in record.accounts}
    found = [j for j in judgements if j.withdrawn is None and j.verdict in verdicts and j.left in keys]
    return sorted(found, key=lambda j: (j.at, j.id))


def rejected(record: Record, judgements: Iterable[Judgement]) -> bool:
    """Whether the last word of people on the record is that it is no engagement."""
    last = standing(record, judgements, "reject", "accept")
    return bool(last) and last[-1].verdict == "reject"


def corrected(record: Record, judgements: Iterable[Judgement]) -> Record:
    """The record with the values that people have set, the later over the earlier, and whether they accept it.

    A correction that no longer applies (its participant is not told of any more) is left out of ``corrected``; before one is
    taken down, :func:`check` says whether it applies.
    """
    known = list(judgements)
    corrections = {j.field or "": j for j in standing(record, known, "correct")}
    for path, j in sorted(corrections.items(), key=lambda c: (c[1].at, c[1].id)):
        try:
            record = _set(record, path, j.value)
        except JudgementError:
            del corrections[path]
    verdicts = standing(record, known, "accept", "reject")
    accepted = bool(verdicts) and verdicts[-1].verdict == "accept"
    return replace(record, corrected=tuple(sorted(corrections)), accepted=accepted)


def check(record: Record, path: str, value: Any) -> None:
    """Whether a field of the record can be set to the value.

    Raises:
        JudgementError: there is no such field, or it cannot hold the value; says what it can hold.
    """
    _set(record, path, value)


def _set(record: Record, path: str, value: Any) -> Record:
    if path.startswith("participants["):
        return _set_participant(record, path, value)
    setter = SETTERS.get(path)
    if setter is None:
        raise JudgementError(f"no field {path!r}; there are {', '.join(SETTERS)} and participants[NAME].FIELD")
    return setter(record, value)


def _with(record: Record, name: str, value: Any) -> Record:
    values: dict[str, Any] = {name: value}
    return replace(record, **values)


def _one_of(name: str, allowed: tuple[str, ...]) -> Setter:
    def set_it(record: Record, value: Any) -> Record:
        if value not in allowed:
            raise JudgementError(f"{name} is one of {', '.join(allowed)}, not {value!r}")
        return _with(record, name, value)

    return set_it


def _text(name: str) -> Setter:
    def set_it(record: Record, value: Any) -> Record:
        return _with(record, name, _word(name, value))

    return set_it


def _word(name: str, value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise JudgementError(f"{name} is a text or nothing, not {value!r}")
    return value


def _list(name: str, allowed: tuple[str, ...] | None) -> Setter:
    def set_it(record: Record, value: Any) -> Record:
        many = [v.strip() for v in value.split(",")] if isinstance(value, str) else value
        if not isinstance(many, list | tuple) or not all(isinstance(v, str) and v for v in many):
            raise JudgementError(f"{name} is a list of texts, not {value!r}")
        wrong = [v for v in many if allowed is not None and v not in allowed]
        if wrong:
            raise JudgementError(f"{name}: no such value {', '.join(wrong)}; there are {', '.join(allowed or ())}")
        return _with(record, name, tuple(sorted(set(many))) if name == "parties" else tuple(dict.fromkeys(many)))

    return set_it


def _day(part: str) -> Setter:
    def set_it(record: Record, value: Any) -> Record:
        text = None if value is None else _iso(f"date.{part}", value)
        when = record.date
        if part == "end":
            return replace(record, date=replace(when, end=text))
        end = when.end if when.end and text and when.end > text else None
        return replace(record, date=When(text, end, PRECISION[len(text)] if text else None, None))

    return set_it


def _iso(name: str, value: Any) -> str:
    try:
        if not isinstance(value, str) or len(value) not in PRECISION:
            raise ValueError
        date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        raise JudgementError(f"{name} is a day, month or year (2024-03-15, 2024-03, 2024), not {value!r}") from None
    return value


def _place(part: str) -> Setter:
    def set_it(record: Record, value: Any) -> Record:
        if part == "country" and value is not None and not (isinstance(value, str) and STATE.fullmatch(value)):
            raise JudgementError(f"place.country is the three letters of a state, as AZE, not {value!r}")
        where = record.place or Where(None, None, None, None)
        where = replace(where, **{part: _word(f"place.{part}", value)})
        if part == "city" and value != (record.place.city if record.place else None):
            where = replace(where, text=value, venue=None)
        return replace(record, place=where if any((where.text, where.city, where.country, where.venue)) else None)

    return set_it


SETTERS: dict[str, Setter] = {
    "kind": _one_of("kind", KINDS),
    "status": _one_of("status", STATUSES),
    "salience": _one_of("salience", ("main", "mention")),
    "date.start": _day("start"),
    "date.end": _day("end"),
    "place.city": _place("city"),
    "place.country": _place("country"),
    "place.venue": _place("venue"),
    "place.text": _place("text"),
    "parties": _list("parties", None),
    "topics": _list("topics", TOPICS),
    "framework": _text("framework"),
}
SETTABLE = ("name", "office", "rank", "party", "side", "head")


def _set_participant(record: Record, path: str, value: Any) -> Record:
    """``participants[NAME].FIELD``: NAME is a name as the record or an account spells it, or the person's id."""
    name, _, field = path.removeprefix("participants[").partition("].")
    if field not in SETTABLE:
        raise JudgementError(f"no field {path!r}; of a participant there are {', '.join(SETTABLE)}")
    if field == "side" and value not in SIDES:
        raise JudgementError(f"side is one of {', '.join(SIDES)}, not {value!r}")
    if field == "head" and not isinstance(value, bool):
        raise JudgementError(f"head is true or false, not {value!r}")
    if field not in {"side", "head"}:
        value = _word(field, value)
    found = [n for n, p in enumerate(record.participants) if name in (p.name, p.person, *p.names)]
    if not found:
        known = ", ".join(p.name for p in record.participants if p.name)
        raise JudgementError(f"no participant {name!r}; there are {known or 'none with a name'}")
    people = list(record.participants)
    people[found[0]] = replace(people[found[0]], **{field: value})
    return replace(record, participants=tuple(people))


assert {f.name for f in fields(Participation)} >= set(SETTABLE)
