"""Parts of a source, each read by one worker and kept as one file: what there is to do, and what of it is done already."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dragoman.coded import DOCUMENTS, FAILED
from dragoman.errors import ConfigError, StopRun
from dragoman.stages import ingest
from dragoman.stages.ingest._common import digest

LISTS = (".paths", ".paths.gz")  # files of addresses, one a line, as Common Crawl gives them
SHARED = (
    ".jsonl",
    ".ndjson",
    ".jsonl.gz",
    ".ndjson.gz",
    ".csv",
    ".tsv",
    ".parquet",
)  # whose rows are cheap to pass over
SHARE = 16_000_000  # bytes of such a file that make a part
PLAN = "plan.json"


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or every ``of``-th document of it from number ``share`` on."""

    uri: str
    share: int = 0
    of: int = 1

    @property
    def name(self) -> str:
        """The part's name, which its files bear."""
        return digest(self.uri, str(self.share), str(self.of))


def parts_of(sources: Sequence[str]) -> list[Part]:
    """Parts of files, folders, globs, addresses of object stores, and lists of addresses; in order, none twice.

    Raises:
        StopRun: a source is not there, or holds nothing that can be read.
    """
    found: dict[Part, None] = {}
    for source in sources:
        files = list(_files(source))
        if not files:
            raise StopRun(f"{source}: nothing there that can be read")
        for uri, size in files:
            of = max(1, -(-size // SHARE)) if uri.lower().endswith(SHARED) else 1
            found |= dict.fromkeys(Part(uri, share, of) for share in range(of))
    return list(found)


def _files(source: str) -> Iterator[tuple[str, int]]:
    """Addresses at a source with their sizes; 0 where it is not known."""
    if source.endswith(LISTS):
        raw = Path(source).read_bytes()
        lines = (gzip.decompress(raw) if source.endswith(".gz") else raw).decode().split("\n")
        yield from ((line.strip(), 0) for line in lines if line.strip())
    elif "://" not in source:
        for path in ingest.files(source):
            yield os.path.abspath(path), path.stat().st_size
    elif source.startswith(("http://", "https://")):
        yield source, 0
    else:
        yield from _stored(source)


def _stored(source: str) -> Iterator[tuple[str, int]]:
    """Files of an object store at or below an address."""
    from pyarrow import fs

    store, path = fs.FileSystem.from_uri(source)
    scheme = source.partition("://")[0]
    info = store.get_file_info(path)
    files = [info] if info.is_file else store.get_file_info(fs.FileSelector(path, recursive=True, allow_not_found=True))
    for file in sorted((f for f in files if f.is_file and ingest.known(f.path)), key=lambda f: str(f.path)):
        yield f"{scheme}://{file.path}", int(file.size or 0)


class Target:
    """Where the two tables are written: a folder, or an address of an object store."""

    def __init__(self, address: str) -> None:
        from pyarrow import fs

        self.address = address
        there = (
            fs.FileSystem.from_uri(address) if "://" in address else (fs.LocalFileSystem(), os.path.abspath(address))
        )
        self._files: Any = there[0]
        self._root = str(there[1])
        self._local = isinstance(self._files, fs.LocalFileSystem)

    def begin(self, version: str) -> None:
        """Make the folders, or see that they are of this version.

        Raises:
            ConfigError: they hold what another version has read.
        """
        from pyarrow import fs

        for table in (DOCUMENTS, FAILED):
            self._files.create_dir(f"{self._root}/{table}", recursive=True)
        path = f"{self._root}/{PLAN}"
        if self._files.get_file_info(path).type == fs.FileType.NotFound:
            self._put(path, json.dumps({"version": version}).encode())
            return
        with self._files.open_input_stream(path) as file:
            there = json.loads(file.read())["version"]
        if there != version:
            raise ConfigError(f"{self.address} holds what {there} has read, and this is {version}: name another folder")

    def done(self) -> set[str]:
        """Names of parts that are done: a part's documents are written last, and whole or not at all."""
        from pyarrow import fs

        found = self._files.get_file_info(fs.FileSelector(f"{self._root}/{DOCUMENTS}", allow_not_found=True))
        return {f.base_name.removesuffix(".parquet") for f in found if f.base_name.endswith(".parquet")}

    def write(self, table: str, part: str, rows: Any) -> None:
        """Write an Arrow table as the part's file."""
        import pyarrow
        import pyarrow.parquet

        sink = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(rows, sink, compression="zstd")
        self._put(f"{self._root}/{table}/{part}.parquet", sink.getvalue())

    def _put(self, path: str, data: Any) -> None:
        """A file that is there whole or not at all; stores of objects write so by themselves."""
        if not self._local:
            with self._files.open_output_stream(path) as file:
                file.write(data)
            return
        half = Path(f"{path}.{os.getpid()}.part")
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
