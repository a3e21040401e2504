"""Names of ships, which sound like people's ("the frigate Almirante Latorre", "BNS Shadhinota")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dragoman.knowledge.vessels import Vessels
from dragoman.model import Token

Words = tuple[int, int]
QUOTES = frozenset("'\"“”‘’«»`") | {"``", "''"}
JOINS = frozenset({",", "and", "&"})


def without_vessels(tokens: Sequence[Token], names: Iterable[Words], vessels: Vessels) -> list[Words]:
    """``names`` without those of ships: what a word for a ship or a navy's prefix stands before, wherever it is named again."""
    spans = sorted(set(names))
    ships = {s for s in spans if tokens[s[0]].text in vessels.prefixes or _led(tokens, s[0], vessels)}
    called = {_text(tokens, s, vessels) for s in ships}
    return [s for s in spans if s not in ships and _text(tokens, s, vessels) not in called]


def _led(tokens: Sequence[Token], word: int, vessels: Vessels) -> bool:
    """Whether a word for a ship stands before ``word``, or one for several ships before the list that it stands in."""
    at = _before(tokens, word)
    if at < 0 or tokens[at].text in vessels.prefixes or tokens[at].lemma.lower() in vessels.nouns:
        return at >= 0
    if tokens[at].text not in JOINS:
        return False
    sentence = tokens[word].sentence
    while (
        at >= 0 and (tokens[at].text in JOINS | QUOTES or tokens[at].pos == "PROPN") and tokens[at].sentence == sentence
    ):
        at -= 1
    noun = tokens[at] if at >= 0 else None
    return noun is not None and noun.lemma.lower() in vessels.nouns and noun.text.lower() != noun.lemma.lower()


def _before(tokens: Sequence[Token], word: int) -> int:
    """The word before, leaving out an opening quotation mark; -1 if there is none."""
    at = word - 1
    while at >= 0 and tokens[at].text in QUOTES:
        at -= 1
    return at


def _text(tokens: Sequence[Token], words: Words, vessels: Vessels) -> str:
    """A ship's name without prefix and quotation marks."""
    return " ".join(t.text for t in tokens[words[0] : words[1]] if t.text not in vessels.prefixes | QUOTES)
