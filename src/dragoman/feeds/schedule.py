"""What is due, and how long to leave a host alone. Pure: the time and chance come from the caller.

Time here is a clock that never steps (:attr:`Clock.now`). What is written down is the day's time, which may step; on loading it is
taken for no more than a hint (:func:`remaining`).
"""

from __future__ import annotations

import heapq
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

SHORTEST, LONGEST = 60.0, 21_600.0  # seconds between two tries for a page
LONGEST_FEED = 86_400.0  # a feed that fails is looked at once a day at least


class Clock:
    """The machine's clocks; tests bring their own."""

    def now(self) -> float:
        """Seconds on a clock that never steps."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since 1970, as far as the machine knows."""
        return time.time()

    def real(self, seconds: float) -> float:
        """How long so many seconds of this clock really last."""
        return seconds


def backoff(failures: int, base: float, longest: float, chance: float) -> float:
    """Seconds until the next try after so many failures in a row: twice as long each time, never all at one moment.

    Args:
        failures: 1 and up.
        base: the pause after the first.
        longest: no pause is longer.
        chance: 0 to 1.
    """
    return float(min(longest, base * 2.0 ** min(failures - 1, 40)) * (0.75 + chance / 2))


def remaining(due: float | None, wall: float, longest: float, *, since: float | None = None) -> float:
    """Seconds until a time that was written down; a clock that has been set since makes it neither never nor long after.

    ``since`` is when it was written down, where that is known: no more is left than was meant then.
    """
    if due is None:
        return 0.0
    meant = longest if since is None else max(0.0, due - since)
    return min(max(due - wall, 0.0), meant, longest)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be fetched: ``kind`` is feed, page or alert; ``key`` names it in the journal."""

    kind: str
    key: str
    url: str
    host: str


@dataclass(slots=True)
class _Host:
    ready: float = 0.0
    busy: bool = False
    jobs: list[tuple[float, int, Job]] = field(default_factory=list)

    @property
    def at(self) -> float:
        return max(self.ready, self.jobs[0][0]) if self.jobs and not self.busy else float("inf")


class Schedule:
    """Jobs by host: one request to a host at a time, and none before it may be asked again."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self.chance = chance or random.Random()
        self._hosts: dict[str, _Host] = {}
        self._number = 0

    def __len__(self) -> int:
        return sum(len(h.jobs) for h in self._hosts.values())

    def add(self, job: Job, at: float) -> None:
        """Something is to be fetched, not before ``at``."""
        self._number += 1
        heapq.heappush(self._hosts.setdefault(job.host, _Host()).jobs, (at, self._number, job))

    def take(self, now: float, room: int, *, kinds: Iterable[str]) -> list[Job]:
        """Up to ``room`` jobs that are due, those that have waited longest first; their hosts are busy until :meth:`done`.

        A host whose next job is of another kind than ``kinds`` is passed over.
        """
        wanted = frozenset(kinds)
        ripe = sorted(
            (h.at, h.jobs[0][1], name) for name, h in self._hosts.items() if h.at <= now and h.jobs[0][2].kind in wanted
        )
        found = []
        for _, _, name in ripe[:room]:
            host = self._hosts[name]
            host.busy = True
            found.append(heapq.heappop(host.jobs)[2])
        return found

    def done(self, host: str, now: float, delay: float) -> None:
        """The request to a host has ended; the next one comes ``delay`` seconds later at the earliest."""
        here = self._hosts.setdefault(host, _Host())
        here.busy, here.ready = False, max(here.ready, now + delay)
        if not here.jobs and here.ready <= now:
            del self._hosts[host]

    def hold(self, host: str, until: float) -> None:
        """A host is to be left alone."""
        here = self._hosts.setdefault(host, _Host())
        here.ready = max(here.ready, until)

    def tidy(self, now: float) -> None:
        """Forget hosts of which nothing is wanted."""
        for name in [n for n, h in self._hosts.items() if not h.jobs and not h.busy and h.ready <= now]:
            del self._hosts[name]

    def next_at(self) -> float:
        """When something is due next; infinity where nothing is."""
        return min((h.at for h in self._hosts.values()), default=float("inf"))
