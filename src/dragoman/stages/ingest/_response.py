"""What a server answered: its kind by what it says and by its first bytes, then as the same kind of file is read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import Found
from dragoman.stages.ingest._html import read_html
from dragoman.stages.ingest._item import Burst, Item
from dragoman.stages.ingest._pdf import read_pdf
from dragoman.stages.ingest._text import read_text

Reader = Callable[[Item, Settings], Iterator[Found]]

BY_TYPE: dict[str, Reader] = {
    "text/html": read_html,
    "application/xhtml+xml": read_html,
    "application/pdf": read_pdf,
    "text/plain": read_text,
}
BY_NAME: dict[str, Reader] = {
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".txt": read_text,
}
VAGUE = frozenset({"", "application/octet-stream", "binary/octet-stream", "unknown/unknown"})
LOOKED_AT = 1024  # first bytes that tell a page or a PDF from what it is said to be


def read_response(body: bytes, item: Item, settings: Settings) -> Iterator[Found]:
    """Documents of a body; ``item.known`` holds its ``url`` and ``content_type``. What is no page, text or PDF gives none."""
    kind, charset = _content_type(item.known.get("content_type"))
    reader = _reader(body, kind, item.known.get("url"))
    if reader is None:
        return
    known = {k: v for k, v in item.known.items() if k != "content_type"} | ({"charset": charset} if charset else {})
    try:
        yield from reader(replace(item, file=io.BytesIO(body), known=known), settings)
    except Burst:
        raise
    except SkipDocument as skipped:
        yield skipped
    except Exception as error:
        yield SkipDocument(item.location, f"reading failed: {type(error).__name__}: {str(error)[:200]}")


def content_kind(value: str | None) -> str:
    """The kind that a header names, to be shown."""
    return _content_type(value)[0][:60] or "of no kind that is told"


def _content_type(value: str | None) -> tuple[str, str | None]:
    """The kind and the encoding that a header names."""
    kind, *rest = (value or "").split(";")
    for part in rest:
        name, _, told = part.partition("=")
        if name.strip().lower() == "charset" and told.strip("\"' "):
            return kind.strip().lower(), told.strip("\"' ")
    return kind.strip().lower(), None


def _reader(body: bytes, kind: str, url: str | None) -> Reader | None:
    """By the first bytes where they are plain, since servers err; by what the server says; by the address."""
    start = body[:LOOKED_AT].lstrip().lower()
    if start.startswith(b"%pdf-"):
        return read_pdf
    if start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<") and b"<html" in start):
        return read_html
    if kind not in VAGUE:
        return BY_TYPE.get(kind)
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    return BY_NAME.get(PurePosixPath(path).suffix.lower())
