"""The screen: what is not read, what of a long text is, and that no act of the development gold is lost by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.config import Settings
from dragoman.knowledge.screen import Screen
from dragoman.model import Document, Source
from dragoman.pipeline import run_batch
from dragoman.reader import Reader
from dragoman.resources import Tools, read_yaml
from dragoman.stages.clean import clean
from dragoman.stages.ingest._common import document
from dragoman.stages.screen import SCREENED, shortened, worth_reading

ACT = "The Turkish foreign minister met his Azerbaijani counterpart in Baku on Friday."
IDLE = "The mill was painted green, and the river ran high that week. "


@pytest.mark.parametrize(
    ("text", "outlet", "worth"),
    [
        (ACT, None, True),
        (
            "The Turkish minister spoke at length. " + ACT.replace("Azerbaijani ", "").replace("Baku", "town"),
            None,
            False,
        ),
        ("The minister received the ambassador of Peru.", "Trend", True),
        ("The minister received the ambassador of Peru.", None, False),
        ("BAKU, May 3 - The President received the envoy. He came from Peru.", None, True),
        ("France and Spain grow olives.", None, False),
        ("He met her. " + 4 * IDLE + "France lies beside Spain.", None, False),
        ("France lies beside Spain. He met her.", None, True),
        ("", None, False),
    ],
)
def test_what_is_worth_reading(text: str, outlet: str | None, worth: bool, tools: Tools) -> None:
    assert worth_reading(Document(Source("a", outlet=outlet), text), tools) == worth


def gold(path: Path) -> list[Document]:
    """Documents that hold a main record by hand."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    told = [r for r in rows if any(e["salience"] == "main" for e in r["engagements"])]
    return [document({k: v for k, v in r.items() if k != "engagements"}, "gold", Settings()) for r in told]


def test_no_document_of_the_news_gold_is_lost(tools: Tools) -> None:
    found = gold(Path(__file__).parents[2] / "gold" / "dev_news.jsonl")
    assert [d.source.doc_id for d in found if not worth_reading(d, tools)] == []
    assert all(shortened(d, tools) is d for d in (clean(f, tools) for f in found))


def test_no_document_of_the_white_house_gold_is_lost(tools: Tools, shared: Path) -> None:
    found = gold(shared / "gold" / "dev_whitehouse.jsonl")
    assert [d.source.doc_id for d in found if not worth_reading(d, tools)] == []
    assert all(shortened(d, tools) is d for d in (clean(f, tools) for f in found))


def test_of_a_long_text_only_what_may_tell_is_read(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(reader.tools.thresholds, "screen.long", 4500)
    idle = [f"Mill number {i} was painted green, and the river ran high that week." for i in range(200)]
    text = "\n".join([*idle[:120], f"{idle[0]} {ACT} {idle[1]}", *idle[120:]])
    [done] = run_batch([Document(Source("a"), text)], reader.tools)
    assert done.clean is not None
    assert done.annotation is not None
    assert len(done.clean.text) > 10_000
    assert len(done.annotation.tokens) < 500
    [told] = done.engagements or ()
    assert (told.kind, told.parties) == ("meeting", ("AZE", "TUR"))
    assert [text[o.start : o.end] for o in told.spans["evidence"]] == [ACT]


def test_what_is_passed_over_says_so_and_keeps_its_place(reader: Reader) -> None:
    docs = [Document(Source(str(i)), ACT if i % 3 else IDLE) for i in range(7)]
    done = list(run_batch(docs, reader.tools))
    assert [d.source.doc_id for d in done] == [str(i) for i in range(7)]
    assert [d.engagements == () for d in done] == [i % 3 == 0 for i in range(7)]
    assert done[0].trail[-1].notes == (SCREENED,)


@given(st.text(max_size=400))
def test_sentences_cover_the_text(text: str) -> None:
    screen = Screen({"a": ["met"]}, reach=1)
    sentences = screen.sentences(text)
    assert "".join(s.of(text) for s in sentences) == text
    assert len(screen.telling(text, [(0, "A")] if text else [], frozenset({"B"}))) == len(sentences)


def test_every_form_of_the_list_is_one_word_in_small_letters() -> None:
    for group, forms in read_yaml("screen.yaml").items():
        assert len(set(forms)) == len(forms), group
        assert all(f.isalpha() and f == f.lower() for f in forms), group
