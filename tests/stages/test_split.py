"""One wording that tells of several acts."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.reader import Reader
from dragoman.stages.events._split import Person, came_together, separate_talks, tours

PARTIES = {0: "USA", 1: "KGZ", 2: "UZB", 3: "UZB", 4: "USA"}


def person(number: int, side: str = "party") -> Person:
    return (number, side, False)


def party_of(number: int) -> str | None:
    return PARTIES.get(number)


@pytest.mark.parametrize(
    ("people", "parties", "has_place", "only", "visits"),
    [
        ([person(0)], ["USA", "KGZ", "UZB"], ["KGZ", "UZB", "USA"], None, ["USA KGZ", "USA UZB"]),
        (
            [person(0)],
            ["USA", "KGZ", "EU"],
            ["KGZ"],
            "KGZ",
            ["EU KGZ", "USA KGZ"],
        ),  # a body without territory is a guest
        ([person(0)], ["USA", "KGZ"], ["KGZ"], "KGZ", []),
        ([], ["USA", "KGZ", "UZB"], ["KGZ", "UZB"], None, []),  # whose tour it is, nobody says
        ([], ["USA", "KGZ", "UZB"], ["KGZ"], "UZB", ["KGZ UZB", "USA UZB"]),  # delegations that nobody is named of
        ([person(0), person(1)], ["USA", "KGZ", "UZB"], ["UZB", "USA"], "UZB", ["KGZ UZB", "USA UZB"]),
    ],
)
def test_tours(
    people: list[Person], parties: list[str], has_place: list[str], only: str | None, visits: list[str]
) -> None:
    parts = tours(people, parties, party_of, has_place, only)
    assert [(set(p.parties), p.country) for p in parts] == [(set(v.split()), v.split()[1]) for v in visits]
    assert all(party_of(x[0]) in p.parties for p in parts for x in p.people)


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


@pytest.mark.parametrize(
    ("going", "parties"),
    [
        ({"KEN": 0.94, "NGA": 0.99}, {"KEN", "NGA"}),  # two presidents came to one state
        ({"ECOWAS": 0.98, "LBR": 0.05, "GMB": 0.05}, {"ECOWAS"}),  # whom a president's commission is of does not travel
        ({"URY": 0.99}, {"URY"}),
        ({"FJI": 0.8, "SLB": 0.48}, {"FJI", "SLB"}),
    ],
)
def test_who_came_at_the_same_time(going: dict[str, float], parties: set[str]) -> None:
    assert came_together(going, 0.6) == parties


def test_everybody_of_the_middle_party_is_at_each_meeting() -> None:
    parts = separate_talks([person(0), person(4), person(1), person(2)], ["USA", "KGZ", "UZB"], party_of, 0)
    assert [[x[0] for x in p.people] for p in parts] == [[0, 4, 1], [0, 4, 2]]


@pytest.mark.parametrize(
    ("text", "records"),
    [
        (
            "National Security Advisor Mark Sutter spoke separately today with National Security Council Secretary Armen "
            "Petrosyan of Armenia and Head of the Foreign Relations Department of the Presidential Administration of "
            "Azerbaijan Rashad Mammadov.",
            [("call", ("ARM", "USA")), ("call", ("AZE", "USA"))],
        ),
        (
            "In Nigeria, Mr. Mark Sutter of the United States met with Vice President Tunde Adeyemi, Minister of Foreign Affairs Chidi "
            "Okafor, and Minister of Defense Musa Bello on Monday.",
            [("meeting", ("NGA", "USA"))],
        ),
    ],
)
def test_separately_or_together(text: str, records: list[tuple[str, tuple[str, ...]]], reader: Reader) -> None:
    told = reader.read(text, published=date(2022, 12, 22), outlet="The White House").engagements
    assert sorted((e.kind, e.parties) for e in told if e.kind != "visit") == records


def test_legs_of_a_tour_have_their_own_days(reader: Reader) -> None:
    text = (
        "Egyptian Foreign Minister Karim Sabry will travel to Kenya on 14 May and to Tanzania on 16 May, "
        "the ministry said on Thursday."
    )
    told = reader.read(text, published=date(2020, 5, 7), outlet="MENA").engagements
    assert {e.place.country: e.date.start for e in told if e.kind == "visit" and e.place} == {
        "KEN": "2020-05-14",
        "TZA": "2020-05-16",
    }


EACH = (
    "Energy ministers Salwa Zureikat of Jordan and Tamer Naguib of Egypt will each visit Cyprus in June, the Cypriot foreign "
    "ministry said."
)


@pytest.mark.parametrize("text", [EACH, f"{EACH} Both ministers accepted the invitation to come to Nicosia in June."])
def test_guests_of_two_states_are_a_visit_each(text: str, reader: Reader) -> None:
    told = reader.read(text, published=date(2018, 5, 9), outlet="Cyprus Mail").engagements
    visits = [(e.parties, [p.name for p in e.participants]) for e in told if e.kind == "visit"]
    assert visits == [(("CYP", "EGY"), ["Tamer Naguib"]), (("CYP", "JOR"), ["Salwa Zureikat"])]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (
            "Polish Foreign Minister Jan Kos arrived in Hanoi on Sunday for a three-day visit.",
            "2018-05-06",
            "2018-05-08",
        ),
        ("Kenya's Defence Minister Ali Noor is to visit Ghana from Monday to Wednesday.", "2018-05-14", "2018-05-16"),
        ("Polish Foreign Minister Jan Kos concluded on Sunday a three-day visit to Hanoi.", "2018-05-04", "2018-05-06"),
        ("Polish Foreign Minister Jan Kos left Hanoi on Sunday after a four-day visit.", "2018-05-03", "2018-05-06"),
    ],
)
def test_visits_of_several_days(text: str, start: str, end: str, reader: Reader) -> None:
    told = reader.read(text, published=date(2018, 5, 9), outlet="VNA").engagements
    assert [(e.date.start, e.date.end) for e in told if e.kind == "visit"] == [(start, end)]


def test_a_conference_is_one_however_it_is_worded(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "ARUSHA, May 3. President Amani Juma of Tanzania took part on Friday in Arusha in the summit of the leaders of Kenya, Uganda, Rwanda, Burundi "
        "and Tanzania, at which the five states spoke of trade."
    )
    for cut in ("split", "split.said", "split.people"):
        monkeypatch.setitem(reader.tools.thresholds, cut, 0.0)
    told = reader.read(text, published=date(2024, 5, 4)).engagements
    assert [e.kind for e in told] == ["conference"]
    assert {"KEN", "UGA", "RWA", "BDI", "TZA"} <= set(told[0].parties)
