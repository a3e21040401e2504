"""The JSON schema of an answer, for servers that hold a model to one. Lists of values are those of the record's model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dragoman.llm.ground import SALIENCES
from dragoman.model import KINDS, SIDES, STATUSES, TOPICS

Schema = dict[str, Any]
NAME = "engagements"


def response_format() -> Schema:
    """The ``response_format`` of a request: strict JSON by :func:`answer_schema`."""
    return {"type": "json_schema", "json_schema": {"name": NAME, "strict": True, "schema": answer_schema()}}


def answer_schema() -> Schema:
    """An object with the list of engagements; every property is required and none is added, as strict modes want it."""
    return _object(engagements=_list(_engagement()))


def _engagement() -> Schema:
    text, maybe = {"type": "string"}, _maybe("string")
    date = _object(words=maybe, basis=_choice(("text", "published", None)))
    place = _object(text=maybe, city=maybe, country=maybe, venue=maybe)
    person = _object(name=maybe, office=maybe, rank=maybe, party=maybe, side=_choice(SIDES), head={"type": "boolean"})
    return _object(
        id=text,
        kind=_choice(KINDS),
        status=_choice(STATUSES),
        salience=_choice(SALIENCES),
        part_of=maybe,
        sentence={"type": "integer"},
        evidence=text,
        date=date,
        place={"anyOf": [place, {"type": "null"}]},
        participants=_list(person),
        parties=_list(text),
        topics=_list(_choice(TOPICS)),
        framework=maybe,
        sources=_list(text),
    )


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _maybe(kind: str) -> Schema:
    return {"type": [kind, "null"]}


def _choice(values: Sequence[str | None]) -> Schema:
    return {"enum": list(values)}
