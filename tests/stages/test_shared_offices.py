"""Offices said once for several people are each one's, in the singular."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.model import Annotation
from dragoman.network import pairs
from dragoman.reader import Reader
from dragoman.resources import Tools
from dragoman.stages.resolve import _people
from dragoman.stages.resolve._offices import Office, _counterparts, _one_of_each, office_words
from dragoman.stages.resolve._people import Cluster
from dragoman.stages.resolve._shared import shared_offices

from .test_people import note_of, words_of


def gathered(note: Annotation, text: str, names: list[str]) -> list[Cluster]:
    return _people.gather(note.tokens, [words_of(note, text, name) for name in names])


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Presidents Vera Moll and Ivo Brandt spoke.", {"Vera Moll": "President", "Ivo Brandt": "President"}),
        (
            "The foreign ministers of Uzbekistan and Turkmenistan – Anvar Zokir and Rahim Aman – will meet.",
            {"Anvar Zokir": "foreign minister", "Rahim Aman": "foreign minister"},
        ),
        (
            "Transport ministers Hélio Tembe of Mozambique, Chifundo Banda of Malawi and Precious Nawa of Zambia agreed.",
            {
                "Hélio Tembe": "Transport minister",
                "Chifundo Banda": "Transport minister",
                "Precious Nawa": "Transport minister",
            },
        ),
        (
            "The Chiefs of the Navies of Bolivia and Paraguay, Admiral Waldo Quis and Admiral Pablo Oso, closed it.",
            {"Waldo Quis": "Chief of the Navy", "Pablo Oso": "Chief of the Navy"},
        ),
        (
            "Heads of State Ollanta Rima and Juan Manuel Sanz are to meet.",
            {"Ollanta Rima": "Head of State", "Juan Manuel Sanz": "Head of State"},
        ),
        (
            "It was told by Tibor Eszter (Hungary) and Sini Parvi (Finland), co-rapporteurs of the Monitoring Committee.",
            {
                "Tibor Eszter": "co-rapporteur of the Monitoring Committee",
                "Sini Parvi": "co-rapporteur of the Monitoring Committee",
            },
        ),
        (
            "The foreign secretaries of the two neighbours, Vik Misra of India and Amrit Rana of Nepal, met.",
            {"Vik Misra": "foreign secretary", "Amrit Rana": "foreign secretary"},
        ),
        ("He came with MPs Preeti Nag and K. Kunhi.", {"Preeti Nag": "MP", "K. Kunhi": "MP"}),
        (
            "The two ministers, Botswana's Tebo Masire and Zambia's Chris Mate, arrived.",
            {"Tebo Masire": "minister", "Chris Mate": "minister"},
        ),
        # what a body is made of is no office of who leads it, nor is a verb or a bare "members"
        ("Deputy Chairman of the Cabinet of Ministers Rahym Gurban spoke.", {"Rahym Gurban": None}),
        ("Among the ministers, Vera Moll said, nobody knew.", {"Vera Moll": None}),
        ("Andrei Kraini, who heads the agency, met Ivo Brandt.", {"Andrei Kraini": None, "Ivo Brandt": None}),
        ("The members, Vera Moll and Ivo Brandt, spoke.", {"Vera Moll": None, "Ivo Brandt": None}),
        ("They met Vera Moll, Ivo Brandt, and ministers of Peru.", {"Vera Moll": None, "Ivo Brandt": None}),
    ],
)
def test_in_the_plural(text: str, held: dict[str, str | None], tools: Tools) -> None:
    note = note_of(text, tools)
    people = gathered(note, text, list(held))
    assert len(people) == len(held)
    found = shared_offices(note, text, people, pairs.title_words(note), tools.titles).held
    names = [_people.span_of(note.tokens, c.name).of(text) for c in people]
    assert {name: found[i][1] if i in found else None for i, name in enumerate(names)} == held


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("Ministers", "Minister"),
        ("MINISTERS", "MINISTER"),
        ("secretaries", "secretary"),
        ("Chairmen", "Chairman"),
        ("MPs", "MP"),
        ("Minister", None),
        ("forces", None),
    ],
)
def test_heads_of_offices_in_the_singular(many: str, one: str | None, tools: Tools) -> None:
    assert tools.titles.singular(many) == one


def test_counterparts_in_a_list(tools: Tools) -> None:
    text = "Minister Ada Luna and General Jorge Nieto sat down with their counterparts, Hera Muro and Jose Gomo. Later he met his counterparts from Peru, Max Vela, and Chile, Rex Tolo."
    note = note_of(text, tools)
    names = ["Ada Luna", "Jorge Nieto", "Hera Muro", "Jose Gomo", "Max Vela", "Rex Tolo"]
    people = gathered(note, text, names)
    shared = shared_offices(note, text, people, pairs.title_words(note), tools.titles)
    stated = {0: Office((0, 1), "Minister"), 1: Office((4, 5), "Commander")}
    assert _counterparts(note, people, stated, shared.counterparts, {}, tools.titles) == {2: 0, 3: 1, 4: 1, 5: 1}


@pytest.mark.parametrize(
    "text",
    [
        "Minister Ada Luna met Hera Muro, her Bulgarian counterpart, in Rome.",
        "Minister Ada Luna met in Rome with her opposite number, Hera Muro.",
        "Minister Ada Luna met her Bulgarian colleague Hera Muro in Rome.",
    ],
)
def test_a_counterpart(text: str, tools: Tools) -> None:
    note = note_of(text, tools)
    people = gathered(note, text, ["Ada Luna", "Hera Muro"])
    assert _counterparts(note, people, {0: Office((0, 1), "Minister")}, [], {}, tools.titles) == {1: 0}


def test_a_counterpart_stands_for_another_party(tools: Tools) -> None:
    text = "Minister Ada Luna held talks with Premier Rex Tolo and her counterpart Hera Muro."
    note = note_of(text, tools)
    people = gathered(note, text, ["Ada Luna", "Rex Tolo", "Hera Muro"])
    stated = {0: Office((0, 1), "Minister"), 1: Office((6, 7), "Premier")}
    parties = {0: [("IND", 0.9)], 1: [("MOZ", 0.9)], 2: [("MOZ", 0.9)]}
    assert _counterparts(note, people, stated, [], parties, tools.titles) == {2: 0}


def test_of_each_state_the_only_one_without_an_office(tools: Tools) -> None:
    said = [((3, 5), "foreign minister", frozenset({"AZE", "TUR", "GEO"}))]
    parties = {
        0: [("AZE", 0.9)],
        1: [("TUR", 0.8)],
        2: [("TUR", 0.7)],
        3: [("GEO", 0.9)],
        4: [("GEO", 0.6)],
        5: [("USA", 1.0)],
    }
    held = {3: Office((9, 11), "Foreign Minister")}
    # of Turkey's two nobody knows which; Georgia's is known
    assert _one_of_each(parties, held, said) == {0: ((3, 5), "foreign minister")}


@pytest.mark.parametrize(
    ("text", "tagged", "office"),
    [
        (
            "Commander of the 9th Brigade Ahmad Badrun spoke.",
            "Commander of the 9th Brigade",
            "Commander of the 9th Brigade",
        ),
        (
            "Inspector-General of Police Hashim Alwi spoke.",
            "Inspector-General of Police",
            "Inspector-General of Police",
        ),
        ("General Staff chief Ahmad Badrun spoke.", "General Staff chief", "General Staff chief"),
        (
            "Colonel General, Minister of Defence Ivo Brandt spoke.",
            "Colonel General, Minister of Defence",
            "Minister of Defence",
        ),
    ],
)
def test_a_rank_that_leads_to_a_body_is_an_office(text: str, tagged: str, office: str, tools: Tools) -> None:
    note = note_of(text, tools)
    words = office_words(note, words_of(note, text, tagged), pairs.title_words(note))
    assert words
    assert _people.span_of(note.tokens, words).of(text) == office


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Chief of the General Staff Colonel-General Pylyp", ["Chief of the General Staff", "Colonel-General"]),
        ("Secretary General Moll", ["Secretary General"]),
        ("General Director Moll", ["General", "Director"]),
        ("General Secretary Moll", ["General Secretary"]),
        ("Major General Moll", ["Major General"]),
    ],
)
def test_the_title_that_begins_first_wins(text: str, titles: list[str], tools: Tools) -> None:
    assert [span.of(text) for span, _ in tools.titles.find(text)] == titles


def test_the_state_behind_a_name_belongs_to_the_office(reader: Reader) -> None:
    text = "President Joseph R. Biden, Jr. spoke today with President Guy Parmelle of Switzerland. The two leaders discussed trade."
    [call] = reader.read(text, published=date(2021, 5, 5), outlet="The White House").engagements
    [place] = [i for i, p in enumerate(call.participants) if p.name == "Guy Parmelle"]
    assert call.participants[place].office == "President of Switzerland"
    said = [text[s.start : s.end] for s in call.spans[f"participants[{place}].office"]]
    assert said == ["President", "of Switzerland"]


def test_an_office_in_the_plural_says_so(reader: Reader) -> None:
    text = "LIMA, Oct 11. The Presidents of Peru and Bolivia, Esteban Carrillo Vega and Mirtha Condori, met in Ilo on Friday, Peru's foreign ministry reported."
    [meeting] = reader.read(text, published=date(2024, 10, 12), outlet="Andina").engagements
    for i, p in enumerate(meeting.participants):
        assert p.office == "President"
        assert meeting.basis[f"participants[{i}].office"] == "plural"
        [span] = meeting.spans[f"participants[{i}].office"]
        assert text[span.start : span.end] == "Presidents"
