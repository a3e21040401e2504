"""``dragoman codebook``: what every column of the exports means."""

from __future__ import annotations

from typing import Annotated

import typer


def codebook(
    form: Annotated[str, typer.Option("--format", "-f", metavar="F", help="md, csv or json.")] = "md",
) -> None:
    """Print every table and column of the exports, with meaning, type and allowed values."""
    from dragoman import output
    from dragoman.resources import Tools
    from dragoman.tables.codebook import WRITERS

    if form not in WRITERS:
        output.say(f"dragoman: no format {form!r}: choose one of {', '.join(WRITERS)}")
        raise typer.Exit(output.USAGE)
    typer.echo(WRITERS[form](Tools()), nl=False)
