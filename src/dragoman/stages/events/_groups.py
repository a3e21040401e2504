"""Unnamed delegations: "the Turkish delegation", "a team of experts from Kenya"."""

from __future__ import annotations

from collections.abc import Collection

from dragoman.model import Annotation, Mention, Span
from dragoman.network.features import word_range

AFTER = 3  # words between a delegation and the party that it is said to be of
JOINS = frozenset({"of", "from", "representing"})


def delegations(note: Annotation, word: int, unnamed: Collection[str]) -> list[tuple[str, Span]]:
    """Party and words of each delegation in the sentence of ``word`` that stands for one of the ``unnamed`` parties.

    A party has one delegation, the first; one whose words and neighbours name no party is left out.
    """
    sentence = note.tokens[word].sentence
    found: dict[str, Span] = {}
    for mention in note.mentions:
        if mention.kind == "GRP" and note.tokens[mention.words[0]].sentence == sentence:
            party = _party(note, mention)
            if party is not None and party in unnamed and party not in found:
                found[party] = mention.span
    return sorted(found.items(), key=lambda f: f[1])


def _party(note: Annotation, mention: Mention) -> str | None:
    """The party that a delegation's own words name, or the one right after "of"."""
    first, end = mention.words
    for party in note.parties:
        words = word_range(note.tokens, party.span)
        if words is None:
            continue
        if first <= words[0] < end:
            return party.party
        if end < words[0] <= end + AFTER and note.tokens[end].text.lower() in JOINS:
            return party.party
    return None
