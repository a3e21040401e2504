"""What is read: a file, a member of an archive, the body of a response; and how much it may hold once unpacked."""

from __future__ import annotations

import io
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any, cast

from dragoman.config import Settings
from dragoman.errors import SkipDocument

DAMAGE = (
    OSError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    tarfile.TarError,
    struct.error,
    ValueError,
    OverflowError,
    NotImplementedError,
)
CHUNK = 1 << 20
KEPT = "what came before was read"
SHOWN = 200  # characters of a member's name that a message shows


class Burst(SkipDocument):
    """A file that unpacks to more than it may: it is left at once, with everything in it that was not yet read."""


class Damaged(SkipDocument):
    """A stream that breaks off; it is told once, though all that read from it meet it."""

    told = False


@dataclass(slots=True)
class Budget:
    """What one file on disk may still unpack to, in all its layers together.

    Args:
        location: the file, for the message.
        size: its bytes.
        settings: the limits; up to ``largest_file`` may always be unpacked.
    """

    location: str
    size: int
    settings: Settings
    used: int = 0

    def take(self, count: int) -> None:
        """Count unpacked bytes.

        Raises:
            Burst: they are too many, absolutely or beside the size of the file.
        """
        self.used += count
        s = self.settings
        if self.used > max(s.largest_file, self.size * s.ratio):
            raise Burst(self.location, f"it unpacks to more than {s.ratio} times its size; {KEPT}")
        if self.used > s.largest_archive:
            raise Burst(self.location, f"it unpacks to more than {s.largest_archive:,} bytes; {KEPT}")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to read.

    Attributes:
        location: where it stands, as messages tell it ("week.zip!news/a.html").
        name: its file name, which tells its kind.
        file: its bytes, from the beginning.
        budget: of the file on disk that it lies in.
        known: what is known of it beside its bytes: url, doc_id; and for reading it charset, content_type, retrieved (ISO day).
        depth: in how many containers it lies.
    """

    location: str
    name: str
    file: IO[bytes]
    budget: Budget
    known: Mapping[str, Any] = field(default_factory=dict)
    depth: int = 0

    @property
    def stem(self) -> str:
        """The name without folders and suffix, fit to be part of an id."""
        return plain(PurePosixPath(self.name.replace("\\", "/")).stem)[:80] or "page"

    def content(self, settings: Settings) -> bytes:
        """All its bytes.

        Raises:
            SkipDocument: they are more than the limit.
        """
        raw = self.file.read(settings.largest_file + 1)
        if len(raw) > settings.largest_file:
            raise SkipDocument(self.location, f"its bytes are more than the limit of {settings.largest_file:,}")
        return raw

    def told(self) -> dict[str, Any]:
        """What is known of the document beside its bytes, as keys of a row."""
        return {k: v for k, v in self.known.items() if k not in {"charset", "content_type", "retrieved"}}

    def identity(self, digest: str) -> str | None:
        """The id that a file's document gets: its name and a digest of what it holds. What has an address goes by that."""
        return None if self.known.get("url") else f"{self.stem}-{digest}"

    def inside(self, name: str, file: IO[bytes], **known: Any) -> Item:
        """A member of this item."""
        location = f"{self.location}!{plain(name)[:SHOWN]}"
        return Item(location, name, file, self.budget, {**self.known, **known}, self.depth + 1)


class Forward(io.RawIOBase):
    """A stream that only goes forward, and counts what comes out of it where it has a budget.

    Nothing reads more of it at once than ``most`` bytes, so that a length that an archive claims is never believed.
    Where the file beneath breaks off, it is ``kind`` that is damaged.
    """

    def __init__(self, file: IO[bytes], item: Item, kind: str, most: int, budget: Budget | None = None) -> None:
        self._file = file
        self._item = item
        self._kind = kind
        self._most = most
        self._budget = budget
        self._at = 0
        self._broken: Damaged | None = None
        self.last = b""  # what was read last, or its beginning

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """As far as it goes forward."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Up to ``size`` bytes.

        Raises:
            Damaged: the file beneath breaks off, or that is more than anything may have.
        """
        return self._taken(self._file.read, self._most if size is None or size < 0 else size)

    def readinto(self, buffer: Any) -> int:
        """Bytes into a buffer: what is there at once, so that nothing before a damaged place is lost with it."""
        data = self._taken(getattr(self._file, "read1", self._file.read), min(len(buffer), self._most))
        buffer[: len(data)] = data
        return len(data)

    def _taken(self, read: Callable[[int], bytes], wanted: int) -> bytes:
        if self._broken:
            raise self._broken
        if wanted > self._most:
            raise self._breaks("a length in it is beyond all bounds")
        try:
            data = read(wanted)
        except DAMAGE as error:
            raise self._breaks(str(error) or type(error).__name__) from None
        self._at += len(data)
        self.last = data[:512]
        if self._budget:
            self._budget.take(len(data))
        return data

    def _breaks(self, reason: str) -> Damaged:
        self._broken = Damaged(self._item.location, f"its {self._kind} is damaged ({reason}); {KEPT}")
        return self._broken

    def tell(self) -> int:
        """How many bytes have gone by."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go forward; what is passed over is read and counted.

        Raises:
            Damaged: the place lies behind.
        """
        target = offset + (self._at if whence == io.SEEK_CUR else 0)
        if whence == io.SEEK_END or target < self._at:
            raise self._breaks("its parts do not follow one another")
        while self._at < target and self.read(min(CHUNK, self._most, target - self._at)):
            pass
        return self._at


@contextmanager
def spooled(item: Item, settings: Settings) -> Iterator[IO[bytes]]:
    """The item's bytes as a file that can be read in any order: itself, or a nameless copy while it is needed.

    Raises:
        SkipDocument: it lies in an archive and is too large to be copied.
    """
    if not item.depth:
        yield item.file
        return
    with tempfile.SpooledTemporaryFile(max_size=settings.largest_file) as copy:
        size = 0
        while chunk := item.file.read(CHUNK):
            size += len(chunk)
            if size > settings.largest_member:
                raise SkipDocument(item.location, f"its bytes are more than the limit of {settings.largest_member:,}")
            copy.write(chunk)
        copy.seek(0)
        yield cast("IO[bytes]", copy)


def plain(name: str) -> str:
    """A name from within an archive, fit to be shown: no control characters, no halves of characters."""
    shown = "".join(c if c.isprintable() else "\ufffd" for c in name)
    return shown.encode("utf-8", "replace").decode("utf-8")
