"""What all containers share: bytes to text, a row to a document, dates of publication."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document, Source
from dragoman.stages.ingest._language import check

_ISO = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?:[T ].*)?\s*$", re.DOTALL)
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:\d{6}|T.*)?\s*$")
_META = re.compile(rb"""(?i)<meta[^<>]{0,200}?charset\s{0,9}=\s{0,9}["']?([a-z0-9_:.-]{2,40})""")
# What names of older encodings mean on the web (the WHATWG's Encoding Standard): supersets that pages really use.
_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
             "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs"}  # fmt: skip
_SAMPLE = 65536  # bytes that tell a binary from a text, and one encoding from another
_HEAD = 4096  # bytes of a page in which it names its encoding
NULS = 1000  # a text may have one zero byte in so many
STRAY = 10  # good characters for each bad byte in a text that is UTF-8 all the same

Found = Document | SkipDocument


def decode(raw: bytes, location: str, *, charset: str | None = None) -> str:
    """Bytes as text: a byte-order mark's encoding, UTF-8, the ``charset`` that was told, or what charset-normalizer is sure of.

    A few bytes that are no UTF-8 in a text that is become the sign for an unreadable character.

    Raises:
        SkipDocument: a binary file, or in no encoding that can be told.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise SkipDocument(location, f"not the UTF-16 it says it is: {error.reason}") from None
    sample = raw[:_SAMPLE]
    if sample.count(b"\x00") * NULS > len(sample):
        raise SkipDocument(location, "a binary file, not text")
    text = _unicode(raw)
    if text is None and charset:
        text = _declared(raw, charset)
    if text is None:
        from charset_normalizer import from_bytes

        best = from_bytes(sample).best()
        text = _declared(raw, best.encoding) if best else None
    if text is None:
        raise SkipDocument(location, "its encoding cannot be told; save it as UTF-8")
    return text


def decode_page(raw: bytes, location: str, charset: str | None = None) -> str:
    """A page's bytes as text, by what its server or the page itself says of its encoding where it is not UTF-8."""
    return decode(raw, location, charset=charset or declared(raw))


def declared(raw: bytes) -> str | None:
    """The encoding that a page names at its beginning."""
    told = _META.search(raw[:_HEAD])
    return told[1].decode("ascii") if told else None


def _unicode(raw: bytes) -> str | None:
    """UTF-8, even with a few bytes astray; None for what is something else."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("utf-8-sig", "replace")
    good = sum(c > "\x7f" for c in text) - text.count("\ufffd")
    return text if text.count("\ufffd") * STRAY <= good else None


def _declared(raw: bytes, charset: str) -> str | None:
    """Bytes in the encoding of that name, as browsers understand names; None if they are not."""
    try:
        name = codecs.lookup(charset).name
        return raw.decode(_BROWSERS.get(name, name))
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


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
    """A document from named values; keys as in the reference (doc_id or id, url, outlet,
    published, title, author, text).

    Raises:
        SkipDocument: no text, text of another type, too long a text, another language than the reader's,
            an unreadable date, a list where a string belongs.
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
    language = check(text, location, settings.language)
    try:
        published = day_of(next((row[k] for k in ("published", "date") if row.get(k)), None)) or settings.published
    except ValueError as error:
        raise SkipDocument(location, str(error)) from None
    url, outlet, title, author = (_string(row, k, location) for k in ("url", "outlet", "title", "author"))
    identity = _string(row, "doc_id", location) or _string(row, "id", location) or digest(url or "", text)
    return Document(Source(identity, url, outlet or settings.outlet, published, title, author, language), text)


def taken_from(doc: Document, raw: bytes, settings: Settings) -> Document:
    """The document with the digest of the page or PDF that its text was taken from, and with that itself where it is to be kept."""
    source = replace(doc.source, original=hashlib.sha256(raw).hexdigest())
    return replace(doc, source=source, page=raw if settings.keep_pages else None)


def digest(*parts: str) -> str:
    """A short name made from what a document is: sixteen hexadecimal digits of SHA-256."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.encode("utf-8", "surrogatepass") + b"\x00")
    return total.hexdigest()[:16]


def _string(row: Mapping[str, Any], key: str, location: str) -> str | None:
    """A value that is a string or a number; None for none.

    Raises:
        SkipDocument: it is a list or an object.
    """
    value = row.get(key)
    if isinstance(value, (dict, list, tuple)):
        raise SkipDocument(location, f"its {key} is {type(value).__name__}, not a string")
    return None if value is None or str(value).strip() == "" else str(value)
