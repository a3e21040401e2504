"""The day that relative words count from: metadata, header, first lines, or what the page says of its publication."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.model import Document, Source
from dragoman.resources import Tools
from dragoman.stages.annotate import anchor_of, written_on
from dragoman.stages.clean import clean

FILLER = "The two ministers spoke at length of ports, of roads and of what may be done for trade. " * 6


@pytest.mark.parametrize(
    ("text", "published", "anchor"),
    [
        ("Talks were held in Lima on May 3, 2021.", date(2021, 5, 6), ("2021-05-06", "published")),
        ("LIMA, May 3, 2021 - Talks were held.", None, ("2021-05-03", "dateline")),
        (f"Lima, Oct. 11. Talks are to be held on October 29. {FILLER}\n\nPublished: 10/11/2021", None, ("2021-10-11", "stamp")),
        (f"{FILLER}\n\nLast updated: 3 June 2019", None, ("2019-06-03", "stamp")),
        (f"{FILLER} The treaty was signed on 3 June 2019.", None, (None, None)),  # a day of its own says nothing of the page
        (f"Published in 2020. {FILLER}", None, (None, None)),
        (f"{FILLER} The text was published on 3 June 2019.", None, (None, None)),  # nor does one that follows such words within a sentence
        (f"10/11/2021\n{FILLER} They met in Lima on October 11.", None, ("2021-10-11", "dateline")),  # told by days further on
    ],
)  # fmt: skip
def test_anchor(text: str, published: date | None, anchor: tuple[str | None, str | None], tools: Tools) -> None:
    doc = clean(Document(Source("a", published=published), text), tools)
    day, basis = anchor_of(doc, tools.stamps)
    assert (day.isoformat() if day else None, basis) == anchor


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("NICOSIA, June 13. - They spoke last night.", "1967-06-13"),
        ("ABERDEEN, Tuesday. – The season may be one and the same.", "1967-06-13"),
        ("NICOSIA, June 14. - They spoke last night.", None),  # the day on which it appeared
        ("NICOSIA, June 2. - They spoke last night.", None),  # too long before: another text's
        ("They spoke in Nicosia on June 13.", None),
    ],
)
def test_day_of_the_dateline(text: str, written: str | None, tools: Tools) -> None:
    doc = clean(Document(Source("a", published=date(1967, 6, 14)), text), tools)
    assert doc.clean is not None
    found = written_on(doc.clean, date(1967, 6, 14))
    assert (found.isoformat() if found else None) == written
