"""Saved pages: trafilatura says which blocks are the article and what the page tells of itself."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import Found, decode_page, digest, document
from dragoman.stages.ingest._item import Item

LATEST = "2100-01-01"  # a page whose day of retrieval is not known may be of any day before; today's would make reading depend on the clock


def read_html(item: Item, settings: Settings) -> Iterator[Found]:
    """One document a page. Its text is the article's visible text, paragraphs parted by line breaks."""
    page = decode_page(item.content(settings), item.location, item.known.get("charset"))
    row = article(page, latest=item.known.get("retrieved") or LATEST)
    if not row.get("text"):
        raise SkipDocument(item.location, "no article was found on the page")
    yield document({"doc_id": item.identity(digest(page)[:8])} | row | item.told(), item.location, settings)


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
           "url": values.get("url"), "published": values.get("date"), "author": values.get("author")}  # fmt: skip
    return {k: v for k, v in row.items() if v}
