"""The plan: parts to workers of the engine, Daft; the only file that imports it. The same on one machine and on a Ray cluster."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dragoman.config import Settings
from dragoman.engine.parts import Part
from dragoman.engine.work import Outcome, Work
from dragoman.errors import StopRun

NATIVE, RAY = "native", "ray"
SILENT = {"DO_NOT_TRACK": "true", "DAFT_ANALYTICS_ENABLED": "0", "DAFT_PROGRESS_BAR": "0"}  # nothing is sent anywhere


class Reading:
    """What each worker of the engine holds: a reader, and where it writes."""

    def __init__(self, settings: Settings, address: str, process: bool) -> None:
        """``process`` says whether the worker has a process to itself, which then ends without taking its models apart first."""
        os.environ.update(SILENT)
        self._work = Work(settings, address)
        if process:
            atexit.register(os._exit, 0)  # the engine gives up on a worker that takes five seconds to end

    def read(self, uri: Any, share: Any, of: Any) -> list[str]:
        """What became of some parts, each as JSON."""
        rows = zip(uri.to_pylist(), share.to_pylist(), of.to_pylist(), strict=True)
        return [json.dumps(asdict(self._one(Part(*row)))) for row in rows]

    def _one(self, part: Part) -> Outcome:
        with fetched(part) as path:
            return self._work.do(part, path)


@contextmanager
def fetched(part: Part) -> Iterator[Path]:
    """The part's file, which lies on this machine for as long as this lasts."""
    if "://" not in part.uri:
        yield Path(part.uri)
        return
    with tempfile.TemporaryDirectory(prefix="dragoman-") as folder:
        path = Path(folder) / part.uri.rpartition("/")[2]
        _fetch(part.uri, path)
        yield path


def one_by_one(parts: Sequence[Part], work: Work) -> Iterator[Outcome]:
    """Read parts in this process: one budget, one count and one file of answers for all that a language model is asked."""
    for part in parts:
        with fetched(part) as path:
            yield work.do(part, path)


def _fetch(uri: str, path: Path) -> None:
    """A file of an object store or an address, onto this machine."""
    import daft

    with daft.File(uri).open() as far, path.open("wb") as near:
        shutil.copyfileobj(far, near, 1 << 20)


def run(
    parts: Sequence[Part], settings: Settings, address: str, *, workers: int, ray: str | None = None
) -> Iterator[Outcome]:
    """Read parts into the tables at ``address``; outcomes come as parts are done, in no order.

    Args:
        parts: what is to be read.
        settings: how.
        address: a folder or an address of an object store.
        workers: processes that read at once; on a cluster, in all.
        ray: address of a Ray cluster ("auto" for the one that runs here); without it, this machine alone.

    Raises:
        StopRun: the engine is not installed, or gave up; what was done is kept.
    """
    os.environ.update(SILENT | {"DAFT_RUNNER": RAY if ray else NATIVE})
    try:
        import daft
    except ImportError:
        raise StopRun("the engine is not installed: pip install 'dragoman[batch]'") from None
    if ray is not None:
        daft.set_runner_ray(ray, noop_if_initialized=True)
    method = daft.method.batch(return_dtype=daft.DataType.string(), batch_size=1)(Reading.read)
    engine_class = daft.cls(max_concurrency=workers, use_process=True)(type("Reading", (Reading,), {"read": method}))
    reading = engine_class(settings, address, ray is None)
    columns = {"uri": [p.uri for p in parts], "share": [p.share for p in parts], "of": [p.of for p in parts]}
    frame = daft.from_pydict(columns)
    if ray:
        frame = frame.into_partitions(min(len(parts), workers * 4))
    asked = frame.select(reading.read(frame["uri"], frame["share"], frame["of"]).alias("done"))
    try:
        for row in asked.iter_rows():
            yield Outcome(**json.loads(row["done"]))
    except Exception as error:
        if isinstance(error, StopRun):
            raise
        raise StopRun(f"the engine gave up ({type(error).__name__}: {str(error)[:300]}); run again to go on") from error
