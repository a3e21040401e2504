"""Addresses: one form for a page, nothing secret written down, no machine reached that is not public."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.feeds import addresses


@pytest.mark.parametrize(
    ("link", "base", "expected"),
    [
        ("http://A.example/x#top", "", "http://a.example/x"),
        ("/x/../y", "https://a.example/feed", "https://a.example/y"),
        ("//b.example/x", "https://a.example/feed", "https://b.example/x"),
        ("?id=3", "https://a.example/news/list", "https://a.example/news/list?id=3"),
        ("http://a.example:80/", "", "http://a.example/"),
        ("https://a.example:8443", "", "https://a.example:8443/"),
        ("https://a.example/x?utm_source=rss&id=3&fbclid=9", "", "https://a.example/x?id=3"),
        ("https://a.example/ü ber?q=ö", "", "https://a.example/%C3%BC%20ber?q=%C3%B6"),
        ("https://a.example/a%20b?x=%2F", "", "https://a.example/a%20b?x=%2F"),
        ("  https://a.example/x\n", "", "https://a.example/x"),
        ("http://[2606:4700::1111]/x", "", "http://[2606:4700::1111]/x"),
        ("javascript:alert(1)", "https://a.example/", None),
        ("file:///etc/passwd", "https://a.example/", None),
        ("data:text/html,x", "", None),
        ("ftp://a.example/x", "", None),
        ("http://", "", None),
        ("http://[::1", "", None),
        ("http://a.example:99999/", "", None),
        ("http://a.example/" + "x" * 3000, "", None),
        ("http://a\u202eb.example/", "", None),
        ("", "", None),
    ],
)
def test_one_form(link: str, base: str, expected: str | None) -> None:
    assert addresses.canonical(link, base) == expected


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["", "https://a.example/feed"]))
def test_the_form_is_its_own_form(link: str, base: str) -> None:
    found = addresses.canonical(link, base)
    if found is not None:
        assert addresses.canonical(found) == found
        assert found.isprintable()
        assert found.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ann:secret@a.example/feed", "https://a.example/feed"),
        ("https://a.example/feed?key=secret&page=2", "https://a.example/feed?key=***&page=2"),
        ("https://a.example/feed?Access_Token=secret", "https://a.example/feed?Access_Token=***"),
        (
            "https://a.example/feed?x-api-key=1&my_key=secret&monkey=3",
            "https://a.example/feed?x-api-key=1&my_key=***&monkey=3",
        ),
        ("https://a.example:8443/x?page=2", "https://a.example:8443/x?page=2"),
        ("http://[::1", "an address that cannot be read"),
    ],
)
def test_nothing_secret_is_shown(url: str, shown: str) -> None:
    assert addresses.shown(url) == shown
    assert addresses.shown(shown) == shown or "secret" not in url


def test_ids_of_documents_hold_no_secret_and_tell_pages_apart() -> None:
    urls = ["https://a.example/x?token=1", "https://a.example/x?token=2", "https://a.example/y"]
    ids = [addresses.document_id(addresses.shown(u), addresses.key_of(u)) for u in urls]
    assert len(set(ids)) == 3
    assert all(i.startswith("a.example-") for i in ids)
    assert not any("token" in i for i in ids)


PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "0.0.0.0",
    "0.1.2.3",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "168.63.129.16",
    "::",
    "::1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "::127.0.0.1",
    "2001:0:7f00:1::",
    "fe80::1%eth0",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_not_reached(address: str) -> None:
    assert not addresses.public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_what_is_public_is(address: str) -> None:
    assert addresses.public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("entry", "host", "allowed"),
    [
        ("127.0.0.1", "x", True),
        ("127.0.0.0/8", "x", True),
        ("X.", "x", True),
        ("10.0.0.0/8", "x", False),
        ("y", "x", False),
    ],
)
def test_what_the_user_allows(entry: str, host: str, allowed: bool) -> None:
    assert addresses.allowed(host, ipaddress.ip_address("127.0.0.1"), [entry]) is allowed
