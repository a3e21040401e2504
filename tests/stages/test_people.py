"""Mentions gathered into people; words for an office tied to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dragoman.knowledge.names import folded, near, within
from dragoman.model import Annotation, Document, Mention, Source, Span
from dragoman.network.features import word_range
from dragoman.network.pairs import in_title
from dragoman.resources import Tools
from dragoman.stages.annotate import observe_many
from dragoman.stages.clean import clean
from dragoman.stages.resolve import _is_outlet, _people, _roles, clusters_of, office_starts
from dragoman.stages.resolve._offices import tagged_offices


def note_of(text: str, tools: Tools) -> Annotation:
    return next(observe_many([clean(Document(Source("x", published=date(2024, 5, 3)), text), tools)], tools))


def words_of(note: Annotation, text: str, part: str, nth: int = 0) -> tuple[int, int]:
    at = -1
    for _ in range(nth + 1):
        at = text.index(part, at + 1)
    words = word_range(note.tokens, Span(at, at + len(part)))
    assert words
    return words


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Kadıoğlu", "Kadioglu", True),
        ("Al-Thani", "al thani", True),
        ("Hasanov", "Hasanova", True),
        ("Valiyev", "Aliyev", True),
        ("Li", "Wu", False),
        ("Fidan", "Khan", False),
    ],
)
def test_spellings(a: str, b: str, same: bool) -> None:
    assert all(near(x, y) for x, y in zip(folded(a), folded(b), strict=True)) is same


def test_a_particle_or_initial_is_nobody() -> None:
    assert not within(("al",), folded("Sheikh Tamim al Thani"))
    assert not within(("t",), folded("Tamim Thani"))
    assert within(("t", "thani"), folded("Tamim Thani"))


def test_later_mentions_join_the_fullest_name(tools: Tools) -> None:
    text = "Hakan Fidan met Wang Yi. Fidan spoke. Then Wang left, and Hakan Fidan stayed."
    note = note_of(text, tools)
    names = [
        words_of(note, text, "Hakan Fidan"),
        words_of(note, text, "Wang Yi"),
        words_of(note, text, "Hakan Fidan", 1),
    ]
    clusters = _people.gather(note.tokens, names)
    _people.surnames(note.tokens, clusters)
    assert [len(c.mentions) for c in clusters] == [3, 2]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("[von der Leyen](https://example.org/call-with-ana-lima), she said", ["](https://example.org/call-with-ana-lima),"]),
        ("see www.example.org/ana-lima or ana.lima@example.org now", ["www.example.org/ana-lima", "ana.lima@example.org"]),
        ("Jean-Pierre O'Neill-da-Costa (Ana Lima)", []),
    ],
)  # fmt: skip
def test_addresses(text: str, addresses: list[str]) -> None:
    assert [span.of(text) for span in _people.addresses(text)] == addresses


def test_words_of_an_address_are_nobody(tools: Tools) -> None:
    text = "Ana Lima met https://example.org/readout-of-call-with-Hakan-Fidan there."
    note = note_of(text, tools)
    words = [words_of(note, text, "Ana Lima"), words_of(note, text, "Hakan")]
    marked = replace(note, mentions=tuple(Mention("PER", _people.span_of(note.tokens, w), w) for w in words))
    assert [_people.span_of(note.tokens, c.name).of(text) for c in clusters_of(marked, text, tools)] == ["Ana Lima"]


def test_a_name_two_people_share_goes_to_the_one_named_last(tools: Tools) -> None:
    text = "Ilham Aliyev met Natig Aliyev. Aliyev smiled."
    note = note_of(text, tools)
    spans = [
        words_of(note, text, "Ilham Aliyev"),
        words_of(note, text, "Natig Aliyev"),
        words_of(note, text, "Aliyev", 2),
    ]
    clusters = _people.gather(note.tokens, spans)
    assert [len(c.mentions) for c in clusters] == [1, 2]


THREE = "Turkish Foreign Minister Hakan Fidan met Foreign Minister Ararat Mirzoyan of Armenia and Armenian Defence Minister Suren Papikyan. "


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("The defence minister left.", {"Suren Papikyan"}),
        ("The minister left.", {"Suren Papikyan"}),
        ("The two ministers signed a plan.", {"Suren Papikyan", "Hakan Fidan"}),  # of two parties rather than of one
        ("Both foreign ministers signed a plan.", {"Hakan Fidan", "Ararat Mirzoyan"}),
        ("The three ministers signed a plan.", {"Hakan Fidan", "Ararat Mirzoyan", "Suren Papikyan"}),
        ("The Armenian ministers signed a plan.", {"Ararat Mirzoyan", "Suren Papikyan"}),
        ("The two presidents signed a plan.", set()),
    ],
)
def test_words_for_several_people_mean_as_many(text: str, meant: set[str], tools: Tools) -> None:
    note = note_of(THREE + text, tools)
    people = ["Hakan Fidan", "Ararat Mirzoyan", "Suren Papikyan"]
    clusters = _people.gather(note.tokens, [words_of(note, THREE + text, name) for name in people])
    _roles.add_roles(note.tokens, clusters, note, tools)
    assert {name for name, c in zip(people, clusters, strict=True) if c.by_role} == meant


def test_office_words_go_to_the_person_of_that_state(tools: Tools) -> None:
    text = "Turkish Foreign Minister Hakan Fidan met Foreign Minister Ararat Mirzoyan of Armenia. The Turkish minister thanked him. The minister left."
    note = note_of(text, tools)
    clusters = _people.gather(
        note.tokens, [words_of(note, text, "Hakan Fidan"), words_of(note, text, "Ararat Mirzoyan")]
    )
    _roles.add_roles(note.tokens, clusters, note, tools)
    by_role = [[_people.span_of(note.tokens, r).of(text) for r in c.by_role] for c in clusters]
    assert by_role == [["The Turkish minister", "The minister"], []]


@pytest.mark.parametrize(
    ("text", "party", "name", "inside"),
    [
        ("Turkish Foreign Minister Hakan Fidan spoke.", "Turkish", "Hakan Fidan", True),
        ("The President of Kenya, William Ruto, spoke.", "Kenya", "William Ruto", True),
        ("Vikram Misri of India and Amrit Rai of Nepal met.", "India", "Vikram Misri", True),
        ("Vikram Misri of India and Amrit Rai of Nepal met.", "India", "Amrit Rai", False),
        ("Zakir Hasanov, Defense Minister of Azerbaijan, and Muhsin Dere, spoke.", "Azerbaijan", "Muhsin Dere", False),
        ("Hulusi Akar met Azerbaijani Minister Zakir Hasanov.", "Azerbaijani", "Hulusi Akar", False),
        ("Hulusi Akar was in Baku.", "Baku", "Hulusi Akar", False),
    ],
)
def test_in_title(text: str, party: str, name: str, inside: bool, tools: Tools) -> None:
    note = note_of(text, tools)
    names = [
        words_of(note, text, n)
        for n in (
            "Hakan Fidan",
            "William Ruto",
            "Vikram Misri",
            "Amrit Rai",
            "Zakir Hasanov",
            "Muhsin Dere",
            "Hulusi Akar",
        )
        if n in text
    ]
    words = words_of(note, text, party), words_of(note, text, name)
    assert bool(in_title(note, *words, names, tools.titles.openers)[2]) is inside


def test_authority_wants_two_parts_of_a_name(tools: Tools) -> None:
    assert tools.authority.states(folded("Recep Tayyip Erdogan")) == {"TUR"}
    assert tools.authority.states(folded("Erdogan")) == frozenset()
    assert tools.authority.states(folded("Nobody Whatsoever")) == frozenset()


@pytest.mark.parametrize(
    ("text", "name", "bare"),
    [
        ("He met King Abdullah II on Monday.", "King Abdullah II", "Abdullah II"),
        ("He met Prime Minister Naftali Bennett.", "Prime Minister Naftali Bennett", "Naftali Bennett"),
        ("He met Joseph R. Biden, Jr. on Monday.", "Joseph R. Biden, Jr.", "Joseph R. Biden, Jr."),
        ("He met Joseph R. Biden, Jr. on Monday.", "Jr.", None),
        ("He met Stephen King in Rome.", "Stephen King", "Stephen King"),
    ],
)
def test_a_name_bears_no_office(text: str, name: str, bare: str | None, tools: Tools) -> None:
    note = note_of(text, tools)
    offices = {i for a, b in office_starts(note, text, tools.titles.given) for i in range(a, b)}
    found = _people.bare_name(note.tokens, words_of(note, text, name), offices, set(), tools.titles.suffixes)
    assert (found and _people.span_of(note.tokens, found).of(text)) == bare


def test_presidents_of_several_are_an_office(tools: Tools) -> None:
    text = "The talks of Presidents Baksh and Oumarou began, said Chair Chairs."
    note = note_of(text, tools)
    found = {_people.span_of(note.tokens, c.name).of(text) for c in clusters_of(note, text, tools)}
    assert not any("Presidents" in name for name in found)
    assert [w for w in ("Presidents", "Ministers", "Kings", "Baksh", "President") if tools.titles.singular(w)] == [
        "Presidents",
        "Ministers",
        "Kings",
    ]


@pytest.mark.parametrize(
    ("text", "tagged", "name"),
    [
        ("Speaker of the Milli Majlis Tahir Rzabayli spoke.", "Majlis Tahir Rzabayli", "Tahir Rzabayli"),
        ("Foreign Minister Israel Kaplan spoke.", "Israel Kaplan", "Israel Kaplan"),
    ],
)
def test_a_name_does_not_begin_with_the_end_of_a_seat(text: str, tagged: str, name: str, tools: Tools) -> None:
    note = note_of(text, tools)
    found = _people.without_seat(note, words_of(note, text, tagged))
    assert _people.span_of(note.tokens, found).of(text) == name


def test_an_office_does_not_begin_with_of(tools: Tools) -> None:
    text = "He received Ambassador of Japan Kuni Matsu."
    note = note_of(text, tools)
    tagged = Mention("OFF", Span(0, 0), words_of(note, text, "of Japan"))
    assert tagged_offices(replace(note, mentions=(tagged,)), [], set()) == [words_of(note, text, "Ambassador of Japan")]
    nothing = Mention("OFF", Span(0, 0), words_of(note, text, "Japan"))
    assert tagged_offices(replace(note, mentions=(nothing,)), [], set()) == []


def test_an_office_does_not_end_within_a_seat(tools: Tools) -> None:
    text = "Speaker of the Milli Majlis Tahir Rzabayli spoke."
    note = note_of(text, tools)
    tagged = Mention("OFF", Span(0, len("Speaker of the Milli")), words_of(note, text, "Speaker of the Milli"))
    (office,) = tagged_offices(replace(note, mentions=(tagged,)), [], set())
    assert _people.span_of(note.tokens, office).of(text) == "Speaker of the Milli Majlis"


@pytest.mark.parametrize(
    ("text", "tagged", "name"),
    [
        ("He called Vladimir Putin Friday.", "Vladimir Putin Friday", "Vladimir Putin"),
        ("Monday Vladimir Putin flew home.", "Monday Vladimir Putin", "Vladimir Putin"),
        ("He called Joe Friday.", "Joe Friday", "Joe Friday"),
    ],
)
def test_a_day_is_no_part_of_a_name(text: str, tagged: str, name: str, tools: Tools) -> None:
    note = note_of(text, tools)
    day = words_of(note, text, "Friday" if "Friday" in text else "Monday")
    found = _people.bare_name(note.tokens, words_of(note, text, tagged), set(), set(), frozenset(), set(range(*day)))
    assert found
    assert _people.span_of(note.tokens, found).of(text) == name


def test_a_headline_runs_on(tools: Tools) -> None:
    note = note_of("He met Joseph Biden Call in Rome.", tools)
    assert _people.bare_name(note.tokens, (2, 5), set(), {4}, frozenset()) == (2, 4)


@pytest.mark.parametrize(
    ("text", "part", "outlet"),
    [
        ("Anadolu Agency told of it.", "Anadolu Agency", True),
        ("Mr Turan spoke.", "Turan", False),
        ("Hakan Fidan spoke.", "Hakan Fidan", False),
    ],
)
def test_an_outlet_is_nobody(text: str, part: str, outlet: bool, tools: Tools) -> None:
    note = note_of(text, tools)
    assert _is_outlet(note, text, words_of(note, text, part), tools) is outlet


def test_a_name_cut_off_at_its_hyphen_is_made_whole(tools: Tools) -> None:
    text = "President Moon Jae-in spoke."
    note = note_of(text, tools)
    cut = words_of(note, text, "Moon Jae-")
    assert _people.whole_names(note, [cut]) == [words_of(note, text, "Moon Jae-in")]


@pytest.mark.parametrize(
    ("text", "tagged", "whole"),
    [
        ("Foreign Minister Augusto Benavides spoke.", "Benavides", "Augusto Benavides"),
        ("Foreign Minister Augusto Benavides spoke.", "Augusto", "Augusto Benavides"),
        ("Foreign Minister José Andrés Pacheco spoke.", "Pacheco", "José Andrés Pacheco"),
        ("General Benavides spoke.", "Benavides", "Benavides"),  # a rank is no name
        ("Minister Gerard Mulvihill TD spoke.", "Mulvihill", "Gerard Mulvihill"),  # nor are letters after one
        ("MINISTER AUGUSTO BENAVIDES SPOKE IN LIMA WITH THE MINISTER OF PERU.", "BENAVIDES", "AUGUSTO BENAVIDES"),
        ("In Peru Benavides spoke.", "Benavides", "Benavides"),  # nor is a party
        ("On Monday Benavides spoke.", "Benavides", "Benavides"),  # nor is a day
        ("It was a day for Lima. Benavides spoke.", "Benavides", "Benavides"),
        ("Augusto Benavides Image Credit: Andina", "Augusto Benavides", "Augusto Benavides"),  # a full name is whole
    ],
)
def test_a_name_takes_in_the_names_beside_it(text: str, tagged: str, whole: str, tools: Tools) -> None:
    note = note_of(text, tools)
    assert _people.whole_names(note, [words_of(note, text, tagged)]) == [words_of(note, text, whole)]


@pytest.mark.parametrize(
    ("tagged", "whole"),
    [
        ("Minister", "Prime Minister"),
        ("Crown", "Crown Prince"),
        ("Prime Minister", "Prime Minister"),
        ("envoy", "envoy"),
    ],
)
def test_a_part_of_a_known_title_is_the_whole_of_it(tagged: str, whole: str, tools: Tools) -> None:
    text = "Prime Minister Ito, Crown Prince Sami and his envoy came."
    note = note_of(text, tools)
    words = words_of(note, text, tagged)
    note = replace(note, mentions=(Mention("OFF", _people.span_of(note.tokens, words), words, 0.9),))
    titles = [w for s, kind in tools.titles.find(text) if kind == "office" and (w := word_range(note.tokens, s))]
    assert tagged_offices(note, titles, set()) == [words_of(note, text, whole)]
