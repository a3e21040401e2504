"""People who met do not all stand for one party."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.model import Document, Source
from dragoman.reader import Reader
from dragoman.resources import Tools
from dragoman.stages.annotate import annotate, observe_many
from dragoman.stages.clean import clean
from dragoman.stages.resolve import homes, resolve


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "President Joseph R. Biden, Jr. met with President Moon Jae-in of the Republic of Korea at the White House on Friday.",
            {"Joseph R. Biden": "USA", "Moon Jae-in": "KOR"},
        ),
        (
            "President Biden welcomed King Abdullah II of Jordan to the White House on Monday.",
            {"Biden": "USA", "Abdullah II": "JOR"},
        ),
    ],
)
def test_the_host_stands_for_the_outlet_s_state(text: str, parties: dict[str, str], reader: Reader) -> None:
    [told] = reader.read(text, published=date(2021, 5, 21), outlet="The White House").engagements
    assert {p.name: p.party for p in told.participants} == parties


def test_the_outlet_s_state_is_not_the_state_that_the_text_begins_with(reader: Reader) -> None:
    text = "US President Barack Obama has phoned Russian President Vladimir Putin Friday, welcoming Russian cooperation on trade."
    [call] = reader.read(text, published=date(2013, 3, 1), outlet="Ynetnews").engagements
    assert call.parties == ("RUS", "USA")
    assert {p.name: p.party for p in call.participants} == {"Barack Obama": "USA", "Vladimir Putin": "RUS"}


def test_an_organisation_is_at_home_at_its_seat(reader: Reader) -> None:
    text = (
        "BRUSSELS, 3 May - NATO Secretary General Anders Holm received Turkish Foreign Minister Kemal Aydın in Brussels on Friday. "
        "They discussed security."
    )
    [meeting] = [
        e for e in reader.read(text, published=date(2024, 5, 3), outlet="Reuters").engagements if e.kind == "meeting"
    ]
    assert {p.name: p.side for p in meeting.participants} == {"Anders Holm": "host", "Kemal Aydın": "guest"}


@pytest.mark.parametrize(
    ("outlet", "url", "text", "state"),
    [
        ("The Herald", None, "Theresa May is to visit Japan in August.", None),
        ("The Herald", None, "Zimbabwe's minister is to visit Japan in August.", "ZWE"),
        ("The Herald", "https://www.herald.co.zw/may", "Theresa May is to visit Japan in August.", "ZWE"),
        ("The Herald (Harare)", None, "President Chikosi is to visit Japan in August.", "ZWE"),
        ("Trend", None, "The minister is to visit Japan in August.", "AZE"),
    ],
)
def test_a_name_that_many_papers_bear_tells_no_state_alone(
    outlet: str, url: str | None, text: str, state: str | None, tools: Tools
) -> None:
    doc = clean(Document(Source("d", url=url, outlet=outlet), text), tools)
    [note] = observe_many([doc], tools)
    assert homes(doc, note, tools)[1] == state


def test_a_title_that_names_a_state_is_no_outlet_s(tools: Tools) -> None:
    text = "US special envoy Zalmay Khalilzad met Taliban deputy leader Abdul Ghani Baradar in Doha, the ambassador to Kabul said."
    doc = resolve(annotate(clean(Document(Source("d", outlet="TOLOnews"), text), tools), tools), tools)
    assert doc.findings is not None
    assert {p.name.of(text): p.party for p in doc.findings.people} == {
        "Zalmay Khalilzad": "USA",
        "Abdul Ghani Baradar": "Taliban",
    }
