"""Archives of everything: what they hold is read, wherever it lies, and what is damaged loses only itself."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import os
import tarfile
import zipfile
from datetime import date
from pathlib import Path

import pytest

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document
from dragoman.stages.ingest import read

LINE = json.dumps({"doc_id": "line", "text": "They met in Rome."}).encode() + b"\n"
PARAGRAPH = "<p>The minister of defence met his colleague from Peru in the capital on Friday to speak of training.</p>"
PAGE = f"<!doctype html><html><head><title>Two met</title></head><body><article>{PARAGRAPH * 3}</article></body></html>".encode()


def everything(path: Path, **settings: int) -> tuple[list[Document], list[str]]:
    found = list(read(str(path), Settings(**settings)))  # type: ignore[arg-type]
    return [d for d in found if isinstance(d, Document)], [str(s) for s in found if isinstance(s, SkipDocument)]


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def record(
    uri: str,
    body: bytes,
    *,
    status: str = "200 OK",
    http: str = "Content-Type: text/html\r\n",
    length: int | None = None,
) -> bytes:
    payload = f"HTTP/1.1 {status}\r\n{http}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2024-05-03T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:0>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(payload) if length is None else length}\r\n\r\n"
    )
    return head.encode() + payload + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl.gz", gzip.compress(LINE)),
        ("a.jsonl.bz2", bz2.compress(LINE)),
        ("a.jsonl.gz.gz", gzip.compress(gzip.compress(LINE))),
        ("a.zip", zipped(a__jsonl=LINE, picture__png=b"\x89PNG", note__docx=b"PK")),
        ("a.tar", tarred({"./deep/a.jsonl": LINE, "b.png": b"x"})),
        ("a.tar.gz", tarred({"a.jsonl": LINE}, "w:gz")),
        ("a.tgz", tarred({"a.jsonl": LINE}, "w:gz")),
        ("a.tbz", tarred({"a.jsonl": LINE}, "w:bz2")),
        ("A.ZIP", zipped(B__TAR__GZ=tarred({"a.zip": zipped(a__jsonl__gz=gzip.compress(LINE))}, "w:gz"))),
    ],
)
def test_whatever_it_is_packed_in(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    for where in (tmp_path / name, tmp_path):
        documents, told = everything(where)
        assert [d.text for d in documents] == ["They met in Rome."]
        assert told == []


def test_every_kind_of_file_in_every_archive(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = io.BytesIO()
    pq.write_table(pa.table({"text": ["They met in Oslo."]}), table)
    members = {"a.txt": b"They met in Rome.", "b.md": b"---\noutlet: SPA\n---\nThey met in Bonn.", "c.html": PAGE, "d.jsonl": LINE,
               "e.csv": b"text\nThey met in Bern.\n", "f.parquet": table.getvalue(), "g.warc": record("http://x.example/", PAGE)}  # fmt: skip
    (tmp_path / "all.tar").write_bytes(tarred(members))
    (tmp_path / "all.zip").write_bytes(zipped(**{k.replace(".", "__"): v for k, v in members.items()}))
    texts = []
    for name in ("all.tar", "all.zip"):
        documents, told = everything(tmp_path / name)
        assert told == []
        texts.append([d.text for d in documents])
    assert texts[0] == texts[1]
    assert len(texts[0]) == 7


def test_names_from_archives_are_never_followed(tmp_path: Path) -> None:
    names = [
        "../../evil.txt",
        "/tmp/evil.txt",
        "C:\\evil.txt",
        "a/../../evil.txt",
        "\x1b[2Jevil.txt",
        "e" * 5000 + ".txt",
    ]
    content = {name: b"They met in Rome number %d." % i for i, name in enumerate(names)}
    inside = tmp_path / "inside"
    inside.mkdir()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        for name, text in content.items():
            out.writestr(name, text)
    (inside / "a.zip").write_bytes(archive.getvalue())
    (inside / "b.tar").write_bytes(tarred(content))
    before = sorted(tmp_path.rglob("*"))
    documents, told = everything(inside)
    assert len(documents) == 2 * len(names)
    assert told == []
    assert all(d.source.doc_id.isprintable() and len(d.source.doc_id) < 100 for d in documents)
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path("/tmp/evil.txt").exists()


def test_links_and_devices_in_a_tar_are_passed_over(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (
            ("a.txt", tarfile.SYMTYPE),
            ("b.txt", tarfile.LNKTYPE),
            ("c.txt", tarfile.CHRTYPE),
            ("d.txt", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    (tmp_path / "a.tar").write_bytes(out.getvalue() + b"\0" * 1024)
    assert everything(tmp_path / "a.tar") == ([], [])


def test_web_archive(tmp_path: Path) -> None:
    import zlib

    chunked = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (PAGE[:100], PAGE[100:])) + b"0\r\n\r\n"
    records = [
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\nx: y\r\n\r\n",
        record("http://x.example/1", PAGE),
        record("http://x.example/gone", PAGE, status="404 Not Found"),
        record("http://x.example/a.png", b"\x89PNG", http="Content-Type: image/png\r\n"),
        record("http://x.example/2", chunked, http="Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n"),
        record("http://x.example/3", gzip.compress(PAGE), http="Content-Type: text/html\r\nContent-Encoding: gzip\r\n"),
        record(
            "http://x.example/4", zlib.compress(PAGE), http="Content-Type: text/html\r\nContent-Encoding: deflate\r\n"
        ),
        record(
            "http://x.example/5", PAGE, http="Content-Type: text/html\r\nContent-Encoding: gzip\r\n"
        ),  # as CC-NEWS: unpacked already
        record("http://x.example/6", b"They met in Rome.", http="Content-Type: text/plain\r\n"),
        record("http://x.example/7", PAGE, http="Content-Type: text/html\r\nContent-Encoding: br\r\n"),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    (tmp_path / "b.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    documents, told = everything(tmp_path / "a.warc")
    assert [d.source.url for d in documents] == [f"http://x.example/{n}" for n in range(1, 7)]
    assert len({d.text for d in documents[:5]}) == 1
    assert len(told) == 1
    assert "record 10: it is packed as br" in told[0]
    assert everything(tmp_path / "b.warc.gz")[0] == documents


def test_what_a_library_has_to_say_of_a_hostile_record_is_not_printed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Found by fuzzing: its warning shows an address of the file as it is, control characters and all."""
    (tmp_path / "a.warc").write_bytes(record("http: \x1b[31mx/ y", PAGE))
    everything(tmp_path / "a.warc")
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_a_page_is_not_younger_than_its_retrieval(tmp_path: Path) -> None:
    page = PAGE.replace(
        b"<article>", b'<article><time datetime="2031-01-01">1 January 2031</time><p>Published 2 May 2024</p>'
    )
    (tmp_path / "a.warc").write_bytes(record("http://x.example/", page))
    [doc], _ = everything(tmp_path / "a.warc")
    assert doc.source.published in {None, date(2024, 5, 2)}


GOOD = record("http://x.example/good", PAGE)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (b"garbage\r\n\r\nmore\r\n", "record 2: no record begins here"),
        (record("http://x.example/", b"x", length=0).replace(b"Content-Length: 0\r\n", b""), "gives no length"),
        (record("http://x.example/", b"x").replace(b"Content-Length: ", b"Content-Length: -"), "gives no length"),
        (record("http://x.example/", b"x", length=3), "not a record that can be parsed|no record begins here"),
        (record("http://x.example/", b"x", http="X: y\r\n" * 20000), "its bytes are more|not a record"),
        (b"WARC/1.0\r\n" + b"X: y\r\n" * 20000 + b"\r\n", "its header does not end"),
        (b"WARC/1.0\r\nX: " + b"y" * 200000 + b"\r\n\r\n", "its header does not end"),
        (
            record("http://x.example/", gzip.compress(b"a" * 10**6), http="Content-Encoding: gzip\r\n"),
            "unpacks to more than the limit",
        ),
        (record("http://x.example/", b"a" * 10**5), "its bytes are more than the limit"),
        (b"\x00" * 100000 + b"\r\n", "no record begins here"),
    ],
)
def test_a_web_archive_goes_on_after_damage(tmp_path: Path, damage: bytes, message: str) -> None:
    import re

    (tmp_path / "a.warc").write_bytes(GOOD + damage + GOOD)
    documents, told = everything(tmp_path / "a.warc", largest_file=50000)
    assert len(documents) == 2
    assert re.search(message, told[0]), told


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl.gz", gzip.compress(LINE * 5000)[:-30], "its gzip stream is damaged"),
        ("a.jsonl.bz2", bz2.compress(os.urandom(0) + LINE * 5000)[:-30], "its bzip2 stream is damaged"),
        ("a.warc", GOOD + GOOD[:-300], "the file ends within it"),
        ("a.warc", GOOD + GOOD[:100], "the file ends within its header"),
        ("a.warc.gz", gzip.compress(GOOD) + gzip.compress(GOOD)[:-50], "its gzip stream is damaged|the file ends within"),
        ("a.tar", tarred({"a.txt": b"They met in Rome.", "b.txt": b"x" * 5000})[:2000], "its tar archive is damaged|tar archive"),
        ("a.tar.gz", tarred({"a.txt": b"They met in Rome.", "b.txt": os.urandom(5000)}, "w:gz")[:-2000], "its gzip stream is damaged"),
        ("a.zip", zipped(a__txt=b"They met in Rome.")[:-10], "its zip archive is damaged"),
    ],
)  # fmt: skip
def test_truncated(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    import re

    (tmp_path / name).write_bytes(content)
    documents, told = everything(tmp_path / name)
    assert len(told) == 1 + (name == "a.tar")  # the member and what it lies in
    assert name in told[0]
    assert re.search(message, told[0]), told
    assert documents or ".zip" in name or ".bz2" in name


def test_a_damaged_member_loses_only_itself(tmp_path: Path) -> None:
    content = bytearray(
        zipped(
            a__txt=b"They met in Rome." * 50,
            b__txt=b"They met in Bonn.",
            c__jsonl__gz=b"no gzip",
            d__txt=b"They met in Oslo.",
        )
    )
    content[45] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(content)
    documents, told = everything(tmp_path / "a.zip")
    assert [d.text for d in documents] == ["They met in Bonn.", "They met in Oslo."]
    assert "a.zip!a.txt: its member of a zip archive is damaged" in told[0]
    assert "a.zip!c.jsonl.gz: its gzip stream is damaged" in told[1]
    assert len(told) == 2


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.pdf", "a.csv", "a.parquet", "a.zip", "a.tar"])
def test_an_empty_file_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    documents, told = everything(tmp_path / name)
    assert documents == []
    assert len(told) == 1
    assert name in told[0]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.warc", "a.warc.gz", "a.txt.gz"])
def test_an_empty_list_of_documents_is_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    documents, told = everything(tmp_path / name)
    assert documents == []
    assert len(told) <= 1
