"""Watching: every new page read once, none lost, whatever the sites, the clocks and the machine do."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tools.soak import FastClock, StubReader, mark, plan_of
from tools.soak_server import Web, page

from dragoman.config import Settings
from dragoman.errors import NoAnswer, RegisterError, SkipDocument, StopRun, Unreachable
from dragoman.feeds.addresses import key_of
from dragoman.feeds.journal import DAY, Journal, beside
from dragoman.feeds.journal_rows import Again
from dragoman.feeds.parse import Entry
from dragoman.feeds.plan import Feed
from dragoman.feeds.readings import UNANSWERED
from dragoman.feeds.schedule import Clock
from dragoman.feeds.shelf import Shelf
from dragoman.model import Document
from dragoman.reader import Account
from dragoman.resources import Tools
from dragoman.store.read import Register
from dragoman.store.write import Writer
from tests.feeds.conftest import Bench, plan
from tests.feeds.served import answer, saying, served

SOAK = Path(__file__).parents[2] / "tools" / "soak.py"


def publish(web: Web, each: int) -> None:
    for site in web.sites.values():
        for _ in range(each):
            web.publish(site)


def wanted(web: Web) -> list[str]:
    return sorted(mark(s, n, web.sites[s].pages[n]) for s, n in web.expected())


def test_once_reads_what_is_there_and_then_only_what_is_new(bench: Bench, web: Web) -> None:
    publish(web, 5)
    watcher = bench.once(plan(web))
    assert bench.texts() == wanted(web)
    assert watcher.new == len(wanted(web))
    assert web.denied == []
    asked = Counter(web.asked)
    again = bench.once(plan(web))
    assert again.new == 0
    assert web.asked["page"] == asked["page"]
    assert web.asked["robots.txt"] == asked["robots.txt"]
    assert web.did["well"] == sum(asked.values()) + len(web.sites)
    publish(web, 1)
    bench.once(plan(web))
    assert bench.texts() == wanted(web)
    [site] = [s for s in web.sites.values() if s.denies][:1]
    with bench.journal() as journal:
        states = journal.states()
        assert states["refused"] == sum(n % 4 == 3 for n in site.pages) * sum(s.denies for s in web.sites.values())
        assert {r.status for r in journal.requests()} >= {200, 304}
        assert all(len(r.hash or "") == 64 for r in journal.requests(1000) if r.kind == "page" and r.status == 200)


def test_documents_are_as_their_feeds_say_where_pages_do_not(bench: Bench, web: Web) -> None:
    publish(web, 1)
    bench.once(plan(web))
    documents = Register(bench.register).documents()
    assert {d.outlet for d in documents} == set(web.sites)
    assert all(d.published for d in documents if "site2" not in (d.url or ""))
    assert all(d.url and "utm" not in d.url for d in documents)


def test_changed_pages_replace_what_they_told(bench: Bench, web: Web) -> None:
    publish(web, 2)
    bench.once(plan(web))
    for site in web.sites.values():
        site.pages[0] += 1
        site.made[0] += 5
    bench.once(plan(web))
    assert bench.texts() == wanted(web)
    assert len(bench.texts()) == len({t.rpartition(" version")[0] for t in bench.texts()})


def test_a_feed_that_changes_its_stamps_for_nothing_is_believed_a_few_times(bench: Bench, web: Web) -> None:
    publish(web, 1)
    few = plan(web, recheck=2)
    for n in range(5):
        for site in web.sites.values():
            site.made[0] = n
        bench.once(few)
    assert web.asked["page"] == len(web.sites) * 3
    with bench.journal() as journal:
        assert journal.counts()["pages unchanged"] == len(web.sites) * 2


def test_sites_that_misbehave_lose_nothing(bench: Bench, web: Web) -> None:
    """In one life, with the time of day set forward and back, feeds that fail, hang up, send rubbish and ask for time."""
    web.badness = 0.35
    publish(web, 4)
    added = iter(range(3))

    def ready() -> bool:
        if web.sites and next(added, None) is not None:
            publish(web, 1)
            return False
        return bench.texts() == wanted(web)

    bench.until(plan(web), ready, clock=FastClock(600, step=0.5))
    assert bench.texts() == wanted(web)
    assert web.denied == []
    assert len(web.did) > 4
    with (
        bench.journal() as journal
    ):  # a page that changed before its feed said so is asked for once more, and found unchanged
        assert sum(n - 1 for n in web.whole.values()) == journal.counts().get("pages unchanged", 0)


def test_killed_in_the_middle_it_goes_on(tmp_path: Path, web: Web) -> None:
    """kill -9 some times while pages are fetched and read; the next run goes on, and nothing is lost or read twice."""
    web.badness = 0.2
    publish(web, 12)
    register = tmp_path / "r.duckdb"
    call = [sys.executable, str(SOAK), "--child", "--register", str(register), "--rate", "600", "--step", "0"]
    bench = Bench.__new__(Bench)
    bench.register = register
    for life in range(4):
        with subprocess.Popen(call, stdin=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            process.stdin.write(json.dumps(web.feeds()) + "\n")
            process.stdin.flush()
            end = time.monotonic() + 60
            before = web.asked["page"] + web.asked["moved"]
            while time.monotonic() < end:
                time.sleep(0.1)
                if life < 3 and web.asked["page"] + web.asked["moved"] > before + 8:
                    break
                if life == 3 and bench.texts() == wanted(web):
                    break
            process.send_signal(signal.SIGKILL if life < 3 else signal.SIGTERM)
        assert process.returncode == (-signal.SIGKILL if life < 3 else 0)
    assert bench.texts() == wanted(web)
    again = sum(n - 1 for n in web.whole.values())
    assert again <= 3 * len(web.sites)  # what was under way to a host when it was killed


def test_a_register_that_is_held_loses_nothing(bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(web, 2)
    failures = iter(range(2))
    read = Shelf.read

    def held(self: Shelf, pages: object) -> object:
        if next(failures, None) is not None:
            raise RegisterError("another process is writing to it")
        return read(self, pages)  # type: ignore[arg-type]

    monkeypatch.setattr(Shelf, "read", held)
    watcher = bench.until(plan(web), lambda: bench.texts() == wanted(web))
    assert bench.texts() == wanted(web)
    assert sum("another process" in said for said in bench.said) == 1
    assert watcher.trouble == ""
    assert max(web.whole.values()) == 1


def test_a_page_that_ends_the_process_is_set_aside_in_the_end(bench: Bench, web: Web) -> None:
    publish(web, 1)
    with bench.journal() as journal:
        watcher = bench.watcher(plan(web), journal, once=True)
        watcher._readings.due = lambda *, idle: False  # type: ignore[method-assign]
        watcher._over = lambda: journal.number("waiting") == 0 and journal.number("fetched") > 0  # type: ignore[method-assign]
        watcher.run()
        keys = [p.key for p, _ in journal.to_read(99)]
        for _ in range(3):
            journal.begin_reading(keys[:1])
            journal.count_deaths()
    done = bench.once(plan(web))
    assert done.new == len(wanted(web)) - 1
    with bench.journal() as journal:
        assert journal.states()["aside"] == 1


def test_hidden_addresses_are_kept_nowhere_and_lost_nowhere(bench: Bench) -> None:
    body = '<rss version="2.0"><channel><title>x</title><item><title>T</title><link>/p?id=1&amp;token=s3cret</link></item></channel></rss>'
    asked: list[str] = []
    working = False

    def talk(head: bytes, connection: socket.socket) -> None:
        path = head.split()[1].decode()
        asked.append(path)
        if path.startswith("/p"):
            connection.sendall(answer(page("x", 1, 1)) if working else answer(status="500 No"))
        elif path.startswith("/feed") and b"If-None-Match" in head:
            connection.sendall(answer(b"", status="304 Not Modified"))
        else:
            connection.sendall(
                answer(body.encode() if path.startswith("/feed") else b"", kind="text/plain", more='ETag: "1"\r\n')
            )

    with served(talk) as port:
        one = replace(plan_of([]), feeds=(Feed(f"http://ann:s3cret@site.test:{port}/feed?key=s3cret"),))
        bench.once(one)
        working = True
        time.sleep(0.2)  # its pause, on the fast clock
        bench.once(one)
    assert "/p?id=1&token=s3cret" in asked
    assert bench.texts() == [mark("x", 1, 1)]
    [document] = Register(bench.register).documents()
    assert document.url == f"http://site.test:{port}/p?id=1&token=***"
    for file in bench.folder.iterdir():
        assert b"s3cret" not in file.read_bytes(), file
    assert "s3cret" not in " ".join(bench.said)


BROKEN, NONE, CIRCLE = (
    answer(status="500 No"),
    answer(status="404 Not Found"),
    answer(status="302 Found", more="Location: /p\r\n"),
)


@pytest.mark.parametrize(
    ("answers", "asked", "ends"),
    [
        ([BROKEN] * 5 + [NONE], 7, "read"),  # failures that pass make a first no no fourth
        ([NONE, BROKEN, NONE, BROKEN, NONE], 6, "read"),
        ([NONE] * 4, 4, "failed"),
        ([answer(b"x", kind="image/png")] * 4, 4, "failed"),
        ([BROKEN, NONE] * 4, 8, "failed"),
        ([CIRCLE] * 3 + [BROKEN] * 2, 6, "read"),
        ([answer(status="410 Gone")], 1, "failed"),
        ([BROKEN] * 30, 30, "failed"),
    ],
)
def test_a_page_is_given_up_for_what_its_server_says_and_no_sooner(
    bench: Bench, answers: list[bytes], asked: int, ends: str
) -> None:
    """What passes and what is a no are counted apart: four of these, or as many tries as the plan allows in all."""
    body = b'<rss version="2.0"><channel><title>x</title><item><title>T</title><link>/p</link></item></channel></rss>'
    said = iter(answers)
    requests = Counter[str]()

    def talk(head: bytes, connection: socket.socket) -> None:
        path = head.split()[1].decode()
        requests[path] += 1
        if path == "/p":
            connection.sendall(next(said, None) or answer(page("x", 1, 1)))
        else:
            connection.sendall(answer(body if path == "/feed" else b"", kind="text/plain"))

    def settled() -> bool:
        with bench.journal() as journal:
            states = journal.states()
        return bool(states["read"] or states["failed"])

    with served(talk) as port:
        one = replace(plan_of([]), feeds=(Feed(f"http://site.test:{port}/feed"),), every=1e9)
        bench.until(one, settled, clock=FastClock(100_000))
    with bench.journal() as journal:
        assert journal.states()[ends] == 1
    assert requests["/p"] == asked


def test_a_page_that_failed_waits_as_long_as_was_meant_whatever_the_clock(bench: Bench, web: Web) -> None:
    """The time of day was a day ahead when it failed, and is right again when the next run begins."""
    publish(web, 1)
    [address, *_] = web.feeds()
    clock = Clock()
    with bench.journal() as journal:
        found = Entry(address.replace("/feed", "/page/0"), "T", None, "1")
        key = journal.found(found, "feed", clock.wall(), recheck=1).key  # type: ignore[union-attr]
        for ahead in (DAY, 0.0):
            at = clock.wall() + ahead
            journal.again(key, at=at, due=at + 300, answer=Again(500, ""))
            watcher = bench.watcher(plan(web), journal, clock=clock)
            watcher._pages.load()
            assert clock.now() + 290 <= watcher._run.jobs.next_at() <= clock.now() + 300


def test_a_journal_of_the_first_version_goes_on(bench: Bench, web: Web) -> None:
    """Its pages are known, and what it lacks is added; a copy of the tables as they were stands for it."""
    publish(web, 1)
    bench.once(plan(web))
    with sqlite3.connect(beside(bench.register)) as old:
        for column in ("noes", "asked"):
            old.execute(f"ALTER TABLE pages DROP COLUMN {column}")
        old.execute("UPDATE meta SET value = '1' WHERE name = 'schema'")
    publish(web, 1)
    watcher = bench.once(plan(web))
    assert watcher.new == len(web.sites)
    assert bench.texts() == wanted(web)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (answer(b"<html>moved</html>"), "a page"),
        (answer(b"", status="410 Gone"), "410"),
        (answer(status="302 Found", more="Location: http://10.0.0.1/\r\n"), "not public"),
        (answer(b"\x89PNG", kind="image/png"), "neither"),
    ],
)
def test_feeds_that_do_not_work_are_told_and_left_alone(bench: Bench, said: bytes, told: str) -> None:
    def talk(head: bytes, connection: socket.socket) -> None:
        saying(answer(status="404 None") if b"robots.txt" in head else said)(head, connection)

    with served(talk) as port:
        one = replace(plan_of([]), feeds=(Feed(f"http://127.0.0.1:{port}/feed"),))
        resolve = bench.once(one)
        assert resolve.health.failing == 1
        assert told in resolve.health.feeds[0].note
        assert any(told in line for line in bench.said)
        bench.once(one)
        assert "is left alone" in bench.said[-1]


def test_an_index_of_sitemaps(bench: Bench) -> None:
    def talk(head: bytes, connection: socket.socket) -> None:
        path = head.split()[1].decode()
        if path == "/index.xml":
            text = "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>/index.xml</loc></sitemap></sitemapindex>"
        elif path == "/a.xml":
            text = "<urlset><url><loc>/p/1</loc></url></urlset>"
        else:
            text = page("x", 1, 1).decode() if path == "/p/1" else ""
        connection.sendall(
            answer(text.encode(), kind="text/html" if path == "/p/1" else "text/plain", more='ETag: "1"\r\n')
        )

    with served(talk) as port:
        one = replace(plan_of([]), feeds=(Feed(f"http://127.0.0.1:{port}/index.xml", "A"),))
        bench.once(one)
        bench.once(one)
    assert bench.texts() == [mark("x", 1, 1)]


def test_a_feed_that_failed_waits_as_long_as_was_meant_whatever_the_clock(bench: Bench, web: Web) -> None:
    """The time of day was a day ahead when it failed, and is right again when the next run begins."""
    [first, *_] = web.feeds()
    one = replace(plan(web), feeds=(Feed(first, "A"),))
    clock = Clock()
    with bench.journal() as journal:
        key = key_of(first)
        journal.feed(key, first)
        journal.feed_failed(key, at=clock.wall() + DAY, due=clock.wall() + DAY + 300, status=500, note="")
        watcher = bench.watcher(one, journal, clock=clock)
        watcher._feeds.load()
        assert watcher._run.jobs.next_at() <= clock.now() + 300
        journal.feed_failed(key, at=clock.wall(), due=clock.wall() + 300, status=500, note="")
        watcher = bench.watcher(one, journal, clock=clock)
        watcher._feeds.load()
        assert clock.now() + 290 <= watcher._run.jobs.next_at() <= clock.now() + 300


class Unsure:
    """Reads as its server lets it, which may be away, or silent about every document."""

    def __init__(self, tools: Tools) -> None:
        self._reader = StubReader(tools)
        self.settings, self.tools, self.version = Settings(), tools, self._reader.version
        self.away = self.silent = False

    def read_many(self, documents: Iterable[Document]) -> Iterator[Account | SkipDocument]:
        for doc in documents:
            if self.away:
                raise Unreachable("the server does not answer")
            if self.silent:
                yield NoAnswer(doc.source.doc_id, "no answer")
            else:
                yield from self._reader.read_many([doc])


def test_pages_wait_for_a_language_model_that_does_not_answer(bench: Bench, web: Web) -> None:
    """None is lost to a server that is away, however often; one that is asked about in vain for good is set aside at last."""
    publish(web, 2)
    bench.reader = reader = Unsure(bench.reader.tools)
    reader.away = True
    for _ in range(UNANSWERED + 1):
        assert bench.once(plan(web)).trouble == "the server does not answer"
    assert bench.texts() == []
    reader.away, reader.silent = False, True
    assert (
        bench.once(plan(web), clock=Clock()).trouble == "no answer"
    )  # on a clock that leaves no time for a second try
    with bench.journal() as journal:
        assert journal.number("fetched") == len(wanted(web))
    reader.silent = False
    bench.once(plan(web))
    assert bench.texts() == wanted(web)
    publish(web, 1)
    before, reader.silent = bench.texts(), True
    for _ in range(UNANSWERED + 1):
        bench.once(plan(web))
    assert bench.texts() == before
    with bench.journal() as journal:
        assert journal.number("aside") == len(wanted(web)) - len(before)
        assert journal.number("fetched") == 0


def test_a_reader_that_stops_the_run_blames_no_page(bench: Bench, web: Web) -> None:
    publish(web, 1)

    class Spent(StubReader):
        def read_many(self, documents: Iterable[Document]) -> Iterator[Account]:
            raise StopRun("--max-cost reached")

    for _ in range(4):
        bench.reader = Spent(bench.reader.tools)
        with pytest.raises(StopRun, match="max-cost"):
            bench.once(plan(web))
    bench.reader = StubReader(bench.reader.tools)
    bench.once(plan(web))
    assert bench.texts() == wanted(web)


def test_what_is_removed_is_not_fetched_again(bench: Bench, web: Web) -> None:
    publish(web, 2)
    bench.once(plan(web))
    gone = next(d for d in Register(bench.register).documents() if d.url and d.url.endswith("/page/1"))
    writer = Writer(bench.register, bench.reader.tools)
    done = writer.forget_documents([gone.doc_id], author="Ann", reason="")
    assert done.urls == (gone.url,)
    with bench.journal() as journal:
        assert journal.forget(done.urls, ["Report 1"]) == 1
    raw = beside(bench.register).read_bytes()
    assert str(gone.url).encode() not in raw
    assert b"Report 1" not in raw
    before = Counter(web.whole)
    for site in web.sites.values():
        site.made[0] += 1  # so that the feed is another
    bench.once(plan(web))
    assert gone.doc_id not in {d.doc_id for d in Register(bench.register).documents()}
    assert sum((web.whole - before)[k] for k in web.whole if k[1] == 1) == 0
    with bench.journal() as journal:
        assert journal.states()["removed"] == 1


def test_one_watch_at_a_time(tmp_path: Path) -> None:
    first, second = Journal(tmp_path / "j"), Journal(tmp_path / "j")
    first.hold()
    with pytest.raises(StopRun, match="another"):
        second.hold()
    first.close()
    second.hold()
    second.close()


def test_a_journal_that_is_none_or_newer(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b"no database at all" * 100)
    with pytest.raises(StopRun, match="cannot be kept here"):
        Journal(tmp_path / "j")
    Journal(tmp_path / "k").close()
    with sqlite3.connect(tmp_path / "k") as db:
        db.execute("UPDATE meta SET value = '99'")
    with pytest.raises(StopRun, match="newer"):
        Journal(tmp_path / "k")


def test_old_things_are_forgotten(bench: Bench, web: Web) -> None:
    publish(web, 1)
    bench.once(plan(web))
    with bench.journal() as journal:
        journal.prune(time.time() + 100 * 86_400, 90)
        assert journal.requests() == []
        assert journal.states()["read"] == len(wanted(web))
        journal.prune(time.time() + 500 * 86_400, 90)
        assert sum(journal.states().values()) == 0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def test_the_command_shows_how_it_goes_and_ends_when_told(tmp_path: Path) -> None:
    """The whole command, on addresses that it will not reach: it says so, goes on, shows it, and ends at SIGTERM."""
    feeds = tmp_path / "feeds.toml"
    feeds.write_text(
        'contact = "mailto:a@example.org"\n[[feed]]\nurl = "http://127.0.0.1:9/rss?key=s3cret"\n', encoding="utf-8"
    )
    port = free_port()
    call = [
        sys.executable,
        "-m",
        "dragoman",
        "watch",
        str(feeds),
        "--register",
        str(tmp_path / "r.duckdb"),
        "--status",
        str(port),
    ]
    with subprocess.Popen(call, stderr=subprocess.PIPE, text=True) as process:
        found = b""
        for _ in range(400):
            try:
                found = urllib.request.urlopen(f"http://127.0.0.1:{port}/health.json").read()
                if json.loads(found)["health"]["feeds"][0]["failures"]:
                    break
            except urllib.error.URLError:
                pass
            time.sleep(0.1)
        shown = urllib.request.urlopen(f"http://127.0.0.1:{port}/").read().decode()
        strange = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(strange)
        os.kill(process.pid, signal.SIGTERM)
        told = process.communicate(timeout=60)[1]
    assert process.returncode == 0, told
    health = json.loads(found)
    assert health["well"] is True
    assert "not public" in health["health"]["feeds"][0]["note"]
    assert "1 feeds, 1 of them failing" in shown
    assert "s3cret" not in told + shown + found.decode()
    assert "Traceback" not in told
    assert beside(tmp_path / "r.duckdb").exists()
