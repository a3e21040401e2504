"""How much the words of a sentence are those in which acts between parties are told: a linear score, learned (training/sieve.py).

Words count, and pairs of words up to three apart, and words beside a party's name. Names of parties are masked, and so is every
word that was never met in small letters, so that nobody's name tells anything.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dragoman.errors import StopRun
from dragoman.model import Span

WEIGHTS, CARD = "sieve.npz", "sieve.json"
BEGIN, PARTY, HOME, NAME, RARE, NUMBER = range(
    6
)  # a sentence's begin; other parties, one's own; words that are not known
KNOWN = 6  # number of the first known word
BITS = 17  # of a pair's number
APART = (1, 2, 3)  # words from the first of a pair to the second
BESIDE = 4  # stands for "in one sentence" where the others stand for a distance
ONE, OTHER, MIX = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0x2C1B3C6D)  # odd numbers with even bits
WORD = re.compile(r"\w+")

Numbers = NDArray[np.int64]
Weights = NDArray[np.float32]


class Sieve:
    """Scores sentences; the higher, the more they tell of an act."""

    def __init__(self, words: Sequence[str], weights: Weights, bias: float) -> None:
        """``weights`` are those of :func:`features`: of known words, then of pairs."""
        self._number = {word: i for i, word in enumerate(words, KNOWN)}
        self._weights, self._bias = weights, bias

    @classmethod
    def read(cls, folder: Path) -> Sieve:
        """The sieve of a folder.

        Raises:
            StopRun: its weights are not those that its card names by hash.
        """
        packed = (folder / WEIGHTS).read_bytes()
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if hashlib.sha256(packed).hexdigest() != card["sha256"]:
            raise StopRun(
                f"the screen's weights are damaged: {folder / WEIGHTS} is not what {CARD} names; install again"
            )
        with np.load(folder / WEIGHTS) as arrays:
            words = bytes(arrays["words"]).decode().split("\n")
            return cls(words, arrays["weights"].astype(np.float32) * arrays["scale"], float(arrays["bias"]))

    def scores(self, text: str, sentences: Sequence[Span], named: Mapping[int, tuple[int, bool]]) -> Weights:
        """A score for each of some sentences.

        Args:
            text: any text.
            sentences: stretches of it.
            named: where parties are named in it, where each name ends, and whether it is the state that the text is written in.
        """
        index, owner = features(*self.numbers(text, sentences, named), len(self._number))
        found: Weights = np.bincount(owner, self._weights[index], len(sentences)).astype(np.float32) + np.float32(
            self._bias
        )
        return found

    def numbers(
        self, text: str, sentences: Sequence[Span], named: Mapping[int, tuple[int, bool]]
    ) -> tuple[Numbers, Numbers]:
        """The words of sentences as numbers, and whose each is."""
        return numbered(self._number, text, sentences, named)


def numbered(
    known: Mapping[str, int], text: str, sentences: Iterable[Span], named: Mapping[int, tuple[int, bool]]
) -> tuple[Numbers, Numbers]:
    """The words of sentences as numbers, and whose each is."""
    numbers: list[int] = []
    owner: list[int] = []
    for i, sentence in enumerate(sentences):
        begun, free = len(numbers), 0
        numbers.append(BEGIN)
        for match in WORD.finditer(text, sentence.start, sentence.end):
            at = match.start()
            if at < free:
                continue
            if at in named:
                free, home = named[at]
                numbers.append(HOME if home else PARTY)
            else:
                word = match[0]
                numbers.append(known.get(word) or known.get(word.lower()) or _unknown(word))
        owner += [i] * (len(numbers) - begun)
    return np.array(numbers, dtype=np.int64), np.array(owner, dtype=np.int64)


def _unknown(word: str) -> int:
    return NUMBER if word[0].isdigit() else NAME if word[0].isupper() else RARE


def features(numbers: Numbers, owner: Numbers, known: int) -> tuple[Numbers, Numbers]:
    """What sentences of numbered words show: places in the weights, and whose each is. ``known`` is how many words are known."""
    first = KNOWN + known  # number of the first pair
    index, of = [numbers], [owner]
    for apart in APART:
        inside = owner[apart:] == owner[:-apart]
        index.append(first + _pair(numbers[:-apart][inside], numbers[apart:][inside], apart))
        of.append(owner[apart:][inside])
    speaks = np.bincount(owner, (numbers == PARTY) | (numbers == HOME))[owner] > 0
    once = np.unique(owner[speaks] * first + numbers[speaks])
    index.append(first + _pair(np.full(len(once), PARTY), once % first, BESIDE))
    of.append(once // first)
    return np.concatenate(index), np.concatenate(of)


def _pair(one: Numbers, other: Numbers, apart: int) -> Numbers:
    """Pairs of numbers as one of ``2 ** BITS``."""
    mixed = one.astype(np.uint32) * ONE + other.astype(np.uint32) * OTHER + np.uint32(apart)
    mixed ^= mixed >> np.uint32(15)
    mixed *= MIX
    mixed ^= mixed >> np.uint32(13)
    return (mixed & np.uint32((1 << BITS) - 1)).astype(np.int64)
