"""Saved pages: trafilatura says which blocks are the article and what the page tells of itself."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator
from typing import Any

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import Found, decode_page, digest, document, taken_from
from dragoman.stages.ingest._item import Item

LATEST = "2100-01-01"  # a page whose day of retrieval is not known may be of any day before; today's would make reading depend on the clock

LONGEST_NAME, LONGEST_BYLINE = 80, 300  # characters
_ADDRESS = re.compile(r"[@/]|https?:|www\.", re.IGNORECASE)
TAGS = 50_000  # a page with more is no report; extraction takes more than linear time in them


def read_html(item: Item, settings: Settings) -> Iterator[Found]:
    """One document a page. Its text is the article's visible text, paragraphs parted by line breaks."""
    raw = item.content(settings)
    page = decode_page(raw, item.location, item.known.get("charset"))
    if page.count("<") > TAGS:
        raise SkipDocument(item.location, f"the page has more than {TAGS:,} tags")
    row = article(page, latest=item.known.get("retrieved") or LATEST)
    if not row.get("text"):
        raise SkipDocument(item.location, "no article was found on the page")
    row = {"doc_id": item.identity(digest(page)[:8])} | row | item.told()
    yield taken_from(document(row, item.location, settings), raw, settings)


def article(page: str, *, latest: str = LATEST) -> dict[str, Any]:
    """Text, title, outlet, author, url and date of publication (none after ``latest``) that a page gives; keys that it lacks are left out."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it has to say of a page is told as the reason
    found = trafilatura.bare_extraction(
        page,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"max_date": latest},
    )
    if found is None:
        return {}
    values = found.as_dict()
    row = {"text": values.get("text"), "title": values.get("title"), "outlet": values.get("sitename"),
           "url": values.get("url"), "published": values.get("date"), "author": byline(values.get("author"), page)}  # fmt: skip
    return {k: v for k, v in row.items() if v}


def byline(told: str | None, page: str) -> str | None:
    """Who a page says wrote it: names as they stand on it. Addresses, accounts, what was made of them, and whole sentences are none."""
    if not told:
        return None
    shown = " ".join(html.unescape(page).casefold().split())
    names = [name.strip() for name in told.split(";")]
    kept = [n for n in names if n and len(n) <= LONGEST_NAME and not _ADDRESS.search(n) and n.casefold() in shown]
    return "; ".join(kept)[:LONGEST_BYLINE] or None
