"""Every container, and every way in which one can be wrong: the run goes on, and the message names file and line."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document
from dragoman.stages.ingest import read

GOOD = {"doc_id": "a", "outlet": "KUNA", "published": "2024-12-03T10:00:00Z", "title": "T", "text": "They met."}


def documents(path: Path | str, **settings: int | str) -> list[Document]:
    return [d for d in read(str(path), Settings(**settings)) if isinstance(d, Document)]  # type: ignore[arg-type]


def aside(path: Path | str, **settings: int) -> list[str]:
    return [str(d) for d in read(str(path), Settings(**settings)) if isinstance(d, SkipDocument)]  # type: ignore[arg-type]


def test_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("They met.", encoding="utf-8")
    [doc] = documents(tmp_path / "a.txt")
    assert doc.text == "They met."
    assert doc.source.doc_id.startswith("a-")


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\noutlet: SPA\npublished: 2024-05-03\ntitle: T\n---\nThey met.\n", encoding="utf-8"
    )
    [doc] = documents(tmp_path / "a.md")
    assert (doc.source.outlet, doc.source.published, doc.source.title, doc.text) == (
        "SPA",
        date(2024, 5, 3),
        "T",
        "They met.\n",
    )


def test_json_lines_plain_and_gzipped(tmp_path: Path) -> None:
    line = json.dumps(GOOD) + "\n"
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(line.encode()))
    one, two = documents(tmp_path)
    assert one == two
    assert one.source.published == date(2024, 12, 3)


def test_tables(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "a.csv").write_text(
        'id,outlet,published,text\n1,SPA,20240503,"They met,\nin Rome."\n', encoding="utf-8"
    )
    pq.write_table(
        pa.table({"id": ["1"], "published": [date(2024, 5, 3)], "text": ["They met,\nin Rome."], "x": [1]}),
        tmp_path / "b.parquet",
    )
    one, two = documents(tmp_path)
    assert one.text == two.text == "They met,\nin Rome."
    assert one.source.published == two.source.published == date(2024, 5, 3)


def test_page(tmp_path: Path) -> None:
    body = (
        "<p>The minister of defence met his colleague from Peru in the capital on Friday to speak of training.</p>" * 3
    )
    page = f"<html><head><title>Two met</title></head><body><nav>Home</nav><article><h1>Two met</h1>{body}</article></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    [doc] = documents(tmp_path / "a.html")
    assert "met his colleague" in doc.text
    assert doc.source.title == "Two met"


def test_glob_and_folder_are_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.log"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    assert [d.text for d in documents(tmp_path)] == ["a.txt", "b.txt"]
    assert [d.text for d in documents(str(tmp_path / "*.txt"))] == ["a.txt", "b.txt"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Die Gespräche über Öl fanden in Köln statt. " * 5
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    assert documents(tmp_path / "a.txt", language="any")[0].text == text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b'{"text": "ok"}\n[1]\n', r"a\.jsonl:2: a JSON list, not an object"),
        ("a.jsonl", b'{"text": "ok"}\n{"text": \n', r"a\.jsonl:2: not JSON"),
        ("a.jsonl", b'{"text": "ok"}\n{"title": "x"}\n', r"a\.jsonl:2: has no text"),
        ("a.jsonl", b'{"text": "ok"}\n{"text": 7}\n', r"a\.jsonl:2: its text is int"),
        ("a.jsonl", b'{"text": "ok"}\n{"text": "  "}\n', r"a\.jsonl:2: its text is empty"),
        ("a.jsonl", b'{"text": "ok"}\n{"text": "x", "published": "soon"}\n', r"a\.jsonl:2: published is 'soon'"),
        ("a.jsonl", b'{"text": "ok"}\n{"text": "\xff\xfe"}\n', r"a\.jsonl:2: "),
        ("a.jsonl", b'{"text": "ok"}\n' + b"[" * 100000 + b"\n", r"a\.jsonl:2: "),
        ("a.jsonl", b'{"text": "ok"}\n{"text": "' + b"x" * 3000 + b'"}\n', r"a\.jsonl:2: .* more than the limit"),
        ("a.csv", b"text\nok\na,b\n", r"a\.csv:3: 2 fields, but 1 columns"),
    ],
)
def test_one_bad_row_does_not_stop_the_others(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    import re

    (tmp_path / name).write_bytes(content)
    assert len(documents(tmp_path / name, largest=2000)) == 1
    [told] = aside(tmp_path / name, largest=2000)
    assert re.search(message, told), told


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "its text is empty"),
        ("a.txt", b"PK\x03\x04\x00\x00", "a binary file"),
        ("a.txt", b"x" * 5000, "more than the limit"),
        ("a.md", b"---\na: [\n---\ntext", "front matter is not YAML"),
        ("a.md", b"---\n- a\n---\ntext", "front matter is not a list of keys"),
        ("a.csv", b"name,age\nx,1\n", "names no column text"),
        ("a.parquet", b"not parquet", "not a Parquet file"),
        ("a.jsonl.gz", b"not gzip", "gzip stream is damaged"),
        ("a.html", b"<html><body></body></html>", "no article"),
        ("a.xyz", b"text", "its kind is not known"),
    ],
)
def test_bad_files(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    [told] = aside(tmp_path / name, largest_file=4000)
    assert name in told
    assert message in told


def test_missing(tmp_path: Path) -> None:
    assert "there is no such file" in aside(tmp_path / "none.txt")[0]
    assert "there is no such file" in aside(str(tmp_path / "*.none"))[0]


def test_a_line_without_end_is_not_held(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "' + b"x" * 10000 + b'"}\n{"text": "ok"}\n')
    assert [d.text for d in documents(tmp_path / "a.jsonl", largest_file=4000)] == ["ok"]


def test_a_small_limit_of_one_reading_is_not_the_process_s(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\nok\n", encoding="utf-8")
    assert [d.text for d in documents(tmp_path / "a.csv", largest_file=50)] == ["ok"]
    long = "word " * 100
    assert next(csv.reader([long])) == [long]
