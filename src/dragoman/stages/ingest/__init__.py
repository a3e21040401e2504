"""ingest: files, folders, globs, archives and standard input become documents; what cannot be read is told, file and line."""

from __future__ import annotations

import glob
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import Found, digest
from dragoman.stages.ingest._html import read_html
from dragoman.stages.ingest._item import Budget, Burst, Damaged, Item
from dragoman.stages.ingest._jsonl import read_jsonl, read_stdin
from dragoman.stages.ingest._packed import Read, read_packed, read_tar, read_zip
from dragoman.stages.ingest._pdf import read_pdf
from dragoman.stages.ingest._response import content_kind, read_response
from dragoman.stages.ingest._table import read_csv, read_parquet
from dragoman.stages.ingest._text import read_markdown, read_text
from dragoman.stages.ingest._warc import read_warc

Reader = Callable[[Item, Settings], Iterator[Found]]
Container = Callable[[Item, Settings, Read], Iterator[Found]]

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
    ".warc": read_warc,
}
CONTAINERS: dict[str, Container] = {".zip": read_zip, ".tar": read_tar, ".tgz": read_packed, ".tbz": read_packed}
PACKINGS: dict[str, Container] = {".gz": read_packed, ".bz2": read_packed}


def read(location: str, settings: Settings) -> Iterator[Found]:
    """Documents at ``location`` (a file, a folder, a glob or ``-``), and a :class:`SkipDocument` for each that cannot be read.

    Folders are walked in sorted order, links to folders are not followed, and files of other kinds in them are passed
    over; a file that is named is read, or the reason is given.
    """
    if location == "-":
        yield from read_stdin(settings)
        return
    path = Path(location)
    if path.is_dir():
        for file in _walk(path):
            yield from read_file(file, settings)
    elif path.exists():
        yield from read_file(path, settings)
    else:
        matches = _matches(location) if glob.has_magic(location) else []
        if not matches:
            yield SkipDocument(location, "there is no such file or folder")
        for match in matches:
            yield from read_file(match, settings)


def files(location: str) -> Iterator[Path]:
    """Files of known kinds at a file, folder or glob, sorted."""
    path = Path(location)
    if path.is_dir():
        yield from _walk(path)
    elif path.is_file():
        yield path
    elif glob.has_magic(location):
        yield from (p for p in _matches(location) if known(p.name))


def _walk(folder: Path) -> Iterator[Path]:
    """Files of known kinds in a folder and those below it, sorted by path; links to folders are not followed."""
    found = (
        Path(here, name)
        for here, _, names in os.walk(folder, followlinks=False)
        for name in names
        if known(name) and os.path.isfile(os.path.join(here, name))
    )
    yield from sorted(found)


def _matches(pattern: str) -> list[Path]:
    """Files that a glob names. Only pathlib's ``**`` leaves links to folders alone, in which two that point back make endless paths."""
    if "**" not in pattern:
        return [p for p in map(Path, sorted(glob.glob(pattern))) if p.is_file()]
    anchor = Path(Path(pattern).anchor)
    found = anchor.glob(str(Path(pattern).relative_to(anchor)))
    return sorted(p for p in found if p.is_file() and not any(part.startswith(".") for part in p.parts))


def known(name: str) -> bool:
    """Whether a file's name tells a kind that can be read."""
    path = Path(name.lower())
    while path.suffix in PACKINGS:
        path = path.with_suffix("")
    return path.suffix in READERS or path.suffix in CONTAINERS


def read_file(path: Path, settings: Settings) -> Iterator[Found]:
    """Documents of one file."""
    if not known(path.name):
        yield SkipDocument(str(path), f"its kind is not known (known: {', '.join((*READERS, *CONTAINERS, *PACKINGS))})")
        return
    try:
        if not path.is_file():
            yield SkipDocument(str(path), "not a regular file")
            return
        with path.open("rb") as file:
            budget = Budget(str(path), os.fstat(file.fileno()).st_size, settings)
            yield from read_item(Item(str(path), path.name, file, budget), settings)
    except OSError as error:
        yield SkipDocument(str(path), f"cannot be opened: {error.strerror or error}")


def read_item(item: Item, settings: Settings) -> Iterator[Found]:
    """Documents of one item, whatever it is and whatever is wrong with it; what it is told of no kind is passed over."""
    if not known(item.name):
        return
    suffix = Path(item.name.lower()).suffix
    container = CONTAINERS.get(suffix) or PACKINGS.get(suffix)
    try:
        if container is None:
            yield from READERS[suffix](item, settings)
        elif item.depth >= settings.nesting:
            yield SkipDocument(item.location, f"it lies more than {settings.nesting} archives deep")
        else:
            yield from container(item, settings, read_item)
    except Burst as burst:
        if item.depth:
            raise
        yield burst
    except Damaged as damaged:
        if not damaged.told:
            damaged.told = True
            yield damaged
    except SkipDocument as skipped:
        yield skipped
    except OSError as error:
        yield SkipDocument(item.location, f"cannot be read: {error.strerror or error}")
    except Exception as error:  # whatever a file does to a library, the run goes on
        yield SkipDocument(item.location, f"reading failed: {type(error).__name__}: {str(error)[:200]}")


def of_bytes(body: bytes, *, url: str, content_type: str | None, settings: Settings) -> Iterator[Found]:
    """Documents of what was fetched from ``url``: one, as a rule, or the reason why there is none.

    Its id comes from the address, so that a page fetched again is the same document. Pages, PDF and plain text are read.

    Args:
        body: the answer's body, unpacked.
        url: the address that it came from.
        content_type: the header of that name, if there was one.
        settings: what a run may be told.
    """
    known = {"url": url, "doc_id": digest(url), "content_type": content_type}
    item = Item(url, "page", io.BytesIO(body), Budget(url, len(body), settings), known)
    if len(body) > settings.largest_file:
        yield SkipDocument(url, f"its bytes are more than the limit of {settings.largest_file:,}")
        return
    found = list(read_response(body, item, settings))
    yield from found or [SkipDocument(url, f"{content_kind(content_type)}: no page, text or PDF")]
