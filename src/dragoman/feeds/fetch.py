"""One request, its redirects, and limits on all of it: with ``connect`` the only part of this room that reaches a network.

The time of an answer is limited as a whole, from the first look-up to the last byte; its size is counted as unpacked; every hop of a
redirect is checked as the first one is.
"""

from __future__ import annotations

import base64
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from dragoman.feeds import addresses
from dragoman.feeds.connect import (
    Checked,
    Failed,
    Limit,
    NoConnection,
    NotPublic,
    Refused,
    Resolve,
    Stopped,
    Unfit,
    resolved,
)

MOVED = frozenset({301, 302, 303, 307, 308})
LONGEST_HEADER = 300  # characters of an ETag that are kept; a longer one is not sent back


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``url`` is where from, after redirects; ``wait`` the seconds that the server asks to be left alone."""

    status: int
    url: str
    body: bytes = b""
    content_type: str | None = None
    etag: str | None = None
    modified: str | None = None
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request: its address, what is known of the page already, and what may come back.

    ``permit`` is asked before each hop and raises where it may not be made. ``cut`` takes the beginning of what is too long.
    """

    url: str
    size: int
    types: tuple[str, ...] = ()
    etag: str | None = None
    modified: str | None = None
    post: bytes | None = None
    cut: bool = False
    permit: Callable[[str], None] = lambda url: None


class Fetcher:
    """Fetches one thing at a time in each thread that asks it to."""

    def __init__(
        self,
        agent: str,
        *,
        timeout: float = 60.0,
        redirects: int = 5,
        private: tuple[str, ...] = (),
        resolve: Resolve = resolved,
    ) -> None:
        """``agent`` names the program and who runs it; ``private`` what may be reached although it is not public."""
        self._agent, self._timeout, self._redirects = agent, timeout, redirects
        self._private, self._resolve = private, resolve
        self._stop = threading.Event()

    def stop(self) -> None:
        """End all requests under way."""
        self._stop.set()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()

    def fetch(self, wanted: Wanted) -> Answer:
        """What is at an address, redirects followed.

        Raises:
            Refused: it may not be fetched, is too large, of another type, or sent round in circles.
            Failed: no answer, a broken one, or none in time.
            Stopped: the run ends.
        """
        limit = Limit(time.monotonic() + self._timeout, self._stop)
        url, seen = wanted.url, set[str]()
        while True:
            wanted.permit(url)
            answer, location = self._hop(url, wanted, limit, first=url == wanted.url)
            if answer.status not in MOVED or location is None:
                return answer
            seen.add(url)
            target = addresses.canonical(location, url)
            if target is None:
                raise Unfit("it leads to what is no http or https address")
            if target in seen or len(seen) > self._redirects:
                raise Unfit(f"it is sent round in circles, or elsewhere more than {self._redirects} times")
            if wanted.post is not None:
                raise Refused("it leads elsewhere; name the address itself")
            if url.startswith("https:") and target.startswith("http:"):
                raise Refused("it leads from https to http")
            url = target

    def _hop(self, url: str, wanted: Wanted, limit: Limit, *, first: bool) -> tuple[Answer, str | None]:
        try:
            target = httpx.URL(url)
        except httpx.InvalidURL:
            raise Refused("its address cannot be read") from None
        request = httpcore.Request(
            "GET" if wanted.post is None else "POST",
            httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path),
            headers=self._headers(target, url, wanted, conditional=first),
            content=wanted.post,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self._timeout)},
        )
        backend = Checked(self._resolve, self._private, limit)
        with (
            _plainly(),
            httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend, http2=False, retries=0) as pool,
        ):
            response = pool.handle_request(request)
            try:
                return self._answer(response, url, wanted, limit)
            finally:
                response.close()

    def _headers(self, target: httpx.URL, url: str, wanted: Wanted, *, conditional: bool) -> list[tuple[str, str]]:
        found = [
            ("Host", target.netloc.decode("ascii")),
            ("User-Agent", self._agent),
            ("Accept", ", ".join((*wanted.types, "*/*;q=0.1")) if wanted.types else "*/*"),
            ("Accept-Encoding", "gzip"),
            ("Accept-Language", "en"),
            ("Connection", "close"),
        ]
        parts = urlsplit(url)
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            found.append(("Authorization", "Basic " + base64.b64encode(pair).decode("ascii")))
        if conditional and wanted.etag:
            found.append(("If-None-Match", wanted.etag))
        if conditional and wanted.modified:
            found.append(("If-Modified-Since", wanted.modified))
        if wanted.post is not None:
            found += [("Content-Type", "application/json"), ("Content-Length", str(len(wanted.post)))]
        return found

    def _answer(self, response: httpcore.Response, url: str, wanted: Wanted, limit: Limit) -> tuple[Answer, str | None]:
        headers = {k.decode("latin-1").lower(): v.decode("latin-1").strip() for k, v in reversed(response.headers)}
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        base = Answer(
            response.status,
            url,
            b"",
            headers.get("content-type"),
            _kept(headers.get("etag")),
            _kept(headers.get("last-modified")),
            retry_after(headers.get("retry-after"), time.time()),
        )
        if response.status in MOVED and "location" in headers:
            return base, headers["location"].encode("latin-1").decode("utf-8", "replace")
        if response.status != 200:
            return base, None
        if wanted.types and kind and kind not in wanted.types:
            raise Unfit(f"it is {kind[:60]}, which is not read")
        body = _unpacked(response.iter_stream(), headers.get("content-encoding", "").lower(), wanted, limit)
        return Answer(200, url, body, base.content_type, base.etag, base.modified, base.wait), None


def _kept(value: str | None) -> str | None:
    return value if value and len(value) <= LONGEST_HEADER and value.isascii() and value.isprintable() else None


def _unpacked(parts: Iterable[bytes], encoding: str, wanted: Wanted, limit: Limit) -> bytes:
    """A body, unpacked no further than it may be long."""
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise Unfit(f"it is packed as {encoding[:20]}, which was not asked for")
    unpacking = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    whole, size = bytearray(), wanted.size
    for part in parts:
        limit.check()
        try:
            whole += part if unpacking is None else unpacking.decompress(part, size + 1 - len(whole))
        except zlib.error:
            raise Failed("its gzip stream is damaged") from None
        if len(whole) > size and wanted.cut:
            return bytes(whole[:size])
        if len(whole) > size:
            raise Unfit(f"it is longer than {size:,} bytes")
    if unpacking is not None and not unpacking.eof:
        raise Failed("its gzip stream ends too early")
    return bytes(whole)


@contextmanager
def _plainly() -> Iterator[None]:
    """Errors of the connection as ours; none of them repeats the address."""
    try:
        yield
    except httpcore.TimeoutException:
        raise Failed("no answer in time") from None
    except (httpcore.RemoteProtocolError, httpcore.ReadError):
        raise Failed("the answer was broken off or is none") from None
    except httpcore.LocalProtocolError:
        raise Refused("it cannot be asked for in HTTP") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
        raise Failed(f"the connection failed ({type(error).__name__})") from None


def retry_after(value: str | None, wall: float) -> float | None:
    """Seconds that a Retry-After header asks for: a number or a date; None where it says nothing that can be read."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - wall
        except (ValueError, OverflowError, TypeError):
            return None
    return min(max(seconds, 0.0), 86_400.0) if seconds == seconds else None


__all__ = [
    "Answer",
    "Failed",
    "Fetcher",
    "NoConnection",
    "NotPublic",
    "Refused",
    "Stopped",
    "Unfit",
    "Wanted",
    "retry_after",
]
