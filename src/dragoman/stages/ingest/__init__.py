"""ingest: files, folders, globs and standard input become documents; what cannot be read is told, file and line."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator
from pathlib import Path

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document
from dragoman.stages.ingest._html import read_html
from dragoman.stages.ingest._jsonl import read_jsonl, read_stdin
from dragoman.stages.ingest._table import read_csv, read_parquet
from dragoman.stages.ingest._text import read_markdown, read_text

Found = Document | SkipDocument
Reader = Callable[[Path, Settings], Iterator[Found]]

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".jsonl.gz": read_jsonl,
    ".ndjson.gz": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
}


def read(location: str, settings: Settings) -> Iterator[Found]:
    """Documents at ``location`` (a file, a folder, a glob or ``-``), and a :class:`SkipDocument` for each that cannot be read.

    Folders are walked in sorted order and files of other kinds in them are passed over; a file that is named is read, or
    the reason is given.
    """
    if location == "-":
        yield from read_stdin(settings)
        return
    path = Path(location)
    if path.is_dir():
        for file in sorted(p for p in path.rglob("*") if p.is_file() and reader_of(p)):
            yield from read_file(file, settings)
    elif path.exists():
        yield from read_file(path, settings)
    else:
        matches = sorted(glob.glob(location, recursive=True)) if glob.has_magic(location) else []
        if not matches:
            yield SkipDocument(location, "there is no such file or folder")
        for match in matches:
            if Path(match).is_file():
                yield from read_file(Path(match), settings)


def files(location: str) -> Iterator[Path]:
    """Files of known kinds at a file, folder or glob, sorted."""
    path = Path(location)
    if path.is_dir():
        yield from sorted(p for p in path.rglob("*") if p.is_file() and known(p.name))
    elif path.is_file():
        yield path
    else:
        yield from (p for p in map(Path, sorted(glob.glob(location, recursive=True))) if p.is_file() and known(p.name))


def known(name: str) -> bool:
    """Whether a file's name tells a kind that can be read."""
    return reader_of(Path(name)) is not None


def reader_of(path: Path) -> Reader | None:
    """The reader for a file's name, or None."""
    name = path.name.lower()
    return READERS.get("".join(Path(name).suffixes[-2:])) or READERS.get(Path(name).suffix)


def read_file(path: Path, settings: Settings) -> Iterator[Found]:
    """Documents of one file."""
    reader = reader_of(path)
    if reader is None:
        kinds = ", ".join(READERS)
        yield SkipDocument(str(path), f"its kind is not known (known: {kinds})")
        return
    try:
        yield from reader(path, settings)
    except OSError as error:
        yield SkipDocument(str(path), f"cannot be opened: {error.strerror or error}")
