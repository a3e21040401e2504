"""A web of sites on this machine, a clock that runs fast, a reader that costs nothing, and watches made of them."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tools.soak import FastClock, StubReader, plan_of, resolved_here
from tools.soak_server import FAST, Web

from dragoman.feeds.fetch import Fetcher
from dragoman.feeds.journal import Journal, beside
from dragoman.feeds.plan import Plan
from dragoman.feeds.schedule import Clock
from dragoman.feeds.shelf import Shelf
from dragoman.feeds.watcher import Watcher
from dragoman.readers import AnyReader
from dragoman.resources import Tools
from dragoman.store.read import Register
from dragoman.store.write import Writer


class Bench:
    """A register in a folder, and watches that fill it one after another."""

    def __init__(self, folder: Path, tools: Tools) -> None:
        self.folder = folder
        self.register = folder / "r.duckdb"
        self.reader: AnyReader = StubReader(tools)
        self.said: list[str] = []

    def watcher(self, plan: Plan, journal: Journal, *, clock: Clock | None = None, once: bool = False) -> Watcher:
        """A watch; its pauses are a thousand times as short as they say."""
        writer = Writer(self.register, self.reader.tools)
        writer.make()
        fetcher = Fetcher(
            "dragoman/test",
            timeout=plan.timeout,
            redirects=plan.redirects,
            private=plan.allow_private,
            resolve=resolved_here,
        )
        return Watcher(
            replace(plan, folder=self.folder), journal, Shelf(self.reader, writer), once=once, say=self.said.append,
            clock=clock or FastClock(1000), fetcher=fetcher, chance=random.Random(3),
        )  # fmt: skip

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        """The register's journal."""
        journal = Journal(beside(self.register))
        try:
            yield journal
        finally:
            journal.close()

    def once(self, plan: Plan, *, clock: Clock | None = None) -> Watcher:
        """A run that looks once."""
        with self.journal() as journal:
            watcher = self.watcher(plan, journal, clock=clock, once=True)
            watcher.run()
        return watcher

    def until(
        self, plan: Plan, ready: Callable[[], bool], *, clock: Clock | None = None, longest: float = 90
    ) -> Watcher:
        """A run that is stopped when ``ready`` says so; the journal belongs to the thread that watches."""
        made: list[Watcher] = []
        failed: list[BaseException] = []
        there = threading.Event()

        def run() -> None:
            try:
                with self.journal() as journal:
                    made.append(self.watcher(plan, journal, clock=clock))
                    there.set()
                    made[0].run()
            except BaseException as error:
                failed.append(error)
                there.set()

        thread = threading.Thread(target=run)
        thread.start()
        there.wait(30)
        end = time.monotonic() + longest
        while thread.is_alive() and not ready() and time.monotonic() < end:
            time.sleep(0.2)
        for watcher in made:
            watcher.stop()
        thread.join(30)
        assert not failed, failed
        assert not thread.is_alive()
        return made[0]

    def texts(self) -> list[str]:
        """The marks of all pages in the register."""
        if not self.register.exists():
            return []
        texts = [d.text or "" for d in Register(self.register, wait=30).documents()]
        return sorted(t[t.find("Mark") : t.find(" end.")] for t in texts)


@pytest.fixture
def bench(tmp_path: Path, tools: Tools) -> Bench:
    return Bench(tmp_path, tools)


@pytest.fixture
def web() -> Iterator[Web]:
    """Sites that behave until they are told otherwise."""
    found = Web(4, badness=0.0, moods=FAST)
    yield found
    found.close()


def plan(web: Web, **changes: object) -> Plan:
    """A plan for all feeds of the web."""
    return replace(plan_of(web.feeds(), timeout=3, fetchers=8), **changes)  # type: ignore[arg-type]


__all__ = ["Bench", "plan"]
