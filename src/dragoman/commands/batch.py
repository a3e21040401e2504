"""``dragoman batch``: many documents on an engine, from files or object stores to Parquet."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from dragoman.commands import reading

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.engine.parts import Part, Target
    from dragoman.engine.work import Outcome


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
    price_in: reading.PriceIn = None,
    price_out: reading.PriceOut = None,
    max_cost: reading.MaxCost = None,
    max_documents: reading.MaxDocuments = None,
    cache: reading.Cache = None,
    config: reading.Config = None,
    estimate: reading.Estimate = False,
) -> None:
    """Read many documents into Parquet files at DEST: documents/ with what they tell, failed/ with what could not be read and why.

    A part (a file, or some of its documents) is written whole or not at all, and a run that is begun again does only what is missing. `dragoman read DEST`
    takes the documents into a register without reading them again. Needs the extra `batch`. A language model is asked by this process
    alone, one part after the other, so that one budget and one count hold for all.
    """
    from dragoman import output
    from dragoman.errors import ConfigError, StopRun

    with reading.wrongly_called():
        settings = reading.settings_of(
            config, published=published, outlet=outlet, reader=reader, base_url=base_url, model=model, cache=cache,
            price_in=price_in, price_out=price_out, max_cost=max_cost, max_documents=max_documents, estimate=estimate,
        )  # fmt: skip
        if len(sources) < 2:
            raise ConfigError("name what is to be read, and last where to write it")
        if engine not in {"native", "ray"}:
            raise ConfigError(f"--engine is native or ray, not {engine}")
        if address and engine != "ray":
            raise ConfigError("--address is a Ray cluster's: give --engine ray, too")
        if engine == "ray" and settings.reader != "rules":
            raise ConfigError("a language model is asked from this machine: leave --engine ray out")
    how = _How(workers, (address or "auto") if engine == "ray" else None, quiet, output.STOPPED)
    try:
        status = (
            _estimate(sources[:-1], sources[-1], settings)
            if estimate
            else _run(sources[:-1], sources[-1], settings, how)
        )
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


def _missing(sources: list[str], dest: str, target: Target) -> tuple[list[Part], int]:
    """The parts that are not done, and how many there are in all; what lies in DEST is none."""
    from dragoman.engine.parts import parts_of

    there = Path(dest).resolve() if "://" not in dest else None
    parts = [p for p in parts_of(sources) if there is None or there not in Path(p.uri).parents]
    done = target.done()
    return [p for p in parts if p.name not in done], len(parts)


def _estimate(sources: list[str], dest: str, settings: Settings) -> int:
    """Tell what a language model would be sent of the parts that are not done."""
    from dragoman import output
    from dragoman.engine.parts import Target
    from dragoman.engine.plan import fetched
    from dragoman.engine.work import Work
    from dragoman.llm.reader import ModelReader
    from dragoman.model import Document

    def documents() -> Iterator[Document]:
        for part in missing:
            with fetched(part) as path:
                yield from (d for d in work.documents(part, path) if isinstance(d, Document))

    missing, _ = _missing(sources, dest, Target(dest))
    with ModelReader(settings) as reader:
        work = Work(settings, dest, reader)
        reading.tell_estimate(documents(), reader)
    return output.OK


def _run(sources: list[str], dest: str, settings: Settings, how: _How) -> int:
    """Do what is missing, and say what was done."""
    from dragoman import output
    from dragoman.engine.parts import Target
    from dragoman.readers import make_reader

    with make_reader(settings) as named:
        version = named.version
    target = Target(dest)
    target.begin(version)
    missing, number = _missing(sources, dest, target)
    total = [0, 0, 0, 0, 0]
    if missing:
        if how.ray is None:
            atexit.register(_leave, how)  # before Daft is loaded, so that what Daft does at the end comes first
        with closing(_outcomes(missing, dest, settings, how)) as outcomes:
            for done, o in enumerate(outcomes, 1):
                counts = (o.documents, o.relevant, o.engagements, o.aside, o.waiting)
                total = [a + b for a, b in zip(total, counts, strict=True)]
                if not how.quiet:
                    output.say(
                        f"part {done} of {len(missing)}: {total[0]:,} documents, {total[2]:,} engagements, {total[3]:,} set aside"
                    )
    if not how.quiet:
        output.say(
            f"{total[0]:,} documents, {total[1]:,} relevant, {total[2]:,} engagements, {total[3]:,} set aside; "
            f"{number - len(missing)} of {number} parts were done before"
        )
    if total[4]:
        output.say(f"{total[4]:,} documents got no answer, and their parts are not written: run again to go on")
    return output.SOME_ASIDE if total[3] or total[4] else output.OK


def _outcomes(parts: list[Part], dest: str, settings: Settings, how: _How) -> Generator[Outcome, None, None]:
    """What becomes of each part: on the engine, or where a language model reads, one by one in this process."""
    from dragoman import output
    from dragoman.engine import plan
    from dragoman.engine.work import Work
    from dragoman.evaluate.agreement import Agreement
    from dragoman.readers import make_reader
    from dragoman.resources import cores

    if settings.reader == "rules":
        yield from plan.run(parts, settings, dest, workers=how.workers or cores(), ray=how.ray)
        return
    agreement = Agreement()
    count = (lambda line: None) if how.quiet else output.say
    with make_reader(settings, say=output.say, count=count, compared=agreement.add) as reader:
        yield from plan.one_by_one(parts, Work(settings, dest, reader))
    if settings.reader == "both":
        for line in agreement.lines():
            output.say(line)
