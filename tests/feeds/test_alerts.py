"""Alerts: whom a record concerns, and that each hears of it once, in a file, through a program, at an address."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tools.soak import plan_of

from dragoman.errors import ConfigError
from dragoman.feeds.alerts import asks_for, settled
from dragoman.feeds.deliver import Deliverer, Undelivered
from dragoman.feeds.fetch import Fetcher
from dragoman.feeds.plan import Alert, Feed
from dragoman.model import Participation, Record, When
from dragoman.reader import Reader
from dragoman.resources import Tools
from dragoman.store.read import Register
from tests.feeds.conftest import Bench
from tests.feeds.served import answer, served

RECORD = Record(
    id="r1", kind="meeting", status="held", salience="main", part_of=None, date=When("2024-05-03", None, "day", "text"), place=None,
    participants=(
        Participation("p1", "Kemal Aydın", "Foreign Minister", None, "TUR", "host", True, ("Kemal Aydin", "Kemal Aydın")),
        Participation(None, None, None, None, "AZE", "guest", False),
    ),
    parties=("AZE", "TUR"), topics=("economic",), framework="Standing Dialogue on Defence", sources=("Anadolu",), evidence="x", accounts=(),
)  # fmt: skip
TEXT = (
    "ANKARA, May 3 (AA) - Turkish Foreign Minister Kemal Aydın met with his Azerbaijani counterpart Rauf Quliyev in Ankara on Friday, "
    "the Turkish Foreign Ministry said in a statement. The two ministers discussed energy and trtrade."
)


@pytest.mark.parametrize(
    ("alert", "asked"),
    [
        (Alert("a", parties=("TUR",)), True),
        (Alert("a", parties=("TUR", "AZE")), True),
        (Alert("a", parties=("TUR", "IRN")), False),
        (Alert("a", person="kemal aydin"), True),
        (Alert("a", person="AYDIN"), True),
        (Alert("a", person="Kemal Quliyev"), False),
        (Alert("a", person="K"), False),
        (Alert("a", person="-"), False),
        (Alert("a", framework="standing dialogue"), True),
        (Alert("a", framework="summit"), False),
        (Alert("a", topic="economic"), True),
        (Alert("a", topic="cyber"), False),
        (Alert("a", kind="meeting", parties=("TUR",)), True),
        (Alert("a", kind="visit", parties=("TUR",)), False),
    ],
)
def test_whom_it_concerns(alert: Alert, asked: bool) -> None:
    assert asks_for(alert, RECORD) is asked


def test_names_of_parties_become_codes(tools: Tools) -> None:
    [alert] = settled([Alert("a", ("Turkey", "aze"), file="x")], tools.party, "f")
    assert alert.parties == ("TUR", "AZE")
    with pytest.raises(ConfigError, match=r"f: .*'a': no party 'Nowhere'"):
        settled([Alert("a", ("Nowhere",), file="x")], tools.party, "f")


@pytest.fixture
def deliverer(tmp_path: Path) -> Deliverer:
    return Deliverer(tmp_path, Fetcher("x", timeout=3, private=("127.0.0.0/8",)))


def test_a_program_gets_the_record_and_no_shell(tmp_path: Path, deliverer: Deliverer) -> None:
    code = "import sys, json; open('out', 'w').write(json.dumps([sys.argv[1:], json.load(sys.stdin)]))"
    alert = Alert("a", person="x", command=(sys.executable, "-c", code, "$(touch hacked); `id` && *"))
    deliverer.deliver(alert, "command", '{"id": "r1"}')
    assert json.loads((tmp_path / "out").read_text()) == [["$(touch hacked); `id` && *"], {"id": "r1"}]
    assert not (tmp_path / "hacked").exists()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("./none",), "No such file"),
        ((sys.executable, "-c", "import sys; sys.exit('no room')"), "ended with 1: no room"),
        ((sys.executable, "-c", "import time; time.sleep(60)"), "took more than"),
    ],
)
def test_a_program_that_fails_is_told(
    deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], told: str
) -> None:
    monkeypatch.setattr("dragoman.feeds.deliver.LONGEST_RUN", 2.0)
    with pytest.raises(Undelivered, match=told):
        deliverer.deliver(Alert("a", person="x", command=command), "command", "{}")


def test_files_and_webhooks(tmp_path: Path, deliverer: Deliverer) -> None:
    posted: list[bytes] = []

    def talk(head: bytes, connection: socket.socket) -> None:
        posted.append(head)
        connection.sendall(answer(b"", status="204 No Content" if len(posted) == 1 else "500 No"))

    alert = Alert("a", person="x", file="told.jsonl")
    for n in (1, 2):
        deliverer.deliver(alert, "file", f'{{"id": {n}}}')
    assert (tmp_path / "told.jsonl").read_text() == '{"id": 1}\n{"id": 2}\n'
    with pytest.raises(Undelivered, match="No such file"):
        deliverer.deliver(replace(alert, file="none/told.jsonl"), "file", "{}")
    with served(talk) as port:
        hook = Alert("a", person="x", webhook=f"http://127.0.0.1:{port}/hook?token=s3cret")
        deliverer.deliver(hook, "webhook", '{"id": 1}')
        assert posted[0].startswith(b"POST /hook?token=s3cret HTTP/1.1")
        assert b"Content-Type: application/json" in posted[0]
        with pytest.raises(Undelivered, match="answers 500"):
            deliverer.deliver(hook, "webhook", '{"id": 1}')
    with pytest.raises(Undelivered, match="not public") as error:
        deliverer.deliver(replace(hook, webhook="http://10.0.0.1/?token=s3cret"), "webhook", "{}")
    assert "s3cret" not in str(error.value)


def test_each_hears_of_an_act_once(bench: Bench, reader: Reader) -> None:
    """From the feed to the file: a second account of the act, a second run and a program that fails at first tell nobody twice."""
    bench.reader = reader
    pages = {"/1": TEXT, "/2": TEXT.replace("(AA)", "(Trend)").replace("discussed", "talked of")}
    listed = ["/1"]

    def talk(head: bytes, connection: socket.socket) -> None:
        path = head.split()[1].decode()
        items = "".join(
            f"<item><link>{p}</link><pubDate>Fri, 03 May 2024 10:00:00 GMT</pubDate></item>" for p in listed
        )
        feed = f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'
        body = feed if path == "/feed" else pages.get(path, "")
        connection.sendall(answer(body.encode(), kind="text/plain" if path in pages else "text/xml"))

    code = "import os, sys; first = not os.path.exists('n'); open('n', 'a').write('x'); sys.exit(first)"
    asked = (
        Alert("east", ("AZE", "TUR"), file="east.jsonl"),
        Alert("him", person="Quliyev", command=(sys.executable, "-c", code), file="him.jsonl"),
        Alert("others", ("JPN",), file="others.jsonl"),
    )
    with served(talk) as port:
        one = replace(plan_of([]), feeds=(Feed(f"http://127.0.0.1:{port}/feed", "A"),), alerts=asked)
        bench.once(one)
        listed.append("/2")
        bench.once(one)
        bench.once(one)
    register = Register(bench.register)
    assert register.totals().documents == 2
    [record] = register.records()
    [line] = (bench.folder / "east.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["parties"] == ["AZE", "TUR"]
    assert json.loads(line)["accounts"][0]["key"] in {a.key for a in record.accounts}
    assert len((bench.folder / "him.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    assert 1 <= len((bench.folder / "n").read_text()) <= 2  # again when its pause is over
    assert not (bench.folder / "others.jsonl").exists()
    assert any("did not arrive" in said for said in bench.said)
    shutil.rmtree(bench.folder, ignore_errors=True)
