"""What is removed is gone from the file, from what is exported, and stays out; that something was removed is told."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dragoman.cli import app
from dragoman.model import Document, Source
from dragoman.reader import Account, Reader
from dragoman.store import verdicts
from dragoman.store.marks import Marks, cut
from dragoman.store.read import Register
from dragoman.store.write import Writer
from tests.store.conftest import Fill, contents, told

RUN = CliRunner()
TEXTS = {
    "a": "ANKARA, May 3 (AA) - Turkish Foreign Minister Kemal Zorbalı met with his Azerbaijani counterpart Rauf Quliyev in Ankara on Friday, "
    "the Turkish Foreign Ministry said in a statement. Zorbalı's visit to Baku was discussed. The two ministers discussed energy.",
    "b": "Azerbaijani Foreign Minister Rauf Quliyev held a meeting with Turkish Foreign Minister Kemal Zorbali in Ankara on May 3, Trend reports.",
    "c": "Japanese Foreign Minister Haruki Onodera spoke by telephone with his Indian counterpart Arvind Raghavan on Wednesday. "
    "The book by Kemal Zorbali was not mentioned.",
}
OUTLETS = {"a": "Anadolu", "b": "Trend", "c": "Kyodo News"}
DAYS = {"a": "2024-05-03", "b": "2024-05-04", "c": "2022-03-09"}
WHO = ("zorbal", "Zorbal")


def documents() -> list[Document]:
    from datetime import date

    return [
        Document(Source(k, f"https://news.example/{k}/kemal-zorbali" if k == "b" else f"https://news.example/{k}", OUTLETS[k],
                        date.fromisoformat(DAYS[k]), "Kemal Zorbalı in talks" if k == "a" else "Talks"), TEXTS[k])
        for k in TEXTS
    ]  # fmt: skip


@pytest.fixture(scope="module")
def read(reader: Reader) -> list[Account]:
    return [told(a) for a in reader.read_many(documents())]


def names(path: Path) -> set[str]:
    return {n for p in Register(path).people() for n in p.names}


def bytes_of(path: Path) -> bytes:
    return b"".join(p.read_bytes() for p in path.parent.glob(path.name + "*"))


def test_a_removed_document_leaves_what_was_never_read_there(accounts: list[Account], fill: Fill) -> None:
    """All that the others tell is as if the document had never come, whichever it is."""
    chance = random.Random(2)
    for number in range(3):
        some = chance.sample(accounts, 20)
        gone = [a.doc_id for a in some[:3]]
        writer = fill(some, name=f"a{number}")
        done = writer.forget_documents(gone, author="Ann", reason="")
        assert set(done.documents) == set(gone)
        assert contents(writer.path) == contents(fill(some[3:], name=f"b{number}").path)
        writer.rebuild()
        assert contents(writer.path) == contents(fill(some[3:], name=f"c{number}").path)


def test_its_words_are_in_the_file_no_more_and_it_stays_out(read: list[Account], fill: Fill) -> None:
    writer = fill(read)
    record = next(r for r in Register(writer.path).records() if r.kind == "meeting")
    writer.judge([verdicts.rejection(record)], author="Ann", reason="Zorbalı was in Rome")
    writer.forget_documents(["a"], author="Ann", reason="withdrawn by its publisher")
    assert "statement" not in json.dumps(contents(writer.path))
    assert b"said in a statement" not in bytes_of(writer.path)
    assert b"Rome" not in bytes_of(writer.path)
    register = Register(writer.path)
    assert register.search("statement") == ()
    assert {d.doc_id for d in register.documents()} == {"b", "c"}
    again = Writer(writer.path, writer.tools)
    assert again.unread(documents()) == []
    assert again.refused == {"a"}
    bare = replace(read[0].document, source=Source("z", None, "Elsewhere"), engagements=())
    other_id = replace(read[0], doc_id="z", document=bare, engagements=())
    done = again.add([read[0], replace(read[0], version="later"), other_id, *read[1:]])
    assert (done.new, done.unchanged) == (0, 2)
    assert again.refused == {"a", "z"}  # the same text under another id is known as well
    [left] = [r for r in register.records() if r.kind == "meeting"]
    assert [(i.what, i.by, i.text) for i in register.history(left.id)][-1] == (
        "removed", "Ann", "something was removed: withdrawn by its publisher",
    )  # fmt: skip


def test_a_removed_person_is_nowhere_and_the_acts_stay(read: list[Account], fill: Fill, tmp_path: Path) -> None:
    writer = fill(read)
    before = Register(writer.path)
    who = before.person("Kemal Zorbali")
    record = next(r for r in before.records() if r.kind == "meeting")
    writer.judge([verdicts.acceptance(record)], author="Ann", reason="Zorbalı says so himself")
    done = writer.forget_person(who.id, author="Ann", reason="asked for it")
    assert set(done.changed) == {"a", "b", "c"}
    register = Register(writer.path)
    assert not any("Zorb" in n for n in names(writer.path))
    for word in (*WHO, "zorbali"):
        assert word.encode() not in bytes_of(writer.path)
    assert register.search("Zorbali") == ()
    [meeting] = [r for r in register.records() if r.kind == "meeting"]
    assert (meeting.parties, len(meeting.accounts), meeting.accepted) == (("AZE", "TUR"), 2, True)
    assert {(p.name, p.party) for p in meeting.participants} == {("Rauf Quliyev", "AZE"), (None, "TUR")}
    assert all(d.text is None and d.length and d.digest for d in register.documents())
    assert register.document("a").title == "[…] in talks"
    assert register.document("b").url is None
    for form in ("csv", "jsonl", "ftm", "jsonld", "footnotes", "plover"):
        out = tmp_path / f"out.{form}"
        assert RUN.invoke(app, ["export", str(out), "--format", form, "--register", str(writer.path)]).exit_code == 0
        files = [out] if out.is_file() else list(out.rglob("*"))
        assert not any(word.encode() in f.read_bytes() for f in files for word in WHO if f.is_file()), form
    assert "something was removed: asked for it" in [i.text for i in register.history(meeting.id)]


def test_a_removed_person_does_not_come_back(read: list[Account], fill: Fill, reader: Reader) -> None:
    writer = fill(read)
    writer.forget_person(Register(writer.path).person("Kemal Zorbali").id, author="Ann", reason="")
    kept = contents(writer.path)
    assert writer.unread(documents()) == []  # known by their digests
    writer.add([replace(a, version="later") for a in read])
    new = Document(Source("d", None, "Trend"), TEXTS["b"].replace("May 3", "May 9").replace("Ankara", "Istanbul"))
    writer.add([told(a) for a in reader.read_many([new])])
    assert b"orbal" not in bytes_of(writer.path)
    assert Register(writer.path).document("d").text is None
    assert [
        line.replace("later", reader.version)
        for line in contents(writer.path)
        if '"doc_id":"d"' not in line and "2024-05-09" not in line
    ][:1] == kept[:1]
    before = contents(writer.path)
    writer.rebuild()
    assert contents(writer.path) == before


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mr. Kemal Zorbalı's plan", True),
        ("KEMAL ZORBALI spoke", True),
        ("kemal-zorbali.html", True),
        ("Zorbalı alone", False),
        ("Kemal and Zorbalı", False),
        ("", False),
    ],
)
def test_names_are_known_by_their_hashes_alone(text: str, found: bool) -> None:
    none = Marks(b"k")
    marks = Marks(b"k", frozenset({("name", none.mark("name", "kemal zorbali"))}), (2,))
    assert bool(list(marks.names_in(text))) is found
    assert not list(Marks(b"other", marks.known, (2,)).names_in("Kemal Zorbali"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Kemal Zorbalı met him", "[…] met him"),
        ("Zorbalı’s visit", "[…] visit"),
        ("the Zorbali-led talks", "the […] talks"),
        ("zorbalistan", "zorbalistan"),
        ("nothing", "nothing"),
    ],
)
def test_what_is_cut(text: str, left: str) -> None:
    assert cut(text, frozenset({"kemal", "zorbali"})) == left
    assert cut(text, frozenset()) == text


def test_the_command(read: list[Account], fill: Fill) -> None:
    file = str(fill(read).path)

    def call(*words: str) -> tuple[int, str]:
        done = RUN.invoke(app, [*words, "--register", file])
        return done.exit_code, done.output

    assert call("forget", "nobody") == (2, f"dragoman: nobody called 'nobody' in {file}\n")
    code, said = call("forget", "https://news.example/c")
    assert (code, "say --yes" in said) == (2, True)
    assert Register(file).totals().documents == 3
    assert call("forget", "https://news.example/c", "--yes", "--reason", "an error")[0] == 0
    assert call("forget", "Kemal Zorbali", "--yes", "--document")[0] == 2
    code, said = call("forget", "Kemal Zorbali", "--yes", "--author", "Ann")
    assert (code, "0 documents gone, 2 changed" in said) == (0, True)
    code, said = call("history")
    assert said.count("something was removed") == 2
    assert call("read", "none.txt")[0] == 1
