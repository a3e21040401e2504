"""The report that everything must serve: a ministry's visit with its meetings, told by an agency."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dragoman.reader import Account, Reader
from dragoman.stages.ingest._common import decode


@pytest.fixture(scope="module")
def seed(reader: Reader, shared: Path) -> Account:
    [path] = (shared / "seed").glob("*.txt")
    return reader.read(decode(path.read_bytes(), str(path)))


def test_meetings_of_the_seed(seed: Account) -> None:
    meetings = [e for e in seed.engagements if e.kind == "meeting" and e.salience == "main"]
    assert [sorted(e.parties) for e in meetings] == [["AZE", "TUR"]] * len(meetings)
    assert {p.name for e in meetings for p in e.participants} >= {"Karim Valiyev", "Yasar Kadıoglu"}
    assert all(e.date.start == "2024-12-03" and e.status == "held" for e in meetings)


def test_visit_of_the_seed(seed: Account) -> None:
    [visit] = [e for e in seed.engagements if e.kind == "visit"]
    assert visit.place is not None
    assert (visit.place.city, visit.place.country, visit.parties) == ("Baku", "AZE", ("AZE", "TUR"))
    guest = next(p for p in visit.participants if p.party == "TUR")
    assert (guest.name, guest.rank, guest.side) == ("Yasar Kadıoglu", "Colonel General", "guest")
    assert guest.office == "Chief of the Main Intelligence Department of the Turkish Armed Forces"
    assert any(e.part_of == visit.id for e in seed.engagements if e.kind == "meeting")


def test_examples_give_records(reader: Reader) -> None:
    from dragoman.config import Settings
    from dragoman.run import Summary, accounts

    folder = Path(__file__).parents[1] / "examples"
    summary = Summary()
    found = {a.doc_id.partition("-")[0]: a for a in accounts([str(folder)], Reader(Settings()), summary)}
    assert not summary.aside
    assert {e.kind for e in found["02_agency_call"].engagements} == {"call", "visit"}
    assert all(json.loads(a.to_json())["doc_id"] == a.doc_id for a in found.values())
