"""Tables for people, JSON lines and CSV for machines."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from dragoman.model import Record


def echo(lines: Iterable[str]) -> None:
    """Lines of text, whatever the terminal's encoding can hold."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    for text in lines:
        typer.echo("".join(c if c.isprintable() or c in "\t" else "\N{REPLACEMENT CHARACTER}" for c in text))


def json_lines(items: Iterable[Any]) -> None:
    """Each thing as a line of JSON."""
    import msgspec

    for item in items:
        typer.echo(msgspec.json.encode(item, order="deterministic").decode("utf-8"))


def csv_rows(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> None:
    """Rows under a header; what a spreadsheet would run is made text."""
    from dragoman.export.csvfile import guarded

    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: guarded(v) for k, v in row.items()} for row in rows)
    typer.echo(out.getvalue(), nl=False)


def records(found: Sequence[Record], *, as_json: bool, as_csv: bool, about: Mapping[str, Any] | None = None) -> bool:
    """Records as a machine asked for them; False, and nothing printed, where nobody asked for JSON or CSV.

    With ``about``, what they are records of, JSON is one object: that, and the records.
    """
    from dragoman import shown

    if as_json:
        json_lines(found if about is None else [{**about, "records": found}])
    elif as_csv:
        csv_rows([shown.row(r, short=False) for r in found], shown.COLUMNS)
    return as_json or as_csv


def table(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> None:
    """A table as wide as the terminal; without one as wide as it needs to be."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = [c for c in columns if any(row[c] for row in rows)]
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in shown:
        grid.add_column(column, no_wrap=column in {"id", "date"}, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(row[c]) for c in shown))
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(grid)


def chosen(as_json: bool, as_csv: bool) -> None:
    """JSON and CSV exclude each other."""
    if as_json and as_csv:
        raise typer.BadParameter("choose --json or --csv")
