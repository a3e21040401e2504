"""``dragoman code``: texts in, one JSON line a document out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Optional

import typer

from dragoman.commands import reading

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.run import Summary


def code(
    paths: reading.Paths,
    out: Annotated[
        Optional[Path],  # noqa: UP045 (typer reads it at run time)
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write here instead of standard output; whole lines only, so what is done is kept if the run is cut short.",
        ),
    ] = None,
    pretty: Annotated[bool, typer.Option("--pretty", help="Print records for people to read.")] = False,
    strict: reading.Strict = False,
    quiet: reading.Quiet = False,
    workers: reading.Workers = None,
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
    disagreements: reading.Disagreements = None,
) -> None:
    """Read news texts and write the engagements they report, one JSON line a document.

    Reads .txt, .md (with front matter), .html, .pdf, .jsonl (keys doc_id or id, url, outlet, published, title, text),
    .csv, .tsv, .parquet and .warc, plain or in .gz, .bz2, .zip or .tar. Ends with 0 when everything was read, 1 when some documents were set aside,
    2 when the call is wrong, 3 when the run could not go on or a limit was reached.
    """
    from dragoman import output
    from dragoman.errors import StopRun
    from dragoman.run import Summary

    with reading.wrongly_called():
        settings = reading.settings_of(
            config, published=published, outlet=outlet, reader=reader, base_url=base_url, model=model, cache=cache,
            price_in=price_in, price_out=price_out, max_cost=max_cost, max_documents=max_documents, estimate=estimate,
        )  # fmt: skip
    summary = Summary()
    status = output.OK
    try:
        if estimate:
            _estimate(paths, settings)
        else:
            _write(paths, settings, summary, _Ways(out, pretty, strict, quiet, disagreements, workers))
        status = output.SOME_ASIDE if summary.aside else output.OK
    except StopRun as stop:
        output.say(f"dragoman: stopped: {stop}")
        status = output.STOPPED
    except KeyboardInterrupt:
        output.say("dragoman: interrupted; what was written is whole")
        status = output.STOPPED
    if not quiet and not estimate:
        output.summarise(summary)
    raise typer.Exit(status)


@dataclass(frozen=True, slots=True)
class _Ways:
    """How the accounts are to be written."""

    out: Path | None
    pretty: bool
    strict: bool
    quiet: bool
    disagreements: Path | None
    workers: int | None


def _write(paths: list[str], settings: Settings, summary: Summary, ways: _Ways) -> None:
    """Read everything and write it, with what the two readers make of one another's records where both read."""
    from dragoman import output
    from dragoman.evaluate.agreement import Agreement
    from dragoman.pretty import account_lines
    from dragoman.readers import make_reader
    from dragoman.run import accounts

    def count(line: str) -> None:
        if not ways.quiet:
            output.say(line)

    with _stream(ways.out) as stream, _rows(ways.disagreements) as differs:
        agreement = Agreement(differs)
        with make_reader(settings, say=output.say, count=count, compared=agreement.add) as reader:
            found = accounts(paths, reader, summary, reading.how(ways.workers, strict=ways.strict))
            for account in output.progress(found, summary, paths, quiet=ways.quiet):
                text = "\n".join(account_lines(account)) if ways.pretty else account.to_json()
                stream.write(text + "\n")
                stream.flush()
        if settings.reader == "both":
            for line in agreement.lines():
                output.say(line)


def _estimate(paths: list[str], settings: Settings) -> None:
    """Tell what a language model would be sent."""
    from dragoman import output
    from dragoman.errors import SkipDocument
    from dragoman.llm.reader import ModelReader
    from dragoman.run import found

    documents = (d for d in found(paths, settings) if not isinstance(d, SkipDocument))
    with ModelReader(settings, say=output.say) as reader:
        reading.tell_estimate(documents, reader)


@contextmanager
def _stream(path: Path | None) -> Iterator[IO[str]]:
    """A file to write, or standard output."""
    from dragoman.errors import StopRun

    if path is None:
        yield _stdout()
        return
    try:
        stream = path.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise StopRun(f"{path}: {error.strerror}") from None
    with stream:
        yield stream


@contextmanager
def _rows(path: Path | None) -> Iterator[Callable[[Mapping[str, Any]], None] | None]:
    """What writes a row to a file as a JSON line; None where no file is wanted."""
    from dragoman import codec

    if path is None:
        yield None
        return
    with _stream(path) as stream:
        yield lambda row: print(codec.line(row), file=stream, flush=True)


def _stdout() -> IO[str]:
    """Standard output as UTF-8 whatever the locale says; lone surrogates never reach it (see codec.line)."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return sys.stdout
