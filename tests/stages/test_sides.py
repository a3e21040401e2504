"""People who met do not all stand for one party."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.reader import Reader


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
