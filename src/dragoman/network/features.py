"""From the words of a document to what the network takes in: word pieces, word features, features of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dragoman.model import Annotation, DateFound, PartyFound, PlaceFound, Span, Token
from dragoman.network import layout

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

WINDOW = 510  # word pieces in one window, room left for the two special ones
OVERLAP = 96  # word pieces that neighbouring windows share
PIECES_A_WORD = 8  # a longer word is cut: addresses and long numbers tell nothing more
CLS, SEP = 101, 102  # BERT's special pieces
QUOTES = frozenset({"“", "”", '"', "``", "''"})


def _numbered(values: Iterable[str]) -> dict[str, int]:
    return {value: number for number, value in enumerate(values)}


POS, BLOCKS = map(_numbered, (layout.POS, layout.BLOCKS))
PARTY_KINDS, PLACE_KINDS, TITLE_KINDS = map(_numbered, (layout.PARTY_KINDS, layout.PLACE_KINDS, layout.TITLE_KINDS))


@dataclass(frozen=True, slots=True)
class Inputs:
    """One document for the encoder: ``pieces`` per window, where each word's first piece stands, and its features."""

    pieces: tuple[tuple[int, ...], ...]
    window: Ints
    position: Ints
    features: Ints
    hot: Floats


def windows(pieces: Sequence[Sequence[int]]) -> tuple[tuple[tuple[int, ...], ...], Ints, Ints]:
    """Cut word pieces into overlapping windows; every word is read where it stands farthest from a window's edge."""
    sizes = [min(len(p), PIECES_A_WORD) or 1 for p in pieces]
    out: list[tuple[int, ...]] = []
    window, position, margin = [0] * len(pieces), [0] * len(pieces), [-1] * len(pieces)
    start = 0
    while start < len(pieces):
        used, end = 0, start
        while end < len(pieces) and used + sizes[end] <= WINDOW:
            used += sizes[end]
            end += 1
        row, places = [CLS], []
        for i in range(start, end):
            places.append(len(row))
            row.extend(pieces[i][:PIECES_A_WORD] or (SEP,))
        row.append(SEP)
        for i, place in zip(range(start, end), places, strict=True):
            room = min(place if start else len(row), len(row) - place if end < len(pieces) else len(row))
            if room > margin[i]:
                margin[i], window[i], position[i] = room, len(out), place
        out.append(tuple(row))
        if end >= len(pieces):
            break
        back, shared = end, 0
        while back > start + 1 and shared < OVERLAP:
            back -= 1
            shared += sizes[back]
        start = back
    return tuple(out), np.array(window, dtype=np.int64), np.array(position, dtype=np.int64)


@lru_cache(maxsize=20_000)
def shape(word: str) -> int:
    """How a word is written: 0 lower, 1 Title, 2 UPPER, 3 mixed, 4 digits, 5 punctuation, 6 initial, 7 other."""
    if word.isdigit():
        return 4
    if not any(c.isalnum() for c in word):
        return 5
    if word.islower():
        return 0
    if len(word.rstrip(".")) == 1 and word[0].isupper():
        return 6
    if word.isupper():
        return 2
    if word[:1].isupper() and word[1:].islower():
        return 1
    return 3 if any(c.isupper() for c in word) else 7


def mark(column: Ints, tokens: Sequence[Token], spans: Iterable[tuple[Span, int]]) -> None:
    """Write each span's value on the words that it overlaps; ``spans`` are sorted."""
    i = 0
    for span, value in spans:
        while i > 0 and tokens[i - 1].span.end > span.start:
            i -= 1
        while i < len(tokens) and tokens[i].span.end <= span.start:
            i += 1
        j = i
        while j < len(tokens) and tokens[j].span.start < span.end:
            column[j] = value
            j += 1


def word_features(
    tokens: Sequence[Token],
    *,
    dates: Sequence[DateFound],
    places: Sequence[PlaceFound],
    parties: Sequence[PartyFound],
    titles: Sequence[tuple[Span, str]],
) -> Ints:
    """``layout.WORD_FEATURES`` of every word."""
    out = np.zeros((len(tokens), len(layout.WORD_FEATURES)), dtype=np.int64)
    quoted, inside = False, []
    for token in tokens:
        if token.text in QUOTES:
            quoted = {"“": True, "”": False}.get(token.text, not quoted)
        inside.append(quoted)
    out[:, 0] = [shape(t.text) for t in tokens]
    out[:, 1] = [POS.get(t.pos, 0) for t in tokens]
    out[:, 6] = [BLOCKS.get(t.block, 0) for t in tokens]
    out[:, 7] = [min(t.sentence, layout.SENTENCES - 1) for t in tokens]
    out[:, 8] = inside
    mark(out[:, 2], tokens, ((p.span, PARTY_KINDS.get(p.kind, 0)) for p in parties))
    mark(out[:, 3], tokens, ((p.span, PLACE_KINDS.get(p.kind, 0)) for p in places))
    mark(out[:, 4], tokens, ((s, TITLE_KINDS.get(k, 0)) for s, k in titles))
    mark(out[:, 5], tokens, ((d.span, 2 if d.relative else 1) for d in dates))
    return out


def word_range(tokens: Sequence[Token], span: Span) -> tuple[int, int] | None:
    """First word and one past the last word that ``span`` overlaps, by bisection; None if there is none."""
    low, high = 0, len(tokens)
    while low < high:
        mid = (low + high) // 2
        if tokens[mid].span.end <= span.start:
            low = mid + 1
        else:
            high = mid
    end = low
    while end < len(tokens) and tokens[end].span.start < span.end:
        end += 1
    return (low, end) if end > low else None


def words_under(tokens: Sequence[Token], spans: Iterable[Span]) -> set[int]:
    """Every word that one of the spans overlaps."""
    return {i for span in spans if (w := word_range(tokens, span)) for i in range(*w)}


class PairFeatures:
    """Features of pairs of word ranges in one document."""

    def __init__(self, annotation: Annotation) -> None:
        tokens = annotation.tokens
        self._sentence = [t.sentence for t in tokens]
        blocks = {"body": 0, "title": 1, "dateline": 2}
        self._block = [blocks.get(t.block, 3) for t in tokens]

    def of(
        self, left: tuple[int, int], right: tuple[int, int], between: int = 0, *, rivals: int = 0
    ) -> tuple[int, ...]:
        """``layout.PAIR_FEATURES`` of a pair; ``between`` counts rivals of the right one that stand between, ``rivals`` those of
        the left one that stand nearer to the right one."""
        gap = right[0] - (left[1] - 1) if right[0] >= left[1] else right[1] - 1 - left[0]
        size = min(abs(gap).bit_length(), 11)
        a, b = self._sentence[left[0]], self._sentence[right[0]]
        block = self._block[right[0]]
        return (
            12 + size if gap > 0 else 12 - size,
            0 if a == b else 1 if abs(a - b) == 1 else 2,
            13 if block == 1 else max(-6, min(6, b - a)) + 6,
            block,
            min(between, 7),
            min(rivals, 7),
        )
