"""The pages in a real Chromium: they open, lead somewhere, say nothing on the console, ask nobody else, and are accessible."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from dragoman.web import Options
from dragoman.web.pages import PAGES
from tests.web.conftest import served

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
Page = Any


class Watched:
    """A page of the browser; what it says on its console and whom it asks is kept."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda m: self.said.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: self.said.append(str(e)))
        page.on("request", lambda r: self.asked.append(r.url))

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.base + path)
        assert answer.ok, path
        self.page.wait_for_load_state("networkidle")
        return self.page

    def check(self) -> None:
        assert self.said == []
        assert [u for u in self.asked if not u.startswith((self.base, "data:"))] == []


@pytest.fixture
def watch(browser: Any) -> Iterator[Callable[..., Watched]]:
    made = []

    def new(base: str, **settings: Any) -> Watched:
        context = browser.new_context(**{"viewport": WIDE, **settings})
        made.append(context)
        return Watched(context.new_page(), base)

    yield new
    for context in made:
        context.close()


@pytest.fixture(scope="module")
def addresses(address: str, browser: Any) -> dict[str, str]:
    """An address of every page, the engagement with most accounts and the people and documents in it."""
    context = browser.new_context()

    def ask(path: str) -> Any:
        return context.request.get(address + path).json()

    best = ask("/api/engagements?sort=-accounts")["entries"][0]
    named = {
        "engagement": f"/engagements/{best['id']}",
        "person": f"/people/{ask('/api/people')['people'][0]['id']}",
        "party": f"/parties/{best['parties'][0]}",
        "pair": f"/parties/{best['parties'][0]}/{best['parties'][1]}",
        "document": f"/documents/{ask('/api/engagements/' + best['id'])['accounts'][0]['doc_id']}",
    }
    context.close()
    found = {p.name: named.get(p.name, p.path) for p in PAGES}
    return found | {"search": "/engagements?q=minister", "parties' network": "/network?of=parties", "api": "/api"}


NAMES = [*(p.name for p in PAGES), "search", "parties' network", "api"]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_quietly_wide_and_narrow(
    watch: Callable[..., Watched], address: str, addresses: dict[str, str], name: str
) -> None:
    for settings in ({"viewport": WIDE}, {"viewport": NARROW, "color_scheme": "dark"}):
        seen = watch(address, **settings)
        page = seen.open(addresses[name])
        seen.check()
        assert page.evaluate("document.documentElement.scrollWidth") <= settings["viewport"]["width"]  # type: ignore[index]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_violation(
    watch: Callable[..., Watched], address: str, addresses: dict[str, str], name: str, scheme: str
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="no axe-playwright-python here: pip install it"
    )
    page = watch(address, color_scheme=scheme, bypass_csp=True).open(addresses[name])
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    assert [(v["id"], [n["html"][:150] for n in v["nodes"][:3]]) for v in found] == []


def test_every_link_leads_somewhere(watch: Callable[..., Watched], address: str, addresses: dict[str, str]) -> None:
    seen = watch(address)
    links: set[str] = set()
    for path in addresses.values():
        page = seen.open(path)
        links |= set(
            page.eval_on_selector_all("a[href], link[href], script[src]", "all => all.map(a => a.href || a.src)")
        )
    inside = {link.partition("#")[0] for link in links if link.startswith(address)}
    assert len(inside) > 100
    wrong = [link for link in sorted(inside) if not seen.page.request.get(link).ok]
    assert wrong == []
    outside = {urlsplit(link).scheme for link in links if not link.startswith(address)}
    assert outside <= {"http", "https"}


def test_drawings_are_drawn(watch: Callable[..., Watched], address: str) -> None:
    seen = watch(address)
    for path, marks in (
        ("/", ".chart svg rect"),
        ("/timeline", "#timeline .dot"),
        ("/network", "#network .node"),
        ("/map", "#map .land"),
    ):
        page = seen.open(path)
        assert page.locator(marks).count() > 3, path
    page.get_by_role("button", name="Zoom in").click()
    seen.check()


def test_pages_work_without_scripts(watch: Callable[..., Watched], address: str, addresses: dict[str, str]) -> None:
    seen = watch(address, java_script_enabled=False)
    for name in ("start", "engagements", "engagement", "timeline"):
        page = seen.page
        assert page.goto(address + addresses[name]).ok
        assert page.locator("h1").count() == 1
    page.goto(f"{address}/")
    assert page.locator("figure.chart table").first.is_visible()
    page.goto(f"{address}/engagements")
    page.get_by_label("Words in the texts").fill("minister")
    page.get_by_role("button", name="Show").click()
    assert "q=minister" in page.url


def test_pointing_at_one_shows_the_other(watch: Callable[..., Watched], address: str) -> None:
    seen = watch(address)
    entries = seen.page.request.get(f"{address}/api/engagements?sort=-accounts&limit=100").json()["entries"]
    named = next(e for e in entries if e["accounts"] > 1 and any(p["name"] for p in e["people"]))
    page = seen.open(f"/engagements/{named['id']}")
    page.locator(".people tbody tr").first.hover()
    assert page.locator("mark.lit").count() >= 1
    page.locator("h1").hover()
    assert page.locator(".lit").count() == 0


def test_hostile_words_do_nothing(watch: Callable[..., Watched], address: str) -> None:
    seen = watch(address)
    page = seen.page
    entries = page.request.get(f"{address}/api/engagements?limit=200&since=2021-01&until=2021-10").json()["entries"]
    evil = [e for e in entries if "received Minister Rauf Q" in e["evidence"]]
    assert len(evil) >= 5
    paths = [f"/engagements/{e['id']}" for e in evil] + [
        f"/people/{p['id']}" for e in evil for p in e["people"] if p["id"]
    ]
    documents = page.request.get(f"{address}/api/documents?limit=200").json()["documents"]
    paths += [
        f"/documents/{re.sub('/', '%2F', d['doc_id'])}"
        for d in documents
        if d["doc_id"] == "evil/long AbAbAbAbAbAbAbAbAbAbAbAbAbAbAbAbAbAbAbAb"
    ]
    for path in [*paths, "/", "/engagements", "/timeline", "/network", "/map", "/people", "/review"]:
        seen.open(path)
        assert page.title() != "owned", path
        assert (
            page.locator("img, iframe, object, embed, svg[onload], [onmouseover], a[href^='javascript:' i]").count()
            == 0
        ), path
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, path
        for mark in page.locator("main a:visible").all()[:3]:
            mark.hover()
    assert page.title() != "owned"
    seen.check()


def test_review_with_keys_changes_the_register_and_undoes_it(watch: Callable[..., Watched], register: Path) -> None:
    with served(Options(register, author="tester")) as base:
        seen = watch(base)
        page = seen.page

        def judgements() -> Any:
            return page.request.get(f"{base}/api/review").json()["judgements"]

        path = next(
            p
            for p in ("/review", "/review?queue=two-acts", "/review?queue=one-act")
            if "data-item" in page.request.get(base + p).text()
        )
        seen.open(path)
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("a")
        assert [(j["verdict"], j["author"], j["withdrawn"]) for j in judgements()] == [("accept", "tester", None)]
        with page.expect_navigation():
            page.keyboard.press("u")
        assert judgements()[0]["withdrawn"]
        page.keyboard.press("c")
        assert page.locator("details[open] select:focus").count() == 1
        seen.check()


def test_a_person_can_go_by_keyboard(watch: Callable[..., Watched], address: str) -> None:
    page = watch(address).open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_first_screen_is_small(watch: Callable[..., Watched], address: str) -> None:
    seen = watch(address)
    sizes: list[int] = []
    seen.page.on("response", lambda r: sizes.append(len(r.body())))
    seen.open("/")
    assert sum(sizes) < 300_000
