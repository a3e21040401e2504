"""PDF readouts: the text of each page, its lines joined to paragraphs, without what every page repeats."""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import Found, document, taken_from
from dragoman.stages.ingest._item import Item

PAGES = 500  # a longer PDF is a book, not a readout
LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": 10_000_000,  # bytes of one unpacked stream
    "lzw_maximum_output_length": 10_000_000,
    "run_length_maximum_output_length": 10_000_000,
    "array_based_stream_maximum_output_length": 10_000_000,
    "stream_decoding_work_maximum_length": 100_000_000,
    "stream_parsing_work_maximum_count": 100_000,  # drawing instructions: time is more than linear in them
    "xform_maximum_invocations_per_extraction": 200,
    "page_tree_maximum_entries": 5_000,
    "page_tree_maximum_depth": 50,
}
FULL = 0.8  # share of a page's usual line length from which a line is full, so that the paragraph goes on
EDGE = 2  # lines at either end of a page that may be its header or footer
_STOP = re.compile(r"[.!?:;…]['\"”’)\]]*$")
_PROGRAM = re.compile(r"(?i)^microsoft word|\.(?:docx?|indd|pdf|odt|rtf)\s*$|^untitled|^document\d*$")


def read_pdf(item: Item, settings: Settings) -> Iterator[Found]:
    """One document a file. Its text is what the pages show; its title is what the file says of itself."""
    raw = item.content(settings)
    pages, title = _pages(raw, item.location, settings)
    text = "\n\n".join(paragraphs(pages))
    if not text:
        raise SkipDocument(item.location, "no text is in the PDF; it may hold pictures of pages only")
    row = {"text": text, "title": title, "doc_id": item.identity(hashlib.sha256(raw).hexdigest()[:8])} | item.told()
    yield taken_from(document(row, item.location, settings), raw, settings)


def _pages(raw: bytes, location: str, settings: Settings) -> tuple[list[str], str | None]:
    """Text of each page, and the title.

    Raises:
        SkipDocument: not a PDF that can be read within the limits.
    """
    from pypdf import PdfReader, apply_configuration

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it has to say of a file is told as the reason
    try:
        with apply_configuration(**LIMITS):
            reader = PdfReader(io.BytesIO(raw))
            if reader.is_encrypted and not reader.decrypt(""):
                raise SkipDocument(location, "the PDF is locked with a password")
            pages, size = [], 0
            for number, page in enumerate(reader.pages):
                if number == PAGES:
                    raise SkipDocument(location, f"the PDF has more than {PAGES} pages")
                pages.append(page.extract_text())
                size += len(pages[-1])
                if size > settings.largest:
                    raise SkipDocument(
                        location, f"its text is longer than the limit of {settings.largest:,} characters"
                    )
            return pages, _title(reader)
    except SkipDocument:
        raise
    except Exception as error:
        raise SkipDocument(
            location, f"not a PDF that can be read: {type(error).__name__}: {str(error)[:120]}"
        ) from None


def _title(reader: Any) -> str | None:
    title = str(reader.metadata.title or "").strip() if reader.metadata else ""
    return title[:300] if title and not _PROGRAM.search(title) else None


def paragraphs(pages: list[str]) -> list[str]:
    """Paragraphs of pages of lines.

    A paragraph goes on over a full line, and over a line or page that ends within a sentence. Lines that most pages have
    at their edge, numbers aside, are headers and footers and are left out.
    """
    split = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    again = _repeated(split)
    out: list[str] = []
    open_ = False
    for lines in split:
        kept = [
            x
            for i, x in enumerate(lines)
            if not (_edge(i, lines) and _mask(x) in again) and not _bare_number(i, x, lines)
        ]
        usual = sorted(map(len, kept))[int(len(kept) * 0.8)] if kept else 0
        for line in kept:
            if open_ and out:
                out[-1] = _joined(out[-1], line)
            else:
                out.append(line)
            open_ = len(line) >= FULL * usual and usual > 40 and not (_STOP.search(line) and len(line) < 0.95 * usual)
    return out


def _joined(before: str, line: str) -> str:
    """A line put behind another; a word that was parted at the line's end is made whole."""
    if before.endswith(("-", "\u00ad")) and before[-2:-1].islower() and line[:1].islower():
        return before[:-1] + line
    return f"{before} {line}"


def _repeated(pages: list[list[str]]) -> frozenset[str]:
    """What stands at the edge of more than half of several pages, numbers masked."""
    if len(pages) < 2:
        return frozenset()
    seen = Counter(key for lines in pages for key in {_mask(x) for i, x in enumerate(lines) if _edge(i, lines)})
    return frozenset(key for key, count in seen.items() if count > max(1, len(pages) / 2))


def _edge(place: int, lines: list[str]) -> bool:
    return place < EDGE or place >= len(lines) - EDGE


def _mask(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _bare_number(place: int, line: str, lines: list[str]) -> bool:
    """Whether a line at a page's edge is nothing but its number."""
    return (
        _edge(place, lines)
        and re.fullmatch(r"(?i)(?:page\s{0,3})?[-–—\s]{0,4}\d{1,4}[-–—\s]{0,4}(?:(?:of|/)\s{0,3}\d{1,4})?", line)
        is not None
    )
