"""The trained network, read from its files and run on the processor: ONNX Runtime for the shared encoding, NumPy for pairs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dragoman.errors import StopRun
from dragoman.network import layout
from dragoman.network.again import JUDGED, Acts, Scored, asked
from dragoman.network.features import CLS, PIECES_A_WORD, Floats, Inputs, Ints
from dragoman.network.pairs import Pairs

if TYPE_CHECKING:
    import onnxruntime
    import threadpoolctl

ENCODER, WORDS, HEADS, TOKENIZER, CARD = "encoder.onnx", "words.onnx", "heads.npz", "tokenizer.json", "card.json"
AGAIN = "again.onnx"  # the second look
FILES = (ENCODER, WORDS, HEADS, AGAIN, TOKENIZER)
WINDOWS = 4  # windows encoded at once: memory grows with it, and a long document has many
KNOWN = 20_000  # words whose pieces are remembered: most words of a document have been met before


def verify(folder: Path, card: Mapping[str, Any]) -> None:
    """Every file of the weights must be the one that its card names by hash.

    Raises:
        StopRun: one is not; names it.
    """
    for name in FILES:
        with (folder / name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != card.get("sha256", {}).get(name):
            raise StopRun(
                f"the reader's weights are damaged: {folder / name} is not the file that {CARD} names; install again"
            )


class Pieces:
    """Words cut into the encoder's word pieces."""

    def __init__(self, folder: Path) -> None:
        import tokenizers

        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._known: dict[str, tuple[int, ...]] = {}

    def of(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """Word pieces of every word, at most ``PIECES_A_WORD`` each."""
        if len(self._known) > KNOWN:
            self._known.clear()
        new = list({w for w in words if w not in self._known})
        rows = self._tokenizer.encode_batch([w[:64] for w in new], add_special_tokens=False)
        self._known.update((w, tuple(r.ids[:PIECES_A_WORD])) for w, r in zip(new, rows, strict=True))
        return [self._known[w] for w in words]

    def count(self, text: str) -> int:
        """How many word pieces a text has."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


class Network:
    """One pass over a document's words, and scores of pairs over its vectors."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Load the weights in ``folder``; ``threads`` documents are encoded at once.

        Raises:
            StopRun: a file is missing or the weights do not fit this version's layout.
        """
        missing = [n for n in (*FILES, CARD) if not (folder / n).is_file()]
        if missing:
            raise StopRun(f"the reader's weights are incomplete: {folder} lacks {', '.join(missing)}")
        self.card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
        self.name = str(self.card["name"])
        verify(folder, self.card)
        with np.load(folder / HEADS) as arrays:
            self._w: dict[str, Floats] = {k: arrays[k].astype(np.float32) for k in arrays.files}
        if not all(self._fits(name) for name in layout.PAIR_HEADS):
            raise StopRun(f"the reader's weights in {folder} are of another version")
        self._folder, self._threads = folder, threads

    def _fits(self, name: str) -> bool:
        """Whether the weights score a kind of pairs as this version asks for it."""
        sizes = (self._w.get(f"pairs.{name}.features.{i}.weight", ()) for i in range(len(layout.PAIR_FEATURES)))
        outputs = len(self._w.get(f"pairs.{name}.out.bias", ()))
        return tuple(map(len, sizes)) == layout.PAIR_FEATURES and outputs == layout.PAIR_HEADS[name][0]

    @cached_property
    def _encoder(self) -> onnxruntime.InferenceSession:
        return self._session(ENCODER)

    @cached_property
    def _words(self) -> onnxruntime.InferenceSession:
        return self._session(WORDS)

    @cached_property
    def _again(self) -> onnxruntime.InferenceSession:
        return self._session(AGAIN)

    def _session(self, name: str) -> onnxruntime.InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(str(self._folder / name), options, providers=["CPUExecutionProvider"])

    def encode_many(self, documents: Sequence[Inputs]) -> Iterator[tuple[Floats, Floats, Floats]]:
        """What :meth:`encode` gives for each of several documents, in order; each is computed by itself, some at once."""
        if self._threads < 2 or len(documents) < 2:
            yield from map(self.encode, documents)
            return
        self._encoder, self._words  # noqa: B018 (loaded before threads ask for them)
        with ThreadPoolExecutor(self._threads) as pool:
            yield from pool.map(self.encode, documents)

    def encode(self, inputs: Inputs) -> tuple[Floats, Floats, Floats]:
        """Vectors [n, width], tag probabilities [n, tags, 3] and trigger probabilities [n, kinds + 1] of every word."""
        parts = [self._read(inputs.pieces[i : i + WINDOWS]) for i in range(0, len(inputs.pieces), WINDOWS)]
        window, inside = np.divmod(inputs.window, WINDOWS)
        first = np.stack([parts[w][i, p] for w, i, p in zip(window, inside, inputs.position, strict=True)])
        h, tags, trigger = self._words.run(None, {"first": first, "features": inputs.features, "hot": inputs.hot})
        return h, softmax(tags.reshape(len(h), len(layout.TAGS), 3)), softmax(trigger)

    def _read(self, windows: Sequence[Sequence[int]]) -> Floats:
        """Vectors of the word pieces of some windows [windows, length, width]."""
        length = max(map(len, windows))
        ids = np.zeros((len(windows), length), dtype=np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(windows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        out: Floats = self._encoder.run(None, {"pieces": ids, "mask": mask})[0]
        return out

    @cached_property
    def _blas(self) -> threadpoolctl.ThreadpoolController:
        import threadpoolctl

        return threadpoolctl.ThreadpoolController()

    def _alone(self) -> AbstractContextManager[object]:
        """Keeps NumPy's matrices to one thread: they are so small that threads only wait for one another."""
        held: AbstractContextManager[object] = self._blas.limit(limits=1, user_api="blas")
        return held

    def event_vectors(self, h: Floats, words: Ints, kinds: Ints, sentences: Sequence[tuple[int, int]]) -> Floats:
        """Vectors of engagements [e, width] from anchor words, kinds (1 and up) and their sentences' word ranges."""
        near = np.stack([h[a:b].max(0) for a, b in sentences])
        doc = np.broadcast_to(h.mean(0), near.shape)
        x = np.concatenate([h[words] + self._w["kind.weight"][kinds], near, doc], -1)
        return relu(self._linear("event", x))

    def event_head(self, name: str, events: Floats) -> Floats:
        """Raw scores of a head over engagements [e, outputs]."""
        return self._linear(f"heads.{name}", events)

    def none_head(self, name: str, left: Floats) -> Floats:
        """Raw scores of "none of these"."""
        return self._linear(f"none.{name}", left)

    def pair_scores(
        self, name: str, left: Floats, rows: Ints, right: Floats, at: Ints, feats: Ints, extra: Floats | None
    ) -> Floats:
        """Raw scores [pairs, outputs] of ``left[rows]`` with ``right[at]``; what one side gives alone is computed once."""
        key = f"pairs.{name}."
        out: Floats = self._linear(key + "left", left)[rows]
        with self._alone():
            out += (right @ self._w[key + "right.weight"].T)[at]
            out += (left[rows] * right[at]) @ self._w[key + "both.weight"].T
        for i in range(feats.shape[1]):
            out += self._w[f"{key}features.{i}.weight"][feats[:, i]]
        if extra is not None and key + "extra.weight" in self._w:
            with self._alone():
                out += extra @ self._w[key + "extra.weight"].T
        return self._linear(key + "out", relu(out))

    def again(self, acts: Acts) -> dict[str, Floats]:
        """Raw scores of a second look at the acts of a document, by the names of :mod:`dragoman.network.again`.

        Of LOOKS [acts, things] each; where "none of these" may be chosen, its scores follow those of the things. Of ACTS [acts] each, of
        the status [acts, statuses].
        """
        return dict(zip(JUDGED, self._again.run([f"{name}_again" for name in JUDGED], asked(acts)), strict=True))

    def best_of_keys(self, name: str, left: Floats, pairs: Pairs, h: Floats) -> Floats:
        """Greatest raw score of each key [keys, outputs]; ``h`` holds the words' vectors."""
        return self._pooled(pairs, self._scores(name, left, pairs, h)[0])

    def grid(self, name: str, acts: Floats, things: int, pairs: Pairs, h: Floats) -> Scored:
        """Every act with every one of so many ``things``: what :meth:`best_of_keys` says, and of which words."""
        shape, width = (len(acts), things), h.shape[1]
        outputs, extra = layout.PAIR_HEADS[name]
        if not pairs.keys:
            nothing = [np.zeros((*shape, n), dtype=np.float32) for n in (outputs, extra, width)]
            feats = np.zeros((*shape, len(layout.PAIR_FEATURES)), dtype=np.int64)
            return Scored(nothing[0], feats, nothing[1], nothing[2], np.zeros(shape, dtype=np.int64))
        scores, vectors = self._scores(name, acts, pairs, h)
        best = np.zeros(len(pairs.keys), dtype=np.int64)
        rising = np.argsort(scores[:, 0], kind="stable")
        best[np.asarray(pairs.group)[rising]] = rising  # the last one written is the greatest
        told = np.asarray(pairs.extra, dtype=np.float32)[best] if extra else np.zeros((len(best), 0), dtype=np.float32)
        return Scored(
            scores=self._pooled(pairs, scores).reshape(*shape, outputs),
            feats=np.asarray(pairs.feats, dtype=np.int64)[best].reshape(*shape, -1),
            extra=told.reshape(*shape, extra),
            vectors=vectors[best].reshape(*shape, width),
            counts=np.bincount(pairs.group, minlength=len(best)).reshape(shape),
        )

    def _scores(self, name: str, left: Floats, pairs: Pairs, h: Floats) -> tuple[Floats, Floats]:
        """Raw scores of pairs [pairs, outputs], and the vectors of their right sides [pairs, width]."""
        spans = sorted(set(pairs.spans))
        number = {span: i for i, span in enumerate(spans)}
        right, at = span_vectors(h, spans), np.asarray([number[span] for span in pairs.spans], dtype=np.int64)
        scores = self.pair_scores(
            name,
            left,
            np.asarray(pairs.left, dtype=np.int64),
            right,
            at,
            np.asarray(pairs.feats, dtype=np.int64),
            np.asarray(pairs.extra, dtype=np.float32) if pairs.extra else None,
        )
        return scores, right[at]

    @staticmethod
    def _pooled(pairs: Pairs, scores: Floats) -> Floats:
        out = np.full((len(pairs.keys), scores.shape[1]), -1e4, dtype=np.float32)
        np.maximum.at(out, np.asarray(pairs.group), scores)
        return out

    def _linear(self, name: str, x: Floats) -> Floats:
        with self._alone():
            out: Floats = x @ self._w[name + ".weight"].T + self._w[name + ".bias"]
        return out


def span_vectors(h: Floats, spans: Sequence[tuple[int, int]]) -> Floats:
    """First word's vector plus last word's, halved [n, width]."""
    starts = np.array([s for s, _ in spans], dtype=np.int64)
    ends = np.array([e - 1 for _, e in spans], dtype=np.int64)
    out: Floats = ((h[starts] + h[ends]) / 2).astype(np.float32, copy=False)
    return out


def relu(x: Floats) -> Floats:
    """Negative values to zero."""
    out: Floats = np.maximum(x, 0)
    return out


def softmax(x: Floats) -> Floats:
    """Probabilities over the last axis."""
    e = np.exp(x - x.max(-1, keepdims=True))
    out: Floats = e / e.sum(-1, keepdims=True)
    return out


def sigmoid(x: Floats) -> Floats:
    """Probabilities of yes."""
    out: Floats = (1 / (1 + np.exp(-np.clip(x, -60, 60)))).astype(np.float32, copy=False)
    return out


__all__ = ["CLS", "Network", "relu", "sigmoid", "softmax", "span_vectors"]
