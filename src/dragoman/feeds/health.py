"""How a watch goes, as its status page and its log tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STALE = 600.0  # seconds without a word from the run after which something is wrong with it


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed: when it was asked last and answered last (ISO times), with what, and in how many seconds it is asked again."""

    url: str
    outlet: str | None
    asked: str | None
    answered: str | None
    status: int | None
    failures: int
    entries: int
    next_in: float | None
    note: str


@dataclass(frozen=True, slots=True)
class Health:
    """A run that watches.

    Attributes:
        version: of dragoman.
        since: when it began.
        at: when this was written.
        register: the register's file name.
        feeds: its feeds.
        pages: pages by what became of them.
        new: pages that this run has read.
        under_way: requests under way.
        queued: requests that wait for their time.
        letters: alerts that wait to be told.
        counts: what was done since the journal began.
        trouble: what keeps the register from being filled; empty where nothing does.
    """

    version: str
    since: str
    at: str
    register: str
    feeds: tuple[FeedHealth, ...]
    pages: Mapping[str, int]
    new: int
    under_way: int
    queued: int
    letters: int
    counts: Mapping[str, int]
    trouble: str

    @property
    def failing(self) -> int:
        """Feeds that did not answer when they were asked last."""
        return sum(f.failures > 0 for f in self.feeds)
