"""A second look: who takes part in an act, when and where it was, weighed by what was said of all acts of the text.

The network scores each pair of an act and a person, a party, a day or a place by itself. What it cannot see there is that somebody
is far likelier to have met at the act before, that all others of a list are in, that a party is in of which nobody is, or that the
act beside it was on that day. Here the pairs of a text lie in a grid, acts by things, and attention along its rows and columns
(Ho et al. 2019, "Axial attention") judges all of them again. It is learned by ``training.again`` from texts that the network had not
seen, and runs as ONNX.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dragoman.model import KINDS
from dragoman.network import layout
from dragoman.network.features import Floats, Ints

LOOKS = ("takes_part", "party", "date", "place")
"""Pairs that are looked at again, in the order of the grid's columns."""
ACTS = ("told", "background")
"""What is judged again of each act by itself: whether it is one that the text tells, and whether it is background."""
ACTS_AT = -len(KINDS) - 4  # where those probabilities stand among an act's numbers, counted from their end
FLOOR = 1e-4  # least probability that is told apart from none
ORDERS = 16  # acts of a text that are told apart by their order; the others count as the last


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
    scores of "none of these" by the same; ``stands`` [people, parties] the probability that a person stands for a party.
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
    stands: Floats


def asked(acts: Acts) -> dict[str, Floats | Ints]:
    """What the second look takes in, by the names of its inputs.

    ``acts`` [acts, numbers] and ``order`` [acts]; for each of ``LOOKS`` its rows [acts, things, numbers], of which the first is
    the score that is judged again, and ``…_words`` [acts, things, width]; ``date_none``, ``place_none`` [acts, nones]; ``stands``.
    """
    own = np.eye(len(KINDS) + 1, dtype=np.float32)[acts.kinds]
    out: dict[str, Floats | Ints] = {
        "acts": _floats(acts.vectors, acts.status, np.stack([acts.told, acts.background, acts.several], 1), own),
        "order": np.minimum(np.argsort(np.argsort(acts.words, kind="stable"), kind="stable"), ORDERS - 1),
        "stands": acts.stands.astype(np.float32),
    }
    for name in LOOKS:
        s = acts.scored[name]
        out[name] = _floats(s.scores, s.feats, np.log1p(s.counts)[..., None], s.extra)
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
    return said | {name: np.log(p / (1 - p)) for name, p in sure.items()}


def _floats(*columns: NDArray[np.float32] | NDArray[np.int64]) -> Floats:
    return np.concatenate([c.astype(np.float32) for c in columns], axis=-1)


__all__ = ["ACTS", "ACTS_AT", "FLOOR", "LOOKS", "Acts", "Scored", "as_scored", "asked"]
