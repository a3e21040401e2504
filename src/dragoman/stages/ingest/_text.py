"""Plain text, one document a file, and Markdown with front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import Found, decode, digest, document
from dragoman.stages.ingest._item import Item

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def read_text(item: Item, settings: Settings) -> Iterator[Found]:
    """The file's text; its id is the file's name with a short digest of the text."""
    text = decode(item.content(settings), item.location, charset=item.known.get("charset"))
    yield document(_row(item, text), item.location, settings)


def read_markdown(item: Item, settings: Settings) -> Iterator[Found]:
    """The text after the front matter, whose keys are those of a JSON line."""
    text = decode(item.content(settings), item.location, charset=item.known.get("charset"))
    row: dict[str, Any] = {}
    if match := _FRONT.match(text):
        row = _front_matter(match[1], item.location)
        text = text[match.end() :]
    yield document(_row(item, text) | row | {"text": text}, item.location, settings)


def _row(item: Item, text: str) -> dict[str, Any]:
    return {"doc_id": item.identity(digest(text)[:8]), "text": text} | item.told()


def _front_matter(text: str, location: str) -> dict[str, Any]:
    import yaml

    try:
        row = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise SkipDocument(f"{location}:{line}", "its front matter is not YAML") from None
    if row is None:
        return {}
    if not isinstance(row, dict):
        raise SkipDocument(f"{location}:2", "its front matter is not a list of keys and values")
    return {str(k): v for k, v in row.items() if k != "text"}
