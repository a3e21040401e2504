"""The run that watches: visits what is due, reads what came, tells whom it concerns. One thread writes; others only fetch.

What is done is in the journal before anything follows from it: a page's bytes before they are read, the reading before it is told.
So a run that is cut short anywhere is gone on with by the next one.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from dragoman import __version__
from dragoman.feeds import addresses, robots
from dragoman.feeds.deliver import Deliverer
from dragoman.feeds.fetch import Fetcher
from dragoman.feeds.health import FeedHealth, Health
from dragoman.feeds.journal import Journal
from dragoman.feeds.journal_rows import FeedRow, Letter
from dragoman.feeds.plan import Plan
from dragoman.feeds.readings import Letters, Readings
from dragoman.feeds.schedule import Clock, Job, Schedule
from dragoman.feeds.settle import Feeds, Pages, Run
from dragoman.feeds.shelf import Shelf
from dragoman.feeds.visits import Known, Outcome, Visitor

LONGEST_WAIT = 1.0  # seconds that the run waits for something to happen before it looks at the time again
TIDY = 3600.0  # seconds between two times that old things are forgotten
LETTER_CARRIERS = 2
Event = Outcome | tuple[Letter, str | None]


class Watcher:
    """Watches the feeds of a plan and fills a register."""

    def __init__(
        self,
        plan: Plan,
        journal: Journal,
        shelf: Shelf,
        *,
        once: bool = False,
        say: Callable[[str], None] = lambda message: None,
        clock: Clock | None = None,
        fetcher: Fetcher | None = None,
        chance: random.Random | None = None,
    ) -> None:
        """``once`` looks at each feed once and ends when that is done; ``say`` hears what goes wrong."""
        self._plan, self._journal = plan, journal
        self._fetcher = fetcher or Fetcher(
            agent(plan.contact), timeout=plan.timeout, redirects=plan.redirects, private=plan.allow_private
        )
        self._run = Run(plan, journal, clock or Clock(), Schedule(chance), shelf, say, once)
        self._pages = Pages(self._run)
        self._feeds = Feeds(self._run, self._pages)
        self._visitor = Visitor(plan, self._fetcher, self._run.clock)
        self._readings = Readings(self._run, self._pages, plan.alerts)
        self._deliverer = Deliverer(plan.folder, self._fetcher)
        self._letters = Letters(self._run, self._deliverer, plan.alerts)
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._under_way = 0
        self._since = _iso(self._run.clock.wall()) or ""
        self._tidy_at = 0.0
        self._look_again = 0.0
        self.health = self._look()

    @property
    def new(self) -> int:
        """Pages that this run has read."""
        return self._readings.new

    @property
    def aside(self) -> int:
        """Pages that this run has set aside."""
        return self._readings.aside

    @property
    def trouble(self) -> str:
        """Why the register cannot be filled; empty where it can."""
        return self._readings.trouble

    def stop(self) -> None:
        """End soon. May be called from anywhere, also from a signal."""
        self._stop.set()
        self._fetcher.stop()
        self._deliverer.stop()

    def run(self) -> None:
        """Watch until told to stop, or, once, until each feed is looked at and what it lists is read.

        Raises:
            StopRun: the journal cannot be written, or the reader cannot go on; what is done is kept.
        """
        self._pages.load()
        self._feeds.load()
        with (
            ThreadPoolExecutor(self._plan.fetchers, "fetch") as fetching,
            ThreadPoolExecutor(LETTER_CARRIERS, "tell") as telling,
        ):
            try:
                while not self._over():
                    if not self._stop.is_set():
                        self._start(fetching)
                        self._letters.start(telling, lambda letter, fault: self._events.put((letter, fault)))
                    self._wait()
                    if not self._stop.is_set() and self._readings.due(idle=self._idle()):
                        self._readings.read()
                    self._tend()
            finally:
                self._fetcher.stop()
                fetching.shutdown(wait=True, cancel_futures=True)
                telling.shutdown(wait=True, cancel_futures=True)
                self._drain()
                self.health = self._look()

    def _over(self) -> bool:
        if self._stop.is_set():
            return True
        if not self._run.once:
            return False
        reading = self._pages.ready and not self._readings.trouble
        return not (self._under_way or len(self._run.jobs) or reading or self._letters.open())

    def _idle(self) -> bool:
        """Whether nothing is under way and nothing comes soon."""
        return not self._under_way and self._run.jobs.next_at() > self._run.clock.now() + LONGEST_WAIT

    def _start(self, pool: ThreadPoolExecutor) -> None:
        """Begin the visits that are due, as many as there is room for."""
        kinds = ("feed",) if self._readings.full else ("feed", "page")
        room = self._plan.fetchers - self._under_way
        for job in self._run.jobs.take(self._run.clock.now(), room, kinds=kinds) if room > 0 else ():
            self._recall(job)
            known = self._feeds.known(job) if job.kind == "feed" else self._pages.known(job)
            self._under_way += 1
            pool.submit(self._visit, job, known)

    def _visit(self, job: Job, known: Known) -> None:
        self._events.put(self._visitor.visit(job, known))

    def _recall(self, job: Job) -> None:
        """Give the visitor the host's robots.txt from the journal, where it is still good."""
        address = robots.address_of(job.url)
        if self._visitor.book.get(address) is None and (row := self._journal.robots(address)):
            at, status, body = row
            age = self._run.clock.wall() - at
            if abs(age) < robots.LASTS:  # below nothing where the clock was set back
                self._visitor.book.put(address, robots.rules_of(status, body), age=max(0.0, age))

    def _wait(self) -> None:
        """Wait for something to end, or for the next visit that is due."""
        left = max(0.0, self._run.jobs.next_at() - self._run.clock.now())
        if self._under_way >= self._plan.fetchers or self._readings.full:
            left = LONGEST_WAIT
        pause = self._run.clock.real(min(LONGEST_WAIT, left))
        try:
            self._settle(self._events.get(timeout=max(0.005, pause)))
        except queue.Empty:
            return
        self._drain()

    def _drain(self) -> None:
        """Settle all that has ended."""
        while True:
            try:
                self._settle(self._events.get_nowait())
            except queue.Empty:
                return

    def _settle(self, event: Event) -> None:
        if isinstance(event, tuple):
            self._letters.settle(*event)
            return
        self._under_way -= 1
        for request in event.requests:
            self._journal.asked(request)
        for address, status, body in event.rules:
            self._journal.keep_robots(address, self._run.clock.wall(), status, body)
        if event.job.kind == "feed":
            self._feeds.settle(event)
        else:
            self._pages.settle(event)
        self._run.host_settled(event)

    def _tend(self) -> None:
        """Look at how it goes, now and then, and forget what is old."""
        now = self._run.clock.now()
        if now >= self._tidy_at:
            self._tidy_at = now + TIDY
            self._run.jobs.tidy(now)
            self._journal.prune(self._run.clock.wall(), self._plan.keep)
        begun = time.monotonic()
        if begun >= self._look_again:
            self.health = self._look()
            self._look_again = begun + max(1.0, 50 * (time.monotonic() - begun))  # counting pages may take long

    def _look(self) -> Health:
        run = self._run
        return Health(
            version=__version__,
            since=self._since,
            at=_iso(run.clock.wall()) or "",
            register=run.shelf.name,
            feeds=tuple(
                self._feed(f.url, f.outlet, run.journal.feed(addresses.key_of(f.url), f.url)) for f in self._plan.feeds
            ),
            pages=run.journal.states(),
            new=self._readings.new,
            under_way=self._under_way,
            queued=len(run.jobs),
            letters=self._letters.waiting,
            counts=run.journal.counts(),
            trouble=self._readings.trouble,
        )

    def _feed(self, url: str, outlet: str | None, row: FeedRow) -> FeedHealth:
        next_in = None if row.due is None else round(row.due - self._run.clock.wall(), 1)
        return FeedHealth(
            addresses.shown(url),
            outlet,
            _iso(row.at),
            _iso(row.worked),
            row.status,
            row.failures,
            row.entries,
            next_in,
            row.note,
        )


def agent(contact: str) -> str:
    """How requests name the program and who runs it."""
    return f"dragoman/{__version__} (+{contact.strip()})"


def _iso(at: float | None) -> str | None:
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
