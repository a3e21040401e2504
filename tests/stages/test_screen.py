"""The screen: what is not read, what of a long text is, and that no act of the development gold is lost by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.config import Settings
from dragoman.errors import StopRun
from dragoman.knowledge.screen import Screen
from dragoman.knowledge.sieve import CARD, WEIGHTS, Sieve
from dragoman.model import Document, Source, Span
from dragoman.pipeline import run_batch
from dragoman.reader import Reader
from dragoman.resources import MODEL, Tools, read_yaml
from dragoman.stages.ingest._common import document
from dragoman.stages.screen import SCREENED, telling, worth_reading

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


def test_no_document_of_the_white_house_gold_is_lost(tools: Tools, shared: Path) -> None:
    found = gold(shared / "gold" / "dev_whitehouse.jsonl")
    assert [d.source.doc_id for d in found if not worth_reading(d, tools)] == []


def scores(text: str, tools: Tools, outlet: str | None = None) -> list[float]:
    asked = telling(Document(Source("a", outlet=outlet), text), tools)
    return [float(s) for s in tools.sieve.scores(asked.text, asked.sentences, asked.named)]


LIFE = (
    "{} received the Distinguished Service Award of her agency, and earned a degree from the University of Oregon. "
    "She served as a delegate of the bar association, where she led training on the tax laws of France and Canada. "
)


def test_a_long_text_whose_words_tell_of_no_act_is_not_read(tools: Tools) -> None:
    lives = " ".join(LIFE.format(n) for n in ("Ms. Weldon", "Dr. Abara", "Judge Ostrow", "Ms. Teague"))
    assert len(lives) > tools.thresholds["screen.short"]
    assert scores(lives, tools)
    assert not worth_reading(Document(Source("a"), lives), tools)
    assert worth_reading(Document(Source("a"), lives + ACT), tools)
    assert worth_reading(Document(Source("a"), LIFE.format("She")), tools)  # so short that it costs nothing


def test_names_tell_nothing(tools: Tools) -> None:
    one = scores("Turkish Foreign Minister Kemal Aydınlı met his Azerbaijani counterpart Rauf Quliyev in Baku.", tools)
    other = scores(
        "Kenyan Foreign Minister Wanjiru Otienoka met his Ugandan counterpart Okello Mbabazire in Kampala.", tools
    )
    assert one == other
    assert one[0] > scores("Turkish and Azerbaijani apples are sold at the port of Baku.", tools)[0]


def test_a_sentence_has_its_score_in_any_company(tools: Tools) -> None:
    text = f"{ACT} {IDLE}{ACT.replace('met', 'called')} {ACT}"
    asked = telling(Document(Source("a"), text), tools)
    together = tools.sieve.scores(asked.text, asked.sentences, asked.named)
    alone = [tools.sieve.scores(asked.text, [s], asked.named)[0] for s in asked.sentences]
    assert together.tolist() == pytest.approx(alone)
    assert together[0] == pytest.approx(together[-1])


def test_empty_sentences_have_a_score(tools: Tools) -> None:
    assert tools.sieve.scores("", [Span(0, 0)], {}).shape == (1,)


def test_damaged_weights_are_told(tmp_path: Path) -> None:
    (tmp_path / CARD).write_bytes((MODEL / CARD).read_bytes())
    (tmp_path / WEIGHTS).write_bytes((MODEL / WEIGHTS).read_bytes()[:-1] + b"x")
    with pytest.raises(StopRun, match=r"sieve\.npz is not what sieve\.json names"):
        Sieve.read(tmp_path)


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
