"""The file itself: killed at any moment, read while it is written, full disks, foreign files, other schemas."""

from __future__ import annotations

import gzip
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from dragoman.errors import NotFound, RegisterError
from dragoman.reader import Account
from dragoman.resources import Tools
from dragoman.store import file
from dragoman.store.read import Register
from dragoman.store.write import Writer
from tests.store.conftest import Fill, contents

FILLER = Path(__file__).with_name("filler.py")
FIRST = Path(__file__).with_name("schema1.duckdb.gz")


def filler(accounts: list[Account], folder: Path, register: Path, pause: float = 0) -> subprocess.Popen[str]:
    """A process that fills the register, once it has loaded what it needs."""
    pickled = folder / "accounts.pickle"
    pickled.write_bytes(pickle.dumps(accounts))
    process = subprocess.Popen(
        [sys.executable, str(FILLER), str(pickled), str(register), str(pause)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_killed_at_any_moment_it_holds_whole_documents_only(
    accounts: list[Account], fill: Fill, tmp_path: Path, tools: Tools
) -> None:
    some = accounts[:24]
    path = tmp_path / "killed.duckdb"
    chance = random.Random(5)
    for number in range(5):
        process = filler(some, tmp_path, path)
        time.sleep(chance.uniform(0.05, 1.2))
        with process:
            os.kill(process.pid, signal.SIGKILL)
        there = {d.doc_id for d in Register(path).documents()}
        expected = fill([a for a in some if a.doc_id in there], name=f"expected{number}")
        assert contents(path) == contents(expected.path)
    Writer(path, tools).add(some)
    assert contents(path) == contents(fill(some, name="whole").path)


def test_read_while_another_process_writes(accounts: list[Account], tmp_path: Path) -> None:
    """A reader gets an answer between two commits, each of a whole state; the writer gets its turn all the same."""
    some = accounts[:12]
    path = tmp_path / "busy.duckdb"
    process = filler(some, tmp_path, path, pause=0.3)
    seen = []
    with process:
        while process.poll() is None:
            seen.append(Register(path, wait=30).totals().documents)
    assert process.returncode == 0
    assert seen == sorted(seen)
    assert all(n % 2 == 0 for n in seen)
    assert len({*seen}) > 1
    assert Register(path).totals().documents == len(some)


def test_a_locked_register_is_told(accounts: list[Account], fill: Fill, tools: Tools) -> None:
    path = fill(accounts[:1]).path
    code = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(RegisterError, match="another process"):
            Register(path, wait=0.1)
        with pytest.raises(RegisterError, match="another process"):
            Writer(path, tools, wait=0.1).make()
        other.terminate()
    assert Register(path).totals().documents == 1


def test_threads_of_one_process_take_turns(accounts: list[Account], fill: Fill) -> None:
    writer = fill(accounts[:1])
    wrong: list[Exception] = []

    def ask() -> None:
        try:
            for _ in range(20):
                Register(writer.path, wait=30).totals()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    writer.add(accounts[1:4])
    for thread in threads:
        thread.join()
    assert wrong == []
    assert Register(writer.path).totals().documents == 4


def test_no_register_and_no_such_folder(tmp_path: Path, tools: Tools) -> None:
    with pytest.raises(RegisterError, match="make one with `dragoman read"):
        Register(tmp_path / "none.duckdb")
    with pytest.raises(RegisterError, match="no folder"):
        Writer(tmp_path / "none" / "a.duckdb", tools).make()


def test_files_that_are_no_register(tmp_path: Path, tools: Tools) -> None:
    text = tmp_path / "a.duckdb"
    text.write_text("no register at all " * 1000, encoding="utf-8")
    other = tmp_path / "b.duckdb"
    with duckdb.connect(str(other)) as con:
        con.execute("CREATE TABLE t (i INTEGER)")
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(RegisterError, match="no register"):
            Register(path)
        with pytest.raises(RegisterError, match="no register"):
            Writer(path, tools).make()
        assert path.read_bytes() == before


def test_a_register_of_a_newer_version_is_left_alone(accounts: list[Account], fill: Fill, tools: Tools) -> None:
    path = fill(accounts[:1]).path
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    for action in (lambda: Register(path), lambda: Writer(path, tools).add(accounts[1:2])):
        with pytest.raises(RegisterError, match="newer dragoman"):
            action()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="ours to have: root may write everything")
def test_a_file_without_the_right_to_write(accounts: list[Account], fill: Fill, tools: Tools) -> None:
    path = fill(accounts[:1]).path
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with pytest.raises(RegisterError, match="may not be written"):
            Writer(path, tools).add(accounts[1:2])
        assert Register(path).totals().documents == 1
    finally:
        path.parent.chmod(0o755)


def test_a_full_disk_loses_nothing(accounts: list[Account], fill: Fill, tmp_path: Path) -> None:
    """The limit on a file's size stands in for a disk: the engine meets an error of writing in both."""
    path = fill(accounts[:4]).path
    before = contents(path)
    code = f"""
import pickle, resource, signal, sys
from pathlib import Path
from dragoman.errors import RegisterError
from dragoman.resources import Tools
from dragoman.store.write import Writer
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = Path({str(path)!r}).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))
try:
    Writer({str(path)!r}, Tools()).add(pickle.loads(Path({str(tmp_path / "more.pickle")!r}).read_bytes()))
except RegisterError as error:
    print(error)
"""
    (tmp_path / "more.pickle").write_bytes(pickle.dumps(accounts[4:]))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "disk is full" in done.stdout, done.stdout + done.stderr
    assert contents(path) == before


def test_the_first_schema_is_brought_up_to_the_newest(tmp_path: Path, tools: Tools) -> None:
    """The file was made by the first release; what it tells is told still."""
    path = tmp_path / "old.duckdb"
    path.write_bytes(gzip.decompress(FIRST.read_bytes()))
    Writer(path, tools).make()
    register = Register(path)
    assert register.totals().documents == 2
    [record] = register.records()
    assert (record.kind, record.parties) == ("meeting", ("AZE", "TUR"))
    assert len(record.accounts) == 2
    assert [j.author for j in register.judgements()] == ["Ann"]
    Writer(path, tools).rebuild()
    assert register.records() == (record,)


def test_a_step_that_fails_leaves_the_register_as_it_was(
    accounts: list[Account], fill: Fill, tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fill(accounts[:2]).path
    before = contents(path)
    known = file.migrations()
    steps = [*known, (known[-1][0] + 1, "CREATE TABLE more (i INTEGER); SELECT * FROM there_is_none;")]
    with monkeypatch.context() as patch:
        patch.setattr(file, "migrations", lambda: steps)
        with pytest.raises(RegisterError, match="older schema"):
            Register(path)
        with pytest.raises(RegisterError, match="there_is_none"):
            Writer(path, tools).make()
    assert contents(path) == before


@pytest.mark.parametrize(
    "name", ["", " ", "'; DROP TABLE records; --", "%", "_", "\x00", "ü" * 5000, "../../etc", "0' OR '1'='1"]
)
def test_hostile_names_find_nothing(accounts: list[Account], fill: Fill, name: str) -> None:
    register = Register(fill(accounts[:3]).path)
    before = register.totals()
    for ask in (register.record, register.document, register.person, register.history, register.tellings):
        with pytest.raises(NotFound):
            ask(name)
    assert register.search(name) == ()
    assert register.totals() == before


def test_indexes_that_a_killed_process_leaves_are_not_trusted(
    accounts: list[Account], fill: Fill, tmp_path: Path, tools: Tools
) -> None:
    kept = fill(accounts[:6], name="kept").path
    killed = tmp_path / "killed.duckdb"
    with file.opened(kept, write=True) as con:
        con.execute("SET checkpoint_threshold = '1TB'")
        con.execute("INSERT INTO gone VALUES (0)")
        killed.write_bytes(kept.read_bytes())
        killed.with_name("killed.duckdb.wal").write_bytes(kept.with_name("kept.duckdb.wal").read_bytes())
    with file.opened(killed) as con:
        assert int(con.one("SELECT current_setting('index_scan_max_count')")) == 0
    with file.opened(killed, write=True) as con:
        there = {name for (name,) in con.ask("SELECT index_name FROM duckdb_indexes()")}
        assert there == {"documents_number", "accounts_document", "records_slot", "participations_slot"}
    with file.opened(killed) as con:
        assert int(con.one("SELECT current_setting('index_scan_max_count')")) > 0
        assert con.one("SELECT count(*) FROM gone") == 1
