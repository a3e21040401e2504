"""Answers as servers give them: fenced, thought about, broken, cut off, of the wrong types."""

from __future__ import annotations

import json

import pytest

from dragoman.llm.answer import LONGEST, MOST, MalformedAnswer, parse

ONE = {"engagements": [{"id": "e1", "kind": "meeting", "evidence": "They met."}]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ONE),
        f"```json\n{json.dumps(ONE)}\n```",
        f"<think>Is {{this}} a meeting?</think>\n{json.dumps(ONE)}",
        '{"engagements": [{"id": "e1", "kind": "meeting", "evidence": "They met.",},]}',
        "{'engagements': [{'id': 'e1', 'kind': 'meeting', 'evidence': 'They met.'}]}",
        json.dumps(ONE["engagements"]),
    ],
    ids=["plain", "fenced", "thought", "trailing commas", "single quotes", "bare list"],
)
def test_is_read(text: str) -> None:
    [one] = parse(text)
    assert (one.id, one.kind, one.evidence) == ("e1", "meeting", "They met.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot help with that.",
        json.dumps(ONE)[:-12],
        '{"engagements": 3}',
        "[" * 100_000,
        "{}",
        '"engagements"}',
    ],
)
def test_is_refused(text: str) -> None:
    with pytest.raises(MalformedAnswer):
        parse(text)


def test_wrong_types_count_as_not_given() -> None:
    row = {"id": 7, "kind": ["meeting"], "date": "May", "place": [], "participants": ["x", {"name": 5, "head": "yes"}],
           "parties": "TUR", "topics": [None, "legal"], "evidence": "x" * (LONGEST + 1), "sentence": True}  # fmt: skip
    [one] = parse(json.dumps({"engagements": [row, "no"]}))
    assert (one.id, one.kind, one.place, one.parties, one.topics, one.evidence) == (
        "e1",
        None,
        None,
        (),
        ("legal",),
        None,
    )
    assert one.date.start is None
    assert one.sentence is None
    assert [(p.name, p.head) for p in one.people] == [(None, False)]


def test_lists_are_bounded() -> None:
    assert len(parse(json.dumps({"engagements": [{}] * (MOST + 5)}))) == MOST
