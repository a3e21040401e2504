"""The options as users type them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dragoman.cli import app
from tests.llm.stub import Answer, Fault, Stub, serving

RUN = CliRunner()
TEXT = (
    "ANKARA, May 3 (AA) - Turkish Foreign Minister Kemal Aydın met with his Azerbaijani counterpart Rauf Quliyev in Ankara on Friday, "
    "the Turkish Foreign Ministry said in a statement. The two ministers discussed energy and trade."
)
ANSWER = {"engagements": [{
    "id": "e1", "kind": "meeting", "status": "held", "salience": "main", "part_of": None, "sentence": 1,
    "evidence": "met with his Azerbaijani counterpart Rauf Quliyev in Ankara on Friday",
    "date": {"words": "on Friday", "basis": "text"},
    "place": {"text": "Ankara", "city": "Ankara", "country": "TUR", "venue": None},
    "participants": [
        {"name": "Kemal Aydin", "office": "Foreign Minister", "rank": None, "party": "TUR", "side": "host", "head": False},
        {"name": "Rauf Quliyev", "office": "Foreign Minister", "rank": None, "party": "AZE", "side": "guest", "head": False}],
    "parties": ["AZE", "TUR"], "topics": ["economic"], "framework": None, "sources": ["Turkish Foreign Ministry"]}]}  # fmt: skip


@pytest.fixture
def stub() -> Iterator[Stub]:
    def answer(body: dict[str, Any], number: int) -> Answer:
        return json.dumps(ANSWER)

    with serving(answer) as running:
        yield running


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRAGOMAN_API_KEY", "sk-hidden")
    rows = [{"doc_id": i, "outlet": "Anadolu", "published": "2024-05-03", "text": TEXT + f" Room {i}."} for i in "ab"]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return tmp_path


def code(*arguments: str) -> Any:
    return RUN.invoke(app, ["code", "in.jsonl", *arguments])


def test_a_model_reads(here: Path, stub: Stub) -> None:
    done = code("--reader", "llm", "--base-url", stub.url, "--model", "m")
    assert done.exit_code == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["doc_id"] for r in rows] == ["a", "b"]
    [e] = rows[0]["engagements"]
    assert [p["name"] for p in e["participants"]] == ["Kemal Aydın", "Rauf Quliyev"]
    assert rows[0]["version"].endswith("llm m prompt 1")
    assert "2 documents sent" in done.stderr
    assert "sk-hidden" not in done.stdout + done.stderr
    assert stub.headers[0]["Authorization"] == "Bearer sk-hidden"
    again = code("--reader", "llm", "--base-url", stub.url, "--model", "m", "-q")
    assert again.stdout == done.stdout
    assert again.stderr == ""
    assert len(stub.requests) == 2
    assert sorted(p.name for p in here.iterdir()) == ["dragoman-answers.sqlite", "in.jsonl"]


def test_limits_stop_with_three_and_go_on(here: Path, stub: Stub) -> None:
    call = ("--reader", "llm", "--base-url", stub.url, "--model", "m", "--max-documents", "1", "-o", "out.jsonl")
    first = code(*call)
    assert first.exit_code == 3
    assert "--max-documents 1 reached; run again to go on" in first.stderr
    assert len((here / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    assert code(*call).exit_code == 0
    assert len((here / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert len(stub.requests) == 2


def test_an_estimate_is_told_first(here: Path, stub: Stub) -> None:
    done = code(
        "--reader", "llm", "--base-url", stub.url, "--model", "m", "--estimate", "--price-in", "1", "--price-out", "2"
    )
    assert done.exit_code == 0, done.stderr
    assert "to be sent                     2" in done.stdout
    assert "cost, about" in done.stdout
    assert not stub.requests


def test_both_compare_and_write_down_where_they_differ(here: Path, stub: Stub) -> None:
    done = code("--reader", "both", "--base-url", stub.url, "--model", "m", "--disagreements", "differs.jsonl")
    assert done.exit_code == 0, done.stderr
    assert "agreement of the two readers over 2 documents" in done.stderr
    assert "Krippendorff's alpha" in done.stderr
    rows = [json.loads(line) for line in (here / "differs.jsonl").read_text(encoding="utf-8").splitlines()]
    for row in rows:
        assert list(row) == ["doc_id", "url", "outlet", "published", "title", "fields", "rules", "llm"]
        assert row["fields"] or row["rules"] is None or row["llm"] is None
    assert json.loads(done.stdout.splitlines()[0])["engagements"][0]["rules"] == {"kind": "llm m prompt 1"}


def test_settings_come_from_the_file_and_the_command_line_wins(here: Path, stub: Stub) -> None:
    (here / "dragoman.toml").write_text(
        f'reader = "llm"\n[llm]\nbase_url = "{stub.url}"\nmodel = "file"\ncache = "kept.sqlite"\n', encoding="utf-8"
    )
    assert code("--model", "line").exit_code == 0
    assert {r["model"] for r in stub.requests} == {"line"}
    assert (here / "kept.sqlite").is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--reader", "llm"], "--base-url and --model"),
        (["--reader", "oracle"], "not one of rules, llm, both"),
        (["--reader", "llm", "--base-url", "ftp://x", "--model", "m"], "no address"),
        (["--reader", "llm", "--base-url", "http://u:sk-hidden@x/v1", "--model", "m"], "may hold no key"),
        (["--max-cost", "3"], "max_cost needs prices"),
        (["--config", "none.toml"], "none.toml: No such file"),
    ],
)
def test_a_wrong_call_is_told(here: Path, arguments: list[str], says: str) -> None:
    done = code(*arguments)
    assert done.exit_code == 2
    assert says in done.stderr
    assert "sk-hidden" not in done.stderr


def test_estimate_wants_a_model(here: Path) -> None:
    assert code("--estimate").exit_code == 2


def test_the_embedded_reader_asks_nobody(here: Path, stub: Stub) -> None:
    assert code("--base-url", stub.url, "--model", "m", "-q").exit_code == 0
    assert not stub.requests
    assert not (here / "dragoman-answers.sqlite").exists()


def test_a_register_is_estimated_for_what_it_lacks_and_filled_within_limits(here: Path, stub: Stub) -> None:
    model = ("--reader", "llm", "--base-url", stub.url, "--model", "m")
    first = RUN.invoke(app, ["read", "in.jsonl", *model, "--estimate"])
    assert "to be sent                     2" in first.stdout
    assert sorted(p.name for p in here.iterdir()) == ["in.jsonl"]
    limited = RUN.invoke(app, ["read", "in.jsonl", *model, "--max-documents", "1"])
    assert limited.exit_code == 3
    assert "1 documents new" in limited.stderr
    rest = RUN.invoke(app, ["read", "in.jsonl", *model, "--estimate"])
    assert "documents                      1" in rest.stdout
    assert "to be sent                     1" in rest.stdout
    assert len(stub.requests) == 1
    assert RUN.invoke(app, ["read", "in.jsonl", *model]).exit_code == 0
    assert "to be sent                     0" in RUN.invoke(app, ["read", "in.jsonl", *model, "--estimate"]).stdout
    assert RUN.invoke(app, ["read", "in.jsonl", "--estimate"]).exit_code == 2


def batch(here: Path, stub: Stub, *options: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the command ends it."""
    call = ["batch", "in.jsonl", "out", "--reader", "llm", "--base-url", stub.url, "--model", "m", *options]
    return subprocess.run([sys.executable, "-m", "dragoman", *call], cwd=here, capture_output=True, text=True)


def test_a_batch_has_one_budget_and_writes_no_part_that_lacks_an_answer(here: Path, stub: Stub) -> None:
    (here / "dragoman.toml").write_text("[llm]\nretries = 0\nconcurrency = 1\n", encoding="utf-8")
    told = batch(here, stub, "--estimate")
    assert "to be sent                     2" in told.stdout, told.stderr
    assert not (here / "out").exists()
    limited = batch(here, stub, "--max-documents", "1")
    assert limited.returncode == 3
    assert "1 documents sent, 1 answered" in limited.stderr
    good, stub.answer = stub.answer, lambda body, number: Fault(500)
    failed = batch(here, stub)
    assert failed.returncode == 1
    assert "1 documents sent, 0 answered, 1 without an answer; 1 answered before" in failed.stderr
    assert "1 documents got no answer, and their parts are not written" in failed.stderr
    assert not list((here / "out").rglob("*.parquet"))
    stub.answer = good
    done = batch(here, stub)
    assert done.returncode == 0
    assert "2 documents, 2 relevant, 2 engagements" in done.stderr
    assert "1 of 1 parts were done before" in batch(here, stub).stderr
    assert "leave --engine ray out" in batch(here, stub, "--engine", "ray").stderr
