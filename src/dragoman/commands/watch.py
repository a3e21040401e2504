"""``dragoman watch``: feeds and sitemaps as they change, into a register."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from dragoman.commands import reading
from dragoman.commands._register import DEFAULT, File, errors

if TYPE_CHECKING:
    from dragoman.feeds.plan import Plan
    from dragoman.feeds.watcher import Watcher
    from dragoman.readers import AnyReader
    from dragoman.store.doubts import Difference


def watch(
    feeds: Annotated[
        Path,
        typer.Argument(metavar="FEEDS", help="The feeds: a TOML file, or OPML from a feed reader.", show_default=False),
    ],
    file: File = DEFAULT,
    once: Annotated[
        bool, typer.Option("--once", help="Look at each feed once, read what is new, and leave; for cron.")
    ] = False,
    status: Annotated[
        Optional[int],  # noqa: UP045 (typer reads it at run time)
        typer.Option(
            "--status",
            metavar="PORT",
            min=1,
            max=65535,
            help="Show how it goes at this port of this machine.",
            show_default=False,
        ),
    ] = None,
    contact: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="ADDRESS", help="How a site's owner reaches you, where the file does not say."),
    ] = None,
    texts: reading.Texts = None,
    pages: reading.Pages = None,
    quiet: reading.Quiet = False,
    reader: reading.ReaderName = None,
    base_url: reading.BaseUrl = None,
    model: reading.ModelName = None,
    price_in: reading.PriceIn = None,
    price_out: reading.PriceOut = None,
    max_cost: reading.MaxCost = None,
    max_documents: reading.MaxDocuments = None,
    cache: reading.Cache = None,
    config: reading.Config = None,
) -> None:
    """Watch RSS and Atom feeds and sitemaps: fetch the pages that they list, read them into a register, tell alerts.

    Asks politely (robots.txt, a pause for each host, a name and an address in each request) and reaches public machines only. What was
    done is kept in a journal beside the register; run it again, and it goes on from there. Ctrl-C or SIGTERM end it.
    """
    from dragoman import output
    from dragoman.errors import StopRun
    from dragoman.evaluate.agreement import Agreement, differences
    from dragoman.readers import make_reader

    with reading.wrongly_called():
        plan = _plan(feeds, contact)
        settings = reading.settings_of(
            config, keep_pages=pages, texts=texts, reader=reader, base_url=base_url, model=model, cache=cache,
            price_in=price_in, price_out=price_out, max_cost=max_cost, max_documents=max_documents,
        )  # fmt: skip
    count = (lambda line: None) if quiet else output.say
    differing: dict[str, list[Difference]] = {}
    agreement = Agreement(lambda row: differing.setdefault(row["doc_id"], []).extend(differences(row)))
    with errors(), make_reader(settings, say=output.say, count=count, compared=agreement.add) as chosen:
        try:
            wish = _Wish(once, status, texts, quiet, differing)
            code = _watch(plan, feeds, file, chosen, wish)
        except StopRun as stop:
            output.say(f"dragoman: stopped: {stop}")
            code = output.STOPPED
        if settings.reader == "both":
            for line in agreement.lines():
                output.say(line)
    raise typer.Exit(code)


def _plan(feeds: Path, contact: str | None) -> Plan:
    """The plan of the file, with the contact of the command line.

    Raises:
        ConfigError: something in it is wrong.
    """
    from dataclasses import replace

    from dragoman.feeds.plan import checked, load

    plan = load(feeds)
    return checked(replace(plan, contact=contact) if contact else plan, str(feeds))


@dataclass(frozen=True, slots=True)
class _Wish:
    """How the command is to go; ``texts`` is None where the register goes on as it began, ``differing`` what two readers differ in."""

    once: bool
    status: int | None
    texts: bool | None
    quiet: bool
    differing: dict[str, list[Difference]]


def _watch(plan: Plan, source: Path, file: Path, reader: AnyReader, wish: _Wish) -> int:
    """Watch, and return the exit code."""
    from dataclasses import replace

    from dragoman import output
    from dragoman.feeds import alerts
    from dragoman.feeds.journal import Journal, beside
    from dragoman.feeds.shelf import Shelf
    from dragoman.feeds.watcher import Watcher
    from dragoman.store.write import Writer
    from dragoman.web.health import served

    with reading.wrongly_called():
        plan = replace(plan, alerts=alerts.settled(plan.alerts, reader.tools.party, str(source)))
    writer = Writer(file, reader.tools, texts=wish.texts, differing=wish.differing)
    writer.make()
    journal = Journal(beside(file))
    try:
        journal.hold()
        watcher = Watcher(plan, journal, Shelf(reader, writer), once=wish.once, say=output.say)
        page = served(lambda: watcher.health, wish.status) if wish.status else nullcontext()
        with page, _signals(watcher):
            if not wish.quiet:
                output.say(f"dragoman: {len(plan.feeds)} feeds into {file}" + ("" if wish.once else "; Ctrl-C stops"))
                if wish.status:
                    output.say(f"dragoman: http://127.0.0.1:{wish.status}/")
            watcher.run()
        return _summarise(watcher, once=wish.once, quiet=wish.quiet)
    finally:
        journal.close()


@contextmanager
def _signals(watcher: Watcher) -> Iterator[None]:
    """SIGTERM and Ctrl-C end the run cleanly; a second Ctrl-C at once."""
    import signal

    def end(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        watcher.stop()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _summarise(watcher: Watcher, *, once: bool, quiet: bool) -> int:
    from dragoman import output

    health = watcher.health
    if not quiet:
        pages = ", ".join(f"{number} {state}" for state, number in health.pages.items() if number)
        output.say(
            f"{watcher.new} pages read, {watcher.aside} set aside; {health.failing} of {len(health.feeds)} feeds failing; "
            f"all pages so far: {pages or 'none'}"
        )
    if watcher.trouble:
        output.say(f"dragoman: stopped: {watcher.trouble}")
        return output.STOPPED
    return output.SOME_ASIDE if once and (watcher.aside or health.failing) else output.OK
