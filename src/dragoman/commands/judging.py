"""``dragoman merge, split, correct, reject, accept, undo``: what a person says of records, kept for good."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.commands._register import DEFAULT, Author, File, Reason, errors

if TYPE_CHECKING:
    from dragoman.store.read import Register
    from dragoman.store.verdicts import Verdict

Id = Annotated[str, typer.Argument(metavar="ID", help="A record's id or its beginning.", show_default=False)]


def merge(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID ID…", help="Records' ids or their beginnings.", show_default=False)
    ],
    reason: Reason = "",
    author: Author = None,
    file: File = DEFAULT,
) -> None:
    """Say that records are of one act. They become one, and stay so however often they are read again."""
    from dragoman.store.verdicts import one_act

    _say(file, lambda r: one_act([r.record(name) for name in ids]), author, reason)


def split(
    name: Id,
    accounts: Annotated[
        list[str], typer.Argument(metavar="ACCOUNT…", help="Keys of accounts, or their documents.", show_default=False)
    ],
    reason: Reason = "",
    author: Author = None,
    file: File = DEFAULT,
) -> None:
    """Say that accounts of a record tell of another act than its other accounts (`show` gives their keys)."""
    from dragoman.store.verdicts import other_act

    _say(file, lambda r: other_act(r.record(name), accounts), author, reason)


def correct(
    name: Id,
    values: Annotated[
        list[str],
        typer.Argument(metavar="FIELD=VALUE…", help="As date.start=2024-05-03 or status=held.", show_default=False),
    ],
    reason: Reason = "",
    author: Author = None,
    file: File = DEFAULT,
) -> None:
    """Set fields of a record, whatever its accounts say. Nothing after = empties a field.

    Fields: kind, status, salience, date.start, date.end, place.city, place.country, place.venue, place.text, parties, topics,
    framework, participants[NAME].name (.office, .rank, .party, .side, .head).
    """
    from dragoman.store.verdicts import correction

    _say(file, lambda r: [correction(r.record(name), words) for words in values], author, reason)


def reject(name: Id, reason: Reason = "", author: Author = None, file: File = DEFAULT) -> None:
    """Say that a record is no engagement: it is left out from lists and exports, and kept (`list --rejected`)."""
    from dragoman.store.verdicts import rejection

    _say(file, lambda r: [rejection(r.record(name))], author, reason)


def accept(name: Id, reason: Reason = "", author: Author = None, file: File = DEFAULT) -> None:
    """Say that a record is right as it stands; it is marked as accepted."""
    from dragoman.store.verdicts import acceptance

    _say(file, lambda r: [acceptance(r.record(name))], author, reason)


def undo(
    judgement: Annotated[
        str, typer.Argument(metavar="JUDGEMENT", help="Its id, as `history` gives it.", show_default=False)
    ],
    author: Author = None,
    file: File = DEFAULT,
) -> None:
    """Withdraw a judgement. It stays in the history."""
    from dragoman.resources import Tools
    from dragoman.store.read import Register
    from dragoman.store.write import Writer, author_name

    with errors():
        Register(file)
        for j in Writer(file, Tools()).undo(judgement, author=author or author_name()):
            typer.echo(f"withdrawn {j.id}  {j.verdict}")


def _say(file: Path, words: Callable[[Register], Sequence[Verdict]], author: str | None, reason: str) -> None:
    """Keep the judgements and tell their ids and what came of them."""
    from dragoman import shown
    from dragoman.commands import _print
    from dragoman.resources import Tools
    from dragoman.store.read import Register
    from dragoman.store.write import Writer, author_name

    with errors():
        register = Register(file)
        with register.held():
            said = list(words(register))
        kept = Writer(file, Tools()).judge(said, author=author or author_name(), reason=reason)
        with register.held():
            records = {r.id: r for j in kept for key in (j.left, j.right) if key for r in [register.record(key)]}
    _print.echo([f"judgement {j.id}  {j.verdict}" for j in kept])
    _print.echo(shown.line(r) for r in records.values())
