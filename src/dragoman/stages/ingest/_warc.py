"""WARC files, as web archives and CC-NEWS give them: each response that holds a page, a text or a PDF is a document.

Records are parted here, with every length bounded and going on after damage; what stands in one is parsed by warcio.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import IO, Any

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import Found
from dragoman.stages.ingest._item import CHUNK, Burst, Damaged, Item
from dragoman.stages.ingest._response import read_response

HEAD = 65_536  # bytes of a record's own header
KINDS = frozenset({b"response", b"resource", b"conversion"})
PACKED = frozenset(
    {"", "identity", "gzip", "deflate"}
)  # ways in which a body may be packed, none of them without bound
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,18})[ \t]*\r?$")
_TYPE = re.compile(rb"(?im)^warc-type:[ \t]*(\w+)[ \t]*\r?$")


def read_warc(item: Item, settings: Settings) -> Iterator[Found]:
    """Documents of the records; those that hold no page, or were not answered with success, are passed over."""
    number, lost = 0, False
    while line := item.file.readline(HEAD):
        if not line.startswith(b"WARC/"):
            if line.strip() and not lost:
                lost = True
                yield SkipDocument(
                    f"{item.location}:record {number + 1}", "no record begins here; looking for the next"
                )
            continue
        number, lost = number + 1, False
        where = f"{item.location}:record {number}"
        try:
            head = _head(item.file, line, where)
            body = _body(item.file, head, where, settings)
            found = _response(head, body, where, settings) if body is not None else None
        except (Burst, Damaged):
            raise
        except SkipDocument as skipped:
            yield skipped
            continue
        if found:
            content, known = found
            yield from read_response(content, item.inside(f"record {number}", io.BytesIO(), **known), settings)


def _head(file: IO[bytes], line: bytes, where: str) -> bytes:
    """A record's header up to its empty line."""
    lines, size = [line], len(line)
    while line := file.readline(HEAD):
        lines.append(line)
        size += len(line)
        if not line.strip():
            return b"".join(lines)
        if size > HEAD:
            raise SkipDocument(where, "its header does not end; looking for the next record")
    raise SkipDocument(where, "the file ends within its header")


def _body(file: IO[bytes], head: bytes, where: str, settings: Settings) -> bytes | None:
    """A record's bytes; None for a kind that holds no page."""
    told, kind = _LENGTH.search(head), _TYPE.search(head)
    if told is None:
        raise SkipDocument(where, "its header gives no length; looking for the next record")
    length = int(told[1])
    wanted = kind is not None and kind[1].lower() in KINDS
    if not wanted or length > settings.largest_file:
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
        if wanted:
            raise SkipDocument(where, f"its bytes are more than the limit of {settings.largest_file:,}")
        return None
    body = file.read(length)
    if len(body) < length:
        raise SkipDocument(where, "the file ends within it")
    return body


def _response(head: bytes, body: bytes, where: str, settings: Settings) -> tuple[bytes, dict[str, Any]] | None:
    """The content of a record and what is known of it: url, content_type, day of retrieval; None if it is no success.

    Raises:
        SkipDocument: it cannot be parsed, or is packed in a way that is not read.
    """
    from warcio.recordloader import ArcWarcRecordLoader

    logging.getLogger("warcio").setLevel(logging.CRITICAL)  # what it has to say of a record is told as the reason

    try:
        record = ArcWarcRecordLoader(arc2warc=False).parse_record_stream(io.BytesIO(head + body), known_format="warc")
        url = record.rec_headers.get_header("WARC-Target-URI")
        answer, kind = record.http_headers, record.content_type
        if answer is not None:
            if not answer.get_statuscode().startswith("2"):
                return None
            kind = answer.get_header("Content-Type")
            if (answer.get_header("Content-Encoding") or "").strip().lower() not in PACKED:
                raise SkipDocument(
                    where, f"it is packed as {answer.get_header('Content-Encoding')[:20]}, which is not read"
                )
        content = _all(record.content_stream(), where, settings)
    except SkipDocument:
        raise
    except Exception as error:
        raise SkipDocument(
            where, f"not a record that can be parsed ({type(error).__name__}: {str(error)[:80]})"
        ) from None
    known = {"url": (url or "").strip("<> ") or None, "content_type": kind,
             "retrieved": (record.rec_headers.get_header("WARC-Date") or "")[:10]}  # fmt: skip
    return content, known


def _all(stream: Any, where: str, settings: Settings) -> bytes:
    parts, size = [], 0
    while part := stream.read(BLOCK):
        parts.append(part)
        size += len(part)
        if size > settings.largest_file:
            raise SkipDocument(where, f"it unpacks to more than the limit of {settings.largest_file:,} bytes")
    return b"".join(parts)


BLOCK = 16_384
