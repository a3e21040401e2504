"""``dragoman doctor``: is everything here, whole and as it should be?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from dragoman.commands import reading
from dragoman.commands._register import DEFAULT, File, Json


def doctor(
    file: File = DEFAULT,
    feeds: Annotated[
        Optional[Path],  # noqa: UP045 (typer reads it at run time)
        typer.Option(
            metavar="FEEDS", help="A file of feeds to be looked at as well; nothing is fetched.", show_default=False
        ),
    ] = None,
    config: reading.Config = None,
    as_json: Json = False,
) -> None:
    """Look at the installation, the models, the register, the disk and the feeds, and say what to do.

    Ends with 0 where all is well, with 1 where something is wrong.
    """
    from dragoman import output
    from dragoman.commands import _print
    from dragoman.doctor import WRONG, Asked, checks

    wrong = False
    for check in checks(Asked(file, feeds, config)):
        wrong = wrong or check.state == WRONG
        if as_json:
            _print.json_lines([check])
        else:
            _print.echo(
                [f"{check.state:<6} {check.name}: {check.found}", *([f"       → {check.do}"] if check.do else [])]
            )
    raise typer.Exit(output.SOME_ASIDE if wrong else output.OK)
