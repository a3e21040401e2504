"""What was fetched becomes documents: by what the server says of it, and by its first bytes where they are plain."""

from __future__ import annotations

import pytest

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document
from dragoman.stages.ingest import of_bytes

PARAGRAPH = (
    "<p>The minister of defence met his colleague from Peru in the capital on Friday to speak of training at Köln.</p>"
)
PAGE = f"<!doctype html><html><head><title>Two met</title></head><body><nav>Home</nav><article><h1>Two met</h1>{PARAGRAPH * 3}</article></body></html>"
URL = "https://news.example/2024/05/two-met"


def fetched(body: bytes, content_type: str | None, url: str = URL, **settings: int) -> list[Document | SkipDocument]:
    return list(of_bytes(body, url=url, content_type=content_type, settings=Settings(**settings)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=utf-8", "TEXT/HTML", "text/plain", "application/octet-stream", "", None]
)
def test_a_page_is_a_page_whatever_its_server_says(content_type: str | None) -> None:
    [doc] = fetched(PAGE.encode(), content_type)
    assert isinstance(doc, Document)
    assert "met his colleague" in doc.text
    assert "Köln" in doc.text
    assert (doc.source.url, doc.source.title) == (URL, "Two met")


def test_a_page_fetched_again_is_the_same_document() -> None:
    one, two = fetched(PAGE.encode(), None), fetched(PAGE.replace("Friday", "Monday").encode(), None)
    assert isinstance(one[0], Document)
    assert isinstance(two[0], Document)
    assert one[0].source.doc_id == two[0].source.doc_id
    assert one[0].text != two[0].text


@pytest.mark.parametrize(
    ("charset", "content_type", "meta"),
    [
        ("cp1252", "text/html; charset=ISO-8859-1", ""),
        ("cp1252", "text/html", '<meta charset="windows-1252">'),
        ("utf-8", "text/html; charset=ISO-8859-1", ""),  # a server that errs
        ("utf-16", "text/html", ""),
        ("cp1251", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
    ],
)
def test_encodings_of_pages(charset: str, content_type: str, meta: str) -> None:
    word = "Путин" if charset == "cp1251" else "Köln"
    page = PAGE.replace("<head>", "<head>" + meta).replace("Köln", word)
    [doc] = fetched(page.encode(charset), content_type)
    assert isinstance(doc, Document)
    assert word in doc.text


def test_a_few_bytes_of_another_encoding_do_not_spoil_a_page() -> None:
    page = PAGE.replace("Köln", "Köln " * 20).encode().replace(b"Friday", b"Friday\x96", 1)
    [doc] = fetched(page, "text/html")
    assert isinstance(doc, Document)
    assert "Köln" in doc.text
    assert "Friday\ufffd" in doc.text


@pytest.mark.parametrize(
    ("body", "content_type", "message"),
    [
        (b"\x89PNG\r\n", "image/png", "image/png: no page"),
        (b"{}", "application/json", "application/json: no page"),
        (b"", "text/html", "no article"),
        (b"%PDF-1.7 broken", "text/html", "not a PDF that can be read"),
        (b"<html>" + b" " * 5000, "text/html", "more than the limit"),
        (b"\x00\x01\x02" * 99, "text/plain", "a binary file"),
        (b"x", None, "of no kind that is told"),
    ],
)
def test_what_is_no_page_is_told(body: bytes, content_type: str | None, message: str) -> None:
    [told] = fetched(body, content_type, largest_file=4000)
    assert isinstance(told, SkipDocument)
    assert message in str(told)
    assert URL in str(told)
