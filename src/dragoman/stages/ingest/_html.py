"""Saved pages: trafilatura says which blocks are the article and what the page tells of itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document
from dragoman.stages.ingest._common import digest, document, load


def read_html(path: Path, settings: Settings) -> Iterator[Document | SkipDocument]:
    """One document a page. Its text is the article's visible text, paragraphs parted by line breaks."""
    try:
        page = load(path, settings)
        row = article(page)
        if not row.get("text"):
            raise SkipDocument(str(path), "no article was found on the page")
        yield document({"doc_id": f"{path.stem}-{digest(page)[:8]}"} | row, str(path), settings)
    except SkipDocument as skipped:
        yield skipped


def article(page: str) -> dict[str, Any]:
    """Text, title, outlet, url and date of publication that a page gives; keys that it lacks are left out."""
    import trafilatura

    found = trafilatura.bare_extraction(page, include_comments=False, include_tables=False, with_metadata=True)
    if found is None:
        return {}
    values = found.as_dict()
    row = {"text": values.get("text"), "title": values.get("title"), "outlet": values.get("sitename"),
           "url": values.get("url"), "published": values.get("date")}  # fmt: skip
    return {k: v for k, v in row.items() if v}
