"""A web of sites that misbehave, on this machine's loopback: feeds that change, fail, lie and send elsewhere. Used by tools/soak.py.

Sites have names of their own (``site7.test``); whoever fetches resolves all of them to 127.0.0.1. What a site does to a request is
drawn from its own random numbers. The web keeps account of what it handed out whole.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

MOODS = ("500", "503", "hang", "cut", "drip", "garbage", "reset", "away", "loop", "huge", "wrong type")
FAST = ("500", "503", "cut", "garbage", "reset", "away", "loop")
NOT_ITSELF = ("loop", "huge", "wrong type")
HANG = 20.0  # seconds that a request which is not answered is held
DENIED = "/private/"


@dataclass
class Site:
    """A site with one feed. ``pages`` maps numbers to versions; ``kind`` is rss, atom or sitemap."""

    name: str
    kind: str
    chance: random.Random
    denies: bool
    pages: dict[int, int] = field(default_factory=dict)
    made: dict[int, int] = field(
        default_factory=dict
    )  # minutes since noon of a made-up day, so that each state has a stamp


class Web:
    """All sites, served at one port by a thread of its own until :meth:`close`."""

    def __init__(self, sites: int, *, seed: int = 1, badness: float = 0.3, moods: tuple[str, ...] = MOODS) -> None:
        chance = random.Random(seed)
        self.badness, self.moods = badness, moods
        kinds = ("rss", "atom", "sitemap")
        self.sites = {
            f"site{n}.test": Site(f"site{n}.test", kinds[n % 3], random.Random(chance.random()), n % 5 == 0)
            for n in range(sites)
        }
        self.whole: Counter[tuple[str, int, int]] = Counter()  # pages handed out whole: site, number, version
        self.asked: Counter[str] = Counter()
        self.did: Counter[str] = Counter()
        self._not_itself: Counter[str] = Counter()
        self.denied: list[str] = []  # requests for what robots.txt forbids
        self.open = True
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self.port = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def feeds(self) -> list[str]:
        """Addresses of all feeds."""
        return [f"http://{name}:{self.port}/feed" for name in self.sites]

    def publish(self, site: Site) -> None:
        """A new page on a site; now and then an old one changes."""
        with self._lock:
            number = len(site.pages)
            site.pages[number] = 1
            site.made[number] = number * 60
            if site.chance.random() < 0.2:
                old = site.chance.randrange(len(site.pages))
                site.pages[old] += 1
                site.made[old] += 1

    def expected(self) -> set[tuple[str, int]]:
        """Every page that is to be read."""
        return {(s.name, n) for s in self.sites.values() for n in s.pages if not _denied(s, n)}

    def close(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(asyncio.sleep(0.05))  # connections are closed in turns of the loop
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)).decode("latin-1")
            path = head.split(" ", 2)[1]
            host = (re.search(r"(?im)^host: *([^:\r]+)", head) or ["", ""])[1]
            tag = (re.search(r"(?im)^if-none-match: *(.+?)\r", head) or ["", None])[1]
            site = self.sites.get(host)
            if site is None:
                await _say(writer, 404, b"")
            else:
                await self._answer(site, path, tag, writer)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, site: Site, path: str, tag: str | None, writer: asyncio.StreamWriter) -> None:
        self.asked[path.split("/")[1]] += 1
        if path.startswith(DENIED) and site.denies:
            self.denied.append(site.name + path)
        mood = self._mood(site, path)
        if mood != "well":
            await _misbehave(mood, path, writer)
        elif path == "/robots.txt":
            rules = f"User-agent: *\nDisallow: {DENIED}\n" if site.denies else "User-agent: other\nDisallow: /\n"
            await _say(writer, 200, rules.encode(), "text/plain")
        elif path == "/feed":
            await self._feed(site, tag, writer)
        elif found := re.match(r"(?:/private|/moved)?/page/(\d+)(?:\?|$)", path):
            await self._page(site, int(found[1]), path, writer)
        else:
            await _say(writer, 404, b"no such page")

    def _mood(self, site: Site, path: str) -> str:
        """What is done to a request. A page answers only so often as what it is not: whoever believes it in the end is right."""
        mood = site.chance.choice(self.moods) if self.open and site.chance.random() < self.badness else "well"
        if mood in NOT_ITSELF:
            asked = site.name + path.removeprefix("/moved")
            self._not_itself[asked] += 1
            if self._not_itself[asked] > 2 or (path == "/robots.txt" and mood != "loop"):
                mood = "well"
        self.did[mood] += 1
        return mood

    async def _feed(self, site: Site, tag: str | None, writer: asyncio.StreamWriter) -> None:
        with self._lock:
            body = feed(site, self.port)
        now = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        if tag == now:
            await _say(writer, 304, b"", tag=now)
        else:
            await _say(writer, 200, body, "application/xml" if site.kind != "rss" else "text/html", tag=now)

    async def _page(self, site: Site, number: int, path: str, writer: asyncio.StreamWriter) -> None:
        if path.startswith("/moved"):
            await _say(writer, 302, b"", more=f"Location: /page/{number}\r\n")
            return
        with self._lock:
            version = site.pages.get(number, 0)
        await _say(writer, 200, page(site.name, number, version))
        self.whole[site.name, number, version] += 1


def _denied(site: Site, number: int) -> bool:
    return site.denies and number % 4 == 3


def path_of(site: Site, number: int) -> str:
    """Where a page is said to lie: some behind a redirect, some where robots.txt forbids it, some with words for trackers."""
    if number % 4 == 3:
        return f"{DENIED}page/{number}"
    return (
        f"/moved/page/{number}" if number % 7 == 2 else f"/page/{number}" + ("?utm_source=feed" if number % 2 else "")
    )


SENTENCES = (
    "The council spoke of the bridge over the river and of what it would cost.",
    "Farmers in the north said that the harvest had been better than last year.",
    "A new school will open in the old town when the winter is over.",
    "The road along the coast is closed while workers mend the wall beside it.",
    "Visitors came from all parts of the country to see the market that day.",
    "Nobody was hurt when the roof of the hall fell in during the night.",
    "The library has bought more books and will stay open in the evening.",
    "It rained for three days, and then the sun shone on the wet fields.",
)  # English, since what is in another language is set aside


def page(site: str, number: int, version: int) -> bytes:
    """A page: its text names it and its version."""
    draws = hashlib.sha256(f"{site} {number}".encode()).digest()[:8]
    words = " ".join(SENTENCES[d % len(SENTENCES)] for d in draws)
    mark = f"Mark {site} number {number} version {version} end."
    return (
        f"<html><head><title>Report {number} of {site}</title></head><body><article><h1>Report {number}</h1>"
        f"<p>{mark} {words}</p><p>The ministers met in the capital on Friday and spoke of this and that.</p></article></body></html>"
    ).encode()


def feed(site: Site, port: int) -> bytes:
    """The site's feed, with the pages that it has now, the newest first; one entry stands twice, one lies in the future, one has no link."""
    rows = []
    for number in sorted(site.pages, reverse=True):
        link = f"http://{site.name}:{port}{path_of(site, number)}"
        at = time.gmtime(1_735_000_000 + site.made[number] * 60)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", at)
        if site.kind == "rss":
            date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", at)
            shown = link if number % 3 else path_of(site, number)
            rows.append(
                f"<item><title>Report {number}</title><link>{shown.replace('&', '&amp;')}</link><pubDate>{date}</pubDate><guid>same</guid></item>"
            )
        elif site.kind == "atom":
            rows.append(
                f'<entry><title>Report {number}</title><link href="{link}"/><id>urn:{number % 2}</id><updated>{stamp}</updated></entry>'
            )
        else:
            rows.append(f"<url><loc>{link}</loc><lastmod>{stamp}</lastmod></url>")
    rows += rows[:1]
    if site.kind == "rss":
        return (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>'
            + "".join(rows)
            + "<item><title>none</title></item></channel></rss>"
        ).encode()
    if site.kind == "atom":
        return ('<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>' + "".join(rows) + "</feed>").encode()
    return ('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' + "".join(rows) + "</urlset>").encode()


async def _say(
    writer: asyncio.StreamWriter,
    status: int,
    body: bytes,
    kind: str = "text/html; charset=utf-8",
    *,
    tag: str = "",
    more: str = "",
) -> None:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}"
    head += f"ETag: {tag}\r\n" if tag else ""
    writer.write(head.encode() + b"\r\n" + body)
    await writer.drain()


async def _misbehave(mood: str, path: str, writer: asyncio.StreamWriter) -> None:
    """One kind of fault."""
    if mood == "500":
        await _say(writer, 500, b"broken")
    elif mood == "503":
        await _say(writer, 503, b"busy", more="Retry-After: 30\r\n")
    elif mood == "hang":
        await asyncio.sleep(HANG)
    elif mood == "cut":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html><p>half")
        await writer.drain()
    elif mood == "drip":
        await _drip(writer)
    elif mood == "garbage":
        writer.write(b"\x00\xff no HTTP at all \r\n\r\n")
        await writer.drain()
    elif mood == "away":
        await _say(writer, 429, b"", more="Retry-After: 1\r\n")
    elif mood == "loop":
        await _say(writer, 302, b"", more=f"Location: {path}\r\n")
    elif mood == "huge":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(40):
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()
    elif mood == "wrong type":
        await _say(writer, 200, b"\x00" * 100, "image/png")


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Slow: ")
    for _ in range(int(HANG * 5)):
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.2)


def told(web: Web) -> str:
    """What the web did, as JSON."""
    return json.dumps({"asked": dict(web.asked), "did": dict(web.did)}, sort_keys=True)
