"""The text of a model's answer as typed values. Nothing here is believed yet: grounding is what holds it to the words.

The text is parsed as JSON and never anything else; what is no string where a string is wanted counts as not given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 2_000  # characters of one value; a longer one is no name, office or sentence
MOST = 200  # engagements, participants and the like in one list
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"^```[a-z]*\s*|\s*```$")


class MalformedAnswer(ValueError):
    """An answer that holds no list of engagements."""


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """A participant as the model has it."""

    name: str | None
    office: str | None
    rank: str | None
    party: str | None
    side: str | None
    head: bool


@dataclass(frozen=True, slots=True)
class ToldDate:
    """A date as the model has it: the words of the text, or a date in the guide's form."""

    words: str | None = None
    start: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class ToldPlace:
    """A place as the model has it."""

    text: str | None = None
    city: str | None = None
    country: str | None = None
    venue: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An engagement as the model has it; ``sentence`` is the number of the one it points at."""

    id: str
    kind: str | None
    status: str | None
    salience: str | None
    part_of: str | None
    date: ToldDate
    place: ToldPlace | None
    people: tuple[ToldPerson, ...]
    parties: tuple[str, ...]
    topics: tuple[str, ...]
    framework: str | None
    sources: tuple[str, ...]
    evidence: str | None
    sentence: int | None = field(default=None)


def parse(text: str) -> tuple[Told, ...]:
    """Engagements of an answer.

    Raises:
        MalformedAnswer: it is no JSON even after repair, ends in the middle, or has no list ``engagements``.
    """
    body = _FENCE.sub("", _THOUGHT.sub("", text).strip()).strip()
    value = _value(body)
    rows = value.get("engagements") if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise MalformedAnswer("the answer has no list of engagements")
    return tuple(_told(row, n) for n, row in enumerate(rows[:MOST], 1) if isinstance(row, dict))


def _value(body: str) -> Any:
    try:
        return json.loads(body)
    except (json.JSONDecodeError, RecursionError):
        pass
    if not body.endswith(("}", "]")):
        raise MalformedAnswer("the answer ends in the middle or is no JSON")
    import json_repair

    try:
        return json_repair.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedAnswer(f"the answer is no JSON: {type(error).__name__}") from None


def _told(row: Mapping[str, Any], number: int) -> Told:
    date, place, sentence = row.get("date"), row.get("place"), row.get("sentence")
    return Told(
        id=_text(row.get("id")) or f"e{number}",
        kind=_text(row.get("kind")),
        status=_text(row.get("status")),
        salience=_text(row.get("salience")),
        part_of=_text(row.get("part_of")),
        date=_date(date) if isinstance(date, dict) else ToldDate(),
        place=_place(place) if isinstance(place, dict) else None,
        people=tuple(_person(p) for p in _list(row.get("participants")) if isinstance(p, dict)),
        parties=tuple(_texts(row.get("parties"))),
        topics=tuple(_texts(row.get("topics"))),
        framework=_text(row.get("framework")),
        sources=tuple(_texts(row.get("sources"))),
        evidence=_text(row.get("evidence")),
        sentence=sentence if isinstance(sentence, int) and not isinstance(sentence, bool) else None,
    )


def _date(row: Mapping[str, Any]) -> ToldDate:
    return ToldDate(_text(row.get("words")), _text(row.get("start")), _text(row.get("basis")))


def _place(row: Mapping[str, Any]) -> ToldPlace:
    return ToldPlace(*(_text(row.get(k)) for k in ("text", "city", "country", "venue")))


def _person(row: Mapping[str, Any]) -> ToldPerson:
    name, office, rank, party, side = (_text(row.get(k)) for k in ("name", "office", "rank", "party", "side"))
    return ToldPerson(name, office, rank, party, side, row.get("head") is True)


def _list(value: Any) -> list[Any]:
    return value[:MOST] if isinstance(value, list) else []


def _texts(value: Any) -> Iterator[str]:
    return (text for v in _list(value) if (text := _text(v)))


def _text(value: Any) -> str | None:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        return None
    return value.strip()
