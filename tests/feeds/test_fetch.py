"""One request: where it may go, how long and how large it may be, what of it is told."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest

from dragoman.feeds.connect import resolved
from dragoman.feeds.fetch import Answer, Failed, Fetcher, NotPublic, Refused, Stopped, Unfit, Wanted, retry_after
from tests.feeds.served import Talk, answer, saying, served

HERE = ("127.0.0.0/8",)


def got(
    talk: Talk,
    path: str = "/",
    *,
    timeout: float = 5,
    host: str = "127.0.0.1",
    fetcher: Fetcher | None = None,
    **more: object,
) -> Answer:
    with served(talk) as port:
        fetcher = fetcher or Fetcher("dragoman/test (+mailto:a@example.org)", timeout=timeout, private=HERE)
        wanted = {"size": 100_000, **more}
        return fetcher.fetch(Wanted(f"http://{host}:{port}{path}", **wanted))  # type: ignore[arg-type]


def test_what_is_asked_and_what_comes_back() -> None:
    heads: list[bytes] = []

    def talk(head: bytes, connection: socket.socket) -> None:
        heads.append(head)
        connection.sendall(
            answer(more='ETag: "x"\r\nLast-Modified: Tue, 03 Dec 2024 10:00:00 GMT\r\nRetry-After: 9\r\n')
        )

    found = got(talk, "/a%20b?q=1", etag='"w"', modified="Mon, 02 Dec 2024 10:00:00 GMT", types=("text/html",))
    assert (found.status, found.body, found.content_type) == (200, b"well", "text/html")
    assert (found.etag, found.modified, found.wait) == ('"x"', "Tue, 03 Dec 2024 10:00:00 GMT", 9)
    head = heads[0].decode()
    assert head.startswith("GET /a%20b?q=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    for line in (
        "User-Agent: dragoman/test (+mailto:a@example.org)",
        'If-None-Match: "w"',
        "If-Modified-Since: Mon, 02 Dec 2024 10:00:00 GMT",
        "Accept: text/html",
    ):
        assert line in head
    assert "Authorization" not in head
    assert "Cookie" not in head


def test_unchanged_and_packed() -> None:
    assert got(saying(answer(b"", status="304 Not Modified"))).status == 304
    assert got(saying(answer(gzip.compress(b"text"), more="Content-Encoding: gzip\r\n"))).body == b"text"


@pytest.mark.parametrize(
    ("said", "error", "told"),
    [
        (answer(b"x" * 200_000), Unfit, "longer than 100,000"),
        (answer(gzip.compress(bytes(300_000_000)), more="Content-Encoding: gzip\r\n"), Unfit, "longer than 100,000"),
        (answer(b"x", more="Content-Encoding: br\r\n"), Unfit, "packed as br"),
        (answer(b"x", kind="image/png"), Unfit, "image/png"),
        (answer(b"half", length=400), Failed, "broken off"),
        (answer(gzip.compress(b"x" * 500)[:-9], more="Content-Encoding: gzip\r\n"), Failed, "ends too early"),
        (answer(b"no gzip", more="Content-Encoding: gzip\r\n"), Failed, "damaged"),
        (b"\x00\xff what\r\n\r\n", Failed, "broken off or is none"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000, Failed, "broken off|in time|failed"),
        (b"", Failed, "broken off"),
        (answer(status="302 Found", more="Location: /again\r\n"), Unfit, "circles"),
        (answer(status="302 Found", more="Location: file:///etc/passwd\r\n"), Unfit, "no http"),
        (answer(status="302 Found", more="Location: http://10.0.0.1/x\r\n"), NotPublic, "10.0.0.1"),
        (answer(status="302 Found", more="Location: http://[::ffff:169.254.169.254]/x\r\n"), NotPublic, "not public"),
        (answer(status="302 Found", more="Location: http://localtest.example/x\r\n"), NotPublic, "192.168.0.1"),
    ],
)
def test_what_is_not_taken(said: bytes, error: type[Exception], told: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return ["192.168.0.1"] if "example" in host else resolved(host, port)

    fetcher = Fetcher("x", timeout=5, private=HERE, resolve=resolve)
    begun = time.process_time()
    with pytest.raises(error, match=told):
        got(saying(said), fetcher=fetcher, types=("text/html",))
    assert time.process_time() - begun < 3


def test_redirects_end() -> None:
    count = iter(range(1000))
    with pytest.raises(Unfit, match="more than 5"):
        got(lambda head, c: c.sendall(answer(status="301 Moved", more=f"Location: /{next(count)}\r\n")), "/start")


def test_a_redirect_is_followed_and_each_hop_asked_about() -> None:
    asked: list[str] = []

    def talk(head: bytes, connection: socket.socket) -> None:
        moved = answer(status="301 Moved", more="Location: /there?utm_source=x\r\n")
        connection.sendall(moved if head.startswith(b"GET /start") else answer(b"there"))

    found = got(talk, "/start", permit=asked.append)
    assert found.body == b"there"
    assert found.url.endswith("/there")
    assert [url.rpartition("/")[2] for url in asked] == ["start", "there"]


def _drip(first: bytes, each: bytes) -> Talk:
    def talk(head: bytes, connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(each)
            time.sleep(0.1)

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        _drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        _drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a"),
        lambda head, connection: time.sleep(6),
    ],
    ids=["head", "body", "nothing"],
)
def test_the_time_is_that_of_the_whole_answer(talk: Talk) -> None:
    begun = time.monotonic()
    with pytest.raises(Failed, match="in time"):
        got(talk, timeout=1)
    assert time.monotonic() - begun < 5


def test_a_run_that_ends_ends_its_requests() -> None:
    fetcher = Fetcher("x", timeout=60, private=HERE)
    threading.Timer(0.3, fetcher.stop).start()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        got(lambda head, connection: time.sleep(6), fetcher=fetcher)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"],
)
def test_this_machine_is_not_reached(host: str) -> None:
    touched: list[bytes] = []
    with pytest.raises((Refused, Failed)):
        got(lambda head, c: touched.append(head), host=host, fetcher=Fetcher("x", timeout=2))
    assert touched == []


def test_the_address_that_is_checked_is_the_one_that_is_reached() -> None:
    """A name that is public when it is looked at and private a moment later (DNS rebinding) is looked up once."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    fetcher = Fetcher("x", timeout=5, private=("127.0.0.1",), resolve=lambda host, port: next(answers))
    assert got(saying(answer()), host="news.example", fetcher=fetcher).status == 200
    assert next(answers) == ["10.0.0.1"]


def test_one_private_address_among_public_ones_is_enough() -> None:
    fetcher = Fetcher("x", timeout=5, resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(NotPublic):
        fetcher.fetch(Wanted("http://news.example/", 100))


def test_passwords_go_to_their_own_site_alone_and_into_no_message() -> None:
    heads: list[bytes] = []

    def talk(head: bytes, connection: socket.socket) -> None:
        heads.append(head)
        port = connection.getsockname()[1]
        connection.sendall(answer(status="302 Found", more=f"Location: http://other.example:{port}/x\r\n"))

    fetcher = Fetcher(
        "x", timeout=5, private=HERE, resolve=lambda host, port: ["127.0.0.1" if "other" not in host else "10.9.9.9"]
    )
    with pytest.raises(NotPublic) as error, served(talk) as port:
        fetcher.fetch(Wanted(f"http://ann:s3cret@news.example:{port}/", 100))
    assert b"Authorization: Basic YW5uOnMzY3JldA==" in heads[0]
    assert len(heads) == 1
    assert "s3cret" not in str(error.value)


def test_from_https_to_http_is_not_followed(tmp_path: Path) -> None:
    """With a certificate that is not signed by anybody known there is no connection; with a known one only to its own name."""
    if shutil.which("openssl") is None:
        pytest.skip("ours to have: openssl is not here")
    call = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=news.example",
        "-keyout",
        "k.pem",
        "-out",
        "c.pem",
    ]
    subprocess.run([*call, "-addext", "subjectAltName=DNS:news.example"], cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")

    def talk_tls(listening: socket.socket) -> None:
        while True:
            try:
                raw, _ = listening.accept()
                with context.wrap_socket(raw, server_side=True) as connection:
                    connection.recv(65536)
                    connection.sendall(answer(status="302 Found", more="Location: http://news.example/\r\n"))
            except ssl.SSLError:
                continue
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=talk_tls, args=(listening,), daemon=True).start()
        port = listening.getsockname()[1]
        fetcher = Fetcher("x", timeout=5, private=HERE, resolve=lambda host, port: ["127.0.0.1"])
        with pytest.raises(Failed):
            fetcher.fetch(Wanted(f"https://news.example:{port}/", 100))
        fetcher.__dict__["_tls"] = ssl.create_default_context(cafile=str(tmp_path / "c.pem"))
        with pytest.raises(Refused, match="from https to http"):
            fetcher.fetch(Wanted(f"https://news.example:{port}/", 100))
        with pytest.raises(Failed):
            fetcher.fetch(Wanted(f"https://other.example:{port}/", 100))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("12", 12),
        ("-3", 0),
        ("nan", None),
        ("1e99", 86400),
        ("soon", None),
        ("Thu, 01 Jan 1970 00:02:00 GMT", 20),
        ("Fri, 01 Jan 9999 00:00:00 GMT", 86400),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, 100.0) == seconds
