"""Standard output is data, standard error is talk. Progress shows only on a terminal."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from dragoman.errors import SkipDocument
from dragoman.run import Summary

T = TypeVar("T")

OK, SOME_ASIDE, USAGE, STOPPED = 0, 1, 2, 3
"""Exit codes: all read; some set aside; the call was wrong; the run could not go on."""


def say(message: str) -> None:
    """A line of talk."""
    print(message, file=sys.stderr, flush=True)


def progress(items: Iterable[T], total: int | None, *, quiet: bool) -> Iterator[T]:
    """The items, with a count, a rate and (where the total is known) the time left on the terminal."""
    if quiet or not sys.stderr.isatty():
        yield from items
        return
    begun = time.monotonic()
    shown = 0.0
    for number, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - shown > 0.2:
            shown = now
            rate = number / max(now - begun, 1e-6)
            left = f", {max(0, total - number) / rate:.0f} s left" if total else ""
            print(f"\r\x1b[K{number} documents, {rate:.1f} a second{left}", end="", file=sys.stderr, flush=True)
    print("\r\x1b[K", end="", file=sys.stderr, flush=True)


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
