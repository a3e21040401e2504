"""``dragoman compare``: a register made by hand against one read by machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from dragoman.commands._register import DEFAULT, File, errors

if TYPE_CHECKING:
    from dragoman.compare import Act, Comparison


def compare(
    register: Annotated[
        Path, typer.Argument(metavar="REGISTER.csv", help="The hand-made register.", show_default=False)
    ],
    mapping: Annotated[
        Optional[Path],  # noqa: UP045 (typer reads it at run time)
        typer.Option(metavar="FILE.toml", help="Which of its columns mean what, and which rows are counted apart."),
    ] = None,
    file: File = DEFAULT,
    engagements: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="FILE.jsonl", help="Compare with these lines (of code, or of export) instead of a register."
        ),
    ] = None,
    show: Annotated[int, typer.Option(metavar="N", min=0, help="Rows shown of each sort.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="A row for each row of the list and each engagement it lacks.")
    ] = False,
) -> None:
    """Recall and precision against a register made by hand; the rows missed, those it lacks, those that contradict."""
    from dragoman import output
    from dragoman.compare import compare as compared
    from dragoman.compare import load_mapping, load_rows
    from dragoman.resources import Tools

    tools = Tools()
    with errors():
        plan = load_mapping(mapping, tools)
        result = compared(load_rows(register, plan, tools), _acts(engagements, file), plan, tools)
    _print(result, as_json=as_json, as_csv=as_csv, show=show)
    raise typer.Exit(output.SOME_ASIDE if result.aside else output.OK)


def _acts(engagements: Path | None, file: Path) -> Iterable[Act]:
    from dragoman.compare import acts_of_records, load_acts

    if engagements:
        return load_acts(engagements)
    from dragoman.store.read import Register

    return acts_of_records(Register(file).each())


def _print(result: Comparison, *, as_json: bool, as_csv: bool, show: int) -> None:
    from dragoman.compare import report

    if as_json:
        typer.echo(json.dumps(report.as_json(result), ensure_ascii=False))
    elif as_csv:
        from dragoman.export.csvfile import write_rows

        write_rows(report.COLUMNS, report.rows(result), sys.stdout.buffer)
    else:
        for line in report.lines(result, show=show):
            typer.echo(line)
