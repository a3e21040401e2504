"""The commands on a register as their users type them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dragoman.cli import app
from dragoman.reader import Reader
from dragoman.run import Summary, into
from dragoman.store import postings
from dragoman.store.read import Register
from dragoman.store.write import Writer

FIRST = (
    "ANKARA, May 3 (AA) - Turkish Foreign Minister Kemal Aydın met with his Azerbaijani counterpart Rauf Quliyev in Ankara on Friday, "
    "the Turkish Foreign Ministry said in a statement. The two ministers discussed energy and trade."
)
SECOND = "Azerbaijani Foreign Minister Rauf Quliyev held a meeting with Turkish Foreign Minister Kemal Aydin in Ankara on May 3, Trend reports."
THIRD = "Japanese Foreign Minister Haruki Onodera spoke by telephone with his Indian counterpart Arvind Raghavan on Wednesday."
RUN = CliRunner()


def write(path: Path, **texts: tuple[str, str, str]) -> Path:
    rows = [{"doc_id": name, "outlet": o, "published": day, "text": text} for name, (o, day, text) in texts.items()]
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


NEWS = {
    "a": ("Anadolu", "2024-05-03", FIRST),
    "b": ("Trend", "2024-05-04", SECOND),
    "c": ("Kyodo News", "2022-03-09", THIRD),
}


@pytest.fixture(autouse=True)
def one_reader(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models are loaded once for all commands."""
    monkeypatch.setattr("dragoman.reader.Tools", lambda **_: reader.tools)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return write(tmp_path / "news.jsonl", **NEWS)


@pytest.fixture(scope="session")
def filled(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of NEWS, which tests copy."""
    folder = tmp_path_factory.mktemp("filled")
    writer = Writer(folder / "r.duckdb", reader.tools)
    summary = Summary()
    assert len(list(into([str(write(folder / "news.jsonl", **NEWS))], reader, writer, summary))) == len(NEWS)
    assert summary.aside == []
    return writer.path


@pytest.fixture
def file(filled: Path, tmp_path: Path) -> str:
    return str(shutil.copy(filled, tmp_path / "r.duckdb"))


def call(file: str, *words: str) -> Result:
    return RUN.invoke(app, [*words, "--register", file])


def rows(done: Result) -> list[dict[str, object]]:
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def meeting(file: str) -> str:
    return next(r.id for r in Register(file).records() if r.kind == "meeting")


def test_read_says_what_it_found(news: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "r.duckdb")
    first = call(file, "read", str(news), str(tmp_path / "none"))
    assert first.exit_code == 1
    assert "3 documents new, 0 changed, 0 unchanged, 1 set aside" in first.stderr
    assert "2 engagements (+2) from 3 accounts, 1 of which joined others (+1)" in first.stderr
    write(news, a=("Anadolu", "2024-05-03", FIRST + " They dined."), b=("Trend", "2024-05-04", SECOND))
    again = call(file, "read", str(news))
    assert again.exit_code == 0
    assert "0 documents new, 1 changed, 1 unchanged, 0 set aside" in again.stderr
    assert Register(file).document("a").text == FIRST + " They dined."


def test_unchanged_documents_are_not_read(file: str, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("read although it was there")

    monkeypatch.setattr("dragoman.reader.run_batch", never)
    assert "3 unchanged" in call(file, "read", str(news)).stderr


def test_two_documents_of_one_id(tmp_path: Path) -> None:
    one = write(tmp_path / "one.jsonl", a=("Anadolu", "2024-05-03", FIRST))
    other = write(tmp_path / "other.jsonl", a=("Trend", "2024-05-04", SECOND))
    done = call(str(tmp_path / "r.duckdb"), "read", str(one), str(other), str(one))
    assert done.exit_code == 1
    assert "1 documents new, 0 changed, 1 unchanged, 1 set aside" in done.stderr
    assert "another document of this run has the same id" in done.stderr


def test_hostile_texts_are_stored_or_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    texts = ["\\ud800 met \\u0000 in Rome", "\\u202e" * 50 + "x", "'; DROP TABLE documents; --"]
    path.write_text("".join(f'{{"text": "{t}", "title": "{t}"}}\n' for t in texts), encoding="utf-8")
    file = str(tmp_path / "r.duckdb")
    assert call(file, "read", str(path)).exit_code == 0
    assert Register(file).totals().documents == len(texts)
    assert {d.text for d in Register(file).documents()} >= {"\ufffd met \x00 in Rome", "'; DROP TABLE documents; --"}


def test_no_texts(news: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "r.duckdb")
    call(file, "read", str(news), "--no-texts")
    assert {d.text for d in Register(file).documents()} == {None}
    shown = call(file, "show", meeting(file)).stdout
    assert "Kemal Aydın met" in shown
    assert "texts      some are left out" in shown


def test_texts_stay_left_out_until_somebody_wants_them(news: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "r.duckdb")
    call(file, "read", str(news), "--no-texts")
    write(news, **NEWS | {"a": ("Anadolu", "2024-05-03", FIRST + " They dined.")})
    assert "1 changed" in call(file, "read", str(news)).stderr
    assert call(file, "rebuild").exit_code == 0
    assert {d.text for d in Register(file).documents()} == {None}
    write(news, **NEWS)
    call(file, "read", str(news), "--texts")
    assert Register(file).document("a").text == FIRST
    assert Register(file).document("b").text is None


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        ([], {"meeting", "call"}),
        (["--party", "Turkey"], {"meeting"}),
        (["--party", "TUR", "--party", "jpn"], set()),
        (["--person", "Quliyev"], {"meeting"}),
        (["--office", "foreign minister"], {"meeting", "call"}),
        (["--kind", "call"], {"call"}),
        (["--status", "planned"], set()),
        (["--place", "ankara"], {"meeting"}),
        (["--place", "Turkey"], {"meeting"}),
        (["--source", "trend"], {"meeting"}),
        (["--source", "turkish foreign ministry"], {"meeting"}),
        (["--since", "2024"], {"meeting"}),
        (["--until", "2023-12"], {"call"}),
        (["--since", "2024-05-03", "--until", "2024-05-03"], {"meeting"}),
        (["--contested"], set()),
        (["--rejected"], set()),
        (["--limit", "1", "--sort", "-date"], {"meeting"}),
        (["--limit", "1", "--offset", "1"], {"meeting"}),
        (["--framework", "summit"], set()),
        (["--topic", "cyber"], set()),
        (["--main"], {"meeting", "call"}),
    ],
)
def test_list_filters(file: str, options: list[str], kinds: set[str]) -> None:
    assert {r["kind"] for r in rows(call(file, "list", "--json", *options))} == kinds


@pytest.mark.parametrize(
    "options",
    [["--party", "Nowhere"], ["--kind", "war"], ["--json", "--csv"], ["--person", "Nobody"], ["--limit", "-1"]],
)
def test_wrong_calls_end_with_2(file: str, options: list[str]) -> None:
    assert call(file, "list", *options).exit_code == 2


@pytest.mark.parametrize("options", [["--since", "May"], ["--sort", "colour"], ["--until", "2024-13"]])
def test_what_cannot_be_asked_is_told(file: str, options: list[str]) -> None:
    done = call(file, "list", *options)
    assert done.exit_code == 3
    assert options[1] in done.stderr


@pytest.mark.parametrize("words", [["list"], ["show", "a"], ["search", "a"], ["undo", "a"], ["rebuild"], ["history"]])
def test_without_a_register_the_way_to_make_one_is_told(tmp_path: Path, words: list[str]) -> None:
    done = call(str(tmp_path / "none.duckdb"), *words)
    assert done.exit_code == 3
    assert "dragoman read PATH" in done.stderr


def test_tables_fit_narrow_terminals(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    assert "Aydın" in call(file, "list").stdout.replace("\n", "")


def test_csv_is_safe_for_spreadsheets(capsys: pytest.CaptureFixture[str]) -> None:
    from dragoman.commands import _print

    _print.csv_rows([{"a": "=1+1", "b": 'x"y'}, {"a": " =1+1", "b": "-"}], ("a", "b"))
    assert list(csv.DictReader(io.StringIO(capsys.readouterr().out))) == [
        {"a": "'=1+1", "b": 'x"y'},
        {"a": "' =1+1", "b": "'-"},
    ]


def test_show_tells_accounts_and_takes_a_short_id(file: str) -> None:
    told = call(file, "show", meeting(file)[:6]).stdout
    assert "accounts   2, of them 2 independent" in told
    assert "Anadolu" in told
    assert "Trend" in told
    [whole] = rows(call(file, "show", meeting(file), "--json"))
    assert set(whole) == {"record", "history", "judgements"}


def test_dyad_timeline_person_search(file: str) -> None:
    assert "AZE – TUR: 1 engagements" in call(file, "dyad", "Azerbaijan", "TUR").stdout
    assert "2022-03  (1)" in call(file, "timeline").stdout
    told = call(file, "person", "Aydin").stdout
    assert "Kemal Aydin  TUR" in told
    assert "also       Kemal Aydın" in told
    assert "Foreign Minister" in told
    assert [h["doc_id"] for h in rows(call(file, "search", "discussing", "energy", "--json"))] == ["a"]
    assert rows(call(file, "search", "minister", "--party", "JPN", "--json"))[0]["doc_id"] == "c"
    assert call(file, "person", "Aydin", "--csv").stdout.startswith("id,date")


def test_judgements_are_kept_and_withdrawn(file: str) -> None:
    name = meeting(file)
    done = call(
        file, "correct", name, "place.city=Istanbul", "topics=cyber", "--author", "Ann", "--reason", "the diary"
    )
    assert done.exit_code == 0, done.stderr
    record = Register(file).record(name)
    assert record.place is not None
    assert (record.place.city, record.topics, record.corrected) == ("Istanbul", ("cyber",), ("place.city", "topics"))
    told = call(file, "history", name).stdout
    assert "correct by Ann: place.city is 'Istanbul': the diary" in told
    judgement = done.stdout.split()[1]
    assert call(file, "undo", judgement.split("-")[0]).exit_code == 0
    assert Register(file).record(name).corrected == ()
    assert "undo" in call(file, "history").stdout
    assert call(file, "undo", judgement).exit_code == 2


def test_merge_split_reject_accept(file: str) -> None:
    ids = [r.id for r in Register(file).records()]
    assert call(file, "merge", *ids, "--author", "Ann").exit_code == 0
    assert Register(file).totals().records == 1
    assert call(file, "split", ids[0], "c").exit_code == 0
    assert Register(file).totals().records == 2
    name = meeting(file)
    assert call(file, "reject", name).exit_code == 0
    assert [r["kind"] for r in rows(call(file, "list", "--rejected", "--json"))] == ["meeting"]
    assert Register(file).totals().records == 1
    assert call(file, "accept", name).exit_code == 0
    assert Register(file).record(name).accepted


@pytest.mark.parametrize(
    "words",
    [
        ["correct", "MEETING", "status=wrong"],
        ["correct", "MEETING", "colour=red"],
        ["correct", "MEETING", "status"],
        ["correct", "MEETING", "topics=[1"],
        ["split", "MEETING", "none"],
        ["split", "MEETING", "a", "b"],
        ["merge", "MEETING"],
        ["merge", "MEETING", "zzz"],
        ["reject", ""],
    ],
)
def test_judgements_that_cannot_be_are_told_and_leave_nothing(file: str, words: list[str]) -> None:
    name = meeting(file)
    done = call(file, *(name if w == "MEETING" else w for w in words))
    assert done.exit_code == 2
    assert done.stderr
    assert Register(file).judgements() == ()


def test_search_without_the_extension(file: str, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are looked for as written; what was read meanwhile is found with stems once the extension is back."""
    monkeypatch.setattr(postings, "extension", lambda: None)
    done = call(file, "search", "discussed", "energy", "--json")
    assert [h["doc_id"] for h in rows(done)] == ["a"]
    assert "extension fts is not here" in done.stderr
    assert rows(call(file, "search", "discussing", "--json")) == []
    more = write(tmp_path / "more.jsonl", d=("AP", "2024-06-01", "Ministers discussed energies of the sea."))
    call(file, "read", str(more))
    monkeypatch.undo()
    assert {h["doc_id"] for h in rows(call(file, "search", "discussed", "--json"))} == {"a", "d"}
    call(file, "read", str(write(more, e=("AP", "2024-06-01", "Another."))))
    assert {h["doc_id"] for h in rows(call(file, "search", "discussing", "--json"))} == {"a", "d"}


def test_rebuild_changes_nothing(file: str) -> None:
    before = Register(file).records()
    assert call(file, "rebuild").exit_code == 0
    assert Register(file).records() == before
