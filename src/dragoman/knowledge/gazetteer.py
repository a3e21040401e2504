"""Names of parties and places in a text, by one pass over it: longest match, whole words, as written.

Which names there are, and what each may mean, :mod:`naming` tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dragoman.knowledge.nametable import NameTable
from dragoman.knowledge.naming import Entry
from dragoman.model import PartyFound, PlaceFound, Span

if TYPE_CHECKING:
    from dragoman.resources import State

BEFORE = 50  # characters in which the word before a name is looked for
GIVEN_NAMES = frozenset(
    {"Jordan", "Chad", "Israel", "Georgia", "Kenya", "America", "Malta", "Paris", "Victoria", "Male", "Lima", "Sucre"}
)
PREPOSITIONS = frozenset(
    ["in", "to", "from", "at", "of", "near", "for", "on", "visit", "visiting", "and", ",", "(", "–", "—"]
) | {"–"}


class Gazetteer:
    """Finds parties and places."""

    def __init__(self, names: NameTable, states: Iterable[State]) -> None:
        self._names, self._beginnings = names, names.beginnings()
        states = tuple(states)
        self.capitals = {s.code: s.capitals[0] for s in states if s.capitals}
        self._demonyms = {d: s.code for s in states for d in (*s.demonyms, *s.names)}

    def known(self, word: str) -> bool:
        """Whether ``word`` is a state's name or demonym."""
        return word in self._demonyms

    def matches(self, text: str) -> list[tuple[Span, Entry]]:
        """Longest whole-word matches of any name, left to right, without overlaps."""
        out: list[tuple[Span, Entry]] = []
        free = 0  # where the last match ended
        for begins in self._beginnings.finditer(text):
            start = begins.start()
            if start < free:
                continue
            for name in self._at(text, start):
                if name in GIVEN_NAMES and _part_of_name(text, start, start + len(name)):
                    continue
                free = start + len(name)
                out.append((Span(start, free), self._names.entry(name)))
                break
        return out

    def _at(self, text: str, start: int) -> Iterator[str]:
        """Names that stand at ``start`` and end where a word ends, the longest first."""
        for name in reversed(self._names.begins(text[start : start + self._names.longest])):
            end = start + len(name)
            if end >= len(text) or not _letter(text[end]):
                yield name

    def parties(self, text: str) -> tuple[PartyFound, ...]:
        """Words for parties, sorted."""
        return tuple(PartyFound(s, e.party, e.party_kind) for s, e in self.matches(text) if e.party)

    def places(self, text: str) -> tuple[PlaceFound, ...]:
        """Places, sorted; a city's state is one that the text names, else that of the largest city so called."""
        return self.places_among(text, self.matches(text))

    def both(self, text: str) -> tuple[tuple[PartyFound, ...], tuple[PlaceFound, ...]]:
        """Parties and places in one pass."""
        found = self.matches(text)
        return (
            tuple(PartyFound(s, e.party, e.party_kind) for s, e in found if e.party),
            self.places_among(text, found),
        )

    def places_among(self, text: str, found: list[tuple[Span, Entry]]) -> tuple[PlaceFound, ...]:
        """Places among matches."""
        named = {e.country or e.party for _, e in found if e.party_kind in {"name", "demonym"}}
        out: list[PlaceFound] = []
        for i, (span, entry) in enumerate(found):
            if entry.place_kind in {"city", "town"}:
                country = next((c for c in entry.places if c in named), entry.places[0])
                after = found[i + 1] if i + 1 < len(found) else None
                if (
                    after
                    and after[1].place_kind in {"country", "region"}
                    and text[span.end : after[0].start].strip() in {",", "("}
                ):
                    country = after[1].country or country
                out.append(PlaceFound(span, _title(span.of(text)), country, entry.place_kind))
            elif entry.place_kind:
                city = span.of(text) if entry.city else entry.seat
                out.append(PlaceFound(span, _title(city), entry.country, entry.place_kind))
            if (
                entry.party_kind == "name"
                and entry.party in self.capitals
                and text.endswith("capital of ", 0, span.start)
            ):
                out.append(
                    PlaceFound(Span(span.start - 11, span.end), self.capitals[entry.party], entry.party, "capital")
                )
            if entry.party_kind == "demonym" and entry.party in self.capitals:
                rest = text[span.end : span.end + 9]
                if rest.startswith((" capital", " Capital")) and not rest[8:9].isalnum():
                    out.append(
                        PlaceFound(Span(span.start, span.end + 8), self.capitals[entry.party], entry.party, "capital")
                    )
        return tuple(out)


def _title(city: str | None) -> str | None:
    return city.title() if city and city.isupper() and len(city) > 3 else city


def _letter(char: str) -> bool:
    return char.isalnum() or char == "_"


def _part_of_name(text: str, start: int, end: int) -> bool:
    """Whether a given name's neighbours make it one: a capitalised word follows, and no preposition stands before."""
    before = text[max(0, start - BEFORE) : start].rsplit(None, 1)[-1:]
    after = text[end : end + 2]
    return (
        len(after) == 2 and after[0] == " " and after[1].isupper() and (before or [""])[0].lower() not in PREPOSITIONS
    )
