"""``dragoman read``: texts into a register."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dragoman.commands import reading
from dragoman.commands._register import DEFAULT, File, errors

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.run import Summary
    from dragoman.store.doubts import Difference
    from dragoman.store.shapes import Totals


def read(
    paths: reading.Paths,
    file: File = DEFAULT,
    texts: reading.Texts = None,
    pages: reading.Pages = None,
    strict: reading.Strict = False,
    quiet: reading.Quiet = False,
    workers: reading.Workers = None,
    published: reading.Published = None,
    outlet: reading.Outlet = None,
    reader: reading.ReaderName = None,
    base_url: reading.BaseUrl = None,
    model: reading.ModelName = None,
    price_in: reading.PriceIn = None,
    price_out: reading.PriceOut = None,
    max_cost: reading.MaxCost = None,
    max_documents: reading.MaxDocuments = None,
    cache: reading.Cache = None,
    config: reading.Config = None,
    estimate: reading.Estimate = False,
) -> None:
    """Read news texts into a register, which is made when it is not there.

    What the register has already, of the same text and version, is not read again; a text that has changed replaces what it
    told before. Reads the same files as `code`, and ends with the same codes.
    """
    from dragoman import output
    from dragoman.errors import StopRun
    from dragoman.evaluate.agreement import Agreement, differences
    from dragoman.readers import make_reader
    from dragoman.run import Summary, into
    from dragoman.store.read import Register
    from dragoman.store.write import Writer

    with reading.wrongly_called():
        settings = reading.settings_of(
            config, published=published, outlet=outlet, keep_pages=pages, texts=texts, reader=reader, base_url=base_url, model=model, cache=cache,
            price_in=price_in, price_out=price_out, max_cost=max_cost, max_documents=max_documents, estimate=estimate,
        )  # fmt: skip
    if estimate:
        _estimate(paths, file, settings)
        return
    summary = Summary()
    count = (lambda line: None) if quiet else output.say
    differing: dict[str, list[Difference]] = {}
    agreement = Agreement(lambda row: differing.setdefault(row["doc_id"], []).extend(differences(row)))
    with errors(), make_reader(settings, say=output.say, count=count, compared=agreement.add) as chosen:
        writer = Writer(file, chosen.tools, texts=texts, differing=differing)
        writer.make()
        before = Register(file).totals()
        try:
            found = into(paths, chosen, writer, summary, reading.how(workers, strict=strict))
            for _ in output.progress(found, summary, paths, quiet=quiet):
                pass
            status = output.SOME_ASIDE if summary.aside else output.OK
        except StopRun as stop:
            output.say(f"dragoman: stopped: {stop}")
            status = output.STOPPED
        except KeyboardInterrupt:
            output.say("dragoman: interrupted; what was read until then is in the register")
            status = output.STOPPED
        if not quiet:
            summary.unchanged -= len(writer.refused)
            _summarise(file, summary, before)
            if writer.refused:
                output.say(f"{len(writer.refused)} documents kept out: they were removed (`dragoman forget`)")
        if settings.reader == "both":
            for line in agreement.lines():
                output.say(line)
    raise typer.Exit(status)


def _estimate(paths: list[str], file: Path, settings: Settings) -> None:
    """Tell what a language model would be sent of what the register lacks."""
    from dragoman.llm.reader import ModelReader
    from dragoman.run import to_read
    from dragoman.store.write import Writer

    with errors(), ModelReader(settings) as reader:
        reading.tell_estimate(to_read(paths, reader, Writer(file, reader.tools)), reader)


def _summarise(file: Path, summary: Summary, before: Totals) -> None:
    from dragoman import output
    from dragoman.store.read import Register

    now = Register(file).totals()
    output.say(
        f"{summary.new} documents new, {summary.changed} changed, {summary.unchanged} unchanged, {len(summary.aside)} set aside"
    )
    output.reasons(summary)
    joined = now.accounts - now.records
    output.say(
        f"{now.records} engagements ({now.records - before.records:+}) from {now.accounts} accounts, {joined} of which joined others "
        f"({joined - before.accounts + before.records:+}); {now.conflicts} engagements contested ({now.conflicts - before.conflicts:+}); "
        f"{now.people} people"
    )
    if now.unbound:
        output.say(
            f"{now.unbound} judgements wait for an account that is no longer told (`dragoman history` lists them)"
        )
