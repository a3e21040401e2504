"""``dragoman export`` and ``compare`` on a register file, and the register in a notebook."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dragoman import Filter, Reader, Register
from dragoman.cli import app
from dragoman.export import FORMATS
from dragoman.model import Document, Source
from dragoman.store.write import Writer

RUN = CliRunner()
TEXTS = (
    ("a", "Anadolu", "ANKARA, May 3 (AA) - Turkish Foreign Minister Kemal Aydın met with his Azerbaijani counterpart Rauf Quliyev in "
     "Ankara on Friday, the Turkish Foreign Ministry said in a statement. The two ministers discussed energy and trade."),
    ("b", "Trend", "BAKU, Azerbaijan, May 4. Azerbaijani Foreign Minister Rauf Quliyev held talks with Turkish Foreign Minister Kemal Aydın in "
     "Ankara on May 3, Trend reports. They talked about energy."),
    ("c", "Kyodo News", "TOKYO, May 6 (Kyodo) -- Japanese Foreign Minister Haruki Onodera spoke by telephone with his Indian counterpart "
     "Arvind Raghavan on Monday, the Foreign Ministry said."),
)  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, reader: Reader) -> Path:
    path = tmp_path_factory.mktemp("register") / "r.duckdb"
    days = {"a": date(2024, 5, 3), "b": date(2024, 5, 4), "c": date(2024, 5, 6)}
    documents = [Document(Source(i, f"https://example.org/{i}", o, days[i], None), text) for i, o, text in TEXTS]
    Writer(path, reader.tools).add(list(reader.read_many(documents)))
    return path


def out(file: Path, *call: str) -> bytes:
    done = RUN.invoke(app, [call[0], *call[1:], "--register", str(file)])
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


def rows(file: Path, *filters: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out(file, "export", "-f", "csv", "-", *filters).decode())))


def test_two_accounts_of_one_meeting_are_one_record(file: Path) -> None:
    meeting = [r for r in rows(file) if r["kind"] == "meeting"]
    assert {(r["name"], r["party"]) for r in meeting} == {("Kemal Aydın", "TUR"), ("Rauf Quliyev", "AZE")}
    assert {(r["accounts"], r["independent"], r["outlets"]) for r in meeting} == {("2", "2", "Anadolu; Trend")}
    assert all(r["person_id"] for r in meeting)


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        (["--party", "TUR"], {"meeting"}),
        (["--party", "India", "--party", "japan"], {"call"}),
        (["--kind", "call", "--kind", "meeting"], {"call", "meeting"}),
        (["--person", "Haruki Onodera"], {"call"}),
        (["--since", "2024-05-05"], {"call"}),
        (["--until", "2024-05-04"], {"meeting"}),
        (["--source", "Trend"], {"meeting"}),
        (["--place", "Ankara"], {"meeting"}),
        (["--status", "cancelled"], set()),
        (["--office", "foreign minister", "--topic", "intelligence"], set()),
    ],
)
def test_filters(file: Path, filters: list[str], kinds: set[str]) -> None:
    assert {r["kind"] for r in rows(file, *filters)} == kinds


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_twice_the_same(file: Path, tmp_path: Path, name: str) -> None:
    for part in ("one", "two"):
        out(file, "export", "--format", name, f"{tmp_path}/{part}/")
    one, two = (sorted((tmp_path / part).iterdir()) for part in ("one", "two"))
    assert [p.name for p in one] == [p.name for p in two]
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]
    assert all(p.stat().st_size for p in one)


def test_claims_come_with_their_spans(file: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    out(file, "export", "-f", "parquet", str(tmp_path))
    claims = pq.read_table(tmp_path / "claims.parquet").to_pylist()
    texts = {i: text for i, _, text in TEXTS}
    named = [c for c in claims if c["field"].endswith(".name")]
    assert len(named) == 6
    for claim in named:
        [[start, end]] = json.loads(claim["spans"])
        assert texts[claim["doc_id"]][start:end] == json.loads(claim["value"])


def test_tenures_reach_follow_the_money(file: Path) -> None:
    entities = [json.loads(line) for line in out(file, "export", "-f", "ftm", "-").decode().splitlines()]
    terms = [e["properties"] for e in entities if e["schema"] == "Occupancy"]
    assert any(t.get("startDate") == ["2024-05-03"] for t in terms)


def test_a_register_in_a_notebook(file: Path) -> None:
    register = Register(file)
    assert register.engagements().num_rows == 2
    calls = register.participations(Filter(kinds=("call",)), frame="pandas")
    assert set(calls.party) == {"IND", "JPN"}
    assert register.accounts(frame="polars")["outlet"].n_unique() == 3
    assert "Register of 2 engagements" in register._repr_html_()


def test_compare_with_a_register(file: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "start,person,country\n2024-05-03,Rauf Quliyev,Azerbaijan\n2024-05-06,Nobody,Fiji\n"
    )
    figures = json.loads(out(file, "compare", str(tmp_path / "list.csv"), "--json"))
    assert [a["verdict"] for a in figures["groups"][0]["answers"]] == ["found", "unseen"]


@pytest.mark.parametrize(
    ("call", "code", "error"),
    [
        (["--party", "Ruritania", "-f", "csv", "-"], 2, "Ruritania"),
        (["--person", "Nobody Atall", "-f", "csv", "-"], 2, "Nobody Atall"),
        (["--kind", "chat", "-f", "csv", "-"], 2, "chat"),
        (["-f", "xls", "-"], 3, "no format 'xls': choose one of csv"),
        (["-f", "parquet", "-"], 3, "name a folder"),
    ],
)
def test_errors(file: Path, call: list[str], code: int, error: str) -> None:
    done = RUN.invoke(app, ["export", *call, "--register", str(file)])
    assert done.exit_code == code
    assert error in done.stderr
    assert done.stdout == ""


def test_no_register(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["export", "-f", "csv", "-", "--register", str(tmp_path / "none.duckdb")])
    assert done.exit_code == 3
    assert "none.duckdb" in done.stderr
