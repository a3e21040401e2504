"""JSON lines, and standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Protocol

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import Found, decode, document
from dragoman.stages.ingest._item import Item


class Lines(Protocol):
    """A binary file, plain or unpacking."""

    def readline(self, size: int, /) -> bytes: ...


def read_jsonl(item: Item, settings: Settings) -> Iterator[Found]:
    """A document a line."""
    yield from read_lines(bounded(item.file, settings), item.location, settings)


def read_stdin(settings: Settings) -> Iterator[Found]:
    """JSON lines, or else one plain text."""
    stream = sys.stdin.buffer
    first = stream.readline(settings.largest_file)
    if first.lstrip().startswith(b"{"):
        yield from read_lines([first, *()], "-", settings)
        yield from read_lines(bounded(stream, settings), "-", settings, first=2)
        return
    try:
        text = decode(first + stream.read(settings.largest_file), "-")
        yield document({"text": text}, "-", settings)
    except SkipDocument as skipped:
        yield skipped


def bounded(file: Lines, settings: Settings) -> Iterator[bytes | None]:
    """Lines of a file; None for one that is longer than the limit, which is passed over without being held."""
    while line := file.readline(settings.largest_file):
        if len(line) == settings.largest_file and not line.endswith(b"\n"):
            while (rest := file.readline(settings.largest_file)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line


def read_lines(lines: Iterable[bytes | None], location: str, settings: Settings, *, first: int = 1) -> Iterator[Found]:
    """Documents of numbered lines; empty lines are passed over."""
    for number, line in enumerate(lines, first):
        where = f"{location}:{number}"
        if line is None:
            yield SkipDocument(where, f"the line is longer than {settings.largest_file:,} bytes")
        elif line.strip():
            try:
                yield document(_object(line, where), where, settings)
            except SkipDocument as skipped:
                yield skipped


def _object(line: bytes, where: str) -> dict[str, object]:
    """The object of a line.

    Raises:
        SkipDocument: it is none; says why.
    """
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SkipDocument(where, f"not UTF-8, as JSON must be: {error.reason} at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise SkipDocument(where, f"not JSON: {error.msg} at character {error.colno}") from None
    except ValueError:  # Python refuses to read numbers of thousands of digits
        raise SkipDocument(where, "not JSON that can be read: a number in it is too long") from None
    except RecursionError:
        raise SkipDocument(where, "JSON nested too deep") from None
    if not isinstance(row, dict):
        raise SkipDocument(where, f"a JSON {type(row).__name__}, not an object with a text")
    return row
