"""Feeds and sitemaps as lists of links, whatever they are called and however they lie. Pure: bytes and the time in, entries out."""

from __future__ import annotations

import calendar
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dragoman.feeds import addresses

EARLIEST = date(1900, 1, 1)
LONGEST_TITLE = 500
MAPS = 50  # sitemaps that one index may name
_HEAD = 2000  # bytes in which a document says what it is
_DECLARED = re.compile(rb"<!ENTITY", re.IGNORECASE)
_START = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_MAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>/]", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that a feed lists.

    Attributes:
        url: its address, in its one form.
        title: its headline.
        published: its day; None where the feed does not say, or says what cannot be.
        stamp: what the feed says of when it last changed, in its own words; another stamp means another state of the page.
        outlet: who publishes it, where the entry itself says so.
    """

    url: str
    title: str | None = None
    published: date | None = None
    stamp: str = ""
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a feed lists: pages, further sitemaps, and what was left out and why."""

    entries: tuple[Entry, ...] = ()
    maps: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


class NoFeed(Exception):
    """It is no feed and no sitemap; says what it is."""


def entries(body: bytes, url: str, *, today: date, most: int, largest: int) -> Found:
    """The pages that a feed or sitemap lists, the first ``most`` of them.

    Args:
        body: as fetched; gzip is unpacked.
        url: its address, from which relative links are counted.
        today: the day; later dates are not believed.
        most: entries that are looked at.
        largest: bytes, unpacked, that it may have.

    Raises:
        NoFeed: it is none, or is made to do harm.
    """
    text = _plain(body, largest)
    if _DECLARED.search(text):
        raise NoFeed("it declares entities of its own, which no feed needs")
    if not text.strip():
        raise NoFeed("it is empty")
    if _MAP.search(text[:_HEAD]):
        return _sitemap(text, url, today, most)
    return _feed(text, url, today, most)


def _plain(body: bytes, largest: int) -> bytes:
    """Unpacked, and in an encoding whose letters are bytes."""
    if body.startswith(b"\x1f\x8b"):
        unpacking = zlib.decompressobj(wbits=31)
        try:
            body = unpacking.decompress(body, largest + 1)
        except zlib.error as error:
            raise NoFeed(f"its gzip stream is damaged ({error})") from None
    if len(body) > largest:
        raise NoFeed(f"it is longer than {largest:,} bytes")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in body[:4]:
        wide = (
            "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-be" if body[:1] == b"\x00" else "utf-16-le"
        )
        text = body.decode(wide, "replace")
        return ('<?xml version="1.0" encoding="utf-8"?>' + _DECLARATION.sub("", text)).encode("utf-8", "replace")
    return body


def _feed(text: bytes, url: str, today: date, most: int) -> Found:
    """RSS or Atom. What comes after the last entry that is wanted is cut off before it is parsed: parsing costs half a millisecond
    an entry, and a feed may have a million."""
    import feedparser

    faults = []
    starts = [m.start() for m, _ in zip(_START.finditer(text), range(most + 1), strict=False)]
    if len(starts) > most:
        faults.append(f"it has more than {most} entries; the first {most} are looked at")
        text = text[: starts[most]]
        text += b"</channel></rss>" if b"<rss" in text[:_HEAD].lower() else b"</feed>"
    try:
        found = feedparser.parse(text, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        raise NoFeed(f"it cannot be parsed: {type(error).__name__}") from None
    if not found.get("version") and not found.entries:
        raise NoFeed(
            "it is neither RSS nor Atom nor a sitemap" + (", but a page" if b"<html" in text[:_HEAD].lower() else "")
        )
    kept: dict[str, Entry] = {}
    without = 0
    for row in found.entries[:most]:
        entry = _entry(row, url, today)
        if entry is None:
            without += 1
        else:
            kept.setdefault(entry.url, entry)
    if without:
        faults.append(f"{without} of its entries have no link to a page")
    return Found(tuple(kept.values()), (), tuple(faults))


def _entry(row: Any, base: str, today: date) -> Entry | None:
    link = next((k for k in _links(row) if k and addresses.canonical(k, base)), None)
    if link is None:
        return None
    url = addresses.canonical(link, base)
    assert url is not None
    changed = str(row.get("updated") or row.get("published") or "")
    source = row.get("source")
    outlet = source.get("title") if isinstance(source, dict) else None
    day = _day(row.get("published_parsed"), today) or _day(row.get("updated_parsed"), today)
    return Entry(url, _words(row.get("title")), day, changed[:80], _words(outlet))


def _links(row: Any) -> Iterator[str]:
    """Where the entry's page may be: the link, a link of another kind, an id that is an address."""
    yield str(row.get("feedburner_origlink") or "")
    yield str(row.get("link") or "")
    for link in row.get("links") or ():
        if link.get("rel") in (None, "alternate"):
            yield str(link.get("href") or "")
    if str(row.get("id") or "").lower().startswith(("http://", "https://")):
        yield str(row["id"])


def _day(parsed: Any, today: date) -> date | None:
    """A parsed time as a day; None where there is none, or it lies more than a day ahead or before all news of the web's texts."""
    if not parsed:
        return None
    try:
        day = datetime.fromtimestamp(calendar.timegm(parsed), UTC).date()
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return day if EARLIEST <= day <= today + timedelta(days=1) else None


def _words(text: Any) -> str | None:
    words = " ".join(_CONTROL.sub(" ", str(text or "")).split())[:LONGEST_TITLE]
    return words or None


def _sitemap(text: bytes, url: str, today: date, most: int) -> Found:
    """A sitemap (sitemaps.org, with Google's news extension), or an index of them; read one element after another."""
    from io import BytesIO

    from lxml import etree

    kept: dict[str, Entry] = {}
    maps: list[str] = []
    faults: list[str] = []
    parsing = etree.iterparse(
        BytesIO(text),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for _, element in parsing:
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if name == "url" and (entry := _listed(element, url, today)):
                kept.setdefault(entry.url, entry)
            if name == "sitemap" and (link := addresses.canonical(_told(element).get("loc", ""), url)):
                maps.append(link)
            if name in {"url", "sitemap"}:
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            if len(kept) >= most or len(maps) >= MAPS:
                faults.append(f"only its first {len(kept) or len(maps)} addresses are looked at")
                break
    except etree.XMLSyntaxError as error:
        faults.append(f"it is damaged: {error.msg}")
    return Found(tuple(kept.values()), tuple(dict.fromkeys(maps)), tuple(faults))


def _told(element: Any) -> dict[str, str]:
    """Text of all elements below, by their names without namespace; the first of each name."""
    from lxml import etree

    out: dict[str, str] = {}
    for child in element.iterdescendants():
        if isinstance(child.tag, str):
            out.setdefault(etree.QName(child).localname, (child.text or "").strip())
    return out


def _listed(element: Any, base: str, today: date) -> Entry | None:
    told = _told(element)
    url = addresses.canonical(told.get("loc", ""), base) if told.get("loc") else None
    if url is None:
        return None
    published = told.get("publication_date", "")
    return Entry(
        url,
        _words(told.get("title")),
        _iso(published, today),
        (told.get("lastmod") or published)[:80],
        _words(told.get("name")),
    )


def _iso(text: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if EARLIEST <= day <= today + timedelta(days=1) else None
