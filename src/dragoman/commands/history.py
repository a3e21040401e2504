"""``dragoman history``: what happened to a record, or what was judged at all."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from dragoman.commands._register import DEFAULT, File, Json, asked


def history(
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(
            metavar="[ID]",
            help="A record's id or its beginning; without it all judgements and removals.",
            show_default=False,
        ),
    ] = None,
    readings: Annotated[
        bool, typer.Option("--readings", help="What was read when and by which version, a line a batch.")
    ] = False,
    file: File = DEFAULT,
    as_json: Json = False,
) -> None:
    """Tell what happened to an engagement: who told of it when, how its status changed, what was judged, withdrawn and removed."""
    from dragoman import shown
    from dragoman.commands import _print
    from dragoman.store.past import judged, removed

    with asked(file) as register:
        if readings:
            trail = register.trail()
            if as_json:
                _print.json_lines(trail)
            else:
                _print.echo(shown.readings(trail))
            return
        if name is not None:
            past = register.history(name)
        else:
            waiting = {j.id for j in register.unbound()}
            said = [i for j in register.judgements() for i in judged(j, unbound=j.id in waiting)]
            past = tuple(sorted([*said, *map(removed, register.removals())], key=lambda i: i.at or ""))
        if as_json:
            _print.json_lines(past)
        else:
            _print.echo(shown.past(past))
