"""The command line: one line for each command. Heavy modules load inside the commands, so that --help is quick."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman import __version__
from dragoman.commands.batch import batch
from dragoman.commands.code import code
from dragoman.commands.codebook import codebook
from dragoman.commands.compare import compare
from dragoman.commands.doctor import doctor
from dragoman.commands.dyad import dyad
from dragoman.commands.explain import explain
from dragoman.commands.export import export
from dragoman.commands.forget import forget
from dragoman.commands.history import history
from dragoman.commands.judging import accept, correct, merge, reject, split, undo
from dragoman.commands.list_ import list_
from dragoman.commands.page import page
from dragoman.commands.person import person
from dragoman.commands.read import read
from dragoman.commands.rebuild import rebuild
from dragoman.commands.score import score
from dragoman.commands.search import search
from dragoman.commands.serve import serve
from dragoman.commands.show import show
from dragoman.commands.timeline import timeline
from dragoman.commands.watch import watch

app = typer.Typer(
    name="dragoman",
    help="From the news to a sourced register of who met whom.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dragoman {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


app.command()(read)
app.command()(code)
app.command()(batch)
app.command()(codebook)
app.command()(compare)
app.command("list")(list_)
app.command()(show)
app.command()(search)
app.command()(timeline)
app.command()(dyad)
app.command()(person)
app.command()(page)
app.command()(history)
app.command()(merge)
app.command()(split)
app.command()(correct)
app.command()(reject)
app.command()(accept)
app.command()(undo)
app.command()(rebuild)
app.command()(explain)
app.command()(export)
app.command()(score)
app.command()(serve)
app.command()(watch)
app.command()(forget)
app.command()(doctor)


def main() -> None:
    """Run the command; a reader of our output that goes away is no error of ours."""
    import os
    import sys

    sys.modules.setdefault("torch", None)  # type: ignore[arg-type]  # spaCy loads it where it finds it: seconds, for nothing
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
