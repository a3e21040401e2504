"""A second look: who takes part in an act, when and where it was, weighed by what was said of all acts of the text.

The network scores each pair of an act and a person, a party, a day or a place by itself. What it cannot see there is that somebody
is far likelier to have met at the act before, that all others of a list are in, that a party is in of which nobody is, or that the
act beside it was on that day. Here the pairs of a text lie in a grid, acts by things, and attention along its rows and columns
(Ho et al. 2019, "Axial attention") judges all of them again; which columns have to do with one another (a place and the state where it
lies, a day and the person told beside it) it is told, as ties. It is learned by ``training.again`` from texts that the network had not
seen, and runs as ONNX.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dragoman.model import KINDS, STATUSES, DateFound, Token
from dragoman.network import layout
from dragoman.network.features import Floats, Ints
from dragoman.network.pairs import Mentioned, Words, gap

LOOKS = ("takes_part", "party", "date", "place")
"""Pairs that are looked at again, in the order of the grid's columns."""
ACTS = ("told", "background", "several")
"""What is judged again of each act by itself: whether it is one that the text tells, whether it is background, whether its words tell of several."""
JUDGED = (*LOOKS, *ACTS, "status")
"""All that is judged again, in the order of the model's outputs."""
RELATIONS = {
    "stands": ("takes_part", "party"),
    "beside": ("takes_part", "takes_part"),
    "lies": ("place", "party"),
    "there": ("place", "place"),
    "same": ("date", "date"),
    "on": ("takes_part", "date"),
    "at": ("takes_part", "place"),
    "then": ("place", "date"),
}
"""Ties between columns: a person and the party stood for, people named in one sentence, a place and the state where it lies, places in
one state, wordings of one day; a day and the person told nearest to it, a place and the person, a day and the place."""
BETWEEN = ("near", "of", "akin")
"""Ties between rows: acts told in one sentence, an act and the visit that it may be part of, acts of one kind whose people are the same."""
TIES = RELATIONS | dict.fromkeys(BETWEEN, ("acts", "acts"))
"""All ties, with what is tied: what the second look is told besides what was said of each pair."""
MORE = {"takes_part": 11, "date": 8}
"""How many numbers of each pair are told to the second look only (:func:`of_people`, :func:`of_days`)."""
ACTS_AT = -len(KINDS) - 4  # where those probabilities stand among an act's numbers, counted from their end
STATUS_AT = ACTS_AT - len(STATUSES)  # and those of its status
FLOOR = 1e-4  # least probability that is told apart from none
ORDERS = 16  # acts of a text, and people, that are told apart by their order; the others count as the last
FAR = 8  # sentences from which a person is far from an act


@dataclass(frozen=True, slots=True)
class Scored:
    """What the network says of every act with everything of one sort: of each pair of words that speaks for it, the best one's.

    ``scores`` [acts, things, outputs] raw, ``feats`` [acts, things, features of a pair], ``extra`` [acts, things, numbers],
    ``vectors`` [acts, things, width] of the thing's words, ``counts`` [acts, things] how many pairs of words there are.
    """

    scores: Floats
    feats: Ints
    extra: Floats
    vectors: Floats
    counts: Ints


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts of a document, [acts, …] each.

    ``vectors`` of the acts, ``words`` and ``kinds`` of their anchors, probabilities that there is an act at all (``told``), of each
    ``status``, of ``background`` and of words that tell of ``several`` acts; ``scored`` by the names of ``LOOKS``, ``none`` the raw
    scores of "none of these" by the same, ``more`` [acts, things, numbers] by the names of ``MORE``; ``ties`` [things, things] by the
    names of ``TIES``: how likely a person stands for a party and an act is part of a visit, how much two acts have the same people, and of others 1 or 0.
    """

    vectors: Floats
    words: Ints
    kinds: Ints
    told: Floats
    status: Floats
    background: Floats
    several: Floats
    scored: Mapping[str, Scored]
    none: Mapping[str, Floats]
    more: Mapping[str, Floats]
    ties: Mapping[str, Floats]


def asked(acts: Acts) -> dict[str, Floats | Ints]:
    """What the second look takes in, by the names of its inputs.

    ``acts`` [acts, numbers] and ``order`` [acts]; for each of ``LOOKS`` its rows [acts, things, numbers], of which the first is
    the score that is judged again, and ``…_words`` [acts, things, width]; ``date_none``, ``place_none`` [acts, nones]; ``TIES``.
    """
    own = np.eye(len(KINDS) + 1, dtype=np.float32)[acts.kinds]
    out: dict[str, Floats | Ints] = {
        "acts": _floats(acts.vectors, acts.status, np.stack([acts.told, acts.background, acts.several], 1), own),
        "order": np.minimum(np.argsort(np.argsort(acts.words, kind="stable"), kind="stable"), ORDERS - 1),
    }
    out |= {name: tie.astype(np.float32) for name, tie in acts.ties.items()}
    for name in LOOKS:
        s = acts.scored[name]
        more = (acts.more[name],) if name in MORE else ()
        out[name] = _floats(s.scores, s.feats, np.log1p(s.counts)[..., None], s.extra, *more)
        out[f"{name}_words"] = s.vectors.astype(np.float32)
        if name in layout.NONE_HEADS:
            out[f"{name}_none"] = acts.none[name].astype(np.float32)
    return out


def as_scored(told: Mapping[str, Floats | Ints]) -> dict[str, Floats]:
    """What a second look says that changes nothing of what it takes in (:func:`asked`, of one text or of several, texts as a first axis):
    raw scores by the names of LOOKS and ACTS."""
    said = {name: told[name][..., 0].astype(np.float32) for name in LOOKS}
    said |= {name: _floats(said[name], told[f"{name}_none"]) for name in LOOKS if name in layout.NONE_HEADS}
    sure = {
        name: np.clip(told["acts"][..., ACTS_AT + i].astype(np.float32), FLOOR, 1 - FLOOR)
        for i, name in enumerate(ACTS)
    }
    said |= {name: np.log(p / (1 - p)) for name, p in sure.items()}
    status = told["acts"][..., STATUS_AT : STATUS_AT + len(STATUSES)].astype(np.float32)
    return said | {"status": np.log(np.clip(status, FLOOR, 1))}


def of_people(
    tokens: Sequence[Token], acts: Sequence[int], people: Sequence[Mentioned], company: Sequence[AbstractSet[str]]
) -> Floats:
    """Of each act's word and person [acts, people, 11]: whether they are named in the act's sentence, told by office there, named or told
    by office in the sentence before and in the one after; how many sentences off they are at least, in how many acts' sentences they are
    named, which of the people they are in order. Of the sentence that names them nearest to the act: how many it names, whether an act
    has its word there, whether it holds one of each set of ``company`` (dictionary forms of words for who came along, for who was present).
    """
    out = np.zeros((len(acts), len(people), MORE["takes_part"]), dtype=np.float32)
    at = [tokens[word].sentence for word in acts]
    said = [_sentences(tokens, person.named) for person in people]
    crowd = Counter(sentence for sentences in said for sentence in sentences)
    held: dict[int, set[str]] = {sentence: set() for sentence in crowd}
    for token in tokens:
        if token.sentence in held:
            held[token.sentence].add(token.lemma)
    for i, person in enumerate(people):
        by_role = _sentences(tokens, person.by_role)
        every = said[i] | by_role
        busy = np.log1p(len(said[i].intersection(at)))
        for n, word in enumerate(acts):
            there = tokens[min(person.named, key=lambda m: gap(m, (word, word + 1)))[0]].sentence
            off = min(abs(sentence - at[n]) for sentence in every)
            out[n, i] = (
                at[n] in said[i], at[n] in by_role, at[n] - 1 in every, at[n] + 1 in every, min(off, FAR) / FAR, busy, min(i, ORDERS) / ORDERS,
                np.log1p(crowd[there]), there in at, *(not words.isdisjoint(held[there]) for words in company),
            )  # fmt: skip
    return out


def of_days(days: Sequence[DateFound], anchor: date | None) -> Floats:
    """Of each time expression [dates, 8]: how far it lies from the day of publication (logarithm of days, with its sign), whether after
    and whether before it, the same distance of what it means of acts ahead and whether it may mean that, whether it is no day but a month
    or year, whether it has a last day, how many others mean the same (logarithm)."""
    alike = Counter(d.start for d in days)
    out = np.zeros((len(days), MORE["date"]), dtype=np.float32)
    for n, d in enumerate(days):
        off, ahead = (_off(x, anchor) for x in (d.start, d.ahead))
        out[n] = (
            off, off > 0, off < 0, ahead, d.ahead is not None, d.precision != "day", d.end is not None,
            np.log(alike[d.start]),
        )  # fmt: skip
    return out


def _off(day: str | None, anchor: date | None) -> float:
    """Days from ``anchor`` to the first day of an ISO date, as a logarithm with its sign."""
    if day is None or anchor is None:
        return 0.0
    days = (date.fromisoformat((day + "-01-01")[:10]) - anchor).days
    return float(np.sign(days) * np.log1p(abs(days)) / 4)


def alike(things: Sequence[Hashable]) -> Floats:
    """Which of several things are equal [things, things], themselves left out."""
    return _tied([[a == b for b in things] for a in things])


def named_together(tokens: Sequence[Token], people: Sequence[Mentioned]) -> Floats:
    """Which people are named in one sentence [people, people], themselves left out."""
    where = [_sentences(tokens, person.named) for person in people]
    return _tied([[bool(a & b) for b in where] for a in where])


def akin(kinds: Ints, in_it: Floats) -> Floats:
    """How much the people of each two acts of one kind are the same [acts, acts]: the cosine of how likely each takes part, ``in_it``
    [acts, people]; an act and itself are left out."""
    size = np.sqrt((in_it**2).sum(1, keepdims=True)) + FLOOR
    out: Floats = ((in_it / size) @ (in_it / size).T * (kinds[:, None] == kinds[None])).astype(np.float32)
    np.fill_diagonal(out, 0)
    return out


def nearest(tokens: Sequence[Token], left: Sequence[Sequence[Words]], right: Sequence[Words]) -> Floats:
    """Which of several things with mentions stands nearest to each stretch of words, in its sentence [left, right]."""
    out = np.zeros((len(left), len(right)), dtype=np.float32)
    where: dict[int, list[tuple[Words, int]]] = {}
    for i, mentions in enumerate(left):
        for m in mentions:
            where.setdefault(tokens[m[0]].sentence, []).append((m, i))
    for k, words in enumerate(right):
        beside = [(gap(m, words), i) for m, i in where.get(tokens[words[0]].sentence, ())]
        if beside:
            out[min(beside)[1], k] = 1
    return out


def _sentences(tokens: Sequence[Token], mentions: Sequence[Words]) -> set[int]:
    """The sentences in which mentions stand."""
    return {tokens[a].sentence for a, _ in mentions}


def _tied(rows: list[list[bool]]) -> Floats:
    out = np.array(rows, dtype=np.float32).reshape(len(rows), len(rows))
    np.fill_diagonal(out, 0)
    return out


def _floats(*columns: NDArray[np.float32] | NDArray[np.int64]) -> Floats:
    return np.concatenate([c.astype(np.float32) for c in columns], axis=-1)


__all__ = [
    "ACTS", "ACTS_AT", "BETWEEN", "FLOOR", "JUDGED", "LOOKS", "MORE", "RELATIONS", "STATUS_AT", "TIES", "Acts", "Scored", "akin", "alike", "as_scored", "asked",
    "named_together", "nearest", "of_days", "of_people",
]  # fmt: skip
