"""Corrections, rejections, acceptance."""

from __future__ import annotations

from typing import Any

import pytest

from dragoman.errors import JudgementError
from dragoman.merge import build, check, rejected
from dragoman.model import Judgement, Record
from dragoman.resources import Tools
from tests.merge._made import judgement, telling

TOLD = telling("a", people=["Bo Berg, Envoy, BBB, guest"], date="2024-03-15/2024-03-17")


def made(tools: Tools, *judgements: Judgement) -> Record:
    return build([TOLD, telling("b")], judgements, {}, {}, tools)


@pytest.mark.parametrize(
    ("field", "value", "get", "expected"),
    [
        ("kind", "call", lambda r: r.kind, "call"),
        ("status", "cancelled", lambda r: r.status, "cancelled"),
        ("date.start", "2024-03-16", lambda r: (r.date.start, r.date.end, r.date.precision), ("2024-03-16", "2024-03-17", "day")),
        ("date.start", "2024-04", lambda r: (r.date.start, r.date.end, r.date.precision), ("2024-04", None, "month")),
        ("date.start", None, lambda r: r.date.start, None),
        ("place.city", "Omega", lambda r: (r.place.text, r.place.city, r.place.country), ("Omega", "Omega", "AAA")),
        ("parties", "BBB, AAA, CCC", lambda r: r.parties, ("AAA", "BBB", "CCC")),
        ("topics", ["economic", "military"], lambda r: r.topics, ("economic", "military")),
        ("framework", "Dialogue", lambda r: r.framework, "Dialogue"),
        ("participants[Bo Berg].office", "Minister", lambda r: r.participants[0].office, "Minister"),
    ],
)  # fmt: skip
def test_correction(field: str, value: Any, get: Any, expected: Any, tools: Tools) -> None:
    check(made(tools), field, value)
    for account in ("a", "b"):  # whichever account of the record it was made on
        corrected = made(tools, judgement("correct", account, field=field, value=value))
        assert get(corrected) == expected
        assert corrected.corrected == (field,)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("colour", "red", "no field 'colour'; there are kind, status"),
        ("kind", "party", "kind is one of meeting, call"),
        ("date.start", "15 March", "2024-03-15, 2024-03, 2024"),
        ("date.start", "2024-13", "not '2024-13'"),
        ("place.country", "Atlantis", "the three letters of a state, as AZE, not 'Atlantis'"),
        ("topics", ["sport"], "no such value sport"),
        ("participants[Bo Berg].age", "44", "of a participant there are name, office"),
        ("participants[Nobody].office", "Envoy", "no participant 'Nobody'; there are Bo Berg"),
        ("participants[Bo Berg].side", "left", "side is one of host"),
        ("participants[Bo Berg].head", "yes", "head is true or false"),
        ("framework", "", "framework is a text or nothing"),
    ],
)
def test_what_cannot_be_is_told(field: str, value: Any, words: str, tools: Tools) -> None:
    with pytest.raises(JudgementError, match=words.replace("(", r"\(").replace(".", r"\.")):
        check(made(tools), field, value)
    assert made(tools, judgement("correct", "a", field=field, value=value)) == made(tools)


def test_the_later_correction_counts_and_a_withdrawn_one_does_not(tools: Tools) -> None:
    first = judgement("correct", "a", field="kind", value="call", at="2024")
    second = judgement("correct", "b", field="kind", value="conference", at="2025")
    assert made(tools, second, first).kind == "conference"
    undone = judgement("correct", "b", field="kind", value="conference", at="2025", withdrawn="2026")
    assert made(tools, undone, first).kind == "call"
    assert made(tools, judgement("correct", "z", field="kind", value="call")).kind == "meeting"


def test_rejected_and_accepted(tools: Tools) -> None:
    no, yes = judgement("reject", "a", at="2024"), judgement("accept", "b", at="2025")
    assert rejected(made(tools), [no])
    assert not rejected(made(tools), [no, yes])
    assert made(tools, no, yes).accepted
    assert not made(tools, yes, judgement("reject", "a", at="2026")).accepted
