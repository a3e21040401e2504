"""Standard output is data, standard error is talk. Progress shows only on a terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from dragoman.errors import SkipDocument
from dragoman.run import Summary
from dragoman.stages.ingest import counting as documents_at

T = TypeVar("T")

OK, SOME_ASIDE, USAGE, STOPPED = 0, 1, 2, 3
"""Exit codes: all read; some set aside; the call was wrong; the run could not go on."""


def say(message: str) -> None:
    """A line of talk."""
    print(message, file=sys.stderr, flush=True)


def progress(items: Iterable[T], summary: Summary, paths: Sequence[str], *, quiet: bool) -> Iterator[T]:
    """The items, with what ``summary`` counts on the terminal: documents, rate, share that tells of engagements, time left.

    The time is told once the documents at ``paths`` have been counted, beside the reading, and where all of them can be.
    """
    if quiet or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(24), TextColumn("{task.description}"), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar, counting(paths) as total:
        task = bar.add_task("loading", total=None)
        begun = time.monotonic()
        for item in items:
            yield item
            done = summary.documents + summary.unchanged + len(summary.aside)
            bar.update(task, total=total(), completed=done, description=state(summary, time.monotonic() - begun))


def state(summary: Summary, seconds: float) -> str:
    """Where a run stands, in a line."""
    rate = summary.documents / max(seconds, 1e-6)
    share = summary.relevant / max(summary.documents, 1)
    told = f"{summary.documents:,} documents, {rate:.1f} a second, {share:.0%} relevant"
    return told + (f", {len(summary.aside):,} set aside" if summary.aside else "")


@contextmanager
def counting(paths: Sequence[str]) -> Iterator[Callable[[], int | None]]:
    """Counts the documents at ``paths`` beside what goes on; gives what tells their number, None until it is known."""
    found: list[int | None] = []
    given_up = threading.Event()
    thread = threading.Thread(target=lambda: found.append(documents_at.count(paths, given_up.is_set)), daemon=True)
    thread.start()
    try:
        yield lambda: found[0] if found else None
    finally:
        given_up.set()
        thread.join()


def summarise(summary: Summary) -> None:
    """What a run did, and what it set aside and why (the first of each reason)."""
    say(f"{summary.documents} documents, {summary.engagements} engagements, {len(summary.aside)} set aside")
    reasons(summary)


def reasons(summary: Summary) -> None:
    """Why documents were set aside: how many for each kind of reason, and the first of them."""
    kinds: Counter[str] = Counter(reason_kind(s) for s in summary.aside)
    for kind, count in kinds.most_common():
        first = next(s for s in summary.aside if reason_kind(s) == kind)
        say(f"  {count} × {kind}" + (f", first {first.location}" if count > 1 else f": {first.location}"))


def reason_kind(skipped: SkipDocument) -> str:
    """The reason without what differs from one to the next."""
    return " ".join("…" if any(c.isdigit() for c in w) else w for w in skipped.reason.split())
