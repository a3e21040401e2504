"""Addresses of the web: one form for one page, what of them may be written down, which machines may be reached. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib import resources as packaged
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

LONGEST = 2000  # characters of an address; a longer one is no page's
SCHEMES = ("http", "https")
PORTS = {"http": 80, "https": 443}
HIDDEN = "***"
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SAFE = "/:;,+@!$&'()*=~%?"  # may stand in a path as they are
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_WRAPPED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[str, ...]]:
    text = (packaged.files("dragoman") / "feeds" / "addresses.toml").read_text(encoding="utf-8")
    return {kind: tuple(names) for kind, names in tomllib.loads(text).items()}


def _is(name: str, kind: str) -> bool:
    return any(fnmatchcase(name.lower(), pattern) for pattern in _names()[kind])


def canonical(link: str, base: str = "") -> str | None:
    """The one form of a page's address: whole, without fragment and without what only says where the reader came from.

    Args:
        link: as a feed gives it; may be relative.
        base: the address of the feed.

    Returns:
        None where it is no http or https address.
    """
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in SCHEMES or not host or len(link) > LONGEST or _UNSEEN.search(host):
        return None
    scheme = parts.scheme.lower()
    name = f"[{host}]" if ":" in host else host.rstrip(".")
    user = parts.netloc.rpartition("@")[0]
    where = (f"{user}@" if user else "") + name + (f":{port}" if port and port != PORTS[scheme] else "")
    kept = [p for p in parts.query.split("&") if p and not _is(p.partition("=")[0], "tracking")]
    path = quote(parts.path or "/", safe=_SAFE)
    found = urlunsplit((scheme, where, path, quote("&".join(kept), safe=_SAFE), ""))
    return None if _UNSEEN.search(found) else found


def host_of(url: str) -> str:
    """The host that an address names, and its port where it gives one: what is asked no faster than it allows."""
    parts = urlsplit(url)
    return (parts.hostname or "") + (f":{parts.port}" if parts.port else "")


def shown(url: str) -> str:
    """The address as it may be written down: without user and password, and without the values of keys and tokens."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "an address that cannot be read"
    where = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    if not any(_is(k, "secret") for k, _ in parse_qsl(parts.query, keep_blank_values=True)):
        return urlunsplit((parts.scheme, where, parts.path, parts.query, ""))
    pairs = [(k, HIDDEN if _is(k, "secret") else v) for k, v in parse_qsl(parts.query, keep_blank_values=True)]
    return urlunsplit((parts.scheme, where, parts.path, urlencode(pairs, safe="*/:,"), ""))


def key_of(url: str) -> str:
    """A name for an address by which it is known again and from which it cannot be read."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def document_id(url: str, key: str) -> str:
    """The id of the document at an address whose key this is: the same however often the page changes."""
    return f"{re.sub(r'[^a-z0-9.-]', '', urlsplit(url).hostname or 'page')}-{key[:16]}"


# Protocol assignments, 6to4 relays and a cloud's inner server: public in some tables of addresses, and no place of news.
_NEVER = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))


def public(address: Address) -> bool:
    """Whether an address is out in the internet: no loopback, private, link-local, multicast or reserved one, however it is written."""
    inner: Address = address
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id or (not address.ipv4_mapped and any(address in n for n in _WRAPPED)):
            return False  # ways to say an address of the other kind; nothing that is published needs them
        inner = address.ipv4_mapped or address
    if isinstance(inner, ipaddress.IPv4Address) and any(inner in network for network in _NEVER):
        return False
    return inner.is_global and not (
        inner.is_multicast
        or inner.is_private
        or inner.is_loopback
        or inner.is_link_local
        or inner.is_reserved
        or inner.is_unspecified
        or (isinstance(inner, ipaddress.IPv6Address) and inner.is_site_local)
    )


def allowed(host: str, address: Address, private: Sequence[str]) -> bool:
    """Whether a machine may be reached: it is public, or ``private`` names its host, its address or a network that holds it."""
    return public(address) or any(_names_it(entry, host, address) for entry in private)


def _names_it(entry: str, host: str, address: Address) -> bool:
    try:
        return address in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return entry.lower().rstrip(".") == host.lower().rstrip(".")
