"""The authority file: rows of tests/cases/people.csv; parts of names; ids and tenures; no order."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.merge import Profile, identify, joined, officials, person, person_keys, profiles, same_person
from dragoman.merge.people import TABLE, index
from dragoman.model import Telling
from dragoman.resources import Tools
from tests.merge._made import telling

FILE = Path(__file__).parents[1] / "cases" / "people.csv"
CASES = list(csv.DictReader(line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")))
TOOLS = Tools()


def told(key: str, *people: str, published: str = "2024-03-15") -> Telling:
    return telling(key, people=list(people), published=published, date=published)


def known(*tellings: Telling, table: bool = False) -> dict[str, Profile]:
    found = joined(profiles(tellings, TOOLS).values())
    return found | ({p.key: p for p in officials(TOOLS)} if table else {})


def who(*tellings: Telling, table: bool = False) -> dict[tuple[str, int], str]:
    """Ids by account key and number of the participant."""
    everyone = known(*tellings, table=table)
    by_key = index(everyone.values(), TOOLS)
    told_of = {p.key: p for p in everyone.values() if not p.official}
    ids = identify(told_of.values(), lambda key: by_key.get(key, ()), TOOLS)
    return {at: ids[p.key] for at, p in profiles(tellings, TOOLS).items()}


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['left']}, {c['right']}, {c['other_year']}")
def test_same_person(case: dict[str, str]) -> None:
    left = told("a", f"{case['left']}, {case['office']}, AAA, host", published=f"{case['year']}-01-01")
    right = told("b", f"{case['right']}, {case['other_office']}, AAA, host", published=f"{case['other_year']}-01-01")
    a, b = (next(iter(known(t).values())) for t in (left, right))
    assert same_person(a, b, TOOLS) == same_person(b, a, TOOLS) == (case["same"] == "yes")
    ids = who(left, right)
    assert (ids["a", 0] == ids["b", 0]) == (case["same"] == "yes")
    if case["same"] == "yes":
        assert person_keys(a, TOOLS) & person_keys(b, TOOLS)


@settings(max_examples=200, deadline=None)
@given(
    *[
        st.lists(
            st.sampled_from(["ali", "a", "reza", "karimov", "kerimov", "bin", "al", "omar"]), min_size=1, max_size=4
        )
    ]
    * 2
)
def test_agreement_of_names_has_no_direction(left: list[str], right: list[str]) -> None:
    a, b = " ".join(left), " ".join(right)
    assert TOOLS.variants.agreement(a, b) == TOOLS.variants.agreement(b, a)


def test_namesakes_of_two_parties_stay_two() -> None:
    ids = who(told("a", "Ivan Petrov, Foreign Minister, AAA, host", "Ivan Petrov, Foreign Minister, BBB, guest"))
    assert ids["a", 0] != ids["a", 1]


def test_a_part_of_a_name_joins_the_only_one_that_fits() -> None:
    full = told("a", "Ibrahim Kalin, Intelligence Director, AAA, host")
    short = told("b", "Kalin, Director of National Intelligence, AAA, host")
    assert len(set(who(full, short).values())) == 1


@pytest.mark.parametrize(
    "other",
    [
        "Kalin, Director of National Intelligence, BBB, host",  # another party
        "Kalin, Minister of Health, AAA, host",  # another office
    ],
)
def test_a_part_of_a_name_joins_nobody_whom_it_does_not_fit(other: str) -> None:
    assert len(set(who(told("a", "Ibrahim Kalin, Intelligence Director, AAA, host"), told("b", other)).values())) == 2


def test_a_part_of_a_name_that_fits_two_joins_neither() -> None:
    two = told("a", "Ali Karimov, Foreign Minister, AAA, host"), told("c", "Omar Karimov, Foreign Minister, AAA, host")
    short = told("b", "Karimov, Foreign Minister, AAA, host")
    ids = who(*two, short)
    assert len(set(ids.values())) == 3
    assert len(set(who(two[0], short).values())) == 1


def test_a_name_that_two_fuller_ones_hold_joins_neither() -> None:
    father = told("a", "Teodoro Obiang Nguema Mbasogo, President, AAA, host")
    son = told("b", "Teodoro Nguema Obiang Mangue, Vice Premier, AAA, host")
    short = told("c", "Teodoro Obiang, , AAA, host")
    ids = who(father, son, short)
    assert len(set(ids.values())) == 3
    ids = who(father, son, told("c", "Teodoro Obiang, President, AAA, host"))
    assert ids["c", 0] == ids["a", 0] != ids["b", 0]


def test_ids_stay_when_later_accounts_come() -> None:
    first = told("m", "Salva Kiir, President, AAA, host")
    later = told("a", "Salva Kiir Mayardit, President, AAA, host", published="2024-05-01")
    assert who(first)["m", 0] == who(first, later)["m", 0] == who(first, later)["a", 0]


def test_the_table_of_officials_gives_the_id_and_a_tenure() -> None:
    row = next(r for r in TOOLS.officials if r["name"] == "Sergey Lavrov" or "LAVROV" in r["name"].upper())
    one = told("a", f"{row['name']}, Foreign Minister, {row['country']}, host", published="2012-01-01")
    two = told("b", f"{row['name']}, Foreign Minister, {row['country']}, host", published="2023-01-01")
    ids = who(one, two, table=True)
    assert ids["a", 0] == ids["b", 0] == who(two, table=True)["b", 0]
    part = [p for p in known(one, two, table=True).values() if p.name == row["name"] and p.party == row["country"]]
    entry = person(ids["a", 0], part, 2)
    assert entry.name == row["name"]
    assert (TABLE,) in [t.sources for t in entry.tenures]
    read = next(t for t in entry.tenures if t.office == "Foreign Minister")
    assert (read.since, read.until, read.sources) == ("2012-01-01", "2023-01-01", ("doc-a", "doc-b"))


NAMES = [
    "Ali Karimov",
    "Ali Reza Karimov",
    "Ali Hasan Karimov",
    "A. Karimov",
    "Karimov",
    "Omar Karimov",
    "Ali Kerimov",
    "Karimov Ali",
    "Salva Kiir",
    "Kiir",
]
OFFICES = ["", "Foreign Minister", "Army Chief"]
TELLINGS = st.lists(
    st.tuples(
        st.sampled_from(NAMES), st.sampled_from(OFFICES), st.sampled_from(["AAA", "BBB"]), st.integers(2000, 2024)
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=120, deadline=None)
@given(TELLINGS, st.randoms(use_true_random=False), st.integers(1, 4))
def test_one_by_one_as_all_at_once(rows: list[tuple[str, str, str, int]], random: object, step: int) -> None:
    """A register that asks again only for what a new profile touches has the same ids as one made at once, in any order."""
    all_told = [
        told(f"k{n}", f"{name}, {office}, {party}, host", published=f"{year}-01-01")
        for n, (name, office, party, year) in enumerate(rows)
    ]
    expected = who(*all_told)
    shuffled = list(all_told)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ids: dict[str, str] = {}
    for at in range(0, len(shuffled), step):
        everyone = known(*shuffled[: at + step])
        by_key = index(everyone.values(), TOOLS)
        fresh = known(*shuffled[at : at + step])
        ids |= identify([everyone[k] for k in fresh], lambda key, by_key=by_key: by_key.get(key, ()), TOOLS)  # type: ignore[misc]
    single = profiles(all_told, TOOLS)
    assert {at: ids[p.key] for at, p in single.items()} == expected
