"""The table of formats, and writing one of them to a file, a folder or standard output."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, cast

from dragoman.errors import StopRun
from dragoman.export.holdings import Holdings, Writer

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, what it is for, and the file it is written to in a folder (none: several files)."""

    name: str
    about: str
    file: str | None

    def parts(self) -> dict[str, Writer]:
        """File names and what writes each."""
        module = import_module(f"dragoman.export._{self.name}")
        if self.file is None:
            return cast("dict[str, Writer]", module.parts())
        return {self.file: module.write}


FORMATS = {
    f.name: f
    for f in (
        Format("csv", "one row a participation, for spreadsheets and R", "participations.csv"),
        Format("jsonl", "an engagement a line, in the guide's form", "engagements.jsonl"),
        Format("parquet", "four typed tables, for pandas, polars, DuckDB, R", None),
        Format("plover", "PLOVER events with POLECAT's columns, tab-separated", "plover.tsv"),
        Format("colt", "one row a leader's trip, as COLT has it", "trips.csv"),
        Format("jsonld", "schema.org Events", "events.jsonld"),
        Format("ftm", "FollowTheMoney entities, a line each", "entities.ftm.json"),
        Format("graphml", "network of people and parties", "network.graphml"),
        Format("ics", "calendar", "engagements.ics"),
        Format("footnotes", "a note ready to cite for each record", "footnotes.md"),
    )
}


def export(holdings: Holdings, name: str, dest: str, stdout: BinaryIO) -> list[str]:
    """Write ``holdings`` in the format ``name`` to ``dest``; gives the files written.

    Args:
        dest: a file, a folder (one that is there, or a path that ends in a slash), or - for ``stdout``.

    Raises:
        StopRun: no such format, a destination that cannot be written, or one file asked for where several are made.
    """
    if name not in FORMATS:
        raise StopRun(f"no format {name!r}: choose one of {', '.join(FORMATS)}")
    parts = FORMATS[name].parts()
    if dest == STDOUT:
        if len(parts) > 1:
            raise StopRun(f"{name} makes {len(parts)} files and cannot go to standard output: name a folder")
        next(iter(parts.values()))(holdings, stdout)
        return []
    targets = _targets(Path(dest), parts, folder=dest.endswith(("/", os.sep)))
    for path, writer in targets.items():
        _replace(path, writer, holdings)
    return [str(p) for p in targets]


def _targets(dest: Path, parts: dict[str, Writer], *, folder: bool) -> dict[Path, Writer]:
    if len(parts) > 1 and dest.is_file():
        raise StopRun(f"{dest}: is a file; this format makes {len(parts)} files: name a folder")
    if folder or dest.is_dir() or len(parts) > 1:
        return {dest / file: writer for file, writer in parts.items()}
    return {dest: next(iter(parts.values()))}


def _replace(path: Path, writer: Writer, holdings: Holdings) -> None:
    """Write beside the target and move into place: a reader sees the old file or the new one, never half of one."""
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as out:
            temporary = out.name
            writer(holdings, cast("BinaryIO", out))
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise StopRun(f"{path}: {error.strerror or error}") from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
