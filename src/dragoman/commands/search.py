"""``dragoman search``: documents that hold words."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.commands._register import DEFAULT, Csv, File, Json, Limit, Offset, Where, asked, filtered


@filtered
def search(
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS…", help="Words, all of which must stand in the text.", show_default=False),
    ],
    where: Where,
    file: File = DEFAULT,
    limit: Limit = 20,
    offset: Offset = 0,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Find documents by their words, best first, with the engagements that they tell of.

    Endings do not count ("visits" finds "visited"). With filters, only documents that tell of such an engagement.
    """
    from dragoman import output, shown
    from dragoman.commands import _print
    from dragoman.store.postings import MISSING, extension

    _print.chosen(as_json, as_csv)
    with asked(file) as register:
        hits = register.search(" ".join(words), where(register), limit=limit, offset=offset)
    if extension() is None:
        output.say(f"dragoman: {MISSING}")
    if as_json:
        _print.json_lines(hits)
    elif as_csv:
        _print.csv_rows([shown.hit_row(h) for h in hits], shown.HIT_COLUMNS)
    else:
        _print.echo(line for h in hits for line in shown.hit(h))
        output.say(f"{len(hits)} documents" + (" or more" if len(hits) == limit else ""))
