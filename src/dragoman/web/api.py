"""The API described in OpenAPI, from the table of pages and the types of their contexts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec

from dragoman import __version__
from dragoman.model import Judgement
from dragoman.store import shapes
from dragoman.web.asking import MOST, SEVERAL
from dragoman.web.pages import PAGES, Page
from dragoman.web.views.checking import QUEUES
from dragoman.web.writing import ACTS

CHOICES: dict[str, tuple[str, ...]] = {
    **shapes.CHOICES, "sort": shapes.SORTS, "contested": ("yes", "no"), "rejected": ("yes", "no"),
    "of": ("people", "parties"), "queue": QUEUES, "format": ("json", "csv"),
}  # fmt: skip
MEANING = {
    "party": "Code or name of a state or organisation that takes part; several: all of them.",
    "person": "Id of a person who takes part.",
    "office": "Words in the office of a participant.",
    "kind": "Kind of engagement; several: any of them.",
    "status": "Whether it took place; several: any of them.",
    "topic": "A PLOVER context; several: any of them.",
    "place": "Code of a state, or words in the place.",
    "framework": "Words in the framework.",
    "source": "Words in an outlet or another voice.",
    "since": "First day, month or year.",
    "until": "Last day, month or year.",
    "salience": "What reports are about (main), or background (mention).",
    "contested": "Whether accounts contradict one another.",
    "rejected": "yes: the records that a person has rejected, which are else left out.",
    "q": "Words looked for in the texts.",
    "sort": "Order.",
    "page": "Page, from 1.",
    "limit": f"Entries on a page, {MOST} at most.",
    "of": "Nodes of the network.",
    "queue": "Which doubtful records.",
    "format": "Form of the answer.",
}


def api_path(page: Page) -> str:
    """Where a page's data stand."""
    return "/api/start" if page.path == "/" else f"/api{page.path}"


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """The OpenAPI 3.1 description."""
    forms = [*(p.shape for p in PAGES), Judgement]
    _, parts = msgspec.json.schema_components(forms, schema_hook=_other, ref_template="#/components/schemas/{name}")
    parts = {**parts, "Error": ERROR, "Wish": WISH}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "dragoman",
            "version": __version__,
            "description": "A register of engagements between states: who met whom.",
        },
        "paths": {re.sub(r":path}", "}", api_path(p)): {"get": _operation(p)} for p in PAGES}
        | {"/api/judgements": {"post": JUDGE}},
        "components": {"schemas": parts, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(page: Page) -> dict[str, Any]:
    in_path = [_parameter(name, "path") for name in re.findall(r"{(\w+)", page.path)]
    return {
        "operationId": page.name,
        "summary": page.about,
        "parameters": [*in_path, *(_parameter(name, "query") for name in (*page.takes, "format"))],
        "responses": {
            "200": {
                "description": page.about,
                "headers": {"ETag": {"schema": {"type": "string"}, "description": "Send it back as If-None-Match."}},
                "content": {
                    "application/json": {"schema": _ref(page.shape.__name__)},
                    "text/csv": {"schema": {"type": "string"}},
                },
            },
            "304": {"description": "As before."},
            **FAILURES,
        },
    }


def _parameter(name: str, place: str) -> dict[str, Any]:
    one: dict[str, Any] = {"type": "string"} if name not in ("page", "limit") else {"type": "integer", "minimum": 1}
    if place == "query" and name in CHOICES:
        one["enum"] = list(CHOICES[name])
    many = place == "query" and name in SEVERAL
    schema = {"type": "array", "items": one} if many else one
    about = MEANING.get(name, "As in the path of the page.") if place == "query" else "As in the path of the page."
    return {"name": name, "in": place, "required": place == "path", "schema": schema, "description": about}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _other(kind: type) -> dict[str, Any]:
    """Types that are written as texts."""
    return {"type": "string"}


ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["status", "code", "message"],
            "properties": {
                "status": {"type": "integer", "description": "The HTTP status."},
                "code": {"type": "string", "description": "Its name in lower case, as not_found."},
                "message": {"type": "string", "description": "What is wrong and what to do."},
            },
        }
    },
}
WISH = {
    "type": "object",
    "required": ["act"],
    "properties": {
        "act": {"type": "string", "enum": list(ACTS)},
        "record": {"type": "string", "description": "Id of the record (not for undo)."},
        "others": {
            "type": "array", "items": {"type": "string"},
            "description": "merge: ids of the other records; split: keys or documents of accounts, or the id of a record that is another act; undo: id of the judgement.",
        },
        "correction": {"type": "string", "description": "correct: FIELD=VALUE, as date.start=2024-05-03."},
        "author": {"type": "string"},
        "reason": {"type": "string"},
    },
}  # fmt: skip
FAILURES = {
    status: {"description": words, "content": {"application/json": {"schema": _ref("Error")}}}
    for status, words in {
        "400": "A filter or value that is not there.", "404": "No such record, person or document.", "503": "Busy, or the question took too long.",
    }.items()
}  # fmt: skip
JUDGE = {
    "operationId": "judge",
    "summary": "Accept, reject, correct, merge, split or undo. Needs the token where the server asks for one.",
    "security": [{"token": []}, {}],
    "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Wish")}}},
    "responses": {
        "201": {
            "description": "The judgements made or withdrawn.",
            "content": {"application/json": {"schema": {"type": "array", "items": _ref("Judgement")}}},
        },
        "403": {"description": "Read-only, or no token.", "content": {"application/json": {"schema": _ref("Error")}}},
        **FAILURES,
    },
}
