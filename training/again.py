"""Learn the second look (``dragoman.network.again``) and write it beside an exported network.

    python -m training.again EXAMPLES.pkl [EXAMPLES.pkl ...] --net OUT/net.pt --encoder DIR --to src/dragoman/data/model [--test TEST.pkl]

EXAMPLES.pkl is what ``training.prepare`` writes, of texts that the network has NOT been trained on: of what it has learned by
heart it is too sure, and there is nothing to be seen again. Acts are those of the gold, scores the network's. What is written
are LightGBM's trees as ONNX, and their hashes into the card. With ``--test`` the errors before and after are printed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightgbm import LGBMClassifier
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType
from training.batch import Batch, collate
from training.export import write_card
from training.net import Net, trained
from training.train import event_vectors, loaded, pairwise, span_vectors, vectors

from dragoman.network import layout
from dragoman.network.again import Acts, party_rows, people_rows
from dragoman.network.runtime import AGAIN, softmax

Array = np.ndarray[Any, Any]
Table = tuple[Array, Array, Array]  # rows, whether each is right, its act's number (-1 of background)
LOOKS: dict[str, Callable[[Acts], Array]] = {"takes_part": people_rows, "party": party_rows}


@torch.no_grad()
def acts_of(net: Net, b: Batch) -> Acts:
    """Acts of one document, as its gold has them, with the network's scores."""
    h = vectors(net, b)
    x, n = event_vectors(net, h, b), b.events
    people, parties = (
        pairwise(net, h, name, x, q)[:, 0].numpy().reshape(n, -1) if (q := b.relations[name]).keys else np.zeros((n, 0))
        for name in LOOKS
    )
    width, stands = parties.shape[1], np.full(people.shape[1], -1)
    q = b.relations["stands_for"]
    if q.keys and q.keys == people.shape[1] * width:
        left = span_vectors(h, b.columns["left_people"])
        stands = pairwise(net, h, "stands_for", left, q).numpy().reshape(-1, width).argmax(1)
    q = b.relations["party"]
    extra = np.zeros((width, layout.PAIR_HEADS["party"][1]), dtype=np.float32)
    if q.extra is not None:
        extra[q.group.numpy() % max(1, width)] = q.extra.numpy()
    background = softmax(net.heads["salience"](x).numpy())[:, 1]
    several = net.heads["split"](x).sigmoid().numpy()[:, 0]
    words, kinds = (b.columns[f"event.{name}"].numpy() for name in ("word", "kind"))
    return Acts(words, kinds, people, parties, stands, extra, background, several)


def tables(net: Net, paths: list[str]) -> dict[str, Table]:
    """Rows of both looks over the documents of some files."""
    found: dict[str, list[Table]] = {name: [] for name in LOOKS}
    number = 0
    for path in paths:
        for b in (collate([e], "cpu") for e in loaded(path)):
            if not b.events:
                continue
            acts, told = acts_of(net, b), b.columns["event.salience"].numpy() == 0
            numbers = np.where(told, number + np.arange(b.events), -1)
            number += b.events
            for name, rows in LOOKS.items():
                if b.relations[name].keys:
                    right = (b.relations[name].columns["label"] > 0).numpy()
                    found[name].append((rows(acts), right, np.repeat(numbers, len(right) // b.events)))
    return {
        name: (np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]), np.concatenate([p[2] for p in parts]))
        for name, parts in found.items()
    }  # fmt: skip


def wrong(on: Array, table: Table) -> str:
    """How many of the pairs are wrong, and of the acts that are no background."""
    _, right, act = table
    off = (on != right) & (act >= 0)
    return f"{int(off.sum())} pairs, {len(set(act[off]))} of {len(set(act[act >= 0]))} acts"


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("examples", nargs="+")
    a.add_argument("--net", required=True)
    a.add_argument("--encoder", required=True)
    a.add_argument("--to", type=Path, required=True)
    a.add_argument("--test", nargs="*", default=[])
    o = a.parse_args()
    net = trained(o.net, o.encoder)
    learned, held = tables(net, o.examples), tables(net, o.test) if o.test else {}
    for name, (rows, right, _) in learned.items():
        trees = LGBMClassifier(
            n_estimators=200, learning_rate=0.05, num_leaves=12, min_child_samples=40, reg_lambda=1, random_state=1, n_jobs=1, verbose=-1
        ).fit(rows, right.astype(int))  # fmt: skip
        inputs = [("X", FloatTensorType([None, rows.shape[1]]))]
        graph = convert_lightgbm(trees, initial_types=inputs, zipmap=False, target_opset=15)
        (o.to / AGAIN[name]).write_bytes(graph.SerializeToString())
        print(name, "learned from", wrong(rows[:, 0] > 0, learned[name]))
        if name in held:
            test = held[name]
            print("  unseen:", wrong(test[0][:, 0] > 0, test), "; again:", wrong(trees.predict(test[0]) > 0, test))
    write_card(o.to)


if __name__ == "__main__":
    main()
