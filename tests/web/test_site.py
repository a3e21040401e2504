"""Every address of the site: pages, their data, the API's description, errors in one shape, judgements."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from dragoman.store.read import Register
from dragoman.web import Options
from dragoman.web.api import described
from dragoman.web.pages import PAGES
from tests.web.conftest import client


@pytest.fixture(scope="session")
def filled_in(site: TestClient) -> dict[str, str]:
    """An address for every page, with ids that are there."""
    record = site.get("/api/engagements?sort=-accounts").json()["entries"][0]
    told = site.get(f"/api/engagements/{record['id']}").json()["accounts"]
    names = {
        "engagement": f"/engagements/{record['id']}",
        "person": f"/people/{site.get('/api/people').json()['people'][0]['id']}",
        "party": f"/parties/{record['parties'][0]}",
        "pair": f"/parties/{record['parties'][0]}/{record['parties'][1]}",
        "document": f"/documents/{told[0]['doc_id']}",
    }
    return {p.name: names.get(p.name, p.path) for p in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_a_page_and_its_data(site: TestClient, filled_in: dict[str, str], page: object) -> None:
    name = page.name  # type: ignore[attr-defined]
    path = filled_in[name]
    shown = site.get(path)
    assert shown.status_code == 200
    assert "<h1>" in shown.text
    assert "<script>" not in re.sub(r"<script (src|type)=", "", shown.text)
    data = "/api/start" if path == "/" else f"/api{path}"
    assert msgspec.convert(site.get(data).json(), dict)["title"]
    table = site.get(data, params={"format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(table.text)))
    assert len({len(r) for r in rows}) == 1


def test_json_has_the_form_that_is_described(site: TestClient, filled_in: dict[str, str]) -> None:
    for page in PAGES:
        if page.name == "compare":  # holds what is set aside, written as text
            continue
        path = filled_in[page.name]
        msgspec.json.decode(
            site.get("/api/start" if path == "/" else f"/api{path}").content, type=page.shape, strict=False
        )


def test_the_description_names_every_address_and_only_shapes_that_are_there() -> None:
    text = msgspec.json.encode(described()).decode()
    for name in re.findall(r"#/components/schemas/(\w+)", text):
        assert name in described()["components"]["schemas"], name
    assert len(described()["paths"]) == len(PAGES) + 1


def test_an_answer_is_told_to_be_as_before(site: TestClient) -> None:
    for path in ("/", "/api/engagements", "/api/openapi.json"):
        tag = site.get(path).headers["etag"]
        assert site.get(path, headers={"if-none-match": tag}).status_code == 304
        assert site.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404), ("/engagements/nothing", 404), ("/people/nobody", 404), ("/documents/none", 404), ("/engagements?kind=dance", 400),
        ("/engagements?since=soon", 400), ("/network?of=dogs", 400), ("/review?queue=x", 400), ("/static/", 404), ("/static/css/", 404),
        ("/static/../app.py", 404), ("/static/%2e%2e/app.py", 404), ("/engagements?page=99999", 400),
    ],
)  # fmt: skip
def test_errors_say_what_is_wrong_in_one_shape(site: TestClient, path: str, status: int) -> None:
    assert site.get(path).status_code == status
    if not path.startswith("/static"):
        wrong = site.get(f"/api{path}")
        error = wrong.json()["error"]
        assert (wrong.status_code, error["status"]) == (status, status)
        assert error["code"]
        assert error["message"]
        assert "Traceback" not in wrong.text


def test_filters_mean_the_same_as_the_register_s(site: TestClient, filled: Path) -> None:
    register = Register(filled)
    for entry in site.get("/api/engagements?kind=meeting&status=held&limit=200").json()["entries"]:
        record = register.record(entry["id"])
        assert (record.kind, record.status) == ("meeting", "held")


def test_an_empty_list_says_what_to_change(site: TestClient) -> None:
    shown = site.get("/engagements?party=AZE&until=1950&kind=visit").text
    assert "Nothing is found" in shown
    assert "Widen the dates" in shown
    assert "Take away a filter" in shown


def test_found_words_are_marked(site: TestClient) -> None:
    shown = site.get("/engagements?q=minister").text
    assert 'class="hit-word"' in shown


def test_the_map_invents_no_place(site: TestClient) -> None:
    shown = site.get("/api/map").json()
    on_it = sum(s["records"] for s in shown["spots"]) + sum(t["records"] for t in shown["unlocated"])
    register_has = sum(1 for e in site.get("/api/engagements?limit=200").json()["entries"] if e["city"])
    assert on_it == register_has


def test_a_document_says_what_was_set_aside(register: Path) -> None:
    from dragoman.explain import set_aside
    from dragoman.resources import Tools

    text = "BAKU, May 3. The minister met his guest in Baku.\nShare on Facebook\nThe minister met his guest in Baku."
    found = set_aside(text, None, Tools())
    assert any("Share" in text[a.start : a.end] for a in found) or any(
        "minister" in text[a.start : a.end] for a in found
    )
    for a in found:
        assert text[a.start : a.end].strip()


class Writer:
    """A browser that may write: its page's mark is sent with every form."""

    def __init__(self, register: Path) -> None:
        self.site = client(Options(register, author="tester"))
        self.mark = re.findall(
            r'name="mark" value="(\w+)"', self.site.get("/review").text + self.site.get(self.path()).text
        )[0]

    def entries(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.site.get("/api/engagements?limit=200&sort=-accounts").json()["entries"]
        return found

    def path(self) -> str:
        return f"/engagements/{self.entries()[0]['id']}"

    def send(self, **fields: str) -> int:
        return self.site.post("/judgements", data={"mark": self.mark, **fields}).status_code

    def undo_last(self) -> int:
        last = self.site.get("/api/review").json()["judgements"][0]
        return self.send(act="undo", others=last["id"].rpartition("-")[0])


@pytest.fixture
def writer(register: Path) -> Writer:
    return Writer(register)


def test_accepting_and_undoing(writer: Writer) -> None:
    one = writer.entries()[0]
    assert writer.send(act="accept", record=one["id"], reason="read it") == 303
    assert writer.site.get(f"/api/engagements/{one['id']}").json()["record"]["accepted"] is True
    judgement = writer.site.get("/api/review").json()["judgements"][0]
    assert (judgement["verdict"], judgement["author"], judgement["reason"]) == ("accept", "tester", "read it")
    assert writer.undo_last() == 303
    assert writer.site.get(f"/api/engagements/{one['id']}").json()["record"]["accepted"] is False
    assert writer.site.get("/api/review").json()["judgements"][0]["withdrawn_by"] == "tester"


def test_rejecting_takes_a_record_out_of_lists(writer: Writer) -> None:
    one = writer.entries()[0]
    assert writer.send(act="reject", record=one["id"]) == 303
    assert one["id"] not in {e["id"] for e in writer.entries()}
    assert writer.undo_last() == 303
    assert one["id"] in {e["id"] for e in writer.entries()}


def test_correcting(writer: Writer) -> None:
    one = writer.entries()[0]
    assert writer.send(act="correct", record=one["id"], field="date.start", value="1999-12-31", reason="a test") == 303
    assert writer.site.get(f"/api/engagements/{one['id']}").json()["record"]["date"]["start"] == "1999-12-31"
    assert writer.send(act="correct", record=one["id"], field="date.start", value="soon") == 400
    assert writer.undo_last() == 303
    assert writer.site.get(f"/api/engagements/{one['id']}").json()["record"]["date"]["start"] == one["start"]


def test_merging_and_splitting(writer: Writer) -> None:
    entries = writer.entries()
    one, other = entries[0], next(e for e in entries if e["kind"] == entries[0]["kind"] and e["id"] != entries[0]["id"])
    before = len(entries)
    assert writer.send(act="merge", record=one["id"], others=other["id"]) == 303
    assert len(writer.entries()) == before - 1
    assert writer.undo_last() == 303
    assert len(writer.entries()) == before
    accounts = writer.site.get(f"/api/engagements/{one['id']}").json()["accounts"]
    assert len(accounts) > 1
    assert writer.send(act="split", record=one["id"], others=accounts[0]["key"]) == 303
    assert len(writer.entries()) == before + 1
    assert writer.undo_last() == 303
    assert {e["id"] for e in writer.entries()} == {e["id"] for e in entries}


def test_judging_by_api(writer: Writer) -> None:
    one = writer.entries()[0]
    made = writer.site.post("/api/judgements", json={"act": "accept", "record": one["id"], "author": "a script"})
    assert made.status_code == 201
    assert made.json()[0]["author"] == "a script"
    assert (
        writer.site.post("/api/judgements", json={"act": "undo", "others": [made.json()[0]["id"]]}).status_code == 201
    )
    for wrong in (
        {"act": "dance"},
        {"act": "accept", "record": "nothing"},
        {"act": "accept", "colour": "red"},
        {"act": 1},
    ):
        assert writer.site.post("/api/judgements", json=wrong).status_code in (400, 404)


def test_two_records_that_may_be_one_act_are_told_apart(writer: Writer) -> None:
    def queue() -> list[tuple[str, str]]:
        found = writer.site.get("/api/review?queue=one-act").json()["items"]
        return [(i["entry"]["id"], i["other"]["id"]) for i in found]

    before = queue()
    assert before
    assert len({frozenset(pair) for pair in before}) == len(before)
    one, other = before[0]
    entries = writer.entries()
    assert writer.send(act="split", record=one, others=other) == 303
    assert queue() == [pair for pair in before if set(pair) != {one, other}]
    assert writer.entries() == entries
    assert writer.send(act="split", record=one, others=one) == 400
    assert writer.undo_last() == 303
    assert queue() == before


def test_what_was_said_at_once_is_undone_at_once(writer: Writer) -> None:
    entries = writer.entries()
    many = max(entries, key=lambda e: int(e["accounts"]))
    assert int(many["accounts"]) > 1
    other = next(e for e in entries if e["kind"] == many["kind"] and e["id"] != many["id"])
    assert writer.send(act="merge", record=many["id"], others=other["id"]) == 303
    assert len([j for j in writer.site.get("/api/review").json()["judgements"] if not j["withdrawn"]]) > 1
    page = writer.site.get("/review").text
    [button] = re.findall(r'name="act" value="undo"><input type="hidden" name="others" value="([^"]+)"', page)
    assert page.count('data-key="u"') == 1
    assert writer.send(act="undo", others=button) == 303
    assert all(j["withdrawn"] for j in writer.site.get("/api/review").json()["judgements"])
    assert {e["id"] for e in writer.entries()} == {e["id"] for e in entries}


def test_a_search_counts_what_its_documents_tell_of(site: TestClient) -> None:
    found = site.get("/api/engagements?q=minister&limit=200").json()
    assert found["total"] == len(found["found"]) > 1
    told = {e["id"]: e for f in found["found"] for e in f["entries"]}
    kinds = next(f for f in found["facets"] if f["name"] == "kind")["values"]
    assert sum(v["records"] for v in kinds) == len(told)
    some = site.get(f"/api/engagements?q=minister&kind={kinds[0]['value']}&limit=200").json()
    [facet] = [f for f in some["facets"] if f["name"] == "kind"]
    assert facet["values"] == kinds[:1]
    assert f"{found['total']} documents hold these words" in site.get("/engagements?q=minister").text
    assert site.get("/api/engagements?q=nonesuch").json()["facets"] == []


def test_what_lies_ahead_is_not_the_newest(site: TestClient) -> None:
    latest = max(d["published"] for d in site.get("/api/documents?limit=200").json()["documents"] if d["published"])
    newest = site.get("/api/start").json()["newest"]
    assert newest
    assert all(e["start"] <= latest for e in newest)
