"""The trained network, read from its files and run on the processor: ONNX Runtime for the shared encoding, NumPy for pairs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dragoman.errors import StopRun
from dragoman.network import layout
from dragoman.network.features import CLS, PIECES_A_WORD, Floats, Inputs, Ints
from dragoman.network.pairs import Pairs

if TYPE_CHECKING:
    import onnxruntime

ENCODER, HEADS, TOKENIZER, CARD = "encoder.onnx", "heads.npz", "tokenizer.json", "card.json"


class Pieces:
    """Words cut into the encoder's word pieces."""

    def __init__(self, folder: Path) -> None:
        import tokenizers

        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def of(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """Word pieces of every word, at most ``PIECES_A_WORD`` each."""
        rows = self._tokenizer.encode_batch([w[:64] for w in words], add_special_tokens=False)
        return [tuple(r.ids[:PIECES_A_WORD]) for r in rows]


class Network:
    """One pass over a document's words, and scores of pairs over its vectors."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Load the weights in ``folder``.

        Raises:
            StopRun: a file is missing or the weights do not fit this version's layout.
        """
        missing = [n for n in (ENCODER, HEADS, TOKENIZER, CARD) if not (folder / n).is_file()]
        if missing:
            raise StopRun(f"the reader's weights are incomplete: {folder} lacks {', '.join(missing)}")
        self.card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
        self.name = str(self.card["name"])
        with np.load(folder / HEADS) as arrays:
            self._w: dict[str, Floats] = {k: arrays[k].astype(np.float32) for k in arrays.files}
        if len(self._w["pairs.date.features.0.weight"]) != layout.PAIR_FEATURES[0]:
            raise StopRun(f"the reader's weights in {folder} are of another version")
        self._folder, self._threads = folder, threads
        self._session: onnxruntime.InferenceSession | None = None

    def encode(self, inputs: Inputs) -> tuple[Floats, Floats, Floats]:
        """Vectors [n, width], tag probabilities [n, tags, 3] and trigger probabilities [n, kinds + 1] of every word."""
        if self._session is None:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(
                str(self._folder / ENCODER), options, providers=["CPUExecutionProvider"]
            )
        length = max(map(len, inputs.pieces))
        ids = np.zeros((len(inputs.pieces), length), dtype=np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(inputs.pieces):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        h, tags, trigger = self._session.run(
            None,
            {
                "pieces": ids,
                "mask": mask,
                "window": inputs.window,
                "position": inputs.position,
                "features": inputs.features,
                "hot": inputs.hot,
            },
        )
        return h, softmax(tags.reshape(len(h), len(layout.TAGS), 3)), softmax(trigger)

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
        out += (right @ self._w[key + "right.weight"].T)[at]
        out += (left[rows] * right[at]) @ self._w[key + "both.weight"].T
        for i in range(feats.shape[1]):
            out += self._w[f"{key}features.{i}.weight"][feats[:, i]]
        if extra is not None and key + "extra.weight" in self._w:
            out += extra @ self._w[key + "extra.weight"].T
        return self._linear(key + "out", relu(out))

    def best_of_keys(self, name: str, left: Floats, asked: Pairs, h: Floats) -> Floats:
        """Greatest raw score of each key [keys, outputs]; ``h`` holds the words' vectors."""
        spans = sorted(set(asked.spans))
        number = {span: i for i, span in enumerate(spans)}
        scores = self.pair_scores(
            name,
            left,
            np.asarray(asked.left, dtype=np.int64),
            span_vectors(h, spans),
            np.asarray([number[span] for span in asked.spans], dtype=np.int64),
            np.asarray(asked.feats, dtype=np.int64),
            np.asarray(asked.extra, dtype=np.float32) if asked.extra else None,
        )
        out = np.full((len(asked.keys), scores.shape[1]), -1e4, dtype=np.float32)
        np.maximum.at(out, np.asarray(asked.group), scores)
        return out

    def _linear(self, name: str, x: Floats) -> Floats:
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
