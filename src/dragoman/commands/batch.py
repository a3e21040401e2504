"""``dragoman batch``: many documents on an engine, from files or object stores to Parquet."""

from __future__ import annotations

import atexit
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from dragoman.commands import reading

if TYPE_CHECKING:
    from dragoman.config import Settings


def batch(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE… DEST",
            help="Files, folders, globs, addresses (s3://, gs://, https://), lists of addresses (.paths, .paths.gz); last, where to write.",
            show_default=False,
        ),
    ],
    workers: reading.Workers = None,
    engine: Annotated[str, typer.Option(metavar="native|ray", help="This machine alone, or a Ray cluster.")] = "native",
    address: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            metavar="ADDRESS", help="With --engine ray: the cluster's address (default: the one that runs here)."
        ),
    ] = None,
    quiet: reading.Quiet = False,
    published: reading.Published = None,
    outlet: reading.Outlet = None,
    reader: reading.ReaderName = None,
    base_url: reading.BaseUrl = None,
    model: reading.ModelName = None,
    cache: reading.Cache = None,
    config: reading.Config = None,
) -> None:
    """Read many documents into Parquet files at DEST: documents/ with what they tell, failed/ with what could not be read and why.

    A part (a file, or some of its documents) is written whole or not at all, and a run that is begun again does only what is missing. `dragoman read DEST`
    takes the documents into a register without reading them again. Needs the extra `batch`.
    """
    from dragoman import output
    from dragoman.errors import ConfigError, StopRun

    with reading.wrongly_called():
        settings = reading.settings_of(
            config, published=published, outlet=outlet, reader=reader, base_url=base_url, model=model, cache=cache
        )
        if len(sources) < 2:
            raise ConfigError("name what is to be read, and last where to write it")
        if engine not in {"native", "ray"}:
            raise ConfigError(f"--engine is native or ray, not {engine}")
        if address and engine != "ray":
            raise ConfigError("--address is a Ray cluster's: give --engine ray, too")
    how = _How(workers, (address or "auto") if engine == "ray" else None, quiet, output.STOPPED)
    try:
        status = _run(sources[:-1], sources[-1], settings, how)
    except StopRun as stop:
        output.say(f"dragoman: stopped: {stop}")
        status = output.USAGE if isinstance(stop, ConfigError) else output.STOPPED
    except KeyboardInterrupt:
        output.say("dragoman: interrupted; parts that were done are kept, and another run does the rest")
        status = output.STOPPED
    how.status = status
    raise typer.Exit(status)


@dataclass(slots=True)
class _How:
    """By how many processes, on which cluster, whether it is talked about, and with what the command ends."""

    workers: int | None
    ray: str | None
    quiet: bool
    status: int


def _leave(how: _How) -> None:
    """Ends the process when all is written: Daft's threads now and then break it while Python takes itself apart (seen with 0.7)."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(how.status)


def _run(sources: list[str], dest: str, settings: Settings, how: _How) -> int:
    """Do what is missing, and say what was done."""
    from dragoman import output
    from dragoman.engine import plan
    from dragoman.engine.parts import Target, parts_of
    from dragoman.readers import make_reader
    from dragoman.resources import cores

    with make_reader(settings) as named:
        version = named.version
    there = Path(dest).resolve() if "://" not in dest else None
    parts = [p for p in parts_of(sources) if there is None or there not in Path(p.uri).parents]
    target = Target(dest)
    target.begin(version)
    done = target.done()
    missing = [p for p in parts if p.name not in done]
    total = [0, 0, 0, 0]
    if missing:
        if how.ray is None:
            atexit.register(_leave, how)  # before Daft is loaded, so that what Daft does at the end comes first
        for number, outcome in enumerate(
            plan.run(missing, settings, dest, workers=how.workers or cores(), ray=how.ray), 1
        ):
            counts = (outcome.documents, outcome.relevant, outcome.engagements, outcome.aside)
            total = [a + b for a, b in zip(total, counts, strict=True)]
            if not how.quiet:
                output.say(
                    f"part {number} of {len(missing)}: {total[0]:,} documents, {total[2]:,} engagements, {total[3]:,} set aside"
                )
    if not how.quiet:
        output.say(
            f"{total[0]:,} documents, {total[1]:,} relevant, {total[2]:,} engagements, {total[3]:,} set aside; "
            f"{len(parts) - len(missing)} of {len(parts)} parts were done before"
        )
    return output.SOME_ASIDE if total[3] else output.OK
