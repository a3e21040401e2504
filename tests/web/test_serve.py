"""The command: serves until it is told to stop, and says what is wrong where it cannot."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dragoman.cli import app
from dragoman.web import Options
from tests.web.conftest import client

RUN = CliRunner()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def answers(url: str) -> bytes:
    for _ in range(600):
        try:
            found: bytes = urllib.request.urlopen(url).read()
            return found
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_it_serves_and_stops_when_told(filled: Path) -> None:
    port = free_port()
    call = [sys.executable, "-m", "dragoman", "serve", "--register", str(filled), "--port", str(port), "--read-only"]
    with subprocess.Popen(call, stderr=subprocess.PIPE, text=True) as server:
        assert b"Who met whom" in answers(f"http://127.0.0.1:{port}/")
        server.send_signal(signal.SIGINT)
        told = server.communicate(timeout=60)[1]
    assert server.returncode == 0
    assert f"http://127.0.0.1:{port}/" in told
    assert "read-only" in told
    assert "Traceback" not in told


def test_no_register_no_server(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["serve", "--register", str(tmp_path / "none.duckdb")])
    assert done.exit_code == 3
    assert "dragoman read PATH" in done.output


def test_a_port_that_is_taken_is_said(filled: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = RUN.invoke(app, ["serve", "--register", str(filled), "--port", str(taken.getsockname()[1])])
    assert done.exit_code == 3
    assert "--port" in done.output


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--write"], ("can read this register", "token for judgements")),
        (["--write", "--token", "sesame"], ("can read this register",)),
        ([], ("can read this register", "read-only")),
    ],
)
def test_another_address_says_what_it_means(
    filled: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], words: tuple[str, ...]
) -> None:
    monkeypatch.setattr("dragoman.commands.serve._run", lambda options: None)
    done = RUN.invoke(app, ["serve", "--register", str(filled), "--host", "0.0.0.0", *more])
    assert done.exit_code == 0
    assert all(w in done.output for w in words)
    assert ("token for judgements" in done.output) == (more == ["--write"])


def test_another_process_writes_while_pages_are_read(register: Path) -> None:
    site = client(Options(register, writable=False))
    one = site.get("/api/engagements").json()["entries"][0]["id"]
    call = [sys.executable, "-m", "dragoman", "accept", one, "--register", str(register), "--author", "somebody"]
    with subprocess.Popen(call, stdout=subprocess.DEVNULL) as writer:
        read = 0
        while writer.poll() is None:
            assert site.get(f"/api/engagements?page={read % 3 + 1}&limit=20").status_code == 200
            read += 1
        assert writer.returncode == 0
    assert read > 0
    assert site.get(f"/api/engagements/{one}").json()["record"]["accepted"] is True
