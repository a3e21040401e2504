"""Forms of names, lists side by side and ships: what tells whom a person stands for, and who is no person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import DataError
from dragoman.knowledge.forms import BOUND, NameForms, pieces
from dragoman.model import PartyCandidate
from dragoman.reader import Reader
from dragoman.resources import Tools
from dragoman.stages.resolve import _as_listed, _weighed_by_form


@pytest.mark.parametrize(
    ("name", "state", "against"),
    [
        ("Saulius Venckus", "LTU", ["UKR", "ARM", "RUS"]),
        ("Akja Nurberdiyeva", "TKM", ["KWT", "KAZ"]),
        ("Nguyễn Văn Hải", "VNM", ["LAO", "USA"]),
        ("Luís Sepúlveda Cortês", "PRT", ["DEU", "GBR"]),
        ("Ruslan Moldobaev", "KGZ", ["SVN"]),
        ("Kocsis Tamás", "HUN", ["SVN", "HRV"]),
        ("Mehmet Yıldırım", "TUR", ["ISR", "GRC"]),
    ],
)
def test_a_name_s_form_speaks_for_its_state(name: str, state: str, against: list[str], tools: Tools) -> None:
    own, *others = tools.forms.speak(name, [state, *against])
    assert own >= max(others)
    assert own > min(others)


@given(st.text(max_size=60))
def test_it_is_bounded_and_says_nothing_of_what_it_does_not_know(name: str) -> None:
    forms = NameForms.counted([("Anna Berg", "SWE"), ("Anna Borg", "SWE"), ("Anna Burg", "NOR"), ("Ana Cruz", "ESP")])
    spoken = forms.speak(name, ["SWE", "NOR", "XXX"])
    assert all(-BOUND <= s <= BOUND for s in spoken)
    assert spoken[2] == 0.0
    if not pieces(name):
        assert spoken == [0.0, 0.0, 0.0]


def test_counts_come_back_from_their_file(tmp_path: Path) -> None:
    forms = NameForms.counted([("Anna Berg", "SWE")] * 3 + [("Ana Cruz", "ESP")] * 3)
    forms.write(tmp_path / "forms.npz")
    again = NameForms.read(tmp_path / "forms.npz")
    assert again.speak("Anna", ["SWE", "ESP"]) == forms.speak("Anna", ["SWE", "ESP"])
    (tmp_path / "forms.npz").write_bytes(b"no archive")
    with pytest.raises(DataError, match=r"forms\.npz"):
        NameForms.read(tmp_path / "forms.npz")


def test_the_packaged_counts_are_those_of_states(tools: Tools) -> None:
    codes = [s.code for s in tools.states]
    spoken = np.array(tools.forms.speak("Maria Silva", codes))
    assert np.count_nonzero(spoken) > 180


def test_of_organisations_it_says_nothing(tools: Tools) -> None:
    eu = PartyCandidate("EU", ((3, 4),), (0.5, 0.0, 0.0, 1.0, 0.0, 1.0))
    states = [PartyCandidate(p, ((9, 10),), (0.5, 0.0, 0.0, 0.0, 0.0, 1.0)) for p in ("LTU", "UKR")]
    ranked = dict(
        _weighed_by_form("Saulius Venckus", (("UKR", 0.45), ("LTU", 0.35), ("EU", 0.2)), [eu, *states], tools)
    )
    assert sum(ranked.values()) == pytest.approx(1.0)
    assert ranked["LTU"] > ranked["UKR"]


def test_a_listed_party_outweighs_the_others() -> None:
    ranked = _as_listed((("MOZ", 0.8), ("ZMB", 0.2)), "ZMB", 0.97)
    assert ranked[0][0] == "ZMB"
    assert ranked[0][1] == pytest.approx(0.97)
    assert sum(p for _, p in ranked) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "QUITO, 11 October - The Ministers of Foreign Affairs of Colombia, Costa Rica and Ecuador, María Teresa Uribe, Rodrigo Carazo Montero "
            "and José Ayala Cordero, met in Quito on Saturday and discussed fisheries.",
            {"María Teresa Uribe": "COL", "Rodrigo Carazo Montero": "CRI", "José Ayala Cordero": "ECU"},
        ),
        (
            "BAKU, 5 May - Azerbaijani and Georgian defence ministers, Rauf Aliyev and Irakli Lomidze, met in Baku on Monday.",
            {"Rauf Aliyev": "AZE", "Irakli Lomidze": "GEO"},
        ),
        (
            "LILONGWE, 6 June - Malawi's Minister of Foreign Affairs, Dr Joyce Kapito, on Friday met in Lilongwe her colleagues from Mozambique and "
            "Zambia, Alberto Nhantumbo and Mundia Siwale.",
            {"Alberto Nhantumbo": "MOZ", "Mundia Siwale": "ZMB"},
        ),
        (
            "AMMAN, 8 March (Petra) - Foreign Minister Tareq Haddadin spoke by telephone on Saturday with his counterparts of Oman, Said Al Kindi, of "
            "Bahrain, Khalid Al Doseri, and of Kuwait, Faisal Al Mutairi.",
            {"Said Al Kindi": "OMN", "Khalid Al Doseri": "BHR", "Faisal Al Mutairi": "KWT"},
        ),
        (
            "ST GEORGE'S, 8 March - Foreign Ministers Alva Duboulay of Saint Lucia, Kerwin Noel of Grenada and Camillo Shillingford of Dominica met in "
            "Kingstown on Saturday.",
            {"Alva Duboulay": "LCA", "Kerwin Noel": "GRD", "Camillo Shillingford": "DMA"},
        ),
    ],
)
def test_lists_that_tell_of_whom_each_name_is(text: str, parties: dict[str, str], reader: Reader) -> None:
    told = reader.read(text, published=date(1997, 10, 12)).engagements
    found = {p.name: p.party for e in told for p in e.participants}
    assert {n: p for n, p in found.items() if n in parties} == parties


@pytest.mark.parametrize(
    "text",
    [
        "GUAYAQUIL, 5 March - The Chilean frigate 'Almirante Latorre' called at Guayaquil, Ecuador, on Thursday for a goodwill visit, the Ecuadorean Navy said.",
        "MALE, 7 June - BNS Shadhinota of the Bangladesh Navy arrived in the Maldives on Tuesday on a goodwill visit.",
        "CAPE TOWN - The South African ships Jan Smuts and Adam Kok arrived in Namibia on Wednesday on a goodwill visit.",
    ],
)
def test_ships_are_nobody(text: str, reader: Reader) -> None:
    told = reader.read(text, published=date(2017, 6, 8)).engagements
    assert not [p.name for e in told for p in e.participants if p.name]
