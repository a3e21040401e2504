"""Who holds which office: what is said beside a name, once for several people, or of those who hold the same post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import numpy as np

from dragoman.knowledge.titles import TitleIndex
from dragoman.model import Annotation
from dragoman.network import pairs
from dragoman.network.features import Floats, PairFeatures, word_range
from dragoman.resources import Tools
from dragoman.stages.resolve._people import Cluster, span_of
from dragoman.stages.resolve._shared import NOUNS, OfStates, Shared, Words, overlap, shared_offices

CUT = 0.0  # how much more an office must score than "no office"
REACH = 8  # words between "counterpart" and the name
APPOSITION = 3  # words behind a name's comma up to "counterpart": "X, his Bulgarian counterpart"
PLURAL = "plural"  # the basis of an office that is said once for several
BODIES = frozenset({"of", "for", "in", "at"})  # what leads from an office to the body it belongs to
HYPHENS = frozenset({"-", "–"})
Parties = Mapping[int, Sequence[tuple[str, float]]]
"""Each person's parties with probabilities, best first."""


class Office(NamedTuple):
    """An office that somebody holds: where it stands, how the holder has it, on what it rests if it is not said of them, and the state said
    behind the name."""

    words: Words
    text: str
    basis: str | None = None
    behind: Words | None = None


class Offices:
    """The offices of one document's people, who are known by their numbers."""

    def __init__(self, note: Annotation, text: str, clusters: Sequence[Cluster], tools: Tools) -> None:
        self._note, self._text, self._clusters, self._tools = note, text, clusters, tools
        self.ranked = pairs.title_words(note)  # words of ranks and forms of address
        self._shared: Shared = shared_offices(note, text, clusters, self.ranked, tools.titles)
        named = [word_range(note.tokens, p.span) for p in note.parties if p.kind == "name"]
        self._states = {w[0]: w[1] for w in reversed(named) if w}  # where names of states begin and end

    def stated(
        self, pair: PairFeatures, left: Sequence[Words], owner: Sequence[int], vectors: Floats
    ) -> dict[int, Office]:
        """The offices said of people, ``left`` being their mentions, ``owner`` whose each is and ``vectors`` those of the mentions."""
        note = self._note
        whole = [w for s, kind in note.titles if kind == "office" and (w := word_range(note.tokens, s))]
        tagged = tagged_offices(note, whole, self.ranked)
        titled = [
            w for w in whole if not any(self._tools.titles.is_counterpart(t.lemma) for t in note.tokens[w[0] : w[1]])
        ]
        leads = _leading(note, self._clusters, [*titled, *tagged], self.ranked)
        chosen = _chosen(note, pair, left, owner, vectors, tagged, leads, self._tools)
        out = {i: self._alone(i, words) for i, words in chosen.items()}
        for i, (words, one) in self._shared.held.items():
            if i not in out or overlap(out[i].words, words):  # else something is said of that one alone
                out[i] = Office(words, one, PLURAL)
        return out

    def completed(self, stated: Mapping[int, Office], parties: Parties) -> dict[int, Office]:
        """With the offices of those who are counterparts, and those said of states, whose people are told by their parties."""
        out = dict(stated)
        listed, titles = self._shared.counterparts, self._tools.titles
        for i, other in _counterparts(self._note, self._clusters, stated, listed, parties, titles).items():
            out[i] = stated[other]._replace(basis="counterpart", behind=None)
        for i, (words, one) in _one_of_each(parties, out, self._shared.of_states).items():
            out[i] = Office(words, one, PLURAL)
        return out

    def _alone(self, person: int, words: Words) -> Office:
        behind = self._behind_name(person, words)
        said = [span_of(self._note.tokens, w).of(self._text) for w in (words, behind) if w]
        return Office(words, " ".join(said), behind=behind)

    def _behind_name(self, person: int, office: Words) -> Words | None:
        """ "of" and a state behind a name that the office leads to ("President Xi Jinping of China"), where the office itself names no body."""
        if BODIES & set(self._said(*office)):
            return None
        for a, b in self._clusters[person].named:
            if office[1] <= a and self.ranked.issuperset(range(office[1], a)) and self._said(b, b + 1) == ["of"]:
                at = b + 1 if b + 1 in self._states or self._said(b + 1, b + 2) != ["the"] else b + 2
                if at in self._states:
                    return b, self._states[at]
        return None

    def _said(self, start: int, end: int) -> list[str]:
        return [t.text.lower() for t in self._note.tokens[start:end]]


def _leading(
    note: Annotation, clusters: Sequence[Cluster], offices: Sequence[Words], ranked: set[int]
) -> dict[Words, int]:
    """Office phrases that stand right before a name, ranks and forms of address apart, and whose name that is.

    A comma may stand between before one of those ("the Apostolic Nuncio, Archbishop X").
    """
    starts = {start: i for i, cluster in enumerate(clusters) for start, _ in cluster.named}
    out = {}
    for office in offices:
        at = office[1]
        if at + 1 in ranked and note.tokens[at].text == ",":
            at += 1
        while at in ranked and at not in starts:
            at += 1
        if at in starts:
            out[office] = starts[at]
    return out


def _chosen(
    note: Annotation,
    pair: PairFeatures,
    left: Sequence[Words],
    owner: Sequence[int],
    vectors: Floats,
    offices: Sequence[Words],
    leads: Mapping[Words, int],
    tools: Tools,
) -> dict[int, Words]:
    """Each person's office phrase: the best of ``offices``, unless "none" scores higher.

    One that leads to somebody's name (``leads``) is nobody else's, and is theirs unless another says more.
    """
    asked = pairs.office_pairs(pair, left, owner, offices)
    if not asked.keys:
        return {}
    best = tools.network.best_of_keys("holds", vectors, asked, note.vectors)[:, 0]
    none = np.full(max(owner) + 1, -1e9)
    np.maximum.at(none, np.asarray(owner), tools.network.none_head("holds", vectors)[:, 0])
    out: dict[int, tuple[float, Words]] = {}
    for score, (person, office) in zip(best, asked.keys, strict=True):
        if leads.get(office, person) != person:
            continue
        if score - none[person] > CUT and (person not in out or score > out[person][0]):
            out[person] = (float(score), office)
    chosen = {person: office for person, (_, office) in out.items()}
    for (a, b), person in sorted(leads.items(), key=lambda item: (item[0][0] - item[0][1], item[0])):
        other = chosen.get(person)
        if other is None or (
            other[1] - other[0] <= b - a and (leads.get(other) != person or _within(note, other, (a, b)))
        ):
            chosen[person] = (a, b)
    return chosen


def _within(note: Annotation, short: Words, long: Words) -> bool:
    """Whether an office phrase says no more than a longer one."""
    said, more = ({t.text.lower() for t in note.tokens[a:b]} for a, b in (short, long))
    return said < more


def tagged_offices(note: Annotation, titles: Sequence[Words], ranked: set[int]) -> list[Words]:
    """Office phrases as tagged, with all of a known title that they hold a part of ("Minister" of "Prime Minister"), or of a seat that they end
    in ("Speaker of the Milli" Majlis). What holds no noun but a party's name is none.

    ``ranked`` are the words of ranks and forms of address, which make no office by themselves.
    """
    out = []
    seats = [w for p in note.parties if (w := word_range(note.tokens, p.span))]
    named = {i for w in seats for i in range(*w)}
    for a, b in (m.words for m in note.mentions if m.kind == "OFF"):
        if a and note.tokens[a].text.lower() in BODIES and note.tokens[a - 1].pos in NOUNS:
            a -= 1  # "Ambassador" of Japan
        held = [(x, y) for x, y in titles if x < b and a < y] + [(x, y) for x, y in seats if a <= x < b < y]
        w = office_words(note, (min([a, *(x for x, _ in held)]), max([b, *(y for _, y in held)])), ranked)
        if w and any(note.tokens[i].pos in NOUNS and i not in named for i in range(*w)):
            out.append(w)
    return out


def office_words(note: Annotation, words: Words, ranked: set[int]) -> Words | None:
    """An office phrase without ranks, articles and punctuation around it; None if nothing is left."""
    a, b = words
    while a < b and (a in ranked or not note.tokens[a].text[0].isalnum() or note.tokens[a].pos == "DET"):
        a += 1
    if words[0] < a < b and note.tokens[a].text.lower() in BODIES:
        a -= 1  # "Commander of the 9th Brigade": there it is no rank
        while a - 1 > words[0] and note.tokens[a - 1].text in HYPHENS:
            a -= 2
    while a < b and (
        note.tokens[b - 1].pos in {"ADP", "DET", "CCONJ"} or note.tokens[b - 1].text in {",", "(", "-", "–", "'s", "’s"}
    ):
        b -= 1
    return (a, b) if a < b else None


def _one_of_each(
    parties: Parties, offices: Mapping[int, Office], said: Sequence[OfStates]
) -> dict[int, tuple[Words, str]]:
    """Who holds an office that is said of several states alone: of each of them the only one that has no office yet, unless somebody there
    holds it."""
    out: dict[int, tuple[Words, str]] = {}
    first = {i: ranked[0][0] for i, ranked in parties.items() if ranked}
    longest = sorted(said, key=lambda s: (s[0][0] - s[0][1], s[0]))  # "vice foreign ministers" before "vice FMs"
    for words, one, states in longest:
        for state in states if " " in one else ():
            held = any(one.lower() in offices[i].text.lower() for i in offices if first.get(i) == state)
            free = [i for i, party in first.items() if party == state and i not in offices and i not in out]
            if len(free) == 1 and not held:
                out[free[0]] = words, one
    return out


def _counterparts(
    note: Annotation,
    clusters: Sequence[Cluster],
    offices: Mapping[int, Office],
    listed: Sequence[tuple[int, Sequence[int]]],
    parties: Parties,
    titles: TitleIndex,
) -> dict[int, int]:
    """People without an office who are called somebody's counterpart, and that somebody: the last one before with an office who stands for
    another party.

    ``listed`` are lists of people who are called counterparts, with the word that says so. "Their counterparts" are those of as many, in turn.
    """
    out: dict[int, int] = {}
    for word, people in listed:
        before = _before(clusters, offices, word, set(people), parties)
        theirs = word > 0 and "their" in {t.text.lower() for t in note.tokens[max(0, word - 2) : word]}
        for n, person in enumerate(people):
            if before and person not in offices:
                out[person] = before[n - len(people)] if theirs and len(before) >= len(people) else before[-1]
    for i, cluster in enumerate(clusters):
        if i in offices or i in out:
            continue
        for a, b in cluster.named:
            if _called_counterpart(note, a, b, titles):
                if before := _before(clusters, offices, a, {i}, parties):
                    out[i] = before[-1]
                break
    return out


def _called_counterpart(note: Annotation, a: int, b: int, titles: TitleIndex) -> bool:
    """Whether a few words before a name, or in an apposition to it, stands "counterpart" or "opposite number"."""
    tokens = note.tokens
    before = range(max(0, a - REACH), a)
    after = (
        range(b + 1, min(len(tokens), b + 1 + APPOSITION)) if b < len(tokens) and tokens[b].text == "," else range(0)
    )
    return any(
        tokens[i].sentence == tokens[a].sentence and titles.is_counterpart(tokens[i].lemma, tokens[i - 1].lemma)
        for i in (*before, *after)
    )


def _before(
    clusters: Sequence[Cluster], offices: Mapping[int, Office], word: int, people: AbstractSet[int], parties: Parties
) -> list[int]:
    """Those with an office named before a word, by where they last are, who are none of ``people`` and stand for no party of theirs."""
    theirs = {parties[i][0][0] for i in people if parties.get(i)}
    last = {j: [m[0] for m in clusters[j].named if m[0] < word] for j in offices if j not in people}
    named = sorted((j for j, starts in last.items() if starts), key=lambda j: max(last[j]))
    return [j for j in named if not (parties.get(j) and parties[j][0][0] in theirs)]
