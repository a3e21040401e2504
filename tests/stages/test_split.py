"""One wording that tells of several acts."""

from __future__ import annotations

import pytest

from dragoman.stages.events._split import Person, separate_talks, tours

PARTIES = {0: "USA", 1: "KGZ", 2: "UZB", 3: "UZB", 4: "USA"}


def person(number: int, side: str = "party") -> Person:
    return (number, side, False)


def party_of(number: int) -> str | None:
    return PARTIES.get(number)


@pytest.mark.parametrize(
    ("people", "parties", "has_place", "visited"),
    [
        ([person(0)], ["USA", "KGZ", "UZB"], ["KGZ", "UZB", "USA"], ["KGZ", "UZB"]),
        ([person(0)], ["USA", "KGZ", "EU"], ["KGZ"], []),  # a body without territory is not visited
        ([person(0)], ["USA", "KGZ"], ["KGZ"], []),
        ([], ["USA", "KGZ", "UZB"], ["KGZ", "UZB"], []),  # whose tour it is, nobody says
    ],
)
def test_tours(people: list[Person], parties: list[str], has_place: list[str], visited: list[str]) -> None:
    parts = tours(people, parties, party_of, has_place)
    assert [p.country for p in parts] == visited
    assert all(p.parties == {"USA", p.country} for p in parts)


@pytest.mark.parametrize(
    ("people", "parties", "hub", "expected"),
    [
        # met separately with the ministers of two states
        ([person(0), person(1), person(2)], ["USA", "KGZ", "UZB"], 0, [{"USA", "KGZ"}, {"USA", "UZB"}]),
        # met the president and the minister of one state, one after the other
        ([person(0), person(2), person(3)], ["USA", "UZB"], 0, [{"USA", "UZB"}, {"USA", "UZB"}]),
        # leaders of states of whom none is named
        ([person(0)], ["USA", "KGZ", "UZB"], 0, [{"USA", "KGZ"}, {"USA", "UZB"}]),
        # one counterpart is one meeting
        ([person(0), person(1)], ["USA", "KGZ"], 0, []),
        # whoever is alone of his party met the others
        ([person(2), person(3), person(1)], ["KGZ", "UZB"], None, [{"KGZ", "UZB"}, {"KGZ", "UZB"}]),
    ],
)
def test_separate_talks(people: list[Person], parties: list[str], hub: int | None, expected: list[set[str]]) -> None:
    parts = separate_talks(people, parties, party_of, hub)
    assert [set(p.parties) for p in parts] == expected


def test_everybody_of_the_middle_party_is_at_each_meeting() -> None:
    parts = separate_talks([person(0), person(4), person(1), person(2)], ["USA", "KGZ", "UZB"], party_of, 0)
    assert [[x[0] for x in p.people] for p in parts] == [[0, 4, 1], [0, 4, 2]]
