"""An office that stands right before a name is that person's and nobody else's."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.reader import Reader


@pytest.mark.parametrize(
    ("text", "outlet", "offices"),
    [
        (
            "President Joseph R. Biden, Jr. spoke today with Prime Minister Boris Johnson of the United Kingdom. The President thanked the Prime Minister.",
            "The White House",
            {"Boris Johnson": "Prime Minister of the United Kingdom"},
        ),
        (
            "Vice President Kamala Harris met today with Prime Minister Mette Frederiksen of Denmark. Vice President Harris thanked Denmark.",
            "The White House",
            {"Kamala Harris": "Vice President", "Mette Frederiksen": "Prime Minister of Denmark"},
        ),
        (
            "TIRANA, 4 May - Defence Minister Arben Hoxha received on Tuesday the Chief of Defence of Slovenia, Major General Robert Novak.",
            "ATA",
            {"Arben Hoxha": "Defence Minister"},
        ),
        (
            "Lima, Oct. 11. The Presidents of Peru and Bolivia, Esteban Carrillo Vega and Mirtha Condori, will meet in Ilo on October 29, Peru's Ministry of Foreign Affairs reported. "
            "On Friday Deputy Foreign Minister Ana Cordero received the Apostolic Nuncio, Archbishop Nicola Girasoli.",
            "Andina",
            {"Nicola Girasoli": "Apostolic Nuncio", "Ana Cordero": "Deputy Foreign Minister"},
        ),
    ],
)
def test_offices_before_names(text: str, outlet: str, offices: dict[str, str], reader: Reader) -> None:
    told = reader.read(text, published=date(2021, 5, 5), outlet=outlet).engagements
    found = {p.name: p.office for e in told for p in e.participants if p.name}
    assert {n: o for n, o in found.items() if n in offices} == offices
    assert all(o not in offices.values() for n, o in found.items() if n not in offices)
