"""Pages and PDFs as they came, packed, where somebody asked for them to be kept; and what they tell of whom was removed."""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Iterable, Mapping

from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import declared, decode_page
from dragoman.store.codes import NUMBER, among
from dragoman.store.file import Connection
from dragoman.store.marks import Marks
from dragoman.store.rows import drop, put

LEVEL = 6  # of gzip
PDF = b"%PDF"
_TAG = re.compile(r"<[^<>]*>")


def keep(con: Connection, pages: Mapping[int, bytes]) -> None:
    """Keep pages, by the numbers of their documents. The same page gives the same bytes."""
    put(con, "pages", [{"document": n, "packed": gzip.compress(raw, LEVEL, mtime=0)} for n, raw in pages.items()])


def page(con: Connection, number: int) -> bytes | None:
    """The page of a document, as it came; None where it is not kept."""
    packed = con.one(f"SELECT packed FROM pages WHERE {among('document', [number])}")
    return None if packed is None else gzip.decompress(packed)


def kept(con: Connection, numbers: Iterable[int]) -> set[int]:
    """Those of the documents whose pages are kept."""
    return {n for (n,) in con.ask(f"SELECT document FROM pages WHERE {among('document', numbers)}")}


def remove_naming(con: Connection, marks: Marks) -> None:
    """Let go of every page that names somebody who was removed, wherever on it."""
    numbers = [n for (n,) in con.ask("SELECT document FROM pages ORDER BY document")]
    gone = [n for n in numbers if (raw := page(con, n)) is not None and names(raw, marks)]
    drop(con, "pages", "document", gone, NUMBER)


def names(raw: bytes, marks: Marks) -> bool:
    """Whether a page names somebody who was removed, also beside its article; one whose letters cannot be told may well do.

    What a PDF says is its document's text, which is looked at as such.
    """
    if not marks or raw.startswith(PDF):
        return False
    try:
        words = html.unescape(raw.decode() if (charset := declared(raw)) is None else decode_page(raw, "", charset))
    except (SkipDocument, UnicodeDecodeError):
        return True
    return any(True for text in (words, _TAG.sub("", words), _TAG.sub(" ", words)) for _ in marks.names_in(text))
