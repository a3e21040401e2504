"""What forms the names of a state's office-holders take: how much a name's letters speak for one state against all others.

The pieces of a name are its words and their runs of two and three letters, with the edges of the words marked, as written and
without diacritics. Each speaks by the share of the state's office-holders who have it against the share of all who do (naive
Bayes over characters, as Cavnar & Trenkle 1994 tell languages), drawn towards the latter where the state has few.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dragoman.errors import DataError
from dragoman.knowledge.names import folded

PART = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
RUNS = (2, 3)  # letters of a piece
COMMON = 3  # office-holders who must have a piece before it counts
DRAWN = 40  # office-holders of no state in particular that are added to each state's own
BOUND = 2.0  # log-odds beyond which a name says no more: names travel

Counts = NDArray[np.int32]


def pieces(name: str) -> frozenset[str]:
    """A name's pieces, as written and folded; initials have none."""
    out = set()
    for word in {*PART.findall(name.lower()), *PART.findall(" ".join(folded(name)))}:
        if len(word) > 1:
            edged = f"^{word}$"
            out.add(edged)
            out.update(edged[i : i + n] for n in RUNS for i in range(len(edged) - n + 1))
    return frozenset(out)


class NameForms:
    """Counts of pieces by state, and what they say of a name."""

    def __init__(
        self, pieces: Sequence[str], states: Sequence[str], holders: Counts, at: Counts, of: Counts, n: Counts
    ) -> None:
        """``holders`` [states] counts office-holders; ``at`` [pieces + 1] tells where each piece's row begins in ``of``
        (numbers of states) and ``n`` (how many of that state's have the piece)."""
        self._piece = {p: i for i, p in enumerate(pieces)}
        self._state = {s: i for i, s in enumerate(states)}
        self._holders, self._at, self._of, self._n = holders, at, of, n
        self._scarce = np.log(DRAWN / (holders + DRAWN))
        self._all = int(holders.sum())

    @classmethod
    def counted(cls, people: Iterable[tuple[str, str]]) -> NameForms:
        """From (name, state) of office-holders."""
        holders: Counter[str] = Counter()
        having: dict[str, Counter[str]] = {}
        for name, state in people:
            holders[state] += 1
            for piece in pieces(name):
                having.setdefault(piece, Counter())[state] += 1
        states = sorted(holders)
        number = {s: i for i, s in enumerate(states)}
        kept = sorted(p for p, c in having.items() if c.total() >= COMMON)
        rows = [sorted((number[s], k) for s, k in having[p].items()) for p in kept]
        at = np.cumsum([0, *map(len, rows)])
        flat = np.array([x for row in rows for x in row], dtype=np.int32).reshape(-1, 2)
        held = np.array([holders[s] for s in states], dtype=np.int32)
        return cls(kept, states, held, at.astype(np.int32), flat[:, 0], flat[:, 1])

    @classmethod
    def read(cls, path: Path) -> NameForms:
        """From the file that :meth:`write` makes.

        Raises:
            DataError: it is not such a file.
        """
        try:
            with np.load(path, allow_pickle=False) as held:
                pieces, states = (bytes(held[k]).decode().split("\n") for k in ("pieces", "states"))
                return cls(pieces, states, *(held[k].astype(np.int32) for k in ("holders", "at", "of", "n")))
        except (OSError, ValueError, KeyError) as error:
            raise DataError(f"{path}: {error}") from error

    def write(self, path: Path) -> None:
        """Put the counts into a file."""
        words = {
            k: np.frombuffer("\n".join(v).encode(), np.uint8)
            for k, v in (("pieces", self._piece), ("states", self._state))
        }
        counts = {
            "holders": self._holders,
            "at": self._at,
            "of": self._of.astype(np.uint8),
            "n": self._n.astype(np.uint16),
        }
        with path.open("wb") as file:
            np.savez_compressed(file, **words, **counts)  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self._piece)

    def speak(self, name: str, states: Sequence[str]) -> list[float]:
        """For each state how much the name's form speaks for it: log-odds against office-holders at large, bounded; 0 where
        nothing is known of the state or of the name."""
        rows = [i for p in sorted(pieces(name)) if (i := self._piece.get(p)) is not None]
        if not rows:
            return [0.0] * len(states)
        total = self._scarce * len(rows)
        for i in rows:
            mine = slice(self._at[i], self._at[i + 1])
            n = self._n[mine]
            share = (int(n.sum()) + 0.5) / (self._all + 1)
            total[self._of[mine]] += np.log1p(n / (DRAWN * share))
        scaled = np.clip(
            total / math.sqrt(len(rows) + 1), -BOUND, BOUND
        )  # pieces overlap and do not speak independently
        return [round(float(scaled[k]), 6) if (k := self._state.get(s)) is not None else 0.0 for s in states]
