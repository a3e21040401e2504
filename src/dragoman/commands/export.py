"""``dragoman export``: a register, or a part of it, in the form that another tool reads."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dragoman.commands import asked as options


def export(
    dest: Annotated[str, typer.Argument(metavar="DEST", help="A file, a folder, or - for standard output.", show_default=False)],
    form: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="F",
            help="csv, jsonl, parquet, plover, colt, jsonld, ftm, graphml, ics, footnotes.", show_default=False,
        ),
    ],
    register: options.RegisterFile = options.DEFAULT,
    party: options.Parties = None,
    person: options.PersonName = None,
    office: options.Office = None,
    kind: options.Kinds = None,
    status: options.Statuses = None,
    place: options.Place = None,
    topic: options.Topics = None,
    framework: options.Framework = None,
    source: options.Source = None,
    since: options.Since = None,
    until: options.Until = None,
) -> None:  # fmt: skip
    """Write the register for another tool; with filters, the part of it that they ask for.

    The same register gives the same bytes. A file is replaced only when the new one is whole.
    """
    from dragoman import output
    from dragoman.errors import DragomanError
    from dragoman.export import export as write
    from dragoman.export.of_register import holdings
    from dragoman.resources import Tools
    from dragoman.store.read import Register

    tools = Tools()
    try:
        stored = Register(register)
        where = options.asked(
            stored,
            tools,
            parties=party,
            person=person,
            several={"kinds": kind, "statuses": status, "topics": topic},
            single={
                "office": office, "place": place, "framework": framework, "source": source, "since": since, "until": until,
            },
        )  # fmt: skip
        with stored.held() as still:
            for file in write(holdings(still, where, tools), form, dest, sys.stdout.buffer):
                output.say(file)
    except DragomanError as error:
        output.say(f"dragoman: {error}")
        raise typer.Exit(output.STOPPED) from None
