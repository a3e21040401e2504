"""Places that words alone do not settle: towns that share a name with something else, and "here"."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from dragoman.model import CleanText, PlaceFound, Token
from dragoman.network.features import word_range

PLACE_ENTITIES = frozenset({"GPE", "LOC", "FAC"})  # OntoNotes labels, as spaCy's English models give them
MISTAKEN = frozenset({"", "ORG", "PERSON", "NORP"})  # what the entity model takes small towns for, too
BEFORE_A_PLACE = frozenset({"in", "at", "near", "outside"})
HYPHENS = frozenset("-‐‑–")
DEICTIC = frozenset({"capital", "city", "town", "port"})  # "in this city" is where the dateline stands


def settled_places(
    clean: CleanText, tokens: Sequence[Token], places: Sequence[PlaceFound], streets: AbstractSet[str]
) -> tuple[PlaceFound, ...]:
    """Places of a document, sorted: towns that the words around bear out, the rest, and every "here" of the dateline.

    ``streets`` are words for streets and squares, in lower case, as they follow a name.
    """
    kept = []
    for place in places:
        if place.city and (_part_of_a_name(clean.text, place) or _names_a_street(clean.text, place, streets)):
            continue
        if place.kind != "town":
            kept.append(place)
        elif _is_place(clean, tokens, place):
            kept.append(replace(place, kind="city"))
    return tuple(sorted([*kept, *_here(clean, tokens, kept)], key=lambda p: (p.span, p.kind)))


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


def _is_place(clean: CleanText, tokens: Sequence[Token], place: PlaceFound) -> bool:
    """Whether the entity model takes a town's name for a place, a preposition of place leads to it, or it opens the dateline."""
    words = word_range(tokens, place.span)
    if (
        words is None
        or tokens[words[0]].span.start < place.span.start
        or tokens[words[1] - 1].span.end > place.span.end
    ):
        return False
    if any(b.kind == "dateline" and b.span.covers(place.span) for b in clean.blocks):
        return True
    before = tokens[words[0] - 1].text.lower() if words[0] else ""
    if before == "the" and (words[1] == len(tokens) or tokens[words[1]].pos not in {"NOUN", "PROPN"}):
        return False  # "Palace of the Republic": no town has the article
    inside = {tokens[i].entity for i in range(*words)}
    if inside <= PLACE_ENTITIES:
        return True
    several = words[1] - words[0] > 1
    return before in BEFORE_A_PLACE and (
        inside == {""} or (before != "at" and inside <= (MISTAKEN if several else {"", "ORG"}))
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
