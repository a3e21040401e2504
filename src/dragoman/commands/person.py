"""``dragoman person``: somebody's entry in the authority file, and what he or she took part in."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.commands._register import DEFAULT, Csv, File, Json, Limit, Offset, asked


def person(
    name: Annotated[
        list[str], typer.Argument(metavar="NAME…", help="A name, a part of one, or an id.", show_default=False)
    ],
    file: File = DEFAULT,
    limit: Limit = 1000,
    offset: Offset = 0,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Tell of an office-holder: spellings, offices with their first and last day, engagements.

    Where several people have the name, they are listed with their ids.
    """
    from dragoman import shown
    from dragoman.commands import _print
    from dragoman.store.shapes import Filter

    _print.chosen(as_json, as_csv)
    with asked(file) as register:
        found = register.person(" ".join(name))
        records = register.records(Filter(person=found.id), limit=limit, offset=offset)
    if not _print.records(records, as_json=as_json, as_csv=as_csv, about={"person": found}):
        _print.echo([*shown.person(found), *shown.months(records)])
