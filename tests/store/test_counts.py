"""What the register counts and finds is what its records say, however its tables are laid out."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from dragoman.model import Record
from dragoman.reader import Account
from dragoman.store import computing, documents, overview, postings
from dragoman.store.file import opened, transaction
from dragoman.store.read import Register
from dragoman.store.shapes import EVERYTHING, Filter
from dragoman.store.verdicts import rejection
from tests.store.conftest import Fill, contents


@pytest.fixture(scope="module")
def filled(accounts: list[Account], tmp_path_factory: pytest.TempPathFactory, reader: object) -> Path:
    """A register that was filled in several goes, with a record that somebody has rejected."""
    from dragoman.store.write import Writer

    writer = Writer(tmp_path_factory.mktemp("counts") / "a.duckdb", reader.tools)  # type: ignore[attr-defined]
    for start in range(0, len(accounts), 17):
        writer.add(accounts[start : start + 17])
    writer.judge([rejection(Register(writer.path).records()[3])], author="Ann", reason="a rehearsal")
    return writer.path


def wanted(r: Record, where: Filter) -> bool:
    """Whether a record is asked for, by the record alone."""
    people = {p.person for p in r.participants}
    offices = [(p.office or "").lower() for p in r.participants]
    return (
        set(where.parties) <= set(r.parties)
        and (not where.person or where.person in people)
        and (not where.kinds or r.kind in where.kinds)
        and (not where.topics or bool(set(where.topics) & set(r.topics)))
        and (not where.office or any(where.office.lower() in o for o in offices))
    )


def filters(records: tuple[Record, ...]) -> list[Filter]:
    """Filters by everything that has rows of its own, and by several of them at once."""
    often = [p for p, _ in Counter(p for r in records for p in r.parties).most_common(3)]
    people = [p for p, _ in Counter(p.person for r in records for p in r.participants if p.person).most_common(2)]
    return [
        EVERYTHING,
        *(Filter(parties=(p,)) for p in often),
        Filter(parties=tuple(often[:2])),
        *(Filter(person=p) for p in people),
        Filter(person=people[0], parties=(often[0],)),
        Filter(kinds=("meeting", "visit"), parties=(often[0],)),
        Filter(topics=("military", "economic")),
        Filter(office="minister", parties=(often[1],)),
        Filter(office="minister"),
        Filter(parties=("nobody",)),
        Filter(person="nobody"),
    ]


def test_lists_and_counts_are_those_of_the_records(filled: Path) -> None:
    register = Register(filled)
    every = register.records()
    assert len(every) > 30
    for where in filters(every):
        mine = [r for r in every if wanted(r, where)]
        assert register.records(where) == tuple(mine)
        assert register.count(where) == len(mine)
        expected = {
            "kind": Counter(r.kind for r in mine),
            "party": Counter(p for r in mine for p in set(r.parties)),
            "topic": Counter(t for r in mine for t in set(r.topics)),
            "source": Counter(s for r in mine for s in set(r.sources)),
            "year": Counter(str(int(r.date.start[:4])) for r in mine if r.date.start),
        }
        for field, counted in expected.items():
            assert dict(register.facets(field, where, limit=1000)) == counted, (field, where)
        narrowed = register.narrowing(where, limit=1000, people=True)
        for field, counted in expected.items():
            assert dict(narrowed.get(field, ())) == counted, (field, where)
        people = Counter(p for r in mine for p in {p.person for p in r.participants if p.person})
        assert dict(narrowed.get("person", ())) == people
        pairs = Counter(f"{a}|{b}" for r in mine for a, b in combinations(sorted(set(r.parties)), 2))
        assert dict(narrowed.get("pair", ())) == pairs
        months = Counter((r.date.start + "-01")[:7] + r.kind for r in mine if r.date.start)
        assert {m + k: n for m, k, n in register.rhythm(where)} == months


def test_people_and_whom_they_met_are_those_of_the_records(filled: Path) -> None:
    register = Register(filled)
    every = register.records()
    for where in filters(every):
        mine = [r for r in every if wanted(r, where)]
        people = Counter(p for r in mine for p in {p.person for p in r.participants if p.person})
        assert {a.id: a.records for a in register.active_people(where, limit=1000)} == people
        offices = Counter(
            (str(int(r.date.start[:4])), p.office)
            for r in mine
            for p in r.participants
            if r.date.start and p.office and (not where.parties or p.party in where.parties)
        )
        if not where.person:
            assert {(y, o): n for y, o, n in register.offices(where)} == offices
        ties = Counter(
            (a.person, b.person)
            for r in mine
            for a, b in combinations(
                sorted({p.person: p for p in r.participants if p.person}.values(), key=lambda p: p.person or ""), 2
            )
            if a.party != b.party
        )
        assert {(t.left, t.right): t.records for t in register.people_ties([*people], where, limit=10_000)} == ties
    for person in [p for p, n in people_of(every).most_common(5)]:
        met = Counter(
            other
            for r in every
            for mine_ in [next((p for p in r.participants if p.person == person), None)]
            if mine_
            for other in {
                p.person for p in r.participants if p.person and p.person != person and p.party != mine_.party
            }
        )
        assert {a.id: a.records for a in register.counterparts(person, limit=1000)} == met


def test_a_network_is_its_people_and_their_ties(filled: Path) -> None:
    register = Register(filled)
    for where in filters(register.records()):
        for most in (3, 1000):
            everybody = register.active_people(where, limit=1000)
            people, ties, further = register.network(where, most=most, ties=10_000)
            assert people == everybody[:most]
            assert further == (len(everybody) > most)
            assert ties == register.people_ties([p.id for p in people], where, limit=10_000)


@pytest.mark.parametrize(("few", "some", "many"), [(0, 0, 0), (0, 1000, 1000), (1000, 1000, 0)])
def test_many_records_are_counted_as_few_are(
    filled: Path, monkeypatch: pytest.MonkeyPatch, few: int, some: int, many: int
) -> None:
    register = Register(filled)
    every = filters(register.records())
    before = [register.narrowing(where, limit=1000, people=True) for where in every]
    people = [register.active_people(where, limit=5) for where in every]
    for name, number in (("FEW", few), ("SOME", some), ("MANY", many)):
        monkeypatch.setattr(overview, name, number)
    assert [register.narrowing(where, limit=1000, people=True) for where in every] == before
    assert [register.active_people(where, limit=5) for where in every] == people


def test_a_search_finds_the_same_whichever_side_it_begins_from(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = Register(filled)
    every = register.records()
    for words in ("minister", "visit", "foreign minister", "the minister said", "nonesuch", "minister nonesuch", "«»"):
        anywhere = register.searched(words, limit=1000)
        assert anywhere.total == len(anywhere.hits)
        assert {i for h in anywhere.hits for i in h.records} == set(anywhere.records)
        for where in filters(every):
            asked = {r.id for r in register.each(where)}
            expected = tuple(h for h in anywhere.hits if where == EVERYTHING or asked & set(h.records))
            for looked, many in ((1000, 1000), (0, 1000), (2, 0), (0, -1)):
                monkeypatch.setattr(documents, "LOOKED_AT", looked)
                monkeypatch.setattr(documents, "MANY", many)
                found = register.searched(words, where, limit=1000)
                assert found.hits == expected
                assert found.total == len(expected)
                some = register.searched(words, where, limit=2, offset=1)
                assert some.hits == expected[1:3]
                assert some.total in (None, len(expected))


def people_of(records: tuple[Record, ...]) -> Counter[str]:
    return Counter(p for r in records for p in {p.person for p in r.participants if p.person})


def test_neighbours_share_two_people(filled: Path) -> None:
    register = Register(filled)
    every = register.records()
    for r in every:
        mine = {p.person for p in r.participants if p.person}
        near = {o.id for o in every if o.id != r.id and len(mine & {p.person for p in o.participants}) > 1}
        assert {o.id for o in register.together(r, limit=100)} == near


def test_putting_rows_in_order_changes_no_answer(accounts: list[Account], fill: Fill) -> None:
    path = fill(accounts[:20], size=3).path
    before = contents(path)
    with opened(path, write=True) as con, transaction(con):
        computing.arrange(con, whole=True)
    assert contents(path) == before


def test_words_are_found_where_they_stand_and_gone_documents_are_not(
    accounts: list[Account], fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "LOOSE", 3)
    writer = fill(accounts[:20], size=3)
    from dataclasses import replace

    again = [replace(a, version="another") for a in accounts[:12]]
    for start in range(0, 12, 5):
        writer.add(again[start : start + 5])
        hits = Register(writer.path).search("minister", limit=100)
        holding = {
            a.doc_id
            for a in accounts[:20]
            if re.search(r"\bministers?\b", f"{a.title} {a.document.text}", re.IGNORECASE)
        }
        assert {h.doc_id for h in hits} == holding
        assert len(hits) == len(holding)
        assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
