"""Names of parties and places."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.errors import DataError
from dragoman.knowledge.nametable import NameTable
from dragoman.knowledge.naming import Entry
from dragoman.model import Source
from dragoman.resources import NAMES, Tools


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
        ("landfall on New England and in New South Wales", []),
        ("patrols in the Gulf of Aden; a lecture at Georgetown University", []),
        ("the Faroe Islands, Montserrat, American Samoa and Samoa", ["FRO", "MSR", "ASM", "WSM"]),
        ("the British Virgin Islands", ["VGB"]),
        ("the Commonwealth of Independent States, the Commonwealth of Dominica", ["CIS", "DMA"]),
        ("a summit of the Commonwealth", ["Commonwealth"]),
        ("DRCongo and Rwanda", ["COD", "RWA"]),
    ],
)
def test_parties(text: str, parties: list[str], tools: Tools) -> None:
    assert [p.party for p in tools.gazetteer.parties(text)] == parties


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("talks in Baku", [("Baku", "AZE")]),
        ("in the Nepali capital", [("Kathmandu", "NPL")]),
        ("in St. Petersburg and St Petersburg", [("St. Petersburg", "RUS"), ("St Petersburg", "RUS")]),
        ("in St. Petersburg, Florida", [("St. Petersburg", "USA"), (None, "USA")]),
        ("April 5 (KUNA)", []),
        ("at the Pentagon", [("Washington", "USA")]),
        ("in Samarkand, Uzbekistan", [("Samarkand", "UZB"), (None, "UZB")]),
        ("ISLAMABAD: he said", [("Islamabad", "PAK")]),
        ("Turkish officials", []),
        ("LIMA, Peru", [("Lima", "PER"), (None, "PER")]),
        ("the capital of Tajikistan", [(None, "TJK"), ("Dushanbe", "TJK")]),
        ("in Uzhgorod", [("Uzhgorod", "UKR")]),
        ("at NATO headquarters", [("Brussels", "BEL")]),
        ("in Atlanta, Georgia, and in Virginia", [(None, "USA"), (None, "USA")]),
        ("in New York and New South Wales", [("New York", "USA"), (None, "AUS")]),
        ("in Inner Mongolia", [(None, "CHN")]),
        ("at Brdo pri Kranju", [("Brdo pri Kranju", "SVN")]),
        ("in Sharm El Sheikh", [("Sharm El Sheikh", "EGY")]),
    ],
)
def test_places(text: str, places: list[tuple[str | None, str]], tools: Tools) -> None:
    assert [(p.city, p.country) for p in tools.gazetteer.places(text)] == places


def test_outlets(tools: Tools) -> None:
    assert tools.outlet_country("the anadolu agency") == "TUR"
    assert tools.outlet_country("Ministry of Defence of Latvia") == "LVA"
    assert tools.outlet_country("Reuters") is None
    assert tools.outlet_country("Some Paper") is None
    assert tools.outlet_country("Embassy of Japan in Colombo, press bulletin") == "JPN"
    assert tools.outlet_country("U.S. Mission Vienna") == "USA"
    assert tools.outlet_country("Radio Vanuatu English Service") == "VUT"
    assert tools.outlet_country("Kyodo News Service") == "JPN"
    assert tools.outlet_country("The Hobart Ledger") == "AUS"
    assert tools.outlet_country("Lima and Quito Review") is None
    assert tools.outlet_country("mfa.gov.lv") == "LVA"
    assert tools.outlet_country("www.scoop.co.nz") == "NZL"
    assert tools.outlet_country("gov.uk") == "GBR"
    assert tools.outlet_country("visegrad24.tv") is None
    assert tools.outlet_country("news.example.com") is None


@pytest.mark.parametrize(
    ("outlet", "url", "state"),
    [
        (None, "https://www.mfa.gov.lv/en/news", "LVA"),
        ("Some Paper", "https://somepaper.co.ke/politics/1", "KEN"),
        ("Reuters", "https://www.reuters.co.uk/world", None),
        ("Kyodo News", "https://english.kyodonews.net/", "JPN"),
        (None, "https://example.io/news.lv", None),
        (None, None, None),
    ],
)
def test_state_of_a_source(outlet: str | None, url: str | None, state: str | None, tools: Tools) -> None:
    assert tools.source_country(Source("1", url, outlet)) == state


@pytest.mark.parametrize(
    ("outlet", "party"),
    [
        ("League of Arab States, General Secretariat", "Arab League"),
        ("EU NAVFOR Somalia - Operation Atalanta", "SOM"),
        ("Pacific Islands Forum Secretariat", "PIF"),
        ("Mission of Japan to ASEAN", "JPN"),
        ("The ASEAN and EU Observer", None),
        ("Reuters", None),
    ],
)
def test_party_of_a_source(outlet: str, party: str | None, tools: Tools) -> None:
    assert tools.source_party(Source("1", outlet=outlet)) == party


def test_time_grows_with_length(tools: Tools) -> None:
    text = "Turkish and Azerbaijani ministers met in Baku. " * 2000
    assert len(tools.gazetteer.parties(text)) == 6000


def test_the_packaged_table_is_what_a_fresh_build_gives(tools: Tools) -> None:
    table = NameTable.read(NAMES)
    assert table is not None
    assert table.stamp == tools.names_stamp, "run `make names`: the files that names come from have changed"
    assert table.names() == tools.all_names()


def test_a_table_in_a_file_is_the_table_that_was_written(tmp_path: Path) -> None:
    names = {
        "Ho": Entry("VNM", "name"),
        "Ho Chi Minh City": Entry(country="VNM", place_kind="city", city=True, places=("VNM", "USA")),
    }
    NameTable.made(names, "s").write(tmp_path / "t")
    table = NameTable.read(tmp_path / "t")
    assert table is not None
    assert (table.names(), table.stamp, table.longest) == (names, "s", 16)
    assert table.begins("Ho Chi Minh City, Hanoi") == ["Ho", "Ho Chi Minh City"]
    assert NameTable.read(tmp_path / "none") is None


def test_a_name_that_no_search_would_find_is_refused() -> None:
    with pytest.raises(DataError, match="letter or digit"):
        NameTable.made({"'s-Hertogenbosch": Entry(country="NLD")}, "")


@pytest.mark.parametrize("text", ["N'Djamena and N’Djamena", "ISTANBUL, Istanbul", "Xi'an_ and Xi'an"])
def test_spellings_of_one_name(text: str, tools: Tools) -> None:
    assert len(tools.gazetteer.places(text)) == 2 - ("_" in text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "The United States and Iran met for talks in Geneva.",
            ("Geneva", "CHE"),
        ),  # not the one in the state of New York
        ("New York, 18 September - He met her.", ("New York", "USA")),  # a seat, whatever the words around
        ("The Belizean minister went to San Pedro.", ("San Pedro", "BLZ")),
        ("Pakistan's minister was in Hyderabad.", ("Hyderabad", "PAK")),
    ],
)
def test_which_of_the_cities_of_one_name(text: str, place: tuple[str, str], tools: Tools) -> None:
    assert place in [(p.city, p.country) for p in tools.gazetteer.places(text)]
