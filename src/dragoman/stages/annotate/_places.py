"""Places that words alone do not settle: towns that share a name with something else, and "here"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from dragoman.model import CleanText, PartyFound, PlaceFound, Token
from dragoman.network.features import word_range
from dragoman.resources import Former, PlaceWords
from dragoman.stages.annotate._dates import MONTHS

MONTH_WORDS = frozenset(word for month in MONTHS for word in (month, month[:3]))  # "in March", "in Nov."
REACH = 12  # characters in which the word before a name is looked for
HYPHENS = frozenset("-‐‑–")
DEICTIC = frozenset({"capital", "city", "town", "port"})  # "in this city" is where the dateline stands


def settled_places(
    clean: CleanText,
    tokens: Sequence[Token],
    places: Sequence[PlaceFound],
    parties: Sequence[PartyFound],
    words: PlaceWords,
) -> tuple[PlaceFound, ...]:
    """Places of a document, sorted: towns that the words around bear out, the rest, and every "here" of the dateline."""
    named = {p.party for p in parties} | {p.country for p in places if p.kind != "town" and p.country}
    kept = []
    for place in places:
        if place.kind == "country":
            kept.append(
                place if place.city is None or _within(clean, place, words.within) else replace(place, city=None)
            )
        elif place.city and (_part_of_a_name(clean.text, place) or _names_a_street(clean.text, place, words.streets)):
            continue
        elif place.kind != "town":
            kept.append(place)
        elif _is_place(clean, tokens, place, places, named, words):
            kept.append(replace(place, kind="city"))
    return tuple(sorted([*kept, *_here(clean, tokens, kept)], key=lambda p: (p.span, p.kind)))


def in_their_day(
    places: Sequence[PlaceFound], parties: Sequence[PartyFound], day: date | None, former: Mapping[str, Former]
) -> tuple[tuple[PlaceFound, ...], tuple[PartyFound, ...]]:
    """Cities in the states that they lay in on ``day``, and capitals as the governments of those: Moscow in 1984 is the Soviet Union's.

    A text that names the state of today and not that of its day speaks of the former.
    """
    then = {state: was.code for state, was in former.items() if day and was.first <= day <= was.last}
    if not then:
        return tuple(places), tuple(parties)
    named = {p.party for p in parties if p.kind != "capital"}
    then = {state: was for state, was in then.items() if state not in named or was in named}
    return (
        tuple(replace(p, country=then[p.country]) if p.kind != "country" and p.country in then else p for p in places),
        tuple(replace(p, party=then[p.party]) if p.kind == "capital" and p.party in then else p for p in parties),
    )


def _within(clean: CleanText, place: PlaceFound, within: AbstractSet[str]) -> bool:
    """Whether the city is meant by a name that is its state's too: what happens in it, not who visits it."""
    before = clean.text[max(0, place.span.start - REACH) : place.span.start].split()
    return (bool(before) and before[-1].lower() in within) or any(
        b.kind == "dateline" and b.span.covers(place.span) for b in clean.blocks
    )


def _part_of_a_name(text: str, place: PlaceFound) -> bool:
    """Whether a hyphen ties a city's name to another name ("Kyzyl-Bel", "Baku-Tbilisi-Kars"): then it is not there."""
    before, after = text[max(0, place.span.start - 2) : place.span.start], text[place.span.end : place.span.end + 2]
    return (len(before) == 2 and before[0].isalpha() and before[1] in HYPHENS) or (
        after[:1] in HYPHENS and after[1:].isupper()
    )


def _names_a_street(text: str, place: PlaceFound, streets: AbstractSet[str]) -> bool:
    """Whether a street or square bears the city's name ("Independence Avenue")."""
    after = text[place.span.end : place.span.end + 20].split(maxsplit=1)
    return bool(after) and text[place.span.end].isspace() and after[0].strip(".,;:)").lower() in streets


def _is_place(
    clean: CleanText,
    tokens: Sequence[Token],
    place: PlaceFound,
    places: Sequence[PlaceFound],
    named: AbstractSet[str | None],
    known: PlaceWords,
) -> bool:
    """Whether the words around a town's name say that it is one: it stands in the dateline, its country follows it after a comma, or a
    preposition of place leads to it; one of direction ("to", "off") is enough where the text names the country elsewhere (``named``).
    """
    words = word_range(tokens, place.span)
    if (
        words is None
        or tokens[words[0]].span.start < place.span.start
        or tokens[words[1] - 1].span.end > place.span.end
    ):
        return False
    if place.span.of(clean.text).lower().rstrip(".") in MONTH_WORDS:
        return False
    if any(b.kind == "dateline" and b.span.covers(place.span) for b in clean.blocks):
        return True
    before, after = [t.text.lower() for t in tokens[max(0, words[0] - 2) : words[0]]], tokens[words[1] : words[1] + 1]
    if after and after[0].pos in {"PROPN", "NUM"} and after[0].text.lower() not in known.settlements:
        return False  # "at Police Headquarters", "in Proclamation 9994"
    if before and before[-1] in known.at:
        return True
    if len(before) == 2 and before[0] in known.settlements and before[1] == "of":
        return True
    if before and before[-1] in known.towards and place.country in named:
        return True
    if words[0] and tokens[words[0] - 1].pos == "PROPN":
        return False  # "President Andrzej Duda, Poland"
    return clean.text[place.span.end : place.span.end + 2] == ", " and any(
        p.span.start == place.span.end + 2 and p.country == place.country and p.kind == "country" for p in places
    )


def _here(clean: CleanText, tokens: Sequence[Token], places: Sequence[PlaceFound]) -> list[PlaceFound]:
    """The dateline's place once more at each "here" or "this city"."""
    datelines = [b.span for b in clean.blocks if b.kind == "dateline"]
    stands = next((p for p in places if p.city and any(d.covers(p.span) for d in datelines)), None)
    if stands is None:
        return []
    out = []
    for i, token in enumerate(tokens):
        word = token.text.lower()
        deictic = word == "this" and i + 1 < len(tokens) and any(t.lemma in DEICTIC for t in tokens[i + 1 : i + 3])
        if (word == "here" or deictic) and token.block == "body":
            out.append(replace(stands, span=token.span, named=stands.span))
    return out
