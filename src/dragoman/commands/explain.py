"""``dragoman explain``: for every field of every record, the words it came from, or what it was inferred from."""

from __future__ import annotations

from typing import Annotated

import typer


def explain(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH…", help="Files, folders, globs, or - for standard input.", show_default=False),
    ],
) -> None:
    """Tell for each field of each record its value, the words and where they stand, and the rule or model that filled it."""
    from dragoman import output
    from dragoman.config import Settings
    from dragoman.errors import StopRun
    from dragoman.explain import explained
    from dragoman.reader import Reader
    from dragoman.run import How, Summary, accounts

    summary = Summary()
    try:
        for account in accounts(paths, Reader(Settings()), summary, How(told=lambda s: output.say(f"set aside {s}"))):
            typer.echo("\n".join(explained(account)))
    except StopRun as stop:
        output.say(f"dragoman: stopped: {stop}")
        raise typer.Exit(output.STOPPED) from None
    raise typer.Exit(output.SOME_ASIDE if summary.aside else output.OK)
