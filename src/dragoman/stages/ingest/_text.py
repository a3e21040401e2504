"""Plain text, one document a file, and Markdown with front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document
from dragoman.stages.ingest._common import digest, document, load

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def read_text(path: Path, settings: Settings) -> Iterator[Document | SkipDocument]:
    """The file's text; its id is the file's name with a short digest of the text."""
    try:
        text = load(path, settings)
        yield document({"doc_id": _name(path, text), "text": text}, str(path), settings)
    except SkipDocument as skipped:
        yield skipped


def read_markdown(path: Path, settings: Settings) -> Iterator[Document | SkipDocument]:
    """The text after the front matter, whose keys are those of a JSON line."""
    try:
        text = load(path, settings)
        row: dict[str, Any] = {}
        if match := _FRONT.match(text):
            row = _front_matter(match[1], str(path))
            text = text[match.end() :]
        yield document({"doc_id": _name(path, text)} | row | {"text": text}, str(path), settings)
    except SkipDocument as skipped:
        yield skipped


def _front_matter(text: str, location: str) -> dict[str, Any]:
    import yaml

    try:
        row = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise SkipDocument(f"{location}:{line}", "its front matter is not YAML") from None
    if row is None:
        return {}
    if not isinstance(row, dict):
        raise SkipDocument(f"{location}:2", "its front matter is not a list of keys and values")
    return {str(k): v for k, v in row.items() if k != "text"}


def _name(path: Path, text: str) -> str:
    return f"{path.stem}-{digest(text)[:8]}"
