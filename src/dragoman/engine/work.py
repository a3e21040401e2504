"""One part of a source: its documents read, and the two tables' files written. Knows nothing of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from dragoman import coded
from dragoman.config import Settings
from dragoman.engine.parts import Part, Target
from dragoman.errors import NoAnswer, SkipDocument
from dragoman.model import Document
from dragoman.readers import AnyReader, make_reader
from dragoman.run import BATCH, storable
from dragoman.stages import ingest
from dragoman.workers import read_batch


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a part; where documents are ``waiting`` for a language model's answer, nothing of it is written."""

    documents: int
    engagements: int
    relevant: int
    aside: int
    waiting: int = 0


class Work:
    """Reads parts, one after the other, with one reader."""

    def __init__(self, settings: Settings, address: str, reader: AnyReader | None = None) -> None:
        """Parts are written at ``address``; ``reader`` is one that is there already, else the one that the settings name."""
        self._target = Target(address)
        self._settings = settings
        self._open = ExitStack()
        self._reader = reader or self._open.enter_context(make_reader(settings, threads=1))

    def close(self) -> None:
        """Let go of what the reader holds."""
        self._open.close()

    def do(self, part: Part, path: Path) -> Outcome:
        """Read a part, whose file lies at ``path``, and write what it tells; the documents last, for they say that it is done.

        A part of which a language model gave no answer is not done: nothing of it is written, and what was answered is kept.

        Raises:
            StopRun: the run cannot go on; nothing of the part is written.
        """
        told: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        engagements = relevant = waiting = 0
        items = self.documents(part, path)
        while batch := list(islice(items, BATCH)):
            failed += [
                coded.failed_row(s, part.name, self._reader.version) for s in batch if isinstance(s, SkipDocument)
            ]
            done = read_batch([storable(d) for d in batch if isinstance(d, Document)], self._reader)
            for one in done.read:
                waiting += isinstance(one, NoAnswer)
                if isinstance(one, SkipDocument):
                    failed.append(coded.failed_row(one, part.name, self._reader.version))
                    continue
                told.append(coded.row(one, part.name))
                engagements += len(one.engagements)
                relevant += bool(one.engagements)
            if done.stop:
                raise done.stop
        if waiting:
            return Outcome(0, 0, 0, 0, waiting)
        self._target.write(coded.FAILED, part.name, coded.table(failed, coded.FAILED))
        self._target.write(coded.DOCUMENTS, part.name, coded.table(told, coded.DOCUMENTS))
        return Outcome(len(told), engagements, relevant, len(failed))

    def documents(self, part: Part, path: Path) -> Iterator[Document | SkipDocument]:
        """The documents of the file that belong to the part; places are told as the source has them, wherever the file lies."""
        for item in islice(ingest.read_file(path, self._settings), part.share, None, part.of):
            if isinstance(item, SkipDocument):
                yield SkipDocument(item.location.replace(str(path), part.uri), item.reason)
            else:
                yield replace(item)
