"""Days of watching in minutes: a web of sites that misbehave, a watch that is killed now and then, and the account at the end.

    python tools/soak.py --minutes 10

Everything is on this machine's loopback. The watch runs in a process of its own, with a clock that runs faster than the day and whose
time of day is set forward and back; the reader is one that reads nothing out of a page (``--reader rules`` takes the real one). At the
end every page that may be fetched must be in the register once, in its last state, and the memory of the watch must not have grown.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

sys.path.insert(
    0, str(Path(__file__).parents[1])
)  # run as a file, it finds its server beside it; tools are not installed
from tools.soak_server import Web, page

from dragoman.config import Settings
from dragoman.feeds.connect import resolved
from dragoman.feeds.fetch import Fetcher
from dragoman.feeds.journal import Journal, beside
from dragoman.feeds.plan import Feed, Plan
from dragoman.feeds.schedule import Clock
from dragoman.feeds.shelf import Shelf
from dragoman.feeds.watcher import Watcher, agent
from dragoman.model import Document
from dragoman.reader import Account, Reader
from dragoman.readers import AnyReader
from dragoman.resources import Tools
from dragoman.store.read import Register
from dragoman.store.write import Writer

DAY = 86_400.0


class FastClock(Clock):
    """A clock that runs ``rate`` times as fast, and whose time of day is set by up to a day every ``step`` real seconds."""

    def __init__(self, rate: float, step: float = 0.0) -> None:
        self._rate, self._step = rate, step
        self._begun, self._wall = time.monotonic(), time.time()

    def now(self) -> float:
        return (time.monotonic() - self._begun) * self._rate

    def wall(self) -> float:
        number = int((time.monotonic() - self._begun) / self._step) if self._step else 0
        return self._wall + self.now() + random.Random(number).uniform(-DAY, DAY) * bool(number)

    def real(self, seconds: float) -> float:
        return seconds / self._rate


class StubReader:
    """Reads nothing out of a document, at no cost."""

    def __init__(self, tools: Tools | None = None) -> None:
        self.settings = Settings()
        self.tools = tools or Tools()
        self.version = "soak"

    def read_many(self, documents: Iterable[Document]) -> Iterator[Account]:
        for doc in documents:
            yield Account.of(doc, self.version)


def resolved_here(host: str, port: int) -> list[str]:
    """Every name of the web is at home here; what is no such name is what it is."""
    return ["127.0.0.1"] if host.endswith(".test") else resolved(host, port)


def plan_of(feeds: Iterable[str], *, timeout: float = 4.0, fetchers: int = 32) -> Plan:
    """A plan for the web: patient, and allowed to reach the loopback."""
    return Plan(
        tuple(Feed(url, url.split("/")[2].split(":")[0]) for url in feeds),
        contact="mailto:soak@example.org",
        every=600.0,
        delay=5.0,
        fetchers=fetchers,
        entries=1000,
        page_size=1_000_000,
        timeout=timeout,
        tries=30,
        recheck=50,
        allow_private=("127.0.0.0/8",),
    )


def watcher_of(plan: Plan, register: Path, clock: Clock, reader: AnyReader) -> tuple[Watcher, Journal]:
    """A watch over the web, and its journal."""
    writer = Writer(register, reader.tools)
    writer.make()
    journal = Journal(beside(register))
    journal.hold()
    fetcher = Fetcher(
        agent(plan.contact),
        timeout=plan.timeout,
        redirects=plan.redirects,
        private=plan.allow_private,
        resolve=resolved_here,
    )
    return Watcher(plan, journal, Shelf(reader, writer), clock=clock, fetcher=fetcher), journal


def child(options: argparse.Namespace) -> None:
    """The process that watches; a line every second says how it goes."""
    feeds = json.loads(sys.stdin.readline())
    clock = FastClock(options.rate, options.step)
    reader: AnyReader = Reader(Settings()) if options.reader == "rules" else StubReader()
    watcher, journal = watcher_of(plan_of(feeds), options.register, clock, reader)
    signal.signal(signal.SIGTERM, lambda *_: watcher.stop())
    watcher.run()
    journal.close()


@dataclass
class Watched:
    """The watching process, started again each time it is killed."""

    options: argparse.Namespace
    feeds: list[str]
    process: subprocess.Popen[str] | None = None
    kills: int = 0
    memory: list[list[float]] = field(default_factory=list)  # megabytes, a list a life

    def start(self) -> None:
        """Begin a life."""
        o = self.options
        call = [
            sys.executable,
            __file__,
            "--child",
            "--register",
            str(o.register),
            "--rate",
            str(o.rate),
            "--step",
            str(o.step),
        ]
        self.process = subprocess.Popen([*call, "--reader", o.reader], stdin=subprocess.PIPE, text=True)
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(self.feeds) + "\n")
        self.process.stdin.flush()
        self.memory.append([])

    def look(self) -> None:
        """Note its memory.

        Raises:
            SystemExit: it has ended by itself.
        """
        assert self.process is not None
        if self.process.poll() is not None:
            raise SystemExit(f"the watch ended by itself with {self.process.returncode}")
        self.memory[-1].append(psutil.Process(self.process.pid).memory_info().rss / 1e6)

    def kill(self) -> None:
        """End a life without a word."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.kills += 1

    def end(self) -> int:
        """End the last life as one should."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)


def soak(options: argparse.Namespace) -> dict[str, object]:
    """Publish, misbehave and kill until the time is over; then behave until all is read, and make the account."""
    web = Web(options.feeds, badness=options.badness)
    chance = random.Random(7)
    watched = Watched(options, web.feeds())
    watched.start()
    until = time.monotonic() + options.minutes * 60
    kill_at = [time.monotonic() + options.minutes * 60 * (n + 1) / (options.kills + 1) for n in range(options.kills)]
    sites = list(web.sites.values())
    while time.monotonic() < until:
        web.publish(chance.choice(sites))
        time.sleep(1 / options.pages_a_second)
        watched.look()
        if kill_at and time.monotonic() > kill_at[0]:
            kill_at.pop(0)
            watched.kill()
            watched.start()
    web.open = False
    ended = time.monotonic() + options.patience * 60
    while time.monotonic() < ended and not all_read(web, options.register):
        time.sleep(2)
        watched.look()
    code = watched.end()
    web.close()
    return account(web, options.register, watched) | {"exit": code, "minutes": options.minutes, "rate": options.rate}


def texts_of(register: Path) -> list[str]:
    """Texts of all documents in the register."""
    return [d.text or "" for d in Register(register, wait=60).documents()]


def all_read(web: Web, register: Path) -> bool:
    """Whether every page is there in its last state."""
    texts = texts_of(register)
    wanted = {mark(site, number, web.sites[site].pages[number]) for site, number in web.expected()}
    return len(texts) >= len(wanted) and wanted <= {text[text.find("Mark") : text.find(" end.")] for text in texts}


def mark(site: str, number: int, version: int) -> str:
    """What the text of a page begins with, without its end."""
    text = page(site, number, version).decode()
    return text[text.find("Mark") : text.find(" end.")]


def account(web: Web, register: Path, watched: Watched) -> dict[str, object]:
    """What came of it: pages read, lost, read twice; fetched more often than they changed; memory at the beginning and end of lives."""
    texts = [text[text.find("Mark") : text.find(" end.")] for text in texts_of(register)]
    last = {mark(s, n, web.sites[s].pages[n]) for s, n in web.expected()}
    seen = {text.rpartition(" version ")[0] for text in texts}
    expected = {m.rpartition(" version ")[0] for m in last}
    journal = Journal(beside(register))
    states, counts = journal.states(), journal.counts()
    journal.close()
    lives = [life for life in watched.memory if len(life) > 20]
    half = [
        (
            sum(x[len(x) // 4 : len(x) // 2]) / max(1, len(x) // 2 - len(x) // 4),
            sum(x[-len(x) // 4 :]) / len(x[-len(x) // 4 :]),
        )
        for x in lives
    ]
    return {
        "feeds": len(web.sites),
        "pages": len(expected),
        "documents": len(texts),
        "lost": sorted(expected - seen)[:10],
        "not in their last state": len(last - set(texts)),
        "twice": len(texts) - len(set(texts)),
        "strangers": sorted(seen - expected)[:10],
        "states of pages handed out whole": len(web.whole),
        "handed out again": sum(n - 1 for n in web.whole.values()),
        "kills": watched.kills,
        "denied and asked for all the same": len(web.denied),
        "requests": sum(web.did.values()),
        "faults": {k: v for k, v in sorted(web.did.items()) if k != "well"},
        "journal": states | counts,
        "megabytes early and late in each life": [(round(a, 1), round(b, 1)) for a, b in half],
    }


def main() -> None:
    """Run, print the account, and end with 1 where something is lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long the web misbehaves")
    parser.add_argument("--patience", type=float, default=5.0, help="minutes that the rest may take after that")
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--pages-a-second", type=float, default=5.0)
    parser.add_argument("--badness", type=float, default=0.3, help="share of requests that go wrong")
    parser.add_argument("--kills", type=int, default=3, help="how often the watch is killed")
    parser.add_argument("--rate", type=float, default=60.0, help="how much faster than the day its clock runs")
    parser.add_argument(
        "--step", type=float, default=30.0, help="real seconds between two settings of its time of day; 0 for none"
    )
    parser.add_argument("--reader", choices=("stub", "rules"), default="stub")
    parser.add_argument("--register", type=Path)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options)
        return
    with tempfile.TemporaryDirectory() as folder:
        options.register = options.register or Path(folder) / "soak.duckdb"
        found = soak(options)
    print(json.dumps(found, indent=1))
    if (
        found["lost"]
        or found["not in their last state"]
        or found["twice"]
        or found["denied and asked for all the same"]
    ):
        sys.exit(1)


if __name__ == "__main__":
    main()
