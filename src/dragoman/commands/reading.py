"""What every command that reads texts shares: the options that choose and limit the reader, and the settings they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from dragoman.config import Settings, load
from dragoman.errors import ConfigError

if TYPE_CHECKING:
    from dragoman.llm.reader import ModelReader
    from dragoman.model import Document
    from dragoman.run import How

# Optional rather than a bar: typer reads these at run time.
Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATH…", help="Files, folders, globs, or - for standard input.", show_default=False),
]
Texts = Annotated[
    Optional[bool],  # noqa: UP045
    typer.Option(
        "--texts/--no-texts",
        help="Keep the texts; or only what they tell, the words that show it, and digests.",
        show_default="as the register began",
    ),
]
Pages = Annotated[
    Optional[bool],  # noqa: UP045
    typer.Option(
        "--keep-pages/--no-pages",
        help="Keep pages and PDFs as they came beside their texts; or only their digests.",
        show_default="only their digests",
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first document that cannot be read.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]
Workers = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--workers", min=1, metavar="N", help="Processes that read, one core each (default: all cores)."),
]
Published = Annotated[
    Optional[datetime],  # noqa: UP045
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Day of publication for documents that give none."),
]
Outlet = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(metavar="NAME", help="Outlet for documents that give none."),
]
ReaderName = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--reader", metavar="rules|llm|both", help="The embedded reader (default), a language model, or both."
    ),
]
BaseUrl = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--base-url", metavar="URL", help="Chat-completions server, such as http://127.0.0.1:8080/v1."),
]
ModelName = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--model", metavar="NAME", help="The model's name on that server. A key is read from DRAGOMAN_API_KEY."
    ),
]
PriceIn = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option("--price-in", metavar="AMOUNT", help="Cost of a million tokens sent."),
]
PriceOut = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option("--price-out", metavar="AMOUNT", help="Cost of a million tokens answered."),
]
MaxCost = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option("--max-cost", metavar="AMOUNT", help="Stop before the language model costs more."),
]
MaxDocuments = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--max-documents", metavar="N", help="Stop after N documents have been sent to the language model."),
]
Cache = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--cache", metavar="FILE", help="Where the language model's answers are kept."),
]
Config = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--config", metavar="FILE", help="Settings (TOML) instead of ./dragoman.toml."),
]
Estimate = Annotated[
    bool, typer.Option("--estimate", help="Tell what the language model would be sent and cost; send nothing.")
]
Disagreements = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--disagreements", metavar="FILE", help="With --reader both: where the two differ, one JSON line each."
    ),
]


@contextmanager
def wrongly_called() -> Iterator[None]:
    """A wrong setting as one line on standard error and the exit code of a wrong call."""
    from dragoman import output

    try:
        yield
    except ConfigError as error:
        output.say(f"dragoman: {error}")
        raise typer.Exit(output.USAGE) from None


def how(workers: int | None, *, strict: bool) -> How:
    """How the run goes: on as many processes as there are cores where nothing is said; what is set aside is told."""
    from dragoman import output
    from dragoman.resources import cores
    from dragoman.run import How

    return How(workers or cores(), strict, lambda skipped: output.say(f"set aside {skipped}"))


def tell_estimate(documents: Iterable[Document], reader: ModelReader) -> None:
    """Print what a language model would be sent, and what that would cost."""
    for line in reader.estimate(documents).lines():
        typer.echo(line)


def settings_of(
    config: Path | None,
    *,
    published: datetime | None = None,
    outlet: str | None = None,
    estimate: bool = False,
    keep_pages: bool | None = None,
    texts: bool | None = None,
    **model: Any,
) -> Settings:
    """Settings from the file with what the command line says over them; ``model`` holds ``reader`` and keys of ``llm``.

    Raises:
        ConfigError: a setting is wrong, there is nothing that an estimate could be of, or pages are to be kept and texts not.
    """
    reader = model.pop("reader", None)
    day = published.date() if published else None
    settings = load(config, published=day, outlet=outlet, keep_pages=keep_pages, reader=reader, llm=model)
    if settings.keep_pages and texts is False:
        raise ConfigError("pages hold their texts: leave out --keep-pages (keep_pages) or --no-texts")
    if estimate and settings.reader == "rules":
        raise ConfigError("--estimate is about a language model: give --reader llm or both, --base-url and --model")
    return settings
