"""Feeds as they are found: RSS, Atom, sitemaps, and those that lie."""

from __future__ import annotations

import gzip
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.feeds.parse import Entry, Found, NoFeed, entries

TODAY = date(2024, 12, 10)
URL = "https://a.example/feed"
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>A</title>{}</channel></rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{}</feed>'
MAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{}</urlset>'


def read(text: str | bytes, *, most: int = 500, largest: int = 10_000_000, today: date = TODAY) -> Found:
    body = text.encode() if isinstance(text, str) else text
    return entries(body, URL, today=today, most=most, largest=largest)


def item(link: str = "https://a.example/1", date: str = "Tue, 03 Dec 2024 10:00:00 GMT", title: str = "T") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate><guid>g</guid></item>"


def test_rss() -> None:
    [entry] = read(RSS.format(item(title="Ministers &amp; <![CDATA[talks]]>"))).entries
    assert entry == Entry(
        "https://a.example/1", "Ministers & talks", date(2024, 12, 3), "Tue, 03 Dec 2024 10:00:00 GMT", None
    )


def test_atom() -> None:
    text = '<entry><title>T</title><link rel="alternate" href="/2"/><updated>2024-12-03T10:00:00+05:00</updated><source><title>B</title></source></entry>'
    [entry] = read(ATOM.format(text)).entries
    assert (entry.url, entry.published, entry.outlet) == ("https://a.example/2", date(2024, 12, 3), "B")


def test_sitemap_with_news() -> None:
    news = "<n:news><n:publication><n:name>B</n:name></n:publication><n:publication_date>2024-12-03</n:publication_date><n:title>T</n:title></n:news>"
    found = read(
        MAP.format(
            f"<url><loc>https://a.example/3</loc>{news}</url><url><loc>/4</loc><lastmod>2024-12-04T00:00:00Z</lastmod></url>"
        )
    )
    assert found.entries == (
        Entry("https://a.example/3", "T", date(2024, 12, 3), "2024-12-03", "B"),
        Entry("https://a.example/4", None, None, "2024-12-04T00:00:00Z", None),
    )


def test_index_of_sitemaps_and_gzip() -> None:
    text = "<sitemapindex><sitemap><loc>https://a.example/1.xml.gz</loc></sitemap><sitemap><loc>javascript:x</loc></sitemap></sitemapindex>"
    assert read(gzip.compress(text.encode())).maps == ("https://a.example/1.xml.gz",)


def test_another_encoding() -> None:
    text = RSS.replace('version="1.0"', 'version="1.0" encoding="{}"', 1)
    for name in ("utf-16", "windows-1251"):
        [entry] = read(text.replace("{}", name, 1).format(item(title="Встреча")).encode(name)).entries
        assert entry.title == "Встреча"


@pytest.mark.parametrize(
    ("items", "urls"),
    [
        (item("/5"), ["https://a.example/5"]),
        (item("../5?a=1&amp;b=2"), ["https://a.example/5?a=1&b=2"]),
        (
            item("https://a.example/1") + item("https://a.example/2"),
            ["https://a.example/1", "https://a.example/2"],
        ),  # one guid for both
        (item("https://a.example/1?utm_source=x") + item("https://a.example/1"), ["https://a.example/1"]),
        ("<item><guid>https://a.example/9</guid></item>", ["https://a.example/9"]),
        ("<item><guid isPermaLink='false'>77</guid><title>T</title></item>", []),
        (item("javascript:alert(1)"), []),
        (item("file:///etc/passwd") + item("https://a.example/2"), ["https://a.example/2"]),
        (item("http://127.0.0.1/admin"), ["http://127.0.0.1/admin"]),  # told apart when it is fetched
    ],
)
def test_links(items: str, urls: list[str]) -> None:
    assert [e.url for e in read(RSS.format(items)).entries] == urls


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("Tue, 03 Dec 2024 10:00:00 GMT", date(2024, 12, 3)),
        ("Wed, 11 Dec 2024 10:00:00 GMT", date(2024, 12, 11)),  # it is tomorrow somewhere
        ("Fri, 03 Dec 2038 10:00:00 GMT", None),
        ("Fri, 03 Dec 9999 10:00:00 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 GMT", None),
        ("1970", date(1970, 1, 1)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days_that_cannot_be_are_not_believed(told: str, day: date | None) -> None:
    assert read(RSS.format(item(date=told))).entries[0].published == day


def test_a_million_entries_cost_no_more_than_those_that_are_wanted() -> None:
    small = "<item><link>/{}</link></item>"
    many = RSS.format("".join(small.format(n) for n in range(1_000_000))).encode()
    begun = time.process_time()
    found = read(many, most=50, largest=50_000_000)
    assert time.process_time() - begun < 5  # parsing all would take minutes
    assert len(found.entries) == 50
    assert found.faults == ("it has more than 50 entries; the first 50 are looked at",)
    maps = MAP.format("".join(f"<url><loc>/{n}</loc></url>" for n in range(300_000)))
    assert len(read(maps, most=50, largest=50_000_000).entries) == 50


@pytest.mark.parametrize("kind", [RSS, ATOM, MAP])
def test_entities_are_refused(kind: str) -> None:
    bomb = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 10))
    for declared in (
        f'<!DOCTYPE a [<!ENTITY x0 "lol">{bomb}]>',
        '<!DOCTYPE a [<!ENTITY x9 SYSTEM "file:///etc/passwd">]>',
    ):
        with pytest.raises(NoFeed, match="entities"):
            read(
                declared
                + kind.replace('<?xml version="1.0"?>', "").format("<item><title>&x9;</title><link>/1</link></item>")
            )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<html><body>Not found</body></html>", "a page"),
        (b'{"a": 1}', "neither"),
        (b"\x89PNG\r\n" + bytes(200), "neither"),
        (b"\x1f\x8b\x08broken", "damaged"),
        (gzip.compress(bytes(20_000_000)), "longer than"),
        (b"x" * 20_000_000, "longer than"),
    ],
)
def test_what_is_no_feed(body: bytes, told: str) -> None:
    with pytest.raises(NoFeed, match=told):
        read(body)


@pytest.mark.parametrize("end", [20, 60, 120, 170])
def test_a_feed_that_breaks_off_gives_what_came(end: int) -> None:
    whole = RSS.format(item("/1") + item("/2"))
    try:
        found = read(whole[: len(RSS) - 20 + end])
    except NoFeed:
        return
    assert {e.url for e in found.entries} <= {"https://a.example/1", "https://a.example/2"}


def test_controls_and_long_titles() -> None:
    [entry] = read(RSS.format(item(title="a&#0;b&#x202e; " + "x" * 2000))).entries
    assert entry.title is not None
    assert len(entry.title) <= 500
    assert "\x00" not in entry.title


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([RSS, ATOM, MAP]))
def test_nothing_else_than_no_feed_is_raised(noise: bytes, kind: str) -> None:
    head, _, end = kind.encode().partition(b"{}")
    try:
        found = read(head + noise + end)
    except NoFeed:
        return
    assert all(e.url.startswith(("http://", "https://")) for e in found.entries)
