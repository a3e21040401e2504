"""Later mentions by office: "the minister", "the visiting general", "the Turkish president" tied to a named person.

The noun (data/roles.yaml) must be one that the text has used of the person beside the name; of several people who fit,
the one whose party the words name wins, then the one named last before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dragoman.model import Annotation, Token
from dragoman.network.features import word_range
from dragoman.network.pairs import in_title
from dragoman.resources import Tools
from dragoman.stages.resolve._people import Cluster

BESIDE = 14  # words before or after a name in which its office may stand
DETERMINERS = frozenset({"the", "this", "that", "his", "her", "their", "visiting", "our", "both"})
REACH = 4  # words between the determiner and the noun: "the visiting Turkish foreign minister"


def add_roles(tokens: Sequence[Token], clusters: Sequence[Cluster], note: Annotation, tools: Tools) -> None:
    """Add role mentions to ``clusters`` in place (and to their ``roles``)."""
    taken = {i for c in clusters for a, b in c.mentions for i in range(a, b)}
    beside = [_beside(tokens, c, taken) for c in clusters]
    party_at, titled = _titled(note, clusters, tools.titles.openers)
    for i, token in enumerate(tokens):
        nouns = tools.roles.get(token.lemma)
        if nouns is None or token.pos == "VERB" or i in taken or _before_name(tokens, i, taken):
            continue
        start = next(
            (k for k in range(i - 1, max(-1, i - 1 - REACH), -1) if tokens[k].text.lower() in DETERMINERS), None
        )
        if start is None or any(tokens[k].pos in {"VERB", "PUNCT", "ADP"} for k in range(start + 1, i)):
            continue
        if i + 1 < len(tokens) and tokens[i + 1].text.lower() == "of":
            continue
        fits = [
            (c, words)
            for c, words in zip(clusters, beside, strict=True)
            if c.mentions[0][0] < start and words & set(nouns)
        ]
        named = {p for k in range(start, i + 1) for p in party_at.get(k, ())}
        if named:
            fits = [(c, words) for c, words in fits if named & titled[id(c)]]
        kind = {tokens[k].lemma for k in range(start + 1, i) if k not in party_at} - tools.several.keys() - DETERMINERS
        fits = [x for x in fits if kind <= x[1]] or fits
        fits.sort(key=lambda x: -max(m[0] for m in x[0].mentions if m[0] < start))
        for c in _meant([c for c, _ in fits], _many(tokens[start : i + 1], tools.several), titled):
            c.mentions.append((start, i + 1))
            c.roles.add((start, i + 1))
            c.mentions.sort()


def _meant(fits: Sequence[Cluster], many: int, titled: Mapping[int, set[str]]) -> list[Cluster]:
    """The first ``many`` of those who fit, those of other parties than the ones before first."""
    first, rest, known = [], [], set[str]()
    for c in fits:
        if known & titled[id(c)]:
            rest.append(c)
        else:
            first.append(c)
            known |= titled[id(c)]
    return [*first, *rest][:many]


def _many(words: Sequence[Token], several: Mapping[str, int]) -> int:
    """How many people words that end in a noun mean: one, or of a plural as many as its number says, two without one."""
    if words[-1].text.lower() == words[-1].lemma.lower():
        return 1
    return next((several[w] for t in words if (w := t.text.lower()) in several), 2)


def _titled(
    note: Annotation, clusters: Sequence[Cluster], openers: frozenset[str]
) -> tuple[dict[int, list[str]], dict[int, set[str]]]:
    """Which words name a party, and the parties that stand in each person's title (by ``id`` of the cluster)."""
    words = [(w, p.party) for p in note.parties if (w := word_range(note.tokens, p.span))]
    party_at: dict[int, list[str]] = {}
    for (a, b), party in words:
        for k in range(a, b):
            party_at.setdefault(k, []).append(party)
    names = tuple(m for c in clusters for m in c.mentions)
    titled: dict[int, set[str]] = {}
    for c in clusters:
        titled[id(c)] = {
            party
            for w, party in words
            for m in c.mentions[:3]
            if not (w[0] < m[1] and m[0] < w[1]) and in_title(note, w, m, names, openers)[2]
        }
    return party_at, titled


def _beside(tokens: Sequence[Token], cluster: Cluster, taken: set[int]) -> set[str]:
    """Lemmas near the person's first mentions, up to the next name."""
    words: set[str] = set()
    for a, b in cluster.mentions[:2]:
        for step, begin in ((-1, a - 1), (1, b)):
            k = begin
            while 0 <= k < len(tokens) and abs(k - begin) < BESIDE and tokens[k].sentence == tokens[a].sentence:
                if k in taken or (step > 0 and k == begin and tokens[k].text not in {",", "(", "–", "-"}):
                    break
                words.add(tokens[k].lemma)
                k += step
    return words


def _before_name(tokens: Sequence[Token], i: int, taken: set[int]) -> bool:
    """Whether the noun at ``i`` is part of a title that runs into a name."""
    k = i + 1
    while k < len(tokens) and k <= i + 8 and tokens[k].text[:1].isupper():
        if k in taken:
            return True
        k += 1
    return k in taken if k < len(tokens) else False
