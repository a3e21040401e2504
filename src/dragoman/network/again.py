"""A second look: who takes part in an act, weighed by what was said of the same people in the other acts of the text.

The network scores each pair of an act and a person, or a party, by itself. What it cannot see there is that somebody is far
likelier to have met at the act before, that all others of a list are in, or that a party is in of which nobody is. Here each pair
is a row of such numbers, and gradient-boosted trees (Friedman 2001) judge it again; they are learned by ``training.again`` from
texts that the network had not seen, and run as ONNX.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dragoman.network.features import Floats, Ints
from dragoman.network.runtime import sigmoid

Numbers = NDArray[np.float64]
NOTHING = -9.0  # a score of what is not there
TOPS = 3  # greatest scores of an act that each of its rows holds


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts of a document: their anchor words and kinds [acts], and raw scores of people and parties with each.

    ``people`` [acts, people], ``parties`` [acts, parties], ``stands`` the party of each person as a column of ``parties``, -1
    where none is known; ``extra`` [parties, numbers] what :class:`~dragoman.model.PartyCandidate` tells; ``background`` and
    ``several`` [acts] the probabilities that an act is background, and that its wording tells of several acts at once.
    """

    words: Ints
    kinds: Ints
    people: Floats
    parties: Floats
    stands: Ints
    extra: Floats
    background: Floats
    several: Floats


def people_rows(acts: Acts) -> Floats:
    """A row for each act and person [acts * people, numbers], in that order."""
    own = acts.people.astype(np.float64)
    beside = _beside(own, acts) if (acts.stands >= 0).any() else [np.full(own.shape, NOTHING)] * 8
    return _stacked([*_across(own, acts), *beside, *_of_act(acts)], own.shape)


def party_rows(acts: Acts) -> Floats:
    """A row for each act and party [acts * parties, numbers], in that order."""
    own, people = acts.parties.astype(np.float64), acts.people.astype(np.float64)
    mine = _members(acts)
    best = np.where(mine[None], people[:, :, None], NOTHING).max(1, initial=NOTHING)
    told = sigmoid(acts.people) @ mine
    there = (people > 0) @ mine.astype(np.int64) > 0
    others = there.sum(1, keepdims=True) - there
    rows = [*_across(own, acts), best, told, mine.sum(0)[None], others]
    rows += [column[None] for column in acts.extra.T.astype(np.float64)]
    return _stacked([*rows, *_of_act(acts)], own.shape)


def _of_act(acts: Acts) -> list[Numbers]:
    """Columns on the act alone."""
    return [column[:, None].astype(np.float64) for column in (acts.background, acts.several)]


def _across(own: Numbers, acts: Acts) -> list[Numbers]:
    """Columns on a pair's score among those of its act, and of the same one with the other acts."""
    n, c = own.shape
    ranked = np.argsort(-own, axis=0, kind="stable")
    tops = np.concatenate([np.take_along_axis(own, ranked, 0), np.full((2, c), NOTHING)])
    runner = ranked[min(1, n - 1)]
    here = np.arange(n)[:, None]
    first, second = here == ranked[0], (here == runner) & (n > 1)
    rival = np.where(first, runner, ranked[0])
    best = np.where(first, tops[1], tops[0])
    order = np.argsort(acts.words, kind="stable")
    back = np.argsort(order, kind="stable")
    told, none = own[order], np.full((1, c), NOTHING)
    before = np.concatenate([none, np.maximum.accumulate(told)[:-1]])[back]
    after = np.concatenate([np.maximum.accumulate(told[::-1])[::-1][1:], none])[back]
    lower = np.sort(own, axis=1)
    greatest = np.concatenate([lower[:, ::-1], np.full((n, TOPS), NOTHING)], 1)
    rank = [c - np.searchsorted(row, mine, side="right") for row, mine in zip(lower, own, strict=True)]
    likely, on = sigmoid(own.astype(np.float32)), own > 0
    far = acts.words[rival] - acts.words[:, None]
    return [
        own, best, np.where(first | second, tops[2], tops[1]), np.array([[n - 1.0]]), on.sum(0)[None] - on, acts.kinds[:, None],
        acts.kinds[rival], np.abs(far), far < 0, before, after, np.array(rank),
        *(greatest[:, k : k + 1] for k in range(TOPS)), likely.sum(1, keepdims=True), likely.sum(0, keepdims=True),
        np.array([[float(c)]]), np.array([[float(n)]]), best - own if n > 1 else np.zeros_like(own),
    ]  # fmt: skip


def _members(acts: Acts) -> NDArray[np.bool_]:
    """Which person stands for which party [people, parties]."""
    out: NDArray[np.bool_] = acts.stands[:, None] == np.arange(acts.parties.shape[1])
    return out


def _beside(own: Numbers, acts: Acts) -> list[Numbers]:
    """Columns on a person's party: its score with the act, and who else of it is there."""
    known, of, mine = acts.stands >= 0, np.maximum(acts.stands, 0), _members(acts).astype(np.int64)
    on, strong = own > 0, acts.parties > 0
    there = on @ mine  # people of each party
    others = np.where(known, there[:, of] - on, 0)
    alone = on & known & (others == 0)  # who is the only one there of a party
    columns = [
        np.where(known, acts.parties[:, of], NOTHING),
        _best_other(own, acts.stands),
        others,
        (there > 0).sum(1)[:, None] - alone,
        strong.sum(1, keepdims=True),
        (strong & (there == 0)).sum(1)[:, None] + (alone & strong[:, of]),
        others > 0,
        np.where(known, mine.sum(0)[of] - 1, 0)[None],
    ]
    return [np.asarray(x, dtype=np.float64) for x in columns]


def _best_other(own: Numbers, groups: Ints) -> Numbers:
    """The greatest score that another of the same group has with the same act; groups below 0 are none."""
    out = np.full(own.shape, NOTHING)
    for group in np.unique(groups[groups >= 0]):
        (inside,) = np.nonzero(groups == group)
        if len(inside) > 1:
            scores = own[:, inside]
            first = scores.argmax(1)[:, None]
            second = np.sort(scores, axis=1)[:, -2:-1]
            out[:, inside] = np.where(np.arange(len(inside)) == first, second, scores.max(1, keepdims=True))
    return out


def _stacked(columns: list[Numbers], shape: tuple[int, ...]) -> Floats:
    out = np.stack([np.broadcast_to(x, shape) for x in columns], -1).astype(np.float32)
    return out.reshape(-1, len(columns))


__all__ = ["Acts", "party_rows", "people_rows"]
