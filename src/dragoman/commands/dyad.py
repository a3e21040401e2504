"""``dragoman dyad``: what two parties had to do with each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from dragoman.commands._register import DEFAULT, Csv, File, Json, Limit, Offset, Where, asked, code, filtered


@filtered
def dyad(
    first: Annotated[str, typer.Argument(metavar="PARTY", help="Code or name.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="PARTY", help="Code or name.", show_default=False)],
    where: Where,
    file: File = DEFAULT,
    limit: Limit = 1000,
    offset: Offset = 0,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Tell the engagements in which two parties both take part: how many of which kind, by year, and each in a line."""
    from dragoman import shown
    from dragoman.commands import _print

    _print.chosen(as_json, as_csv)
    pair = (code(first), code(second))
    with asked(file) as register:
        wanted = where(register)
        wanted = replace(wanted, parties=tuple(dict.fromkeys((*pair, *wanted.parties))))
        found = register.records(wanted, limit=limit, offset=offset)
        if not _print.records(found, as_json=as_json, as_csv=as_csv):
            _print.echo([f"{' – '.join(pair)}: {register.count(wanted)} engagements"])
            for field in ("kind", "year"):
                counted = sorted(register.facets(field, wanted), key=lambda f: f[0] if field == "year" else "")
                _print.echo([f"  by {field}  " + ", ".join(f"{value} {n}" for value, n in counted)] if counted else [])
            _print.echo(shown.months(found))
