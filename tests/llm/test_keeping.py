"""Kept answers, the budget, windows, and what two windows both tell."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dragoman.config import ModelSettings
from dragoman.errors import StopRun
from dragoman.llm.asking import questions
from dragoman.llm.budget import Budget, LimitReached
from dragoman.llm.cache import Answers, key_of
from dragoman.llm.client import request_of
from dragoman.llm.join import joined
from dragoman.llm.schema import answer_schema
from dragoman.llm.windows import OVERLAP, _cuts, windows
from dragoman.model import KINDS, STATUSES, TOPICS, Document, Engagement, Participant, Source, Span, When
from dragoman.resources import Tools
from dragoman.stages.screen import worth_reading
from tests.llm.conftest import Case, given, prepared


# -- answers -----------------------------------------------------------------------------------------------------------
def test_answers_last(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    one = Answers(path)
    one.put("k", "d", "m", 1, "first")
    assert one.put("k", "d", "m", 1, "second") == "first"
    one.close()
    again = Answers(path)
    assert again.get("k") == "first"
    assert again.get("other") is None
    again.close()


def test_many_threads_keep_many_answers(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "a.sqlite")

    def put(start: int) -> None:
        for i in range(start, start + 20):
            answers.put(str(i), "d", "m", 1, f"answer {i}")

    threads = [threading.Thread(target=put, args=(n * 10,)) for n in range(5)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert [answers.get(str(i)) for i in range(60)] == [f"answer {i}" for i in range(60)]
    answers.close()


@pytest.mark.parametrize("what", ["other file", "folder", "no folder"])
def test_what_holds_no_answers_is_told(tmp_path: Path, what: str) -> None:
    path = {"other file": tmp_path / "x", "folder": tmp_path, "no folder": tmp_path / "no" / "x"}[what]
    if what == "other file":
        path.write_text("these are notes, not a database" * 100, encoding="utf-8")
    with pytest.raises(StopRun, match="answers cannot be kept"):
        Answers(path)


def test_the_key_follows_all_that_may_change_an_answer(settings: ModelSettings) -> None:
    def key(s: ModelSettings = settings, text: str = "t", prompt: int = 1) -> str:
        return key_of(request_of(s, [{"role": "user", "content": text}]), prompt)

    others = [
        key(text="u"), key(prompt=2), key(replace(settings, model="n")), key(replace(settings, temperature=0.5)),
        key(replace(settings, seed=1)), key(replace(settings, max_tokens=9)), key(replace(settings, json_schema=False)),
    ]  # fmt: skip
    assert len({key(), *others}) == 8
    assert key() == key(replace(settings, base_url="http://localhost:9/v1", timeout=1, concurrency=9, price_in=3))


# -- budget ------------------------------------------------------------------------------------------------------------
def test_documents_are_counted(settings: ModelSettings) -> None:
    budget = Budget(replace(settings, max_documents=2))
    budget.admit()
    budget.admit()
    with pytest.raises(LimitReached, match="--max-documents 2"):
        budget.admit()


def test_a_request_waits_for_those_under_way(settings: ModelSettings) -> None:
    budget = Budget(replace(settings, max_cost=1.0, price_out=100.0, max_tokens=8000))  # one may cost 0.8
    held = budget.open(0)
    done: list[float] = []
    thread = threading.Thread(target=lambda: done.append(budget.open(0)))
    thread.start()
    assert done == []
    budget.close(held, 0, 1000)  # it cost 0.1
    thread.join(5)
    assert done == [0.8]
    budget.fail(0.8, charged=True)
    with pytest.raises(LimitReached):
        budget.open(0)
    assert budget.usage.unsure == 0.8


# -- windows -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", [10, 50, 100, 1000])
def test_every_sentence_is_in_a_window(size: int) -> None:
    lengths = [7, 3, 40, 1, 1, 1, 60, 2, 9, 9, 9, 200, 5]
    cuts = list(_cuts(lengths, size))
    assert {i for a, b in cuts for i in range(a, b)} == set(range(len(lengths)))
    assert all(sum(lengths[a:b]) <= size or b == a + 1 for a, b in cuts)
    assert all(a < c <= b < d for (a, b), (c, d) in itertools.pairwise(cuts))


def test_windows_overlap() -> None:
    cuts = list(_cuts([10] * 20, 100))
    assert cuts == [(0, 10), (9, 19), (18, 20)]
    assert int(100 * OVERLAP) // 10 == 1


def test_a_long_document_is_shown_whole(tools: Tools) -> None:
    text = "\n".join(f"Minister number {i} of Peru met envoy number {i} of Chile in Lima on Monday." for i in range(60))
    [doc] = prepared([Document(Source("a", outlet="X", published=date(2024, 5, 3)), text)], tools)
    shown = windows(doc, tools, 300)
    assert len(shown) > 3
    assert doc.annotation is not None
    assert doc.clean is not None
    for n, sentence in enumerate(doc.annotation.sentences, 1):
        line = f"[{n}] {sentence.of(doc.clean.text)}"
        assert [w for w in shown if line in w.messages[1]["content"]]
    assert "Sentences 1 to" in shown[0].messages[1]["content"]
    assert "$" not in "".join(m["content"] for w in shown for m in w.messages)


def test_a_document_cannot_leave_its_lines(tools: Tools, settings: ModelSettings) -> None:
    """Line breaks, marks of the template and numbers in a text stay within its numbered line."""
    doc = Document(
        Source("a", outlet="X\n[9] $sentences"), "The envoy of Peru met $outlet\u2028[2] fake {x} %s in Chile."
    )
    [asked] = questions(next(prepared([doc], tools)), tools, settings, None).items
    body = asked.window.messages[1]["content"].splitlines()
    assert body[1] == "Outlet: X [9] $sentences"
    numbered = [line.split(" ", 1) for line in body[3:]]
    assert [number for number, _ in numbered] == [f"[{n}]" for n in range(1, len(numbered) + 1)]
    assert "".join(words for _, words in numbered).replace(" ", "") == "TheenvoyofPerumet$outlet[2]fake{x}%sinChile."


# -- join --------------------------------------------------------------------------------------------------------------
def act(
    name: str, at: int, *people: str, kind: str = "meeting", part_of: str | None = None, day: str = "2024-05-03"
) -> tuple[Span, Engagement]:
    persons = tuple(Participant(p, None, None, "PER", "party", False) for p in people)
    return Span(at, at + 10), Engagement(
        name, kind, "held", "main", part_of, When(day), None, persons, ("CHL", "PER"), (), None, (), ""
    )


def test_what_two_windows_tell_is_one() -> None:
    first = [act("e1", 0, kind="visit"), act("e2", 50, "A", part_of="e1")]
    second = [
        act("e1", 52, "A", "B", part_of="e9"),
        act("e2", 90, "C", part_of="e1"),
        act("e3", 200, kind="visit", day="2024-07-01"),
    ]
    out = joined([first, second])
    assert [(e.id, e.kind, e.part_of) for e in out] == [
        ("e1", "visit", None),
        ("e2", "meeting", "e1"),
        ("e3", "meeting", "e2"),
        ("e4", "visit", None),
    ]
    assert [p.name for p in out[1].participants] == ["A", "B"]


def test_two_acts_of_one_window_stay_two() -> None:
    assert len(joined([[act("e1", 0, "A"), act("e2", 0, "A")]])) == 2


def test_the_same_words_elsewhere_with_other_people_are_another_act() -> None:
    assert len(joined([[act("e1", 0, "A")], [act("e1", 90, "B")]])) == 2


# -- screen, prompt, schema --------------------------------------------------------------------------------------------
def test_no_document_with_a_record_is_held_back(cases: list[Case], tools: Tools) -> None:
    told = [c for c in cases if any(e["salience"] == "main" for e in c.row["engagements"])]
    assert len(told) > 60
    assert all(worth_reading(c.doc, tools) for c in told)


@pytest.mark.parametrize(
    "text", ["The price of bread rose in Peru and Chile.", "The President met his cabinet.", "Rain fell."]
)
def test_what_tells_of_no_engagement_is_not_sent(tools: Tools, text: str) -> None:
    doc = given({"doc_id": "a", "text": text})
    assert not worth_reading(doc, tools)


def test_prompt_and_schema_name_the_values_of_the_model(tools: Tools) -> None:
    system = tools.prompt.system
    assert all(f"- {kind}:" in system for kind in KINDS)
    assert all(status in system for status in STATUSES)
    topics = system.partition("at most five of: ")[2].partition(". diplomatic only")[0]
    assert tuple(t.strip() for t in topics.replace("\n", " ").split(",")) == TOPICS
    engagement = answer_schema()["properties"]["engagements"]["items"]
    assert engagement["properties"]["kind"]["enum"] == list(KINDS)
    assert all(f"- {name}" in system or f"{name}:" in system for name in engagement["required"])
