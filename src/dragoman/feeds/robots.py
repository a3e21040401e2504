"""What a site's robots.txt allows. Pure: its status and text in, answers out (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

NAME = "dragoman"  # under which rules are looked for
LARGEST = 512_000  # bytes that are looked at, as the standard asks
LASTS = 86_400.0  # seconds after which it is asked for again
SLOWEST = 3600.0  # a longer pause between requests than this is not waited for


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be fetched from a host, and how fast. ``reachable`` is False where it did not answer: then nothing may be."""

    text: str = ""
    reachable: bool = True

    def allows(self, url: str) -> bool:
        """Whether the address may be fetched."""
        return self.reachable and bool(_parsed(self.text).can_fetch(url, NAME))

    def delay(self) -> float:
        """Seconds that it asks for between two requests; 0 where it asks for nothing."""
        parsed = _parsed(self.text)
        asked = [parsed.crawl_delay(NAME)]
        rate = parsed.request_rate(NAME)
        if rate and rate.requests:
            asked.append(rate.seconds / rate.requests)
        return min(SLOWEST, max((float(a) for a in asked if a is not None and a >= 0), default=0.0))


_KEPT: dict[str, Any] = {}
_MOST = 512


def _parsed(text: str) -> Any:
    """The parsed file; those of the latest hosts are kept."""
    from protego import Protego

    found = _KEPT.pop(text, None) or Protego.parse(text)
    _KEPT[text] = found
    while len(_KEPT) > _MOST:
        _KEPT.pop(next(iter(_KEPT)), None)
    return found


def rules_of(status: int | None, body: bytes) -> Rules:
    """The rules of an answer: none where there is no such file, all closed where the host did not answer or failed."""
    if status is None or status >= 500 or status == 429:
        return Rules(reachable=False)
    if status >= 400:
        return Rules()
    return Rules(body[:LARGEST].decode("utf-8-sig", "replace"))


def address_of(url: str) -> str:
    """Where the robots.txt of an address's host lies."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"
