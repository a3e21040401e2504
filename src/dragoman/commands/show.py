"""``dragoman show``: one record with all that stands behind it."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.commands._register import DEFAULT, File, Json, asked


def show(
    name: Annotated[
        str,
        typer.Argument(metavar="ID", help="A record's id or its beginning, or an account's key.", show_default=False),
    ],
    file: File = DEFAULT,
    as_json: Json = False,
) -> None:
    """Show an engagement: who, when, where; each account with its words; conflicts, history, judgements."""
    from dragoman import shown
    from dragoman.commands import _print

    with asked(file) as register:
        record = register.record(name)
        past, judgements = register.history(record.id), register.judgements(record.id)
        if as_json:
            _print.json_lines([{"record": record, "history": past, "judgements": judgements}])
            return
        _print.echo(shown.record(record))
        if any(register.document(a.doc_id).text is None for a in record.accounts):
            _print.echo(["  texts      some are left out (--no-texts, or somebody whom they name was removed)"])
        _print.echo(["  history"])
        _print.echo(shown.past(past))
