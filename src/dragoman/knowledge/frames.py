"""Where the words of a frame stand: sequences of lemmas from data/frames.yaml, matched over a document's tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dragoman.model import KINDS, Token


@dataclass(frozen=True, slots=True)
class Frame:
    """One row of data/frames.yaml."""

    id: str
    kind: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    counter: str


@dataclass(frozen=True, slots=True)
class FrameHit:
    """A matched phrase: which word anchors it, the frame and its length in words."""

    word: int
    frame: str
    kind: str
    length: int


class FrameIndex:
    """Phrases by their first lemma."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], int, Frame]]] = {}
        for frame in frames:
            for phrase in frame.phrases:
                words = phrase.split()
                anchor = next((i for i, w in enumerate(words) if w.startswith("*")), 0)
                lemmas = tuple(w.lstrip("*") for w in words)
                self._by_first.setdefault(lemmas[0], []).append((lemmas, anchor, frame))
        for rows in self._by_first.values():
            rows.sort(key=lambda r: -len(r[0]))

    def find(self, tokens: Sequence[Token]) -> tuple[FrameHit, ...]:
        """Every match, by word; the same word may be hit for several kinds, once for each (the longest phrase)."""
        hits: dict[tuple[int, str], FrameHit] = {}
        for i, token in enumerate(tokens):
            for lemmas, anchor, frame in self._by_first.get(token.lemma, ()):
                if i + len(lemmas) > len(tokens) or any(tokens[i + k].lemma != lemma for k, lemma in enumerate(lemmas)):
                    continue
                key = (i + anchor, frame.kind)
                if key not in hits or hits[key].length < len(lemmas):
                    hits[key] = FrameHit(i + anchor, frame.id, frame.kind, len(lemmas))
        return tuple(sorted(hits.values(), key=lambda h: (h.word, KINDS.index(h.kind))))
