"""Where a text was taken from: author, language and digest always, the page itself where it is asked for, and never what was removed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from dragoman.cli import app
from dragoman.config import Settings
from dragoman.errors import NotFound
from dragoman.model import Document
from dragoman.reader import Account, Reader
from dragoman.stages import ingest
from dragoman.stages.ingest._html import byline
from dragoman.store.marks import Name, mark_names
from dragoman.store.marks import read as marks_of
from dragoman.store.pages import names
from dragoman.store.read import Register
from dragoman.store.write import Writer
from tests.store.conftest import told

RUN = CliRunner()
ACT = (
    "ANKARA, May 3 (AA) - Turkish Foreign Minister Kemal Zorbalı met with his Azerbaijani counterpart Rauf Quliyev in Ankara on Friday, "
    "the Turkish Foreign Ministry said in a statement. The two ministers discussed energy, trade and the railway between the two countries."
)
OTHER = (
    "Japanese Foreign Minister Haruki Onodera spoke by telephone with his Indian counterpart Arvind Raghavan on Wednesday, the ministry said. "
    "The two ministers discussed the situation in the region and energy supplies, and agreed to speak again before the end of the month."
)


def page(text: str, beside: str = "", by: str = "Ayşe Kaya; desk@news.example") -> bytes:
    return (
        f'<html><head><title>Ministers talk</title><meta name="author" content="{by}"></head><body><nav>Home</nav><article>'
        f"<h1>Ministers talk</h1><p>{text}</p><p>{text}</p></article><aside><p>{beside}</p></aside></body></html>"
    ).encode()


Reading = Callable[..., list[Account]]


@pytest.fixture
def reading(tmp_path: Path, reader: Reader) -> Reading:
    """Accounts of pages, by name."""

    def read(settings: Settings, **pages: bytes) -> list[Account]:
        found: list[Document] = []
        for name, raw in pages.items():
            (tmp_path / f"{name}.html").write_bytes(raw)
            found += [d for d in ingest.read(str(tmp_path / f"{name}.html"), settings) if isinstance(d, Document)]
        assert len(found) == len(pages)
        docs = [replace(d, source=replace(d.source, doc_id=n)) for n, d in zip(pages, found, strict=True)]
        return [told(a) for a in reader.read_many(docs)]

    return read


KEEPING = Settings(keep_pages=True)


def test_a_page_tells_who_wrote_it_and_its_digest_stays(reading: Reading, tmp_path: Path, reader: Reader) -> None:
    [account] = reading(Settings(), a=page(ACT))
    row = json.loads(account.to_json())
    digest = hashlib.sha256(page(ACT)).hexdigest()
    assert (row["author"], row["language"], row["original"]) == ("Ayşe Kaya", "en", digest)
    Writer(tmp_path / "r.duckdb", reader.tools).add([account])
    register = Register(tmp_path / "r.duckdb")
    stored = register.document("a")
    assert (stored.author, stored.language, stored.original, stored.page) == ("Ayşe Kaya", "en", digest, False)
    [record] = register.records()
    assert (record.accounts[0].author, record.accounts[0].language) == ("Ayşe Kaya", "en")
    with pytest.raises(NotFound, match="--keep-pages"):
        register.page("a")
    with pytest.raises(NotFound, match="no document"):
        register.page("z")


@pytest.mark.parametrize(
    ("told", "kept"),
    [("Ann Bell", "Ann Bell"), ("Ann Bell; Bob Cole", "Ann Bell; Bob Cole"), ("ann@news.example", None), ("Ann Bell; @annbell", "Ann Bell"),
     ("https://news.example/ann", None), ("A sentence that goes on for so long that it can be the name of nobody in particular at all", None), (None, None), (" ; ", None)],
)  # fmt: skip
def test_bylines_are_names(told: str | None, kept: str | None) -> None:
    assert byline(told, f"<p>By {told} on Friday</p>") == kept
    assert byline(told, "<p>Nobody wrote this</p>") is None


def test_pages_are_kept_where_they_are_asked_for(reading: Reading, tmp_path: Path, reader: Reader) -> None:
    kept = reading(KEEPING, a=page(ACT), b=page(OTHER))
    Writer(tmp_path / "r.duckdb", reader.tools).add(kept)
    register = Register(tmp_path / "r.duckdb")
    assert register.page("a") == page(ACT)
    assert [d.page for d in register.documents()] == [True, True]
    changed = reading(KEEPING, a=page(ACT.replace("energy", "water")))
    Writer(tmp_path / "r.duckdb", reader.tools).add(changed)
    assert b"water" in register.page("a")
    with duckdb.connect(str(tmp_path / "r.duckdb")) as con:
        assert con.execute("SELECT count(*) FROM pages").fetchall() == [(2,)]
    bare = Writer(tmp_path / "bare.duckdb", reader.tools, texts=False)
    bare.add(kept)
    assert [d.page for d in Register(tmp_path / "bare.duckdb").documents()] == [False, False]


def test_what_is_removed_takes_its_page_along(reading: Reading, tmp_path: Path, reader: Reader) -> None:
    """Also a page that names a removed person beside its article, in an attribute, with entities or parted by tags; others stay."""
    beside = {
        "plain": "Related: Kemal Zorbali in Rome",
        "parted": "Kemal <b>Zor</b>bali",
        "spaced": "Kemal</p><p>Zorbali",
        "entity": "Kemal Zorbal&#305;",
        "title": '<img alt="Kemal Zorbali">',
        "other": "Related: the weather",
    }
    pages = {name: page(OTHER + f" It was note {name}.", words) for name, words in beside.items()}
    path = tmp_path / "r.duckdb"
    writer = Writer(path, reader.tools)
    writer.add(reading(KEEPING, a=page(ACT), **pages))
    person = Register(path).person("Kemal Zorbali")
    writer.forget_person(person.id, author="Ann", reason="")
    stored = {d.doc_id: d for d in Register(path).documents()}
    assert {name for name, d in stored.items() if d.page} == {"other"}
    assert stored["a"].original == hashlib.sha256(page(ACT)).hexdigest()
    writer.add(reading(KEEPING, again=page(OTHER + " Anew.", "Kemal Zorbali"), fine=page(OTHER + " Fine.")))
    assert {d.doc_id for d in Register(path).documents() if d.page} == {"other", "fine"}
    writer.forget_documents(["other"], author="Ann", reason="")
    with duckdb.connect(str(path)) as con:
        assert con.execute("SELECT count(*) FROM pages").fetchall() == [(1,)]


def test_a_removed_author_is_cut_out(reading: Reading, tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "r.duckdb"
    writer = Writer(path, reader.tools)
    writer.add(reading(Settings(), a=page(ACT), b=page(OTHER, by="Kemal Zorbali")))
    writer.forget_person(Register(path).person("Kemal Zorbali").id, author="Ann", reason="")
    assert Register(path).document("b").author == "[…]"
    assert "Zorbal" not in "".join(str(a) for r in Register(path).records() for a in r.accounts)
    assert b"Zorbali" not in path.read_bytes()


def test_pages_whose_letters_cannot_be_told_are_not_trusted(tmp_path: Path, reader: Reader) -> None:
    from dragoman.store.file import opened

    with opened(tmp_path / "r.duckdb", write=True) as con:
        none = marks_of(con)
        mark_names(con, "x", [Name("Kemal Zorbali", "TUR")])
        known = marks_of(con)
    assert not names(b"Kemal Zorbali", none)
    assert names(b"<p>Kemal Zorbali</p>", known)
    assert names("<p>Kemal Zorbalı</p>".encode("cp1254"), known)
    assert names('<meta charset="windows-1254"><p>Kemal Zorbalı</p>'.encode("cp1254"), known)
    assert not names('<meta charset="windows-1254"><p>Ayşe Kaya</p>'.encode("cp1254"), known)
    assert names(b"\x81\x8d" * 1000, known)
    assert not names(b"%PDF-1.4 \x00\x01", known)
    assert not names(b"<" * 300_000, known)


def test_the_commands_keep_and_give_pages(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page(ACT))
    register = str(tmp_path / "r.duckdb")
    call = ["read", str(tmp_path / "a.html"), "--register", register, "--workers", "1", "-q"]
    assert RUN.invoke(app, [*call, "--keep-pages", "--no-texts"]).exit_code == 2
    assert not Path(register).exists()
    assert RUN.invoke(app, [*call, "--keep-pages"]).exit_code == 0
    [doc] = Register(register).documents()
    given = RUN.invoke(app, ["page", doc.doc_id, "--register", register])
    assert given.exit_code == 0
    assert given.stdout_bytes == page(ACT)
    out = tmp_path / "out.html"
    assert RUN.invoke(app, ["page", doc.doc_id, "--register", register, "-o", str(out)]).exit_code == 0
    assert out.read_bytes() == page(ACT)
    assert RUN.invoke(app, ["page", "none", "--register", register]).exit_code == 2
