"""doctor: what is well is called so, what is wrong is named with what to do."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from dragoman import doctor
from dragoman.cli import app
from dragoman.doctor import NOTE, WELL, WRONG, Asked, checks
from dragoman.feeds.journal import Journal, beside
from dragoman.resources import Tools
from dragoman.store.write import Writer

FIRST = Path(__file__).parent / "store" / "schema1.duckdb.gz"


@pytest.fixture(autouse=True)
def loaded(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.resources.Tools", lambda **_: tools)
    monkeypatch.setattr("dragoman.reader.Tools", lambda **_: tools)


@pytest.fixture
def register(tmp_path: Path, tools: Tools) -> Path:
    path = tmp_path / "r.duckdb"
    path.write_bytes(gzip.decompress(FIRST.read_bytes()))
    Writer(path, tools).make()
    Writer(path, tools).rebuild()
    return path


def states(asked: Asked) -> dict[str, list[tuple[str, str]]]:
    out: dict[str, list[tuple[str, str]]] = {}
    for check in checks(asked):
        out.setdefault(check.name, []).append((check.state, check.found))
    return out


def test_all_is_well(register: Path, tmp_path: Path) -> None:
    feeds = tmp_path / "feeds.toml"
    feeds.write_text(
        'contact = "mailto:a@example.org"\n[[feed]]\nurl = "https://a.example/rss"\n'
        '[[watch]]\nname = "x"\nparties = ["TUR"]\ncommand = ["sh", "-c", "true"]\n',
        encoding="utf-8",
    )
    found = states(Asked(register, feeds))
    assert {state for rows in found.values() for state, _ in rows} <= {WELL, NOTE}
    assert found["register"][0][0] == WELL
    assert "2 documents" in found["register"][0][1]
    assert found["feeds"][-1] == (NOTE, "they were not watched yet")
    journal = Journal(beside(register))
    journal.feed("k", "https://a.example/rss")
    journal.feed_failed("k", at=1.0, due=2.0, status=500, note="the server answers 500")
    journal.close()
    assert (NOTE, "https://a.example/rss failed 1 times: the server answers 500") in states(Asked(register, feeds))[
        "feeds"
    ]


def test_what_is_wrong_is_told(register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect(str(register)) as con:
        con.execute("UPDATE documents SET text = replace(text, 'met', 'MET')")
    feeds = tmp_path / "feeds.toml"
    feeds.write_text('[[feed]]\nurl = "nowhere"\n', encoding="utf-8")
    settings = tmp_path / "s.toml"
    settings.write_text("colour = 1", encoding="utf-8")
    monkeypatch.setattr(doctor, "ROOM", 10**18)
    monkeypatch.setattr(
        "importlib.metadata.requires", lambda name: ["nosuchpackage>=1", "numpy>=999", "x; extra == 'dev'"]
    )
    found = states(Asked(register, feeds, settings))
    for name, words in (
        ("register", "is not the one that was read"),
        ("feeds", "url is no http"),
        ("settings", "colour is no setting"),
        ("installation", "nosuchpackage is missing; numpy is"),
    ):
        assert found[name][0][0] == WRONG, name
        assert words in found[name][0][1]
    assert found["disk"][0][0] == NOTE


def test_the_command(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["doctor", "--register", str(tmp_path / "none.duckdb"), "--json"])
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["state"] for r in rows if r["name"] == "register"] == [NOTE]
    assert "dragoman read" in next(r["do"] for r in rows if r["name"] == "register")
    (tmp_path / "none.duckdb").write_bytes(b"no register" * 1000)
    told = CliRunner().invoke(app, ["doctor", "--register", str(tmp_path / "none.duckdb")])
    assert told.exit_code == 1
    assert "wrong  register" in told.stdout
