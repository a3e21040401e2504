"""``dragoman list``: records of a register."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.commands._register import DEFAULT, Csv, File, Json, Limit, Offset, Where, asked, filtered


@filtered
def list_(
    where: Where,
    file: File = DEFAULT,
    sort: Annotated[str, typer.Option(metavar="ORDER", help="date, -date, id or -accounts.")] = "date",
    limit: Limit = 50,
    offset: Offset = 0,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List the engagements of a register, by date; of all that the filters say, everything must hold."""
    from dragoman import output, shown
    from dragoman.commands import _print

    _print.chosen(as_json, as_csv)
    with asked(file) as register:
        wanted = where(register)
        found = register.records(wanted, sort=sort, limit=limit, offset=offset)
        if not _print.records(found, as_json=as_json, as_csv=as_csv):
            _print.table([shown.row(r) for r in found], shown.COLUMNS)
            output.say(f"{offset + len(found) and offset + 1}–{offset + len(found)} of {register.count(wanted)}")
