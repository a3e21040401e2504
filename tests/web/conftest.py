"""What the tests of pages share: a register of real news and of hostile documents, the site over it, a browser."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dragoman.config import Settings
from dragoman.evaluate.gold import held_out, load
from dragoman.model import Document, Engagement, Origin, Participant, Source, When, Where
from dragoman.reader import Account, Reader
from dragoman.stages import ingest
from dragoman.store.write import Writer
from dragoman.web import Options, make_app

GOLD = Path(__file__).parents[2] / "gold" / "dev_news.jsonl"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
BASE = "http://127.0.0.1:8000"
EVIL = {
    "script": "<script>document.title='owned'</script>",
    "handler": "<img src=x onerror=\"document.title='owned'\">",
    "closing": "</script></title></textarea><svg onload=document.title='owned'>",
    "template": "{{ 7*7 }}{% for x in y %}${7*7}",
    "quote": "\" onmouseover=\"document.title='owned'\" x='",
    "turned": "Minister \u202egnitteM\u202c \u2066isolated\u2069",
    "long": "Ab" * 5_000,
}


def _spans(text: str, *words: str) -> tuple[Origin, ...]:
    at = text.index(words[0])
    return (Origin("text", at, at + len(words[0])),)


def hostile(name: str, words: str, number: int) -> Account:
    """A document whose every string is ``words``, telling of a visit and a meeting in it."""
    text = f"Foreign Minister {words} received Minister Rauf Q{number} {words} in Ankara, {words} said."
    evidence = text
    people = (
        Participant(words, f"Foreign Minister {words}", None, "TUR", "host", True),
        Participant(f"Rauf Q{number} {words}", "Minister", None, "AZE", "guest", True),
    )
    spans = {
        "evidence": _spans(text, evidence),
        "kind": _spans(text, "received"),
        "participants[0].name": _spans(text, words),
        "participants[0].office": _spans(text, f"Foreign Minister {words}"),
        "participants[1].name": _spans(text, f"Rauf Q{number} {words}"),
        "place.city": _spans(text, "Ankara"),
    }
    day = f"2021-0{number % 9 + 1}-11"
    e = Engagement(
        id="e1", kind="meeting", status="held", salience="main", part_of=None, date=When(day, None, "day", "text"),
        place=Where(f"Ankara {words}", "Ankara", "TUR", words), participants=people, parties=("AZE", "TUR"), topics=("military",),
        framework=words, sources=(words,), evidence=evidence, spans=spans, rules={"kind": "test"},
    )  # fmt: skip
    source = Source(
        f"evil/{name} {words[:40]}", f"javascript:document.title='owned'//{name}", words, date(2021, 5, 3), words
    )
    return Account(
        source.doc_id, source.url, source.outlet, source.published, source.title, (e,), "test", Document(source, text)
    )


@pytest.fixture(scope="session")
def filled(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of twenty documents of the news that tell of one another's acts, and of the hostile ones."""
    rows = load(GOLD)
    unread = held_out(rows)
    wanted = {r["doc_id"] for r in [r for r in rows if r["doc_id"] not in unread and r["cluster"]][:20]}
    found = [d for d in ingest.read(str(GOLD), Settings()) if isinstance(d, Document) and d.source.doc_id in wanted]
    told = [
        replace(a, document=replace(a.document, clean=None, annotation=None, findings=None, trail=()))
        for a in reader.read_many(found)
    ]
    path = tmp_path_factory.mktemp("pages") / "pages.duckdb"
    writer = Writer(path, reader.tools)
    writer.make()
    writer.add([*told, *(hostile(n, w, i) for i, (n, w) in enumerate(EVIL.items()))])
    return path


@pytest.fixture
def register(filled: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copy(filled, tmp_path / "pages.duckdb"))


def client(options: Options) -> TestClient:
    """The site without a network."""
    return TestClient(make_app(options), base_url=BASE, follow_redirects=False)


@pytest.fixture(scope="session")
def site(filled: Path) -> TestClient:
    """The site over the register that no test changes, read-only."""
    return client(Options(filled, writable=False))


@contextmanager
def served(options: Options) -> Iterator[str]:
    """The site at an address of this machine."""
    import uvicorn

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(make_app(options), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium; where none is installed the test is skipped."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    sync = pytest.importorskip("playwright.sync_api", reason="no playwright here: pip install playwright")
    with sync.sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


Open = Callable[..., Any]


@pytest.fixture(scope="session")
def address(filled: Path) -> Iterator[str]:
    """Where the unchanged register is served for reading by a browser."""
    with served(Options(filled, writable=False)) as base:
        yield base
