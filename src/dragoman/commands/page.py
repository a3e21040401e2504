"""``dragoman page``: the page or PDF that a document's text was taken from, as it came."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from dragoman.commands._register import DEFAULT, File, asked


def page(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's id.", show_default=False)],
    out: Annotated[
        Optional[Path],  # noqa: UP045 (typer reads it at run time)
        typer.Option("--output", "-o", metavar="FILE", help="Write here instead of standard output."),
    ] = None,
    file: File = DEFAULT,
) -> None:
    """Write the page or PDF that a document's text was taken from, byte for byte, where the register keeps it (`--keep-pages`).

    It comes from the web as it is, scripts and all: open it with care.
    """
    from dragoman.errors import StopRun

    with asked(file) as register:
        raw = register.page(document)
        if out is None:
            sys.stdout.buffer.write(raw)
            sys.stdout.buffer.flush()
            return
        try:
            out.write_bytes(raw)
        except OSError as error:
            raise StopRun(f"{out}: {error.strerror}") from None
