"""PDF readouts: lines become paragraphs, and what every page repeats is left out."""

from __future__ import annotations

from dragoman.config import Settings
from dragoman.model import Document
from dragoman.stages.ingest import of_bytes
from dragoman.stages.ingest._pdf import paragraphs

HEAD = "MINISTRY OF FOREIGN AFFAIRS  Press Service"
PAGES = [
    f"{HEAD}\nPage 1 of 2\nReadout of a meeting\nThe Minister of Foreign Affairs received on Monday his colleague from Peru, who\n"
    "is on an official visit to the country, and spoke with him of bilateral coop-\neration in trade and education.\n"
    "Both sides praised the level of the talks.\nThe guests were shown the old town and its walls, and they were told of the\nplans for the",
    f"{HEAD}\nPage 2 of 2\nrestoration of its harbour, which is to begin in the spring of the coming year with\nhelp from the Union.",
]


def test_lines_become_paragraphs() -> None:
    found = paragraphs(PAGES)
    assert found[0] == "Readout of a meeting"
    assert found[1].startswith("The Minister of Foreign Affairs received on Monday his colleague from Peru, who is on")
    assert found[1].endswith("of bilateral cooperation in trade and education.")
    assert "Both sides praised the level of the talks." in found
    assert not any("Press Service" in p or "Page" in p for p in found)


def test_one_page_keeps_all_its_lines() -> None:
    assert paragraphs(["Press Service\nThe two met.\n- 1 -"]) == ["Press Service", "The two met."]
    assert paragraphs([]) == paragraphs([""]) == []


def test_a_file_is_a_document() -> None:
    text = b"BT /F1 12 Tf 50 700 Td (The minister received his colleague from Peru on Monday.) Tj ET"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
               b"<</Length %d>>stream\n%s\nendstream" % (len(text), text), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
               b"<</Title(Readout of a meeting)>>"]  # fmt: skip
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    body += b"trailer\n<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n0\n%%EOF"
    url = "https://mfa.example/readout.pdf"
    [doc] = of_bytes(body, url=url, content_type="application/octet-stream", settings=Settings())
    assert isinstance(doc, Document)
    assert (doc.text, doc.source.title, doc.source.url) == (
        "The minister received his colleague from Peru on Monday.",
        "Readout of a meeting",
        url,
    )
