"""Several processes read: same bytes and order as one, no document lost to a death, nothing left behind."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document, Source
from dragoman.reader import Account, Reader
from dragoman.run import SHARE, How, Summary, accounts, accounts_of
from dragoman.stages.ingest.counting import count
from dragoman.workers import Batch, Done, Workers

TEXT = "Turkish Foreign Minister Kemal Aydın met his Azerbaijani counterpart Rauf Quliyev in {} on Friday."
CITIES = ("Ankara", "Baku", "Rome", "Oslo", "Lima")


def documents(number: int) -> list[Document]:
    return [Document(Source(f"d{i}"), TEXT.format(CITIES[i % len(CITIES)])) for i in range(number)]


def lines(path: Path, number: int, broken: Sequence[int] = ()) -> str:
    rows = [
        json.dumps({"doc_id": d.source.doc_id, "published": "2024-05-03", "text": d.text}) for d in documents(number)
    ]
    path.write_text("".join(("{" if i in broken else row) + "\n" for i, row in enumerate(rows)), encoding="utf-8")
    return str(path)


def test_bytes_and_order_are_those_of_one_process(tmp_path: Path, reader: Reader) -> None:
    path = lines(tmp_path / "a.jsonl", 2 * SHARE + 5, broken=(3, SHARE + 1))
    said: list[list[str]] = []
    for workers in (1, 2):
        aside: list[str] = []
        summary = Summary()
        how = How(workers, told=lambda s, aside=aside: aside.append(str(s)))  # type: ignore[misc]
        said.append([a.to_json() for a in accounts([path], reader, summary, how)] + aside)
        assert (summary.documents, len(summary.aside)) == (2 * SHARE + 3, 2)
        assert summary.relevant == summary.documents
    assert said[0] == said[1]


def test_killed_workers_are_replaced_and_nothing_is_lost(reader: Reader) -> None:
    asked = documents(4 * SHARE)
    found: list[str] = []
    for account in accounts_of(asked, reader, Summary(), How(2)):
        if not found:
            for child in multiprocessing.active_children():
                os.kill(child.pid or 0, signal.SIGKILL)
        found.append(account.doc_id)
    assert found == [d.source.doc_id for d in asked]


def deadly(batch: Sequence[Document]) -> Done:
    """Reads nothing, and dies of a certain document."""
    for doc in batch:
        if "deadly" in doc.text:
            os.kill(os.getpid(), signal.SIGKILL)
    return Done([Account(d.source.doc_id, None, None, None, None, (), "", d) for d in batch])


def test_a_document_that_kills_twice_is_set_aside_alone() -> None:
    docs = [Document(Source(str(i)), "deadly" if i == 4 else "harmless") for i in range(12)]
    with Workers(Settings(), 2, deadly) as pool:
        batches = [Batch(docs[i : i + 3]) for i in range(0, len(docs), 3)]
        read = [one for _, done in pool.read(batches) for one in done.read]
    assert [r.location if isinstance(r, SkipDocument) else r.doc_id for r in read] == [str(i) for i in range(12)]
    [skipped] = [r for r in read if isinstance(r, SkipDocument)]
    assert (skipped.location, "died twice" in skipped.reason) == ("4", True)


def in_session(leader: int) -> list[int]:
    """Processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if session == str(leader) and state != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="ours: processes are looked up in /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_cut_short_keeps_what_it_wrote_and_leaves_no_process(tmp_path: Path, how: signal.Signals) -> None:
    path, out = lines(tmp_path / "a.jsonl", 4000), tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "dragoman", "code", path, "--workers", "2", "-o", str(out)]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    until = time.monotonic() + 100
    while time.monotonic() < until and not (out.exists() and out.stat().st_size):
        time.sleep(0.1)
    run.send_signal(how)
    _, talk = run.communicate(timeout=60)
    written = out.read_text(encoding="utf-8").splitlines()
    assert [json.loads(row)["doc_id"] for row in written] == [f"d{i}" for i in range(len(written))]
    assert 0 < len(written) < 4000
    if how == signal.SIGINT:
        assert run.returncode == 3
        assert b"interrupted" in talk
        assert b"Traceback" not in talk
    until = time.monotonic() + 20
    while in_session(run.pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert in_session(run.pid) == []


def test_documents_are_counted_where_they_can_be(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", 7)
    (tmp_path / "b.txt").write_text("One.", encoding="utf-8")
    assert count([str(tmp_path)]) == 8
    assert count([str(tmp_path / "*.jsonl")]) == 7
    assert count(["-"]) is None
    assert count([str(tmp_path)], lambda: True) is None


def large(_: Sequence[Document]) -> Done:
    return Done([SkipDocument("a", "x" * 30_000_000)])


def leave_early() -> None:
    """Take the first of what two workers read while they are at the next, which takes long to hand over."""
    with Workers(Settings(), 2, large) as pool:
        next(pool.read(Batch([d]) for d in documents(20)))


def test_leaving_while_a_worker_hands_over_what_it_read_ends() -> None:
    """A worker that is cut off in the middle of handing over would leave its parent waiting for the rest, for good."""
    run = [sys.executable, "-c", "from tests.test_workers import leave_early; leave_early()"]
    subprocess.run(run, cwd=Path(__file__).parents[1], check=True, timeout=60)
