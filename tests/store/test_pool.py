"""Readers of one process share an open file, and let a writer in all the same."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from dragoman.reader import Account
from dragoman.store import file
from dragoman.store.pool import Pool
from dragoman.store.read import Register
from tests.store.conftest import Fill
from tests.store.test_file import filler


def test_a_writer_gets_in_between_readers_that_overlap(accounts: list[Account], tmp_path: Path) -> None:
    some = accounts[:6]
    path = tmp_path / "busy.duckdb"
    process = filler(some, tmp_path, path)
    while not path.exists():
        time.sleep(0.01)
    pool = Pool(path, wait=30)
    seen: list[int] = []
    wrong: list[Exception] = []

    def ask() -> None:
        try:
            while process.poll() is None:
                with Register(path, pool=pool).held() as register:
                    first = register.totals().documents
                    time.sleep(0.02)
                    assert register.totals().documents == first
                    seen.append(first)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    with process:
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    assert wrong == []
    assert process.returncode == 0
    assert Register(path, pool=pool).totals().documents == len(some)
    pool.close()


def test_an_unused_file_is_closed(accounts: list[Account], fill: Fill, monkeypatch: object) -> None:
    path = fill(accounts[:1]).path
    monkeypatch.setattr("dragoman.store.pool.IDLE", 0.1)  # type: ignore[attr-defined]
    pool = Pool(path)
    assert Register(path, pool=pool).totals().documents == 1
    time.sleep(0.5)
    assert pool._open is None
    assert Register(path, pool=pool).totals().documents == 1


def test_who_waited_and_was_killed_holds_nobody_up(accounts: list[Account], fill: Fill) -> None:
    path = fill(accounts[:1]).path
    flag = path.with_name(path.name + ".waits")
    flag.touch()
    assert file.writer_waits(path)
    os.utime(flag, (time.time() - 60,) * 2)
    assert not file.writer_waits(path)
    begun = time.monotonic()
    assert Register(path).totals().documents == 1
    assert time.monotonic() - begun < 5
