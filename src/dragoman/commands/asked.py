"""Options that ask for a part of the register, the same in every command that takes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.errors import StopRun

if TYPE_CHECKING:
    from dragoman.resources import Tools
    from dragoman.store.read import Register
    from dragoman.store.shapes import Filter

DEFAULT = Path("dragoman.duckdb")

RegisterFile = Annotated[Path, typer.Option("--register", metavar="FILE", help="The register.", show_default=True)]
Parties = Annotated[
    list[str] | None,
    typer.Option(
        "--party", metavar="NAME", help="State or organisation that takes part, by code or name; several: all."
    ),
]
PersonName = Annotated[str | None, typer.Option("--person", metavar="NAME", help="Somebody who takes part.")]
Office = Annotated[str | None, typer.Option(metavar="WORDS", help="Words in the office of a participant.")]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", metavar="KIND", help="meeting, visit, call …; several: any.")
]
Statuses = Annotated[
    list[str] | None, typer.Option("--status", metavar="STATUS", help="held, planned …; several: any.")
]
Place = Annotated[str | None, typer.Option(metavar="NAME", help="State, city or venue where it took place.")]
Topics = Annotated[list[str] | None, typer.Option("--topic", metavar="TOPIC", help="A PLOVER context; several: any.")]
Framework = Annotated[str | None, typer.Option(metavar="WORDS", help="Words in the framework.")]
Source = Annotated[str | None, typer.Option(metavar="WORDS", help="Words in an outlet or another voice.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="From this day, month or year on.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Up to this day, month or year.")]


def asked(
    register: Register,
    tools: Tools,
    *,
    parties: list[str] | None,
    person: str | None,
    several: dict[str, list[str] | None],
    single: dict[str, str | None],
) -> Filter:
    """The filter that the options ask for.

    Args:
        parties: codes or names.
        person: a name or an id.
        several: kinds, statuses, topics, as given.
        single: the filter's other fields, as given.

    Raises:
        StopRun: a party that is not known, or a person who is not in the register.
    """
    from dragoman.store.shapes import Filter

    wanted: dict[str, Any] = {name: tuple(values or ()) for name, values in several.items()} | single
    if person:
        wanted["person"] = register.person(person).id
    return Filter(parties=tuple(sorted(code(name, tools) for name in parties or ())), **wanted)


def code(name: str, tools: Tools) -> str:
    """The code of a party from its code (in any case) or its name.

    Raises:
        StopRun: there is none.
    """
    found = tools.party_names.code(name)
    if found is None:
        raise StopRun(f"--party {name!r}: no state or organisation of that code or name")
    return found
