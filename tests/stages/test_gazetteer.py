"""Names of parties and places."""

from __future__ import annotations

import pytest

from dragoman.resources import Tools


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Azerbaijani-Turkish talks", ["AZE", "TUR"]),
        ("the Republic of Korea and the DPRK", ["KOR", "PRK"]),
        ("S. Korean and Japanese envoys", ["KOR", "JPN"]),
        ("the Kremlin and Downing Street", ["RUS", "GBR"]),
        ("NATO, the EU and ASEAN", ["NATO", "EU", "ASEAN"]),
        ("a Taliban team in Tehran", ["Taliban", "IRN"]),
        ("North Macedonia’s and Sri Lanka's ministers", ["MKD", "LKA"]),
        ("the Democratic Republic of Congo", ["COD"]),
        ("Guinea-Bissau, Papua New Guinea and Guinea", ["GNB", "PNG", "GIN"]),
        ("Prime Minister Jordan Bardella said", []),
        ("a polish of shoes, a turkey, tell us", []),
        ("ministers of Nigeria and Niger", ["NGA", "NER"]),
        ("the Indian Ocean, the South China Sea and Latin American states", []),
        ("piracy in the Gulf of Guinea off Guinea", ["GIN"]),
        ("at NATO headquarters", ["NATO"]),
    ],
)
def test_parties(text: str, parties: list[str], tools: Tools) -> None:
    assert [p.party for p in tools.gazetteer.parties(text)] == parties


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("talks in Baku", [("Baku", "AZE")]),
        ("in the Nepali capital", [("Kathmandu", "NPL")]),
        ("at the Pentagon", [("Washington", "USA")]),
        ("in Samarkand, Uzbekistan", [("Samarkand", "UZB"), (None, "UZB")]),
        ("ISLAMABAD: he said", [("Islamabad", "PAK")]),
        ("Turkish officials", []),
        ("LIMA, Peru", [("Lima", "PER"), (None, "PER")]),
        ("the capital of Tajikistan", [(None, "TJK"), ("Dushanbe", "TJK")]),
        ("in Uzhgorod", [("Uzhgorod", "UKR")]),
        ("at NATO headquarters", [("Brussels", "BEL")]),
    ],
)
def test_places(text: str, places: list[tuple[str | None, str]], tools: Tools) -> None:
    assert [(p.city, p.country) for p in tools.gazetteer.places(text)] == places


def test_outlets(tools: Tools) -> None:
    assert tools.outlet_country("the anadolu agency") == "TUR"
    assert tools.outlet_country("Ministry of Defence of Latvia") == "LVA"
    assert tools.outlet_country("Reuters") is None
    assert tools.outlet_country("Some Paper") is None


def test_time_grows_with_length(tools: Tools) -> None:
    text = "Turkish and Azerbaijani ministers met in Baku. " * 2000
    assert len(tools.gazetteer.parties(text)) == 6000
