"""The record of several accounts: fields, history, conflicts, voices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dragoman.merge import build, part_of, visit_key
from dragoman.model import Participant, Record, Telling, When
from dragoman.resources import Tools
from tests.merge._made import judgement, telling


def record(tools: Tools, *told: Telling, copies: dict[str, str] | None = None) -> Record:
    return build(told, (), copies or {}, {}, tools)


def fields_in_conflict(made: Record) -> set[str]:
    return {c.field for c in made.conflicts}


def test_id_is_the_founding_account(tools: Tools) -> None:
    late, early, undated = telling("a", published="2024-03-16"), telling("b"), telling("0", published=None)
    assert record(tools, late, early, undated).id == "b"
    assert record(tools, late, early, undated, telling("c", published="2024-03-17")).id == "b"
    assert [a.key for a in record(tools, undated, late, early).accounts] == ["b", "a", "0"]


def test_planned_then_held(tools: Tools) -> None:
    plan = telling("a", status="planned", date="2024-03-16", published="2024-03-10")
    done = telling("b", date="2024-03-15")
    made = record(tools, done, plan)
    assert made.status == "held"
    assert made.date.start == "2024-03-15"
    assert [(s.status, str(s.said), s.account) for s in made.history] == [
        ("planned", "2024-03-10", "a"),
        ("held", "2024-03-15", "b"),
    ]
    assert not made.conflicts


def test_one_status_has_no_history(tools: Tools) -> None:
    assert record(tools, telling("a"), telling("b")).history == ()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (["2024-03-15", "2024-03"], "2024-03-15"),
        (["2024", "2024-03"], "2024-03"),
        (["2024-03-14", "2024-03-15", "2024-03-15"], "2024-03-15"),
        ([None, "2024-03"], "2024-03"),
        ([None, None], None),
    ],
)
def test_the_most_exact_date_that_most_give(told: list[str | None], expected: str | None, tools: Tools) -> None:
    assert record(tools, *(telling(f"k{n}", date=d) for n, d in enumerate(told))).date.start == expected


def test_a_day_in_the_text_goes_before_the_day_of_publication(tools: Tools) -> None:
    by_publication = [telling(k, date="2024-03-16", basis="published", published="2024-03-14") for k in "abc"]
    assert record(tools, *by_publication, telling("d")).date == When("2024-03-15", None, "day", "text")


@pytest.mark.parametrize(
    ("first", "second", "conflict"),
    [
        ({"date": "2024-03-15"}, {"date": "2024-03-14"}, {"date"}),
        ({"date": "2024-03-15"}, {"date": "2024-03"}, set()),
        ({"date": "2024-03-15"}, {"date": "2024-04"}, {"date"}),
        ({"date": "2024-03-15/2024-03-17"}, {"date": "2024-03-16"}, set()),
        ({"date": "2024-03-15/2024-03-17"}, {"date": "2024-03-15/2024-03-18"}, {"date"}),
        ({"date": "2024-03-15"}, {"date": "2024-03-14", "basis": "published"}, set()),
        ({"date": "2024-03-15"}, {"date": "2024-03-14", "status": "planned", "published": "2024-03-01"}, set()),
        ({"place": "Alpha, AAA"}, {"place": "Omega, AAA"}, {"place"}),
        ({"place": "Alpha, AAA"}, {"place": "BBB"}, {"place"}),
        ({"place": "Alpha, AAA"}, {"place": "AAA"}, set()),
        ({"place": "Cholpon-Ata, AAA"}, {"place": "Cholpon Ata, AAA"}, set()),
        ({"status": "held"}, {"status": "cancelled"}, {"status"}),
        ({"status": "planned", "published": "2024-03-01"}, {"status": "cancelled"}, set()),
        ({"status": "planned", "published": "2024-03-20"}, {"status": "cancelled"}, {"status"}),
        ({"kind": "call"}, {"kind": "meeting"}, {"kind"}),
        ({"kind": "conference"}, {"kind": "meeting"}, set()),
        ({"people": ["Ana Silva, , AAA, host"]}, {"people": ["Eva Ruiz, , AAA, host"]}, {"people of AAA"}),
        ({"people": ["Ana Silva, , AAA, host"]}, {"people": ["Ana Silva, , AAA, host", "Eva Ruiz, , AAA, host"]}, set()),
        ({"people": ["Ana Silva, Foreign Minister, AAA, host"]}, {"people": ["Ana Silva, Defence Minister, AAA, host"]}, {"office of Ana Silva"}),
        ({"people": ["Ana Silva, Foreign Minister, AAA, host"]}, {"people": ["Ana Silva, Minister of Foreign Affairs, AAA, host"]}, set()),
        ({"kind": "agreement", "people": ["Ana Silva, , AAA, host"]}, {"kind": "agreement", "people": ["Eva Ruiz, , AAA, host", "Ana Silva, , AAA, host"]}, {"signatory of AAA"}),
    ],
)  # fmt: skip
def test_conflicts(first: dict[str, Any], second: dict[str, Any], conflict: set[str], tools: Tools) -> None:
    made = record(tools, telling("a", **first), telling("b", **second))
    assert fields_in_conflict(made) == conflict
    assert all(set(c.values) and {k for keys in c.values.values() for k in keys} == {"a", "b"} for c in made.conflicts)


@pytest.mark.parametrize(
    ("mine", "theirs", "differ"),
    [("Capt", "Captain", False), ("Maj. Gen.", "Major General", False), ("Lt Gen", "Lieutenant General", False),
     ("Colonel", "Colonel-General", False), ("Colonel", "Captain", True), ("Rear Admiral", "Commodore", True)],
)  # fmt: skip
def test_ranks(mine: str, theirs: str, differ: bool, tools: Tools) -> None:
    told = [
        telling(k, people=[Participant("Ana Silva", None, r, "AAA", "host", False)])
        for k, r in (("a", mine), ("b", theirs))
    ]
    assert ("rank of Ana Silva" in fields_in_conflict(record(tools, *told))) == differ


def test_people_are_put_together(tools: Tools) -> None:
    made = record(
        tools,
        telling("a", people=["Salva Kiir, President, BBB, guest", "Kalin, , AAA, host"]),
        telling("b", people=["Salva Kiir Mayardit, President of the Republic, BBB, guest", "Ibrahim Kalın, Head of Intelligence, AAA, host"]),
        telling("c", people=["S. Kiir, , BBB, party"]),
    )  # fmt: skip
    assert [(p.name, p.office, p.party, p.side) for p in made.participants] == [
        ("Ibrahim Kalın", "Head of Intelligence", "AAA", "host"),
        ("Salva Kiir Mayardit", "President of the Republic", "BBB", "guest"),
    ]
    assert made.participants[1].names == ("S. Kiir", "Salva Kiir", "Salva Kiir Mayardit")
    assert made.participants[1].accounts == ("a", "b", "c")


def test_a_part_of_a_name_that_two_have_joins_neither(tools: Tools) -> None:
    told = [
        telling("a", people=["Ali Karimov, , AAA, host", "Omar Karimov, , AAA, host"]),
        telling("b", people=["Karimov, , AAA, host"]),
    ]
    assert len(record(tools, *told).participants) == 3


def test_a_delegation_gives_way_to_names(tools: Tools) -> None:
    unnamed = Participant(None, "delegation", None, "BBB", "guest", False)
    assert [p.office for p in record(tools, telling("a", people=[unnamed])).participants] == ["delegation"]
    named = telling("b", people=["Bo Berg, Envoy, BBB, guest"])
    assert [p.office for p in record(tools, telling("a", people=[unnamed]), named).participants] == ["Envoy"]


def test_copies_are_one_voice(tools: Tools) -> None:
    told = [
        telling("a", "A", date="2024-03-14"),
        telling("b", "B", date="2024-03-14"),
        telling("c", "C"),
        telling("d", "D"),
    ]
    assert record(tools, *told).independent == 4
    made = record(tools, *told, copies={"B": "A"})
    assert made.independent == 3
    assert made.date.start == "2024-03-15"
    assert [a.copy_of for a in made.accounts] == [None, "A", None, None]


def test_lists_by_voices(tools: Tools) -> None:
    made = record(
        tools,
        telling("a", topics=["military"], parties=["AAA", "BBB"], sources=["Ministry", "Agency"], framework="Dialogue"),
        telling(
            "b", topics=["economic", "military"], parties=["AAA", "BBB"], outlet="Paper", sources=["Embassy", "Paper"]
        ),
        telling("c", topics=["economic"], parties=["AAA", "BBB", "CCC"], framework="12th High-Level Dialogue"),
    )
    assert made.topics == ("economic", "military")  # two voices each; first in the fullest account
    assert made.parties == ("AAA", "BBB")
    assert made.framework == "12th High-Level Dialogue"
    assert made.sources == ("Ministry", "Embassy", "Agency", "Paper")


def test_part_of_a_visit_in_another_document(tools: Tools) -> None:
    visit, meeting = telling("v", "A", kind="visit"), telling("m", "A", id="e2", part_of="e1")
    siblings = {("A", "e1"): "v", ("A", "e2"): "m"}
    assert visit_key(meeting, siblings) == "v"
    made = record(tools, meeting, telling("n", "B"))
    assert part_of(made, {"m": "v"}, {"v": "visit-record", "m": "m"}) == "visit-record"
    assert part_of(made, {"m": "v"}, {"v": made.id}) is None
    assert part_of(record(tools, visit), {}, {"v": "v"}) is None


def test_a_record_of_one_account_is_that_account(tools: Tools) -> None:
    told = telling("a", people=["Bo Berg, Envoy, BBB, guest"], topics=["military"], framework="Dialogue")
    made, e = record(tools, told), told.engagement
    assert (made.kind, made.status, made.date, made.place, made.parties) == (
        e.kind,
        e.status,
        e.date,
        e.place,
        e.parties,
    )
    assert (made.topics, made.framework, made.sources, made.evidence) == (e.topics, e.framework, e.sources, e.evidence)
    assert made == build([replace(told)], [judgement("same", "x", "y")], {}, {}, tools)
