"""``dragoman timeline``: engagements month by month."""

from __future__ import annotations

from dragoman.commands._register import DEFAULT, Csv, File, Json, Limit, Offset, Where, asked, filtered


@filtered
def timeline(
    where: Where,
    file: File = DEFAULT,
    limit: Limit = 1000,
    offset: Offset = 0,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Tell engagements in the order in which they happened, a line each, month by month."""
    from dragoman import shown
    from dragoman.commands import _print

    _print.chosen(as_json, as_csv)
    with asked(file) as register:
        found = register.records(where(register), limit=limit, offset=offset)
    if not _print.records(found, as_json=as_json, as_csv=as_csv):
        _print.echo(shown.months(found))
