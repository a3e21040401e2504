"""What all containers share: bytes to text, a row to a document, dates of publication."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document, Source

_ISO = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?:[T ].*)?\s*$", re.DOTALL)
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:\d{6}|T.*)?\s*$")
_SAMPLE = 65536  # bytes that tell a binary from a text


def load(path: Path, settings: Settings) -> str:
    """A file's text.

    Raises:
        SkipDocument: too large, binary, or in no encoding that can be told.
    """
    size = path.stat().st_size
    if size > settings.largest_file:
        raise SkipDocument(str(path), f"{size:,} bytes are more than the limit of {settings.largest_file:,}")
    return decode(path.read_bytes(), str(path))


def decode(raw: bytes, location: str) -> str:
    """Bytes as text: UTF-8, a byte-order mark's encoding, or what charset-normalizer is sure of."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise SkipDocument(location, f"not the UTF-16 it says it is: {error.reason}") from None
    if b"\x00" in raw[:_SAMPLE]:
        raise SkipDocument(location, "a binary file, not text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(raw[:_SAMPLE]).best()
        if best is None:
            raise SkipDocument(location, "its encoding cannot be told; save it as UTF-8") from None
        try:
            return raw.decode(best.encoding)
        except (UnicodeDecodeError, LookupError):
            raise SkipDocument(location, "its encoding cannot be told; save it as UTF-8") from None


def day_of(value: Any) -> date | None:
    """A date of publication: ISO date or date-time, YYYYMMDD, a date object; None where there is none.

    Raises:
        ValueError: there is something, and it is no such date.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value)
    if match := _ISO.match(text):
        return date.fromisoformat(match[1])
    if match := _COMPACT.match(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    raise ValueError(f"published is {text[:40]!r}, not a date such as 2024-12-03")


def document(row: Mapping[str, Any], location: str, settings: Settings) -> Document:
    """A document from named values; keys as in the reference (doc_id or id, url, outlet, published, title, text).

    Raises:
        SkipDocument: no text, text of another type, too long a text, an unreadable date.
    """
    text = next((row[k] for k in ("text", "content", "body") if row.get(k) is not None), None)
    if not isinstance(text, str):
        raise SkipDocument(
            location, "has no text" if text is None else f"its text is {type(text).__name__}, not a string"
        )
    if not text.strip():
        raise SkipDocument(location, "its text is empty")
    if len(text) > settings.largest:
        raise SkipDocument(location, f"{len(text):,} characters are more than the limit of {settings.largest:,}")
    try:
        published = day_of(next((row[k] for k in ("published", "date") if row.get(k)), None)) or settings.published
    except ValueError as error:
        raise SkipDocument(location, str(error)) from None
    strings = {k: _string(row.get(k)) for k in ("url", "outlet", "title")}
    given = row.get("doc_id", row.get("id"))
    identity = _string(given) or digest(strings["url"] or "", text)
    return Document(
        Source(identity, strings["url"], strings["outlet"] or settings.outlet, published, strings["title"]), text
    )


def digest(*parts: str) -> str:
    """A short name made from what a document is: sixteen hexadecimal digits of SHA-256."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.encode("utf-8", "surrogatepass") + b"\x00")
    return total.hexdigest()[:16]


def _string(value: Any) -> str | None:
    return None if value is None or str(value).strip() == "" else str(value)
