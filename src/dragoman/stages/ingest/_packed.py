"""What holds other files: gzip and bzip2, zip and tar. Members are streamed; their names tell their kind and are used for nothing else."""

from __future__ import annotations

import bz2
import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, cast

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import Found
from dragoman.stages.ingest._item import DAMAGE, KEPT, Damaged, Forward, Item, spooled

Read = Callable[[Item, Settings], Iterator[Found]]

BUFFER = 1 << 16
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
ENTRY = 400  # bytes that a member may take up in a zip's directory, on average; names are far shorter
TAIL = 65_557  # bytes at a zip's end within which its directory's size is told


def read_packed(item: Item, settings: Settings, read: Read) -> Iterator[Found]:
    """What a gzip or bzip2 file holds."""
    name, _, suffix = item.name.rpartition(".")
    kind = {"bz2": "bzip2", "tbz": "bzip2"}.get(suffix.lower(), "gzip")
    name += ".tar" if suffix.lower() in {"tgz", "tbz"} else ""
    stream: IO[bytes] = (
        bz2.BZ2File(item.file) if kind == "bzip2" else cast("IO[bytes]", gzip.GzipFile(fileobj=item.file, mode="rb"))
    )
    file = _counted(stream, item, f"{kind} stream", settings)
    yield from read(replace(item, name=name, file=file, depth=item.depth + 1), settings)


def read_tar(item: Item, settings: Settings, read: Read) -> Iterator[Found]:
    """What the regular files in a tar hold; links, devices and files with holes are passed over."""
    forward = Forward(item.file, item, "tar archive", settings.largest_file + 1)
    with _damage(item, "tar archive"):
        tar = tarfile.open(fileobj=cast("IO[bytes]", forward), mode="r:")  # noqa: SIM115 (opening it reads already)
    with tar:
        for _ in range(settings.members):
            with _damage(item, "tar archive"):
                member = tar.next()
                tar.members = []  # type: ignore[attr-defined]  # tarfile keeps what it has seen, without end
            if member is None:
                return
            file = tar.extractfile(member) if member.isreg() and member.sparse is None else None
            if file is not None:
                yield from read(item.inside(member.name, file), settings)
    raise _too_many(item, settings)


def read_zip(item: Item, settings: Settings, read: Read) -> Iterator[Found]:
    """What the members of a zip hold, in the order of its directory."""
    with spooled(item, settings) as file:
        with _damage(item, "zip archive"):
            _check_directory(file, item, settings)
            archive = zipfile.ZipFile(file)
        with archive:
            for number, member in enumerate(archive.infolist()):
                if number == settings.members:
                    raise _too_many(item, settings)
                if not member.is_dir() and not member.filename.startswith("__MACOSX/"):
                    inner = item.inside(member.filename, io.BytesIO())
                    try:
                        opened = _opened(archive, member, inner, settings)
                    except SkipDocument as skipped:
                        yield skipped
                        continue
                    with opened.file:
                        yield from read(opened, settings)


def _opened(archive: zipfile.ZipFile, member: zipfile.ZipInfo, item: Item, settings: Settings) -> Item:
    """The member of a zip with its bytes unpacking.

    Raises:
        SkipDocument: it cannot be unpacked.
    """
    if member.flag_bits & 1:
        raise SkipDocument(item.location, "it is locked with a password")
    if member.compress_type not in METHODS:
        raise SkipDocument(item.location, "it is packed in a way that is not read (stored, deflate and bzip2 are)")
    with _damage(item, "member of a zip archive"):
        stream = archive.open(member)
    return replace(item, file=_counted(stream, item, "member of a zip archive", settings))


def _counted(stream: IO[bytes], item: Item, kind: str, settings: Settings) -> IO[bytes]:
    """A stream of unpacked bytes, counted in the budget of the file they come from."""
    return io.BufferedReader(Forward(stream, item, kind, settings.largest_file + 1, item.budget), BUFFER)


def _too_many(item: Item, settings: Settings) -> SkipDocument:
    return SkipDocument(item.location, f"it has more than {settings.members:,} members; {KEPT}")


def _check_directory(file: IO[bytes], item: Item, settings: Settings) -> None:
    """Refuse a directory of members that is larger than any that the limit allows, before it is read whole."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return  # zipfile says what is wrong
    length = min(struct.unpack_from("<L", tail, at + 12)[0], size)
    if length > settings.members * ENTRY:
        raise SkipDocument(item.location, f"it has more than {settings.members:,} members")


@contextmanager
def _damage(item: Item, kind: str) -> Iterator[None]:
    """What a library says of a damaged file, in our words."""
    try:
        yield
    except DAMAGE as error:
        raise Damaged(item.location, f"its {kind} is damaged ({str(error) or type(error).__name__}); {KEPT}") from None
