"""``dragoman code``: texts in, one JSON line a document out."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Optional

import typer


def code(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH…", help="Files, folders, globs, or - for standard input.", show_default=False),
    ],
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
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first document that cannot be read.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
    published: Annotated[
        Optional[datetime],  # noqa: UP045
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Day of publication for documents that give none."),
    ] = None,
    outlet: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="NAME", help="Outlet for documents that give none."),
    ] = None,
) -> None:
    """Read news texts and write the engagements they report, one JSON line a document.

    Reads .txt, .md (with front matter), .html, .jsonl (plain or gzipped; keys doc_id or id, url, outlet, published,
    title, text), .csv, .tsv and .parquet. Ends with 0 when everything was read, 1 when some documents were set aside,
    2 when the call is wrong, 3 when the run could not go on.
    """
    from dragoman import output
    from dragoman.config import Settings
    from dragoman.errors import StopRun
    from dragoman.pretty import account_lines
    from dragoman.reader import Reader
    from dragoman.run import Summary, accounts

    settings = Settings(published=published.date() if published else None, outlet=outlet)
    summary = Summary()
    try:
        stream: IO[str] = out.open("w", encoding="utf-8", newline="\n") if out else _stdout()
    except OSError as error:
        output.say(f"dragoman: {out}: {error.strerror}")
        raise typer.Exit(output.STOPPED) from None
    status = output.OK
    try:
        found = accounts(paths, Reader(settings), summary, strict=strict, told=lambda s: output.say(f"set aside {s}"))
        for account in output.progress(found, None, quiet=quiet):
            text = "\n".join(account_lines(account)) if pretty else account.to_json()
            stream.write(text + "\n")
            stream.flush()
        status = output.SOME_ASIDE if summary.aside else output.OK
    except StopRun as stop:
        output.say(f"dragoman: stopped: {stop}")
        status = output.STOPPED
    except KeyboardInterrupt:
        output.say("dragoman: interrupted; what was written is whole")
        status = output.STOPPED
    finally:
        if out:
            stream.close()
    if not quiet:
        output.summarise(summary)
    raise typer.Exit(status)


def _stdout() -> IO[str]:
    """Standard output as UTF-8 whatever the locale says; lone surrogates never reach it (see codec.line)."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return sys.stdout
