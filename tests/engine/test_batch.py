"""dragoman batch: the same tables whatever the workers and the engine, what is done is not done again, and the register takes them."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from dragoman import coded
from dragoman.cli import app
from dragoman.config import Settings
from dragoman.engine import parts
from dragoman.engine.parts import Part, Target, parts_of
from dragoman.engine.work import Work
from dragoman.errors import ConfigError, SkipDocument, StopRun
from dragoman.reader import Account, Reader
from dragoman.store.read import Register

RUN = CliRunner()
ACT = "Turkish Foreign Minister Kemal Aydın met his Azerbaijani counterpart Rauf Quliyev in Ankara on Friday."
IDLE = "The mill was painted green."


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    rows = [
        json.dumps({"doc_id": f"d{i}", "published": "2024-05-03", "text": ACT if i == 2 else f"{IDLE} {i}"})
        for i in range(6)
    ]
    (folder / "a.jsonl").write_text("\n".join([*rows[:3], "{", *rows[3:]]) + "\n", encoding="utf-8")
    (folder / "b.txt").write_text(ACT.replace("Ankara", "Baku"), encoding="utf-8")
    return folder


def tables(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of both tables as DuckDB gives them, sorted."""
    return {
        name: sorted(duckdb.sql(f"FROM '{folder}/{name}/*.parquet'").fetchall(), key=repr)
        for name in (coded.DOCUMENTS, coded.FAILED)
    }


def test_work_writes_two_tables_that_tell_everything(source: Path, tmp_path: Path, reader: Reader) -> None:
    target = Target(str(tmp_path / "out"))
    target.begin(reader.version)
    work = Work(Settings(), str(tmp_path / "out"), reader)
    found = parts_of([str(source)])
    outcomes = [work.do(p, Path(p.uri)) for p in found]
    work.close()
    assert [(o.documents, o.relevant, o.aside) for o in outcomes] == [(6, 1, 1), (1, 1, 0)]
    assert target.done() == {p.name for p in found}
    rows = tables(tmp_path / "out")
    assert len(rows["documents"]) == 7
    [(location, reason, part, version)] = rows["failed"]
    assert (location, part, version) == (f"{found[0].uri}:4", found[0].name, reader.version)
    assert reason.startswith("not JSON")
    [told] = [
        a for a in coded.accounts(coded.parts(str(tmp_path / "out"))) if isinstance(a, Account) and a.doc_id == "d2"
    ]
    assert told.published == date(2024, 5, 3)
    assert told.to_json() == reader.read(ACT, published=date(2024, 5, 3)).to_json().replace(
        reader.read(ACT).doc_id, "d2"
    )


def test_the_register_takes_what_was_read_without_reading_it(
    source: Path, tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = str(tmp_path / "out")
    work = Work(Settings(), out, reader)
    Target(out).begin("")
    for part in parts_of([str(source)]):
        work.do(part, Path(part.uri))
    monkeypatch.setattr(Reader, "read_many", lambda *_: pytest.fail("was read again"))
    done = RUN.invoke(app, ["read", out, "--register", str(tmp_path / "r.duckdb")])
    assert done.exit_code == 0, done.output
    assert "7 documents new" in done.stderr
    assert Register(tmp_path / "r.duckdb").totals().records == 2
    assert "7 unchanged" in RUN.invoke(app, ["read", out, "--register", str(tmp_path / "r.duckdb")]).stderr


def test_shares_of_a_file_make_the_whole(
    source: Path, tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "SHARE", 200)
    found = parts_of([str(source), str(source / "a.jsonl")])
    assert len(found) == len({p.name for p in found}) > 3
    for address, asked in (("whole", [Part(str(source / "a.jsonl"))]), ("shares", [p for p in found if p.of > 1])):
        Target(str(tmp_path / address)).begin("")
        work = Work(Settings(), str(tmp_path / address), reader)
        for part in asked:
            work.do(part, Path(part.uri))
    without_part = [
        [[v for v in row if len(str(v)) != 16] for row in rows]
        for rows in map(list, zip(*[tables(tmp_path / a)["documents"] for a in ("whole", "shares")], strict=True))
    ]
    assert all(whole == share for whole, share in without_part)


def test_half_files_are_not_done_and_other_versions_are_refused(tmp_path: Path) -> None:
    target = Target(str(tmp_path))
    target.begin("1")
    (tmp_path / "documents" / "x.parquet.9.part").write_bytes(b"half")
    assert target.done() == set()
    target.begin("1")
    with pytest.raises(ConfigError, match="name another folder"):
        target.begin("2")


def test_sources(tmp_path: Path) -> None:
    (tmp_path / "cc.paths").write_text("https://example.org/a.warc.gz\n\ns3://b/c.warc.gz\n", encoding="utf-8")
    assert [p.uri for p in parts_of([str(tmp_path / "cc.paths")])] == [
        "https://example.org/a.warc.gz",
        "s3://b/c.warc.gz",
    ]
    with pytest.raises(StopRun, match="nothing there"):
        parts_of([str(tmp_path / "none")])


def test_a_row_that_is_none_is_told(tmp_path: Path) -> None:
    for name in (coded.DOCUMENTS, coded.FAILED):
        (tmp_path / name).mkdir()
    duckdb.sql("SELECT 'a' AS doc_id").write_parquet(str(tmp_path / "documents" / "a.parquet"))
    (tmp_path / "documents" / "b.parquet").write_bytes(b"no")
    found = list(coded.accounts(coded.parts(str(tmp_path))))
    assert [isinstance(f, SkipDocument) for f in found] == [True, True]


# -- the engine itself ---------------------------------------------------------------------------------------------------
def batch(source: Path, out: Path, *options: str) -> str:
    """What a run says; the engine can be set up but once in a process."""
    command = [sys.executable, "-m", "dragoman", "batch", str(source), str(out), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_any_number_of_workers_gives_the_same_and_a_rerun_does_what_is_missing(source: Path, tmp_path: Path) -> None:
    pytest.importorskip("daft", reason="ours to have: the extra batch is not installed")
    said = [batch(source, tmp_path / str(n), "--workers", str(n)) for n in (1, 2)]
    assert tables(tmp_path / "1") == tables(tmp_path / "2")
    assert all("7 documents, 2 relevant" in s for s in said)
    before = tables(tmp_path / "1")
    next((tmp_path / "1" / "documents").glob("*.parquet")).unlink()
    assert "1 of 2 parts were done before" in batch(source, tmp_path / "1", "--workers", "1")
    assert tables(tmp_path / "1") == before
    assert "0 documents" in batch(source, tmp_path / "1")


def test_a_ray_cluster_gives_the_same(source: Path, tmp_path: Path) -> None:
    pytest.importorskip("daft", reason="ours to have: the extra batch is not installed")
    ray = pytest.importorskip("ray", reason="ours to have: the extra ray is not installed")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        batch(source, tmp_path / "ray", "--engine", "ray", "--workers", "2")
    finally:
        ray.shutdown()
    batch(source, tmp_path / "here", "--workers", "1")
    assert tables(tmp_path / "ray") == tables(tmp_path / "here")


@pytest.mark.parametrize("call", [["a"], ["a", "b", "--engine", "spark"], ["a", "b", "--address", "x"]])
def test_wrong_calls(call: list[str]) -> None:
    assert RUN.invoke(app, ["batch", *call]).exit_code == 2
