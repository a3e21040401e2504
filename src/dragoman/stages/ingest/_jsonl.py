"""JSON lines, plain or gzipped, and standard input."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document
from dragoman.stages.ingest._common import decode, document


class Lines(Protocol):
    """A binary file, plain or decompressing."""

    def readline(self, size: int, /) -> bytes: ...


def read_jsonl(path: Path, settings: Settings) -> Iterator[Document | SkipDocument]:
    """A document a line."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            yield from read_lines(bounded(file, settings), str(path), settings)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        yield SkipDocument(str(path), f"its gzip stream is damaged ({error}); what came before was read")


def read_stdin(settings: Settings) -> Iterator[Document | SkipDocument]:
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


def read_lines(
    lines: Iterable[bytes | None], location: str, settings: Settings, *, first: int = 1
) -> Iterator[Document | SkipDocument]:
    """Documents of numbered lines; empty lines are passed over."""
    for number, line in enumerate(lines, first):
        where = f"{location}:{number}"
        if line is None:
            yield SkipDocument(where, f"the line is longer than {settings.largest_file:,} bytes")
            continue
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            yield SkipDocument(where, f"not UTF-8, as JSON must be: {error.reason} at byte {error.start}")
            continue
        except json.JSONDecodeError as error:
            yield SkipDocument(where, f"not JSON: {error.msg} at character {error.colno}")
            continue
        except RecursionError:
            yield SkipDocument(where, "JSON nested too deep")
            continue
        if not isinstance(row, dict):
            yield SkipDocument(where, f"a JSON {type(row).__name__}, not an object with a text")
            continue
        try:
            yield document(row, where, settings)
        except SkipDocument as skipped:
            yield skipped
