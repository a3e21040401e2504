"""``dragoman rebuild``: what is computed, computed again."""

from __future__ import annotations

from dragoman.commands._register import DEFAULT, File, errors


def rebuild(file: File = DEFAULT) -> None:
    """Work out all records and people again from documents, claims and judgements; bring an older file up to date.

    Without a change of version the same rows come out. A newer dragoman may join accounts better than the one that read them.
    """
    from dragoman import output
    from dragoman.errors import RegisterError
    from dragoman.resources import Tools
    from dragoman.store.read import Register
    from dragoman.store.write import Writer

    with errors():
        if not file.exists():
            raise RegisterError(f"no register at {file}: make one with `dragoman read PATH… --register {file}`")
        writer = Writer(file, Tools())
        writer.make()
        writer.rebuild()
        now = Register(file).totals()
    output.say(
        f"{now.records} engagements from {now.accounts} accounts in {now.documents} documents; {now.people} people"
    )
