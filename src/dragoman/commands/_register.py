"""What the commands on a register share: its file, filters as options, errors as exit codes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

if TYPE_CHECKING:
    from dragoman.store.read import Register
    from dragoman.store.shapes import Filter

    Where = Callable[[Register], Filter]
else:
    Where = object  # typer looks at annotations at run time, and nothing heavy may be loaded for that

File = Annotated[Path, typer.Option("--register", metavar="FILE", help="The register's file.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]
Csv = Annotated[
    bool, typer.Option("--csv", help="CSV with a header; cells that a spreadsheet would run are quoted with '.")
]
Author = Annotated[
    Optional[str],  # noqa: UP045 (typer reads it at run time)
    typer.Option(metavar="NAME", envvar="DRAGOMAN_AUTHOR", help="Who says so; the login name when not given."),
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; kept with the judgement.")]
Limit = Annotated[int, typer.Option(metavar="N", min=0, help="At most so many.")]
Offset = Annotated[int, typer.Option(metavar="N", min=0, help="Pass over so many.")]
DEFAULT = Path("dragoman.duckdb")


@contextmanager
def errors() -> Iterator[None]:
    """Errors of the register as one line on standard error and an exit code: 2 where the call was wrong, 3 where it cannot go on."""
    from dragoman import output
    from dragoman.errors import DragomanError, JudgementError, NotFound

    try:
        yield
    except (JudgementError, NotFound) as error:
        output.say(f"dragoman: {error}")
        raise typer.Exit(output.USAGE) from None
    except DragomanError as error:
        output.say(f"dragoman: {error}")
        raise typer.Exit(output.STOPPED) from None


@contextmanager
def asked(file: Path) -> Iterator[Register]:
    """The register, in one state for all questions of a command."""
    from dragoman.store.read import Register

    with errors(), Register(file).held() as register:
        yield register


def filters(
    party: Annotated[
        list[str],
        typer.Option("--party", metavar="PARTY", help="Takes part; code or name; more than one: all of them."),
    ] = [],  # noqa: B006
    person: Annotated[Optional[str], typer.Option(metavar="NAME", help="Takes part; name or id.")] = None,  # noqa: UP045
    office: Annotated[Optional[str], typer.Option(metavar="WORDS", help="In the office of one who takes part.")] = None,  # noqa: UP045
    kind: Annotated[list[str], typer.Option("--kind", metavar="KIND", help="Kind; more than one: any of them.")] = [],  # noqa: B006
    status: Annotated[
        list[str], typer.Option("--status", metavar="STATUS", help="Status; more than one: any of them.")
    ] = [],  # noqa: B006
    place: Annotated[Optional[str], typer.Option(metavar="WORDS", help="State (code or name), city or venue.")] = None,  # noqa: UP045
    topic: Annotated[
        list[str], typer.Option("--topic", metavar="TOPIC", help="Topic; more than one: any of them.")
    ] = [],  # noqa: B006
    framework: Annotated[Optional[str], typer.Option(metavar="WORDS", help="In the name of the framework.")] = None,  # noqa: UP045
    source: Annotated[
        str | None, typer.Option(metavar="WORDS", help="In the name of an outlet or of who says so.")
    ] = None,
    since: Annotated[Optional[str], typer.Option(metavar="DATE", help="Not before this day, month or year.")] = None,  # noqa: UP045
    until: Annotated[Optional[str], typer.Option(metavar="DATE", help="Not after this day, month or year.")] = None,  # noqa: UP045
    contested: Annotated[
        bool, typer.Option("--contested", help="Only records whose accounts contradict each other.")
    ] = False,
    main: Annotated[bool, typer.Option("--main", help="Only what a document is about, no background.")] = False,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="Those that somebody has rejected, instead of the others.")
    ] = False,
) -> Where:
    """Options of a filter; what they make of names is settled when the register is there."""

    def settled(register: Register) -> Filter:
        from dragoman.store.shapes import Filter

        return Filter(
            parties=tuple(code(name) for name in party),
            person=register.person(person).id if person else None,
            office=office,
            kinds=tuple(kind),
            statuses=tuple(status),
            topics=tuple(topic),
            place=state(place) if place else None,
            framework=framework,
            source=source,
            since=since,
            until=until,
            salience="main" if main else None,
            contested=True if contested else None,
            rejected=rejected,
        )

    _known(kind=kind, status=status, topic=topic)
    return settled


def _known(**given: list[str]) -> None:
    """Values of a closed list must stand in it."""
    from dragoman.store.shapes import misfit

    for name, values in given.items():
        for value in values:
            if choices := misfit(name, value):
                raise typer.BadParameter(f"{name} {value!r} is none of {choices}")


def code(name: str) -> str:
    """A party's code.

    Raises:
        BadParameter: no such party is known.
    """
    from dragoman.resources import Tools

    found = Tools().party(name)
    if found is None:
        raise typer.BadParameter(f"no party {name!r} is known: write a code (TUR) or a name (Turkey)")
    return found


def state(place: str) -> str:
    """A state's code where a place is one, else the words."""
    from dragoman.resources import Tools

    return Tools().party(place) or place


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of :func:`filters` in the place of its parameter ``where``."""
    own = inspect.signature(command, eval_str=True)
    shared = inspect.signature(filters, eval_str=True)

    @wraps(command)
    def run(**given: Any) -> None:
        where = filters(**{name: given.pop(name) for name in shared.parameters})
        command(where=where, **given)

    kept = [p for p in own.parameters.values() if p.name != "where"]
    parameters = [
        *(p for p in kept if p.default is p.empty),
        *shared.parameters.values(),
        *(p for p in kept if p.default is not p.empty),
    ]
    run.__signature__ = inspect.Signature([p.replace(kind=p.KEYWORD_ONLY) for p in parameters])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    return run
