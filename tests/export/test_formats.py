"""Each format, read back by the tool that it is for."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import StopRun
from dragoman.export import FORMATS, export, in_memory
from dragoman.export._plover import COLUMNS
from dragoman.model import When
from dragoman.tables import PARTICIPATIONS, TRIPS
from tests.export.sample import CLAIMS, PEOPLE, RECORDS, TOOLS, account, record, sample, written

SINGLE = [name for name, form in FORMATS.items() if form.file]


@pytest.mark.parametrize("name", SINGLE)
def test_same_bytes_in_any_order(name: str) -> None:
    shuffled = list(RECORDS)
    random.Random(7).shuffle(shuffled)
    assert written(name) == written(name, in_memory(shuffled, TOOLS, PEOPLE, CLAIMS))


@pytest.mark.parametrize("name", SINGLE)
def test_an_empty_register_is_a_valid_file(name: str) -> None:
    assert isinstance(written(name, in_memory([], TOOLS)).decode("utf-8"), str)


@pytest.mark.parametrize("name", SINGLE)
def test_what_is_not_valid_unicode_or_xml_is_written_all_the_same(name: str) -> None:
    odd = record(
        "odd",
        evidence="lone \ud800 mark, \x0b",
        accounts=(account("x", title="a\ud800\x00b", outlet="\ud800"),),
        framework="f\x01",
    )
    written(name, in_memory([odd], TOOLS)).decode("utf-8")


def test_csv_with_pandas() -> None:
    import pandas as pd

    table = pd.read_csv(io.BytesIO(written("csv")), parse_dates=["first_day"])
    assert list(table.columns) == [c.name for c in PARTICIPATIONS.columns]
    aydin = table[(table.record_id == "r1") & (table.party == "TUR")].iloc[0]
    assert (aydin["name"], aydin.level, aydin.party_cow, aydin.country_cow) == (
        "Kemal Aydın",
        "foreign_minister",
        640,
        640,
    )
    assert aydin.counterparts == "Rauf Quliyev (AZE)"
    assert aydin.first_day == pd.Timestamp("2024-05-03")
    assert set(table[table.record_id == "r6"].party) == {"TUR", "AZE", "SRB", "NATO"}  # also whom nobody stands for
    assert table[table.record_id == "r2"].conflicts.unique().tolist() == ["date"]


def test_csv_cells_cannot_be_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv").decode())))
    assert {r["name"] for r in rows if r["person_id"] == "p-general"} == {"'=SUM(A1)"}
    assert {r["evidence"] for r in rows if r["record_id"] == "r5"} == {"'-denied by both"}
    assert not any(v.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")) for r in rows for v in r.values())


def test_confidence_counts_voices_and_conflicts() -> None:
    rows = {r["record_id"]: r["confidence"] for r in csv.DictReader(io.StringIO(written("csv").decode()))}
    assert rows["r1"] == "2"  # two accounts, one voice
    assert rows["r2"] == "3"  # three voices, one conflict
    assert rows["r4"] == "5"  # accepted by a person


def test_jsonl_has_the_guides_form_and_the_accounts() -> None:
    lines = [json.loads(line) for line in written("jsonl").decode().splitlines()]
    assert [e["id"] for e in lines] == ["r1", "r2", "r4", "r3", "r6", "r7", "r5"]  # by date, then id; undated last
    first = lines[0]
    assert [(a["doc_id"], a["id"]) for a in first["accounts"]] == [("doc-a1", "e1"), ("doc-a2", "e1")]
    assert first["participants"][0]["name"] == "Kemal Aydın"
    assert lines[1]["conflicts"] == [{"field": "date", "values": {"2024-05-03": ["b1"], "2024-05-04": ["b2", "b3"]}}]
    assert lines[1]["history"][0] == {"status": "planned", "said": "2024-05-01", "account": "b1"}


def test_parquet_with_pyarrow_duckdb_polars(tmp_path: Path) -> None:
    import duckdb
    import polars as pl
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = export(sample(), "parquet", str(tmp_path / "out"), io.BytesIO())
    assert [Path(f).name for f in files] == [
        f"{n}.parquet" for n in ("records", "participations", "accounts", "claims")
    ]
    records = pq.read_table(files[0])
    assert records.schema.field("first_day").type == pa.date32()
    assert records.schema.field("topics").type == pa.list_(pa.string())
    assert records.schema.field("kind").metadata[b"meaning"] == b"What kind of act it is."
    assert records.num_rows == len(RECORDS)
    held = duckdb.sql(
        f"SELECT r.record_id, count(*) FROM '{files[0]}' r JOIN '{files[1]}' p USING (record_id) WHERE r.record_id = 'r1' GROUP BY ALL"
    )
    assert held.fetchall() == [("r1", 2)]
    assert pl.read_parquet(files[2]).filter(pl.col("copy_of").is_not_null())["doc_id"].to_list() == ["doc-a2"]
    claims = pq.read_table(files[3]).to_pylist()
    assert (json.loads(claims[0]["value"]), json.loads(claims[0]["spans"])) == ("Ankara", [[3, 9], ["title", 0, 6]])


def test_parquet_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    one = [Path(f).read_bytes() for f in export(sample(), "parquet", str(tmp_path / "a"), io.BytesIO())]
    two = [Path(f).read_bytes() for f in export(sample(), "parquet", str(tmp_path / "b"), io.BytesIO())]
    assert one == two


def _plover() -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(written("plover").decode()), delimiter="\t")
    return {r["Event ID"]: r for r in rows}


def test_plover_has_polecats_columns_and_events() -> None:
    rows = _plover()
    assert len(COLUMNS) == 40
    assert list(next(iter(rows.values()))) == list(COLUMNS)
    told = {i: (r["Event Type"], r["Event Mode"], r["Quad Code"]) for i, r in rows.items()}
    assert told["r1/1"] == ("CONSULT", "", "V-COOP")
    assert told["r2/1"] == ("CONSULT", "visit", "V-COOP")
    assert told["r3/1"] == ("AGREE", "meet", "V-COOP")  # planned
    assert told["r4/1"] == ("REJECT", "meet", "V-CONF")  # cancelled
    assert told["r6/1"] == ("CONSULT", "multilateral", "V-COOP")
    assert not any(i.startswith("r5/") for i in rows)  # denied: no event
    visit = rows["r2/1"]
    assert (visit["Actor Country"], visit["Recipient Country"], visit["Primary Actor Sector"]) == ("AZE", "TUR", "MIL")
    assert (visit["Actor COW"], visit["Contexts"], visit["Intensity"]) == ("373", "military", "")
    pairs = {(r["Actor Name"], r["Recipient Name"]) for i, r in rows.items() if i.startswith("r6/")}
    assert len(pairs) == 6  # four parties, one of which nobody stands for: each pair once
    assert ("NATO", "Ana Čović") in pairs


def test_plover_with_duckdb(tmp_path: Path) -> None:
    import duckdb

    [file] = export(sample(), "plover", str(tmp_path / "events.tsv"), io.BytesIO())
    kinds = duckdb.sql(
        f"""SELECT "Event Type", count(*) FROM read_csv('{file}', delim='\t') GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    assert [k for k, _ in kinds] == ["AGREE", "CONSULT", "REJECT"]


def test_colt_has_a_row_a_trip() -> None:
    import pandas as pd

    trips = pd.read_csv(io.BytesIO(written("colt")))
    assert list(trips.columns) == [c.name for c in TRIPS.columns]
    host = trips[trips.LeaderID == "p-host"]
    assert host.TripID.tolist() == ["r6/p-host"]  # the meeting r7 is part of the conference
    assert (host.LeaderRole.item(), host.CountryVisitedISO.item(), host.TripDuration.item()) == ("S", "SRB", 3)
    assert (host.MetHostHead.item(), host.MetHostHeadName.item()) == ("Yes", "Ana Čović (SRB)")
    assert "p-leader" not in set(trips.LeaderID)  # at home in r6, and r3 is only planned
    assert "p-general" not in set(trips.LeaderID)  # no leader


def test_two_acts_of_one_trip_are_one_row() -> None:
    extra = record("r8", date=When("2024-05-03", None, "day", "text"), kind="visit")
    rows = csv.DictReader(io.StringIO(written("colt", in_memory([*RECORDS, extra], TOOLS)).decode()))
    assert [r["TripID"] for r in rows if r["LeaderID"] == "p-quliyev" and r["CountryVisitedISO"] == "TUR"] == [
        "r8/p-quliyev"
    ]


def test_jsonld_with_rdflib() -> None:
    from rdflib import Graph, Namespace, URIRef

    schema = Namespace("https://schema.org/")
    graph = Graph().parse(data=written("jsonld").decode(), format="json-ld")
    events = set(graph.subjects(URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), schema.Event))
    assert len(events) == len(RECORDS)
    r7, r6, r4 = (URIRef(f"urn:dragoman:engagement:{i}") for i in ("r7", "r6", "r4"))
    assert (r7, schema.superEvent, r6) in graph
    assert (r4, schema.eventStatus, schema.EventCancelled) in graph
    assert str(graph.value(r7, schema.startDate)) == "2024-07-10"
    names = {str(graph.value(p, schema.name)) for p in graph.objects(r7, schema.attendee)}
    assert names == {"Emre Kaya", "Ana Čović"}


def test_ftm_with_followthemoney() -> None:
    from followthemoney import model
    from followthemoney.proxy import EntityProxy

    rows: list[dict[str, Any]] = [json.loads(line) for line in written("ftm").decode().splitlines()]
    entities = [EntityProxy.from_dict(r, cleaned=False) for r in rows]
    for row, entity in zip(rows, entities, strict=True):
        model.get(row["schema"]).validate(row)
        lost = {n: set(v) - set(entity.get(n)) for n, v in row["properties"].items() if set(v) - set(entity.get(n))}
        assert set(lost) <= {"alias", "name"}, (
            row,
            lost,
        )  # FollowTheMoney tidies names; nothing else may be thrown out
    assert len({e.id for e in entities}) == len(entities)
    kinds = {e.schema.name for e in entities}
    assert kinds == {"Event", "Person", "PublicBody", "Organization", "Position", "Occupancy", "Article"}
    ids = {e.id for e in entities}
    for entity in entities:
        for prop, value in entity.itervalues():
            assert prop.type.name != "entity" or value in ids, (entity.id, prop.name)
    terms = [e for e in entities if e.schema.name == "Occupancy" and e.get("startDate")]
    assert [(e.get("startDate"), e.get("endDate")) for e in terms] == [(["2024-05-03"], ["2024-07-11"])]
    [nato] = [e for e in entities if e.caption == "NATO"]
    assert nato.get("topics") == ["gov.igo"]


def test_graphml_with_networkx() -> None:
    import networkx as nx

    graph = nx.read_graphml(io.BytesIO(written("graphml")))
    assert graph.nodes["person:p-aydin"]["label"] == "Kemal Aydın"
    assert graph.nodes["party:TUR"]["kind"] == "party"
    met = [d for *_, d in graph.edges("person:p-aydin", data=True) if d["relation"] == "met" and d["record"] == "r1"]
    assert [(d["start"], d["kind"], d["accounts"]) for d in met] == [("2024-05-03", "meeting", 2)]
    home = [d for *_, d in graph.edges("person:p-aydin", data=True) if d["relation"] == "stands_for"]
    assert [(d["start"], d["end"]) for d in home] == [("2024-05-03", "2024-07-09")]
    assert not any(
        d["relation"] == "met" and {u, v} == {"person:p-host", "person:p-aydin"} for u, v, d in graph.edges(data=True)
    )


def test_ics_with_icalendar() -> None:
    from icalendar import Calendar

    calendar = Calendar.from_ical(written("ics"))
    events = {str(e["uid"]): e for e in calendar.walk("VEVENT")}
    assert set(events) == {f"{i}@dragoman" for i in ("r1", "r2", "r4", "r6", "r7")}  # r3 has a month only, r5 is denied
    visit = events["r2@dragoman"]
    assert (visit["dtstart"].dt, visit["dtend"].dt) == (date(2024, 5, 3), date(2024, 5, 6))
    assert str(events["r4@dragoman"]["status"]) == "CANCELLED"
    assert "Colonel General =SUM(A1), Chief of the General Staff (AZE)" in str(visit["description"])
    assert str(visit["location"]) == "Foreign Ministry, Ankara, Turkey"


def test_footnotes_are_ready_to_cite() -> None:
    notes = dict(n.split(": ", 1) for n in written("footnotes").decode().strip().split("\n\n"))
    assert notes["[^r1]"] == (
        "Meeting: Azerbaijan – Turkey, Foreign Ministry, Ankara, Turkey (May 3, 2024), with Kemal Aydın, Foreign Minister (TUR); "
        "Rauf Quliyev, Foreign Minister (AZE). “Ministers meet, ‘again’ \\<a1>,” Anadolu, May 4, 2024, "
        "https://example.org/a1?a=1&b=2. Repeated by Trend."
    )
    assert notes["[^r2]"].endswith("Accounts differ: date: 2024-05-03 (1) | 2024-05-04 (2).")
    assert "(June 2024)" in notes["[^r3]"]
    assert "(date not said)" in notes["[^r5]"]


def test_a_folder_a_file_and_standard_output(tmp_path: Path) -> None:
    holdings = sample()
    assert export(holdings, "csv", str(tmp_path), io.BytesIO()) == [str(tmp_path / "participations.csv")]
    assert export(holdings, "ics", f"{tmp_path}/new/", io.BytesIO()) == [str(tmp_path / "new" / "engagements.ics")]
    assert export(holdings, "csv", str(tmp_path / "x.csv"), io.BytesIO()) == [str(tmp_path / "x.csv")]
    assert (tmp_path / "x.csv").read_bytes() == written("csv")
    assert not list(tmp_path.rglob(".*"))  # nothing half-written is left


def test_errors_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(StopRun, match="no format 'xls': choose one of csv"):
        export(sample(), "xls", "-", io.BytesIO())
    with pytest.raises(StopRun, match="parquet makes 4 files and cannot go to standard output"):
        export(sample(), "parquet", "-", io.BytesIO())
    with pytest.raises(StopRun, match="is a file; this format makes 4 files: name a folder"):
        export(sample(), "parquet", str(tmp_path / "a"), io.BytesIO())
    with pytest.raises(StopRun, match=r"Not a directory|File exists"):
        export(sample(), "csv", str(tmp_path / "a" / "b.csv"), io.BytesIO())


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")

    def broken() -> Any:
        yield RECORDS[0]
        raise StopRun("the register broke off")

    from dragoman.export import Holdings

    with pytest.raises(StopRun, match="broke off"):
        export(Holdings(broken, lambda: (), TOOLS), "csv", str(target), io.BytesIO())
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]
    assert target.read_text() == "old"
