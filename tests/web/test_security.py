"""Strangers: whose Host is refused, what headers are sent, who may write, what hostile words and questions can do."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dragoman.errors import ConfigError, TooCostly
from dragoman.resources import Tools
from dragoman.store.read import Register
from dragoman.web import Options
from dragoman.web.rendering import data, environment, visible, web_address
from dragoman.web.security import CSP
from tests.web.conftest import EVIL, client
from tests.web.test_site import Writer


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "", "[::1", "evil@x"]
)
def test_a_strange_host_is_refused(site: TestClient, host: str) -> None:
    assert site.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:1234", "[::1]:8000", "192.168.1.4:80"])
def test_addresses_and_localhost_are_served(site: TestClient, host: str) -> None:
    assert site.get("/robots.txt", headers={"host": host}).status_code == 200


def test_a_name_is_served_where_the_server_is_told(filled: Path) -> None:
    named = client(Options(filled, writable=False, names=("Register.example",)))
    assert named.get("/robots.txt", headers={"host": "register.example"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/engagements", "/static/css/site.css", "/api/nothing"])
def test_every_answer_carries_the_headers(site: TestClient, path: str) -> None:
    headers = site.get(path).headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in CSP


def test_no_page_has_scripts_or_styles_within(site: TestClient) -> None:
    for path in ("/", "/engagements", "/timeline", "/network", "/map", "/review"):
        text = site.get(path).text
        assert " style=" not in text
        assert not re.search(r"\son\w+=", re.sub(r">[^<]*<", "><", re.sub(r'"[^"]*"', '""', text)))


def test_a_question_that_is_too_long_is_refused(site: TestClient) -> None:
    assert site.get("/engagements?q=" + "x" * 5_000).status_code == 414


def test_a_question_that_takes_too_long_is_stopped(filled: Path) -> None:
    register = Register(filled, limit=0.2)
    with pytest.raises(TooCostly, match="too long"), register.held():
        register._ask("SELECT count(*) FROM range(4000000000) a, range(4000000000) b")
    assert register.totals().records


def test_reading_only_means_reading_only(filled: Path, site: TestClient) -> None:
    one = site.get("/api/engagements").json()["entries"][0]["id"]
    assert site.post("/judgements", data={"act": "accept", "record": one}).status_code == 403
    assert site.post("/api/judgements", json={"act": "accept", "record": one}).status_code == 403
    assert 'name="mark"' not in site.get(f"/engagements/{one}").text
    assert not Register(filled).judgements()


def test_a_form_without_its_mark_is_refused(register: Path) -> None:
    writer = Writer(register)
    one = writer.entries()[0]["id"]
    post = writer.site.post
    assert post("/judgements", data={"act": "accept", "record": one}).status_code == 403
    assert post("/judgements", data={"act": "accept", "record": one, "mark": "0" * 64}).status_code == 403
    other = client(Options(register)).post("/judgements", data={"act": "accept", "record": one, "mark": writer.mark})
    assert other.status_code == 403
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert (
            post("/judgements", data={"act": "accept", "record": one, "mark": writer.mark}, headers=headers).status_code
            == 403
        )
        assert post("/api/judgements", json={"act": "accept", "record": one}, headers=headers).status_code == 403
    assert (
        post("/api/judgements", content='{"act": "accept"}', headers={"content-type": "text/plain"}).status_code == 403
    )
    assert not Register(register).judgements()


def test_a_token_opens_writing(register: Path) -> None:
    site = client(Options(register, host="0.0.0.0", token="sesame"))
    one = site.get("/api/engagements").json()["entries"][0]["id"]
    wish = {"act": "accept", "record": one}
    assert site.post("/api/judgements", json=wish).status_code == 403
    assert site.post("/api/judgements", json=wish, headers={"authorization": "Bearer wrong"}).status_code == 403
    assert site.post("/api/judgements", json=wish, headers={"authorization": "Bearer sesame"}).status_code == 201
    assert site.post("/token", data={"token": "wrong"}).status_code == 403
    assert 'name="mark"' not in site.get(f"/engagements/{one}").text
    assert site.post("/token", data={"token": "sesame"}).status_code == 303
    shown = site.get(f"/engagements/{one}").text
    mark = re.findall(r'name="mark" value="(\w+)"', shown)[0]
    assert "sesame" not in shown
    assert site.post("/judgements", data={**wish, "mark": mark}).status_code == 303


def test_writing_where_others_can_reach_needs_a_token(filled: Path) -> None:
    with pytest.raises(ConfigError, match="token"):
        Options(filled, host="0.0.0.0", writable=True)


def test_a_form_leads_back_to_this_site_alone(register: Path) -> None:
    writer = Writer(register)
    one = writer.entries()[0]["id"]
    for back in ("http://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = writer.site.post(
            "/judgements", data={"mark": writer.mark, "act": "accept", "record": one, "back": back}
        )
        assert answer.headers["location"].startswith("/engagements/"), back


def test_a_body_that_is_too_long_is_refused(register: Path) -> None:
    writer = Writer(register)
    assert writer.site.post("/judgements", data={"mark": writer.mark, "reason": "x" * 100_000}).status_code == 400


def test_hostile_words_are_words(site: TestClient) -> None:
    for entry in site.get("/api/engagements?limit=200").json()["entries"]:
        text = site.get(f"/engagements/{entry['id']}").text
        assert "<script>document" not in text
        assert 'onerror="document' not in text
        assert "<svg onload" not in text
        assert 'href="javascript:' not in text.lower()
        assert "\u202e" not in text
    shown = site.get("/engagements?q=%3Cscript%3Edocument.title%3D1%3C/script%3E").text
    assert "<script>document" not in shown
    assert html.escape("<script>document.title=1</script>") in shown


def test_only_addresses_of_the_web_are_links() -> None:
    for bad in (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil",
        "http:",
        "http://[x",
        None,
        "",
    ):
        assert web_address(bad) is None, bad
    assert web_address("https://example.org/a") == "https://example.org/a"


def test_what_turns_text_is_shown(tools: Tools) -> None:
    env = environment(tools)
    assert visible(EVIL["turned"]).count("\ufffd") == 4
    assert env.from_string("{{ x }}").render(x="a\u202eb<") == "a\ufffdb&lt;"


def test_json_within_a_page_cannot_end_its_element() -> None:
    assert "<" not in data({"name": "</script><script>alert(1)</script>", "n": "\ud800"})
