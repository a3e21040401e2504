"""``dragoman export``: a register, or a part of it, in the form that another tool reads."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dragoman.commands._register import DEFAULT, File, Where, asked, filtered


@filtered
def export(
    where: Where,
    dest: Annotated[
        str, typer.Argument(metavar="DEST", help="A file, a folder, or - for standard output.", show_default=False)
    ],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="F",
            help="csv, jsonl, parquet, plover, colt, jsonld, ftm, graphml, ics, footnotes.",
            show_default=False,
        ),
    ],
    file: File = DEFAULT,
) -> None:
    """Write the register for another tool; with filters, the part of it that they ask for.

    The same register gives the same bytes. A file is replaced only when the new one is whole.
    """
    from dragoman import output
    from dragoman.export import export as write
    from dragoman.export.of_register import holdings
    from dragoman.resources import Tools

    with asked(file) as register:
        for path in write(holdings(register, where(register), Tools()), form, dest, sys.stdout.buffer):
            output.say(path)
