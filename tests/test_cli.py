"""The command as its users type it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from dragoman.cli import app

TEXT = (
    "ANKARA, May 3 (AA) - Turkish Foreign Minister Kemal Aydın met with his Azerbaijani counterpart Rauf Quliyev in Ankara on Friday, "
    "the Turkish Foreign Ministry said in a statement. The two ministers discussed energy and trade."
)
RUN = CliRunner()


def write(folder: Path, **rows: object) -> Path:
    path = folder / "a.jsonl"
    path.write_text(
        json.dumps({"doc_id": "a", "outlet": "Anadolu", "published": "2024-05-03", "text": TEXT} | rows) + "\n",
        encoding="utf-8",
    )
    return path


def test_code_writes_a_line_a_document(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["code", str(write(tmp_path)), "-q"])
    assert done.exit_code == 0
    row = json.loads(done.stdout)
    assert list(row) == [
        "doc_id",
        "url",
        "outlet",
        "author",
        "published",
        "title",
        "language",
        "original",
        "engagements",
        "version",
    ]
    [meeting] = [e for e in row["engagements"] if e["kind"] == "meeting"]
    assert (meeting["status"], meeting["parties"], meeting["date"]["start"]) == ("held", ["AZE", "TUR"], "2024-05-03")
    assert meeting["place"]["city"] == "Ankara"
    assert {(p["name"], p["party"], p["side"]) for p in meeting["participants"]} == {
        ("Kemal Aydın", "TUR", "host"),
        ("Rauf Quliyev", "AZE", "guest"),
    }
    assert meeting["sources"][-1] == "Anadolu"


def test_every_span_gives_its_words_back(tmp_path: Path) -> None:
    row = json.loads(RUN.invoke(app, ["code", str(write(tmp_path)), "-q"]).stdout)
    for e in row["engagements"]:
        for i, p in enumerate(e["participants"]):
            for field in ("name", "rank", "office"):
                if f"participants[{i}].{field}" in e["spans"]:
                    [[start, end]] = e["spans"][f"participants[{i}].{field}"]
                    assert TEXT[start:end] == p[field]
        [[start, end]] = e["spans"]["evidence"]
        assert TEXT[start:end] == e["evidence"]


def test_same_bytes_twice_and_in_any_company(tmp_path: Path) -> None:
    one = write(tmp_path)
    other = tmp_path / "b.txt"
    other.write_text("A delegation of Peru arrived in Lima on Monday.", encoding="utf-8")
    alone = RUN.invoke(app, ["code", str(one), "-q"]).stdout
    both = RUN.invoke(app, ["code", str(other), str(one), "-q"]).stdout
    assert alone in both
    assert alone == RUN.invoke(app, ["code", str(one), "-q"]).stdout


def test_exit_codes(tmp_path: Path) -> None:
    good = str(write(tmp_path))
    assert RUN.invoke(app, ["code", good, str(tmp_path / "none")]).exit_code == 1
    assert RUN.invoke(app, ["code"]).exit_code == 2
    assert RUN.invoke(app, ["code", str(tmp_path / "none"), good, "--strict"]).exit_code == 3
    assert RUN.invoke(app, ["code", good, "-o", str(tmp_path / "no" / "such")]).exit_code == 3


def test_output_file_summary_and_pretty(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = RUN.invoke(app, ["code", str(write(tmp_path)), str(tmp_path / "none"), "-o", str(out)])
    assert json.loads(out.read_text(encoding="utf-8"))["doc_id"] == "a"
    assert "1 documents" in done.stderr
    assert "1 set aside" in done.stderr
    assert "no such file" in done.stderr
    pretty = RUN.invoke(app, ["code", str(write(tmp_path)), "--pretty", "-q"]).stdout
    assert "MEETING AZE – TUR" in pretty
    assert "Kemal Aydın" in pretty


def test_explain_tells_words_and_bases(tmp_path: Path) -> None:
    told = RUN.invoke(app, ["explain", str(write(tmp_path))]).stdout
    assert "kind = 'meeting'" in told
    assert "“met”" in told
    assert "inferred: outlet" in told


def test_standard_input_and_a_reader_that_leaves(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dragoman", "code", "-", "-q"], input=TEXT.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["doc_id"]
    lines = tmp_path / "many.jsonl"
    lines.write_text(
        "".join(json.dumps({"text": f"Nothing happened {i}."}) + "\n" for i in range(200)), encoding="utf-8"
    )
    piped = subprocess.run(
        f"{sys.executable} -m dragoman code {lines} -q | head -n 1", shell=True, capture_output=True, check=False
    )
    assert b"Traceback" not in piped.stderr


def test_hostile_text_is_read_or_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = ["\\ud800 met \\u0000 in Rome", "a" * 5000, "\\u202e" * 50 + "x", "(" * 3000, "Mr. " * 800]
    path.write_text("".join(f'{{"text": "{r}"}}\n' for r in rows), encoding="utf-8")
    done = RUN.invoke(app, ["code", str(path), "-q"])
    assert done.exit_code == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(rows)
