"""Prepared examples as tensors, and several of them as one: the network scores a batch's words, pairs and engagements in one go.

Each document counts the same, as if its loss were taken alone: every row carries its share of its document's mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dragoman.model import TOPICS
from dragoman.network import layout

Example = dict[str, Any]
EVENT_COLUMNS = ("word", "kind", "status", "salience")
BY_PERSON = (
    "holds",
    "stands_for",
)  # relations whose left side is a person's mention; that of the others is an engagement
CHOSEN = layout.NONE_HEADS | {
    "stands_for": 0
}  # relations that choose one key for each owner, and how many nones they have
MIXED = ("takes_part", "party")  # relations whose every key is right or wrong


def compact(e: Example) -> Example:
    """A prepared example's columns as small NumPy arrays; a list of dictionaries of an engagement becomes columns."""
    n = len(e["events"])
    out: Example = {
        "doc_id": e["doc_id"], "fold": e["fold"], "extra": e["extra"], "people": e["people"], "events": n,
        "pieces": [np.asarray(p, dtype=np.uint16) for p in e["pieces"]],
        "window": e["window"].astype(np.uint8), "position": e["position"].astype(np.uint16),
        "features": e["features"].astype(np.uint8), "hot": e["hot"].astype(np.float16), "tags": e["tags"].astype(np.int8),
        "trigger": e["trigger"].astype(np.int8), "left_people": np.asarray(e["left_people"], dtype=np.int16).reshape(-1, 2),
        "person_of_left": np.asarray(e["person_of_left"], dtype=np.int16),
        "sentence": np.asarray([k["sentence"] for k in e["events"]], dtype=np.int16).reshape(-1, 2),
        "topics": np.asarray([k["topics"] for k in e["events"]], dtype=np.int8).reshape(n, len(TOPICS)),
        "split": np.asarray([k["split"] for k in e["events"]], dtype=np.int8),
        "weight": np.asarray([k["weight"] for k in e["events"]], dtype=np.float16),
    }  # fmt: skip
    for name in EVENT_COLUMNS:
        out["event." + name] = np.asarray([k[name] for k in e["events"]], dtype=np.int16)
    for name, (_, extra) in layout.PAIR_HEADS.items():
        p, pairs = e[name], len(e[name]["spans"])
        q: Example = {
            "keys": p["groups"], "spans": np.asarray(p["spans"], dtype=np.int16).reshape(-1, 2),
            "feats": np.asarray(p["feats"], dtype=np.uint8).reshape(-1, len(layout.PAIR_FEATURES)),
            "extra": np.asarray(p["extra"] if extra and pairs else np.zeros((pairs, extra)), dtype=np.float16).reshape(pairs, extra),
        }  # fmt: skip
        for column, kind in (("left", np.int16), ("group", np.int32), ("owner", np.int16)):
            q[column] = np.asarray(p[column], dtype=kind)
        if name in CHOSEN:
            width, owners = CHOSEN[name], len(p["gold"])
            good, none = np.zeros(p["groups"], dtype=bool), np.zeros((owners, width), dtype=bool)
            for o, rows in enumerate(p["gold"]):
                for row in rows:
                    if row >= 0:
                        good[row] = True
                    elif width:
                        none[o, -row - 1] = True
            q |= {"good": good, "none": none, "known": np.asarray([bool(g) for g in p["gold"]], dtype=bool)}
        for column in ("label", "head"):
            if column in p:
                q[column] = np.asarray(p[column], dtype=np.int8)
        out[name] = q
    return out


@dataclass(slots=True)
class Relation:
    """All pairs of one relation in a batch. Shares sum to 1 over the batch, each document's to one part in so many."""

    keys: int
    owners: int
    spans: Tensor
    left: Tensor
    feats: Tensor
    extra: Tensor | None
    group: Tensor
    columns: dict[str, Tensor] = field(default_factory=dict)


@dataclass(slots=True)
class Batch:
    """Several documents as one."""

    pieces: Tensor
    mask: Tensor
    at: tuple[Tensor, Tensor]  # window and position of each word
    lengths: list[int]  # words of each document
    people: int
    columns: dict[str, Tensor]
    relations: dict[str, Relation]

    @property
    def documents(self) -> int:
        """How many documents it is."""
        return len(self.lengths)

    @property
    def events(self) -> int:
        """How many engagements they tell of."""
        return len(self.columns["event.word"])

    @property
    def mentions(self) -> int:
        """How many mentions of people they hold."""
        return len(self.columns["left_people"])


def collate(examples: list[Example], device: str) -> Batch:
    """Several compact examples as one batch on a device."""
    share = 1 / len(examples)
    lengths = [len(e["window"]) for e in examples]
    rows = [p for e in examples for p in e["pieces"]]
    longest = -(-max(map(len, rows)) // 64) * 64  # few different lengths: kernels are made once for each
    pieces = np.zeros((len(rows), longest), dtype=np.int64)
    mask = np.zeros((len(rows), longest), dtype=np.int64)
    for i, r in enumerate(rows):
        pieces[i, : len(r)] = r
        mask[i, : len(r)] = 1
    words, windows, people = (
        offsets(lengths),
        offsets([len(e["pieces"]) for e in examples]),
        offsets([e["people"] for e in examples]),
    )
    mentions, events = offsets([len(e["left_people"]) for e in examples]), offsets([e["events"] for e in examples])

    def each(column: str, kind: Any, add: list[int] | None = None) -> Tensor:
        parts = [e[column].astype(kind) + add[i] if add else e[column].astype(kind) for i, e in enumerate(examples)]
        return sent(np.concatenate(parts), device)

    def even(counts: list[int]) -> Any:
        return np.concatenate([np.full(c, share / max(1, c)) for c in counts]).astype(np.float32)

    known = [max(1, int((e["tags"] != -100).sum())) for e in examples]
    columns = {
        "features": each("features", np.int64), "hot": each("hot", np.float32), "tags": each("tags", np.int64),
        "trigger": each("trigger", np.int64), "left_people": each("left_people", np.int64, words),
        "person_of_left": each("person_of_left", np.int64, people), "topics": each("topics", np.float32),
        "split": each("split", np.float32), "weight": each("weight", np.float32),
        "document": sent(np.repeat(np.arange(len(examples)), lengths), device),
        "event.document": sent(np.repeat(np.arange(len(examples)), [e["events"] for e in examples]), device),
        "tags.share": sent(np.repeat([share / k for k in known], lengths).astype(np.float32), device),
        "event.share": sent(even([e["events"] for e in examples]), device),
        **{f"event.{name}": each(f"event.{name}", np.int64, words if name == "word" else None) for name in EVENT_COLUMNS},
        **near([e["sentence"].astype(np.int64) + w for e, w in zip(examples, words, strict=True)], device),
    }  # fmt: skip
    relations = {}
    for name in layout.PAIR_HEADS:
        owner = people if name in BY_PERSON else events
        left = mentions if name in BY_PERSON else events
        relations[name] = relation([e[name] for e in examples], words, left, owner, share, device)
    at = (each("window", np.int64, windows), each("position", np.int64))
    return Batch(
        sent(pieces, device), sent(mask, device), at, lengths, sum(e["people"] for e in examples), columns, relations,
    )  # fmt: skip


def relation(
    parts: list[Example], words: list[int], left: list[int], owner: list[int], share: float, device: str
) -> Relation:
    """One relation of several documents; the offsets say where each document's words, left sides and owners begin."""
    keys = offsets([p["keys"] for p in parts])

    def each(column: str, kind: Any, add: list[int] | None = None) -> Any:
        return np.concatenate(
            [p[column].astype(kind) + add[i] if add else p[column].astype(kind) for i, p in enumerate(parts)]
        )

    extra = each("extra", np.float32)
    columns: dict[str, Any] = {}
    owners = 0
    if "good" in parts[0]:
        none = each("none", bool)
        owners = len(none)
        counts = [max(1, int(p["known"].sum())) for p in parts]
        columns["good"] = np.concatenate([each("good", bool), none.reshape(-1)])
        columns["segment"] = np.concatenate(
            [each("owner", np.int64, owner), np.repeat(np.arange(owners), none.shape[1])]
        )
        columns["share"] = np.concatenate([p["known"] * share / c for p, c in zip(parts, counts, strict=True)]).astype(
            np.float32
        )
    else:
        positive = [p["label"] > 0 for p in parts]
        columns["label"] = each("label", np.int64)
        columns["share"] = np.concatenate([np.full(p["keys"], share / max(1, p["keys"])) for p in parts]).astype(
            np.float32
        )
        columns["on"] = np.nonzero(np.concatenate(positive))[0]
        columns["on.share"] = np.concatenate(
            [np.full(int(o.sum()), share / max(1, int(o.sum()))) for o in positive]
        ).astype(np.float32)
        if "head" in parts[0]:
            columns["head"] = each("head", np.float32)
    return Relation(
        sum(p["keys"] for p in parts), owners, sent(each("spans", np.int64, words), device), sent(each("left", np.int64, left), device),
        sent(each("feats", np.int64), device), sent(extra, device) if extra.shape[1] else None, sent(each("group", np.int64, keys), device),
        {k: sent(v, device) for k, v in columns.items()},
    )  # fmt: skip


def near(sentences: list[Any], device: str) -> dict[str, Tensor]:
    """Words of each engagement's sentence [events, longest], filled up with its first one."""
    whole = np.concatenate(sentences)
    longest = int((whole[:, 1] - whole[:, 0]).max()) if len(whole) else 1
    at = whole[:, :1] + np.arange(longest)
    return {"event.near": sent(np.where(at < whole[:, 1:], at, whole[:, :1]), device)}


def offsets(counts: list[int]) -> list[int]:
    """Where each of several parts begins when they follow each other."""
    return [0, *np.cumsum(counts)[:-1].tolist()]


def sent(array: Any, device: str) -> Tensor:
    """An array as a tensor on a device, on its way while the program goes on."""
    tensor = torch.from_numpy(np.ascontiguousarray(array))
    return tensor.pin_memory().to(device, non_blocking=True) if device == "cuda" else tensor
