"""Who does what a verb tells, by the order of words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dragoman.model import Token
from dragoman.network.pairs import Words

OF_A_NAME = frozenset({"PROPN", "NOUN", "ADJ", "NUM", "DET"})  # what titles before a name consist of
WITHIN_A_TITLE = frozenset({"of", "for", "'s", "’s", "-", "."})  # and what ties their words
ENDS = frozenset({";", ":"})


def doer(tokens: Sequence[Token], word: int, named: Iterable[tuple[int, Sequence[Words]]]) -> int | None:
    """The one of ``named`` (numbers of people, with their mentions by name) who does, or is done to, what the verb at ``word`` tells.

    It is the last one named before the verb in its sentence, if no other verb stands between and no preposition leads to the
    name or to its title: of "After talks with X, Y met Z" it is Y, of "Talks with X began" nobody.
    """
    if tokens[word].pos not in {"VERB", "AUX"}:
        return None
    sentence = tokens[word].sentence
    before = (
        (b, a, who) for who, mentions in named for a, b in mentions if b <= word and tokens[a].sentence == sentence
    )
    last = max(before, default=None)
    if last is None:
        return None
    end, start, who = last
    if any(tokens[i].pos == "VERB" or tokens[i].text in ENDS for i in range(end, word)):
        return None
    at = start - 1
    while (
        at >= 0
        and tokens[at].sentence == sentence
        and (tokens[at].pos in OF_A_NAME or tokens[at].text.lower() in WITHIN_A_TITLE)
    ):
        at -= 1
    led = at >= 0 and tokens[at].sentence == sentence and tokens[at].pos == "ADP"
    return None if led else who
