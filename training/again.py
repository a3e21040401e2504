"""Learn the second look (``dragoman.network.again``) and write it into the folder of an exported network.

    python -m training.again FOLDER[+COPIES]=GOLD.jsonl[,GOLD.jsonl…] [FOLDER=GOLD.jsonl…] --to src/dragoman/data/model [--test FOLDER=GOLD.jsonl]

Files may be patterns ("training/data/g*.jsonl"). Each folder holds an exported network that has NOT been trained on the texts named with it: of what it has learned by heart it is too
sure, and there is nothing to be seen again. With "+1" the network also reads a copy of each text in which states, cities, people and outlets are changed
(``training.augment``), with "+2" two: what it sees there is new to it, too. Several networks that come of one another may each tell of the texts that they had not
seen. What is learned from is what the reader itself sees there: its acts, people, parties, days and places, and what the gold says of
them. What is written is an ONNX file, and its hash into the card. With ``--test`` what is wrong before and after is printed after each epoch.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from glob import glob
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from training.augment import Changer
from training.export import write_card
from training.net import WIDTH
from training.prepare import Builder
from training.tune import annotated

from dragoman.evaluate.gold import load
from dragoman.model import KINDS, STATUSES, Document
from dragoman.network import layout
from dragoman.network.again import (
    ACTS,
    ACTS_AT,
    BETWEEN,
    FLOOR,
    JUDGED,
    LOOKS,
    MORE,
    ORDERS,
    RELATIONS,
    STATUS_AT,
    TIES,
    Acts,
    as_scored,
    asked,
)
from dragoman.network.features import Floats
from dragoman.network.runtime import AGAIN, Network
from dragoman.resources import Tools
from dragoman.stages.events._detect import detect
from dragoman.stages.resolve import clusters_of, resolve

Array = np.ndarray[Any, Any]
Rows = dict[str, Array]
LAYERS, HEADS = 2, 4
MODELS = (
    (1, 64, 0.1, 8),
    (2, 48, 0.15, 10),
)  # seed, width, share dropped, epochs of each; what is written is their mean
BATCH, POOL = 32, 16  # texts of a step; steps whose texts are sorted by size together
RATE, AVERAGED = 1e-3, 0.998  # of learning, at its height; of the weights' moving average
BACKGROUND = 0.3  # what an act told as background counts in the loss, of 1
CHOICE = 0.5  # what a day or a place counts, of a person or party
NONES = {name: layout.NONE_HEADS.get(name, 0) for name in LOOKS}
NUMBERS = {
    name: out + len(layout.PAIR_FEATURES) + 1 + extra + MORE.get(name, 0)
    for name, (out, extra) in layout.PAIR_HEADS.items()
}
PART = 32  # texts of one task
ACT = WIDTH + len(STATUSES) + 3 + len(KINDS) + 1  # numbers that tell of an act


class Attention(nn.Module):
    """One layer of a transformer over the last but one axis (Vaswani et al. 2017), norms first."""

    def __init__(self, dim: int, drop: float) -> None:
        super().__init__()
        self.before, self.after, self.size = nn.LayerNorm(dim), nn.LayerNorm(dim), dim // HEADS
        self.ask, self.out = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.wide = nn.Sequential(nn.Linear(dim, 2 * dim), nn.ReLU(), nn.Dropout(drop), nn.Linear(2 * dim, dim))
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, hidden: Tensor | None) -> Tensor:
        """``x`` [..., n, width]; ``hidden`` [..., n] is -1e4 for what is not there, else 0."""
        q, k, v = (t.unflatten(-1, (HEADS, self.size)).transpose(-2, -3) for t in self.ask(self.before(x)).chunk(3, -1))
        weight = q @ k.transpose(-1, -2) / self.size**0.5
        if hidden is not None:
            weight = weight + hidden[..., None, None, :]
        x = x + self.drop(self.out((weight.softmax(-1) @ v).transpose(-2, -3).flatten(-2)))
        added: Tensor = x + self.drop(self.wide(self.after(x)))
        return added


class Again(nn.Module):
    """Judges a grid of acts by people, parties, days and places again; shapes as :func:`dragoman.network.again.asked` has them,
    with texts as a first axis."""

    def __init__(self, dim: int, drop: float) -> None:
        super().__init__()
        self.rows = nn.ModuleDict(
            {k: nn.Sequential(nn.Linear(NUMBERS[k], dim), nn.ReLU(), nn.Linear(dim, dim)) for k in LOOKS}
        )
        self.words = nn.ModuleDict({k: nn.Linear(WIDTH, dim) for k in LOOKS})
        self.act, self.order = nn.Linear(ACT, dim), nn.Embedding(ORDERS, dim)
        self.along, self.down = (nn.ModuleList(Attention(dim, drop) for _ in range(LAYERS)) for _ in range(2))
        self.tied = nn.ModuleDict(
            {k: nn.ModuleList(nn.Linear(dim, 2 * dim, bias=False) for _ in range(LAYERS)) for k in TIES}
        )
        self.norm, self.drop = nn.LayerNorm(dim), nn.Dropout(0.2)
        self.judged = nn.ModuleDict({k: nn.Linear(dim + 1, 1) for k in LOOKS})
        self.nones = nn.ModuleDict({k: nn.Linear(dim + n, n) for k, n in NONES.items() if n})
        for name in self.nones:  # choices begin as the network made them
            for layer in (self.judged[name], self.nones[name]):
                nn.init.zeros_(layer.weight)
                nn.init.zeros_(layer.bias)
                with torch.no_grad():
                    layer.weight[:, dim:] = torch.eye(len(layer.weight))
        self.own = nn.ModuleDict({k: nn.Linear(dim + 1, 1) for k in ACTS})
        nn.init.zeros_(self.own["several"].weight)  # so is whether words tell of several acts, which few do
        with torch.no_grad():
            self.own["several"].weight[:, dim:] = 4
        self.status = nn.Linear(dim + len(STATUSES), len(STATUSES))
        nn.init.zeros_(self.status.weight)
        nn.init.zeros_(self.status.bias)
        with torch.no_grad():
            self.status.weight[:, dim:] = torch.eye(len(STATUSES))
        for name in LOOKS:
            self.register_buffer(f"mean_{name}", torch.zeros(NUMBERS[name]))
            self.register_buffer(f"spread_{name}", torch.ones(NUMBERS[name]))

    def measure(self, documents: list[Rows]) -> None:
        """Take the mean and spread of the rows' numbers from documents."""
        for name in LOOKS:
            rows = np.concatenate([d[name].reshape(-1, NUMBERS[name]) for d in documents])
            self.get_buffer(f"mean_{name}").copy_(torch.from_numpy(rows.mean(0)))
            self.get_buffer(f"spread_{name}").copy_(torch.from_numpy(rows.std(0) + 1e-2))

    def forward(self, b: dict[str, Tensor], hidden: tuple[Tensor, Tensor] | None = None) -> dict[str, Tensor]:
        """Raw scores by the names of LOOKS and ACTS; ``hidden`` [texts, 1, columns] and [texts, 1, acts] of what is not there."""
        act = self.act(self.drop(b["acts"])) + self.order(b["order"])
        columns = []
        for name in LOOKS:
            even = ((b[name] - self.get_buffer(f"mean_{name}")) / self.get_buffer(f"spread_{name}")).clamp(-6, 6)
            columns.append(self.rows[name](even) + self.words[name](self.drop(b[f"{name}_words"])) + act[:, :, None])
        x = torch.cat([*columns, act[:, :, None]], 2)
        along, down = hidden if hidden else (None, None)
        for n in range(LAYERS):
            x = self.related(n, x, [c.shape[2] for c in columns], b)
            x = self.along[n](x, along)
            x = self.down[n](x.transpose(1, 2), down).transpose(1, 2)
        x = self.norm(x)
        out, at = {}, 0
        for name, column in zip(LOOKS, columns, strict=True):
            end = at + column.shape[2]
            said = b[name][..., :1] if NONES[name] else b[name][..., :1] / 4
            out[name] = self.judged[name](torch.cat([x[:, :, at:end], said], -1)).squeeze(-1)
            if NONES[name]:
                none = self.nones[name](torch.cat([x[:, :, -1], b[f"{name}_none"]], -1))
                out[name] = torch.cat([out[name], none], -1)
            at = end
        for name, at in zip(ACTS, range(ACT + ACTS_AT, ACT), strict=False):
            said = b["acts"][..., at : at + 1].clamp(FLOOR, 1 - FLOOR).logit()
            out[name] = self.own[name](torch.cat([x[:, :, -1], said / 4], -1)).squeeze(-1)
        said = b["acts"][..., ACT + STATUS_AT : ACT + STATUS_AT + len(STATUSES)].clamp(FLOOR, 1).log()
        out["status"] = self.status(torch.cat([x[:, :, -1], said], -1))
        return out

    def related(self, layer: int, x: Tensor, sizes: list[int], b: dict[str, Tensor]) -> Tensor:
        """What every column learns of those it is tied to, and every act of those beside it."""
        own, at = {}, 0
        for name, size in zip(LOOKS, sizes, strict=True):
            own[name] = x[:, :, at : at + size]
            at = at + size
        told = dict(own)
        for name, (left, right) in RELATIONS.items():
            tie = b[name][:, None]
            turned = tie.transpose(-1, -2)
            to_left, to_right = (self.tied[name][layer](own[side]).chunk(2, -1) for side in (right, left))
            told[left] = told[left] + shared(tie) @ to_left[0]
            told[right] = told[right] + shared(turned) @ to_right[1]
        out = torch.cat([*told.values(), x[:, :, -1:]], 2)
        acts = x.transpose(1, 2)
        for name in BETWEEN:
            tie = b[name][:, None]
            one, other = self.tied[name][layer](acts).chunk(2, -1)
            out = out + (shared(tie) @ one + shared(tie.transpose(-1, -2)) @ other).transpose(1, 2)
        return out


def shared(tie: Tensor) -> Tensor:
    """A tie by which the mean over what is tied is taken; shares that come to less than one stay as they are."""
    return tie / tie.sum(-1, keepdim=True).clamp(min=1)


class Mean(nn.Module):
    """What several models say, between them."""

    def __init__(self, models: list[Again]) -> None:
        super().__init__()
        self.models = nn.ModuleList(models)

    def forward(self, b: dict[str, Tensor], hidden: tuple[Tensor, Tensor] | None = None) -> dict[str, Tensor]:
        """As :meth:`Again.forward`."""
        said = [model(b, hidden) for model in self.models]
        return {name: torch.stack([one[name] for one in said]).mean(0) for name in said[0]}


class AsScored(nn.Module):
    """Judges nothing again."""

    def forward(self, b: dict[str, Tensor], hidden: tuple[Tensor, Tensor] | None = None) -> dict[str, Tensor]:
        """As :meth:`Again.forward`."""
        return {k: torch.from_numpy(v) for k, v in as_scored({k: v.numpy() for k, v in b.items()}).items()}


# -- what it learns from ---------------------------------------------------------------------------------------------------------


def matched(gold: Builder, words: list[tuple[int, str]]) -> list[list[dict[str, Any]]]:
    """The gold's records of each act (anchor and kind) that the reader found: those whose word is the nearest of one kind, or which
    it tells in other words of their evidence; none of an act that the gold does not have, or has by another telling."""
    gold.frames = gold.tools.frames.find(gold.tokens)
    anchors, apart = gold.anchors(), gold.tools.thresholds["trigger.apart"]
    out: list[list[dict[str, Any]]] = [[] for _ in words]
    for at, kind in sorted({(w, g["kind"]) for w, g in anchors}):
        rows = [g for w, g in anchors if (w, g["kind"]) == (at, kind)]
        near = [(abs(w - at), i) for i, (w, k) in enumerate(words) if k == kind and abs(w - at) <= apart]
        near = near or [
            (abs(w - at), i)
            for i, (w, k) in enumerate(words)
            if k == kind and any(a <= w < b for g in rows for a, b in gold.words(g["evidence"]))
        ]
        near = near or [(abs(w - at), i) for i, (w, _) in enumerate(words) if w == at]
        if near:
            out[min(near)[1]] += rows
    return out


def document(doc: Document, row: dict[str, Any], tools: Tools) -> Rows | None:
    """What a second look takes in of one document, and what the gold says of it; None where there is nothing to judge."""
    doc = resolve(doc, tools)
    assert doc.annotation is not None
    assert doc.findings is not None
    assert doc.clean is not None
    caught: list[Acts] = []

    def catch(acts: Acts) -> dict[str, Floats]:
        caught.append(acts)
        return as_scored(asked(acts))

    with mock.patch.object(tools.network, "again", side_effect=catch):
        detect(doc.annotation, doc.findings, tools)
    if not caught:
        return None
    (acts,) = caught
    gold = Builder(doc, doc.annotation, row, tools)
    gold.clusters = clusters_of(doc.annotation, doc.clean.text, tools)
    gold.parties = list(doc.findings.candidates)
    words = acts.words.tolist()
    gold.rows = matched(gold, [(word, KINDS[kind - 1]) for word, kind in zip(words, acts.kinds, strict=True)])
    e: dict[str, Any] = {"events": [{"word": word} for word in words]}
    gold.participants(e)
    gold.event_parties(e)
    gold.dates(e)
    gold.places(e)
    out: Rows = {k: v.astype(np.float16) if k.endswith("_words") or k == "acts" else v for k, v in asked(acts).items()}
    for name, nones in NONES.items():
        n, things = out[name].shape[:2]
        if not nones:
            out[f"{name}_right"] = (np.asarray(e[name]["label"]) > 0).reshape(n, things)
            continue
        good = np.zeros((n, things + nones), dtype=bool)
        for i, rows in enumerate(e[name]["gold"]):
            for k in rows:  # keys are numbered act by act; nones count down from -1
                good[i, k - i * things if k >= 0 else things - k - 1] = True
        out[f"{name}_right"] = good
    return out | {
        "told_right": np.array([bool(rows) for rows in gold.rows]),
        "several_right": np.array([len(rows) > 1 for rows in gold.rows]),
        "status_right": np.array([[any(g["status"] == k for g in rows) for k in STATUSES] for rows in gold.rows]),
        "background_right": np.array(
            [bool(rows) and all(g["salience"] == "mention" for g in rows) for rows in gold.rows]
        ),
    }


def documents(told: list[str]) -> list[Rows]:
    """Documents of ``FOLDER+COPIES=GOLD.jsonl,…``, each as its network sees it."""
    tasks = []
    changer = Changer(Tools())
    for one in told:
        source, _, files = one.partition("=")
        folder, _, copies = source.partition("+")
        unlearned(Path(folder))
        for pattern in files.split(","):
            found = sorted(glob(pattern)) or sys.exit(f"there is no {pattern}")
            for rows in (load(Path(file)) for file in found):
                rows += [changer.copy(row, n) for n in range(int(copies or 0)) for row in rows]
                tasks += [(folder, rows[i : i + PART]) for i in range(0, len(rows), PART)]
    with ProcessPoolExecutor() as pool:
        return [d for part in pool.map(_part, tasks) for d in part]


def unlearned(folder: Path) -> None:
    """A second look that has learned nothing, for an exported network that has none yet: the reader opens none without one."""
    if (folder / AGAIN).exists():
        return
    acts, things = 3, 2
    blank: Rows = {
        "acts": np.zeros((acts, ACT)),
        "order": np.zeros(acts, dtype=np.int64),
    } | {name: np.zeros([acts if x == "acts" else things for x in sides]) for name, sides in TIES.items()}
    for name, nones in NONES.items():
        blank |= {name: np.zeros((acts, things, NUMBERS[name])), f"{name}_words": np.zeros((acts, things, WIDTH))}
        blank |= {f"{name}_none": np.zeros((acts, nones))} if nones else {}
    write(Again(HEADS, 0.0), blank, folder / AGAIN)
    write_card(folder)


def _part(task: tuple[str, list[dict[str, Any]]]) -> list[Rows]:
    folder, rows = task
    tools = _tools(folder)
    docs = zip(annotated(rows, tools), rows, strict=True)
    return [made for doc, row in docs if (made := document(doc, row, tools)) is not None]


@cache
def _tools(folder: str) -> Tools:
    """What a reader needs, with the network in a folder."""
    tools = Tools()
    tools.__dict__["network"] = Network(Path(folder))
    return tools


def together(texts: list[Rows]) -> dict[str, Tensor]:
    """Several documents as one, filled up with zeros; ``…_there`` tells what is a document's own."""
    acts = max(len(d["order"]) for d in texts)
    out: dict[str, Array] = {}

    def filled(key: str, shape: tuple[int, ...], kind: type = np.float32) -> None:
        whole = np.zeros((len(texts), *shape), dtype=kind)
        for whole_one, d in zip(whole, texts, strict=True):
            whole_one[tuple(slice(n) for n in d[key].shape)] = d[key]
        out[key] = whole

    most = {name: max(d[name].shape[1] for d in texts) for name in LOOKS}
    filled("acts", (acts, ACT))
    filled("order", (acts,), np.int64)
    for name in ACTS:
        filled(f"{name}_right", (acts,), bool)
    filled("status_right", (acts, len(STATUSES)), bool)
    sizes = most | {"acts": acts}
    for name, (left, right) in TIES.items():
        filled(name, (sizes[left], sizes[right]))
    out["acts_there"] = np.arange(acts) < np.array([[len(d["order"])] for d in texts])
    for name, things in most.items():
        filled(name, (acts, things, NUMBERS[name]))
        filled(f"{name}_words", (acts, things, WIDTH))
        there = np.array([[d[name].shape[1]] for d in texts])
        out[f"{name}_there"] = np.arange(things) < there
        if nones := NONES[name]:
            filled(f"{name}_none", (acts, nones))
            chosen = np.zeros((len(texts), acts, things + nones), dtype=bool)
            for whole_one, d in zip(chosen, texts, strict=True):
                n, own = len(d["order"]), d[name].shape[1]
                whole_one[:n, :own], whole_one[:n, things:] = d[f"{name}_right"][:, :own], d[f"{name}_right"][:, own:]
            out[f"{name}_right"] = chosen
        else:
            filled(f"{name}_right", (acts, things), bool)
    return {k: torch.from_numpy(v) for k, v in out.items()}


def judged(model: nn.Module, b: dict[str, Tensor]) -> dict[str, Tensor]:
    """Raw scores of several documents; what is not there cannot be chosen."""
    texts = len(b["order"])
    columns = torch.cat([*(b[f"{name}_there"] for name in LOOKS), torch.ones(texts, 1, dtype=torch.bool)], 1)
    hidden = tuple((~there).float()[:, None] * -1e4 for there in (columns, b["acts_there"]))
    out = {name: said.float() for name, said in model(b, (hidden[0], hidden[1])).items()}
    for name, nones in NONES.items():
        if nones:
            there = F.pad(b[f"{name}_there"], (0, nones), value=True)
            out[name] = out[name].masked_fill(~there[:, None], -1e4)
    return out


def loss_of(out: dict[str, Tensor], b: dict[str, Tensor]) -> Tensor:
    """Of pairs that are right or wrong, of choices, and of the acts themselves; a batch counts by its texts."""
    there, told = b["acts_there"], b["told_right"]
    weight = told * torch.where(b["background_right"], BACKGROUND, 1.0)
    total = torch.zeros(())
    for name, nones in NONES.items():
        yes = b[f"{name}_right"]
        if nones:
            total = total + _choice(out[name], yes, weight)
        else:
            raw = F.binary_cross_entropy_with_logits(out[name], yes.float(), reduction="none")
            total = total + (raw * weight[..., None] * b[f"{name}_there"][:, None]).sum()
    total = total + _choice(out["status"], b["status_right"], weight)
    for name, of in zip(ACTS, (there, told, told), strict=True):
        raw = F.binary_cross_entropy_with_logits(out[name], b[f"{name}_right"].float(), reduction="none")
        total = total + (raw * of).sum()
    return total / len(there)


def _choice(said: Tensor, yes: Tensor, weight: Tensor) -> Tensor:
    """The loss of choices of which several may be right, where one is."""
    every, good = said.logsumexp(2), said.masked_fill(~yes, -1e4).logsumexp(2)
    lost: Tensor = ((every - good).clamp(max=15) * yes.any(2) * weight).sum() * CHOICE
    return lost


def batches(texts: list[Rows], chance: np.random.Generator | None) -> Iterator[dict[str, Tensor]]:
    """Texts of like sizes together, in an order by ``chance``, or as they come."""
    order = np.arange(len(texts)) if chance is None else chance.permutation(len(texts))
    parts = []
    for at in range(0, len(order), BATCH * POOL):
        pool = sorted(
            order[at : at + BATCH * POOL],
            key=lambda i: len(texts[i]["order"]) * sum(texts[i][k].shape[1] for k in LOOKS),
        )
        parts += [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
    for i in range(len(parts)) if chance is None else chance.permutation(len(parts)):
        yield together([texts[n] for n in parts[i]])


@torch.no_grad()
def wrong(texts: list[Rows], model: nn.Module) -> dict[str, str]:
    """How many acts that the gold tells as main are wrong in each of LOOKS and in their status, and acts in ACTS."""
    off: dict[str, int] = dict.fromkeys(JUDGED, 0)
    of = dict(off)

    def count(name: str, bad: Tensor, known: Tensor) -> None:
        off[name] += int((bad & known).sum())
        of[name] += int(known.sum())

    def chosen(name: str, said: Tensor, yes: Tensor, known: Tensor) -> None:
        count(name, ~yes.gather(2, said.argmax(2, keepdim=True)).squeeze(2), known & yes.any(2))

    for b in batches(texts, None):
        said = judged(model, b)
        main = b["told_right"] & ~b["background_right"]
        for name, nones in NONES.items():
            yes, there = b[f"{name}_right"], b[f"{name}_there"][:, None]
            if nones:
                chosen(name, said[name], yes, main)
            else:
                count(name, (((said[name] > 0) != yes) & there).any(2), main)
        chosen("status", said["status"], b["status_right"], main)
        for name, known in zip(ACTS, (b["acts_there"], b["told_right"], b["told_right"]), strict=True):
            count(name, (said[name] > 0) != b[f"{name}_right"], known)
    return {name: f"{off[name]} of {of[name]}" for name in off}


def learn(texts: list[Rows], held: list[Rows], seed: int, model: Again, epochs: int) -> Again:
    """The model trained on the texts; the weights' moving average is what is given."""
    chance = np.random.default_rng(seed)
    model.measure(texts)
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGED)
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.02)
    steps = epochs * -(-len(texts) // BATCH)
    slope = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda k: min(1.0, k / 200) * max(0.02, 1 - k / steps))
    for epoch in range(epochs):
        began, total = time.monotonic(), 0.0
        model.train()
        for b in batches(texts, chance):
            with torch.autocast("cpu", dtype=torch.bfloat16):  # a third faster where the processor has it
                said = judged(model, b)
            loss = loss_of(said, b)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            slope.step()
            average.update_parameters(model)
            total += loss.item()
        average.eval()
        print(
            epoch,
            f"loss {total * BATCH / len(texts):.4f}",
            wrong(held, average.module),
            f"{time.monotonic() - began:.0f} s",
            flush=True,
        )
    best: Again = average.module.eval()
    return best


class Alone(nn.Module):
    """The model for one document, its inputs one by one."""

    def __init__(self, model: nn.Module, names: list[str]) -> None:
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        out = self.model({k: v.unsqueeze(0) for k, v in zip(self.names, inputs, strict=True)})
        return tuple(out[name].squeeze(0) for name in JUDGED)


def write(model: nn.Module, example: Rows, to: Path) -> None:
    """The model as ONNX; acts, people, parties, days and places are free in number."""
    names = [k for k in example if not k.endswith("_right")]
    axes = {k: {0: "acts"} for k in names} | {k: {0: left, 1: right} for k, (left, right) in TIES.items()}
    axes |= {k: {0: "acts", 1: name} for name in LOOKS for k in (name, f"{name}_words")}
    inputs = tuple(
        torch.from_numpy(example[k]) if k == "order" else torch.from_numpy(example[k].astype(np.float32)) for k in names
    )
    torch.onnx.export(
        Alone(model, names).eval(), inputs, str(to), input_names=names, output_names=[f"{name}_again" for name in JUDGED],
        dynamic_axes=axes | {f"{name}_again": {0: "acts"} for name in JUDGED}, opset_version=17, dynamo=False,
    )  # fmt: skip


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("texts", nargs="+", help="FOLDER[+COPIES]=GOLD.jsonl[,GOLD.jsonl]")
    a.add_argument("--to", type=Path, required=True)
    a.add_argument("--test", nargs="*", default=[])
    o = a.parse_args()
    texts, held = documents(o.texts), documents(o.test)
    print(len(texts), "texts; as scored:", wrong(held, AsScored()))
    models = []
    for seed, dim, drop, epochs in MODELS:
        torch.manual_seed(seed)
        models.append(learn(texts, held, seed, Again(dim, drop), epochs))
    model = Mean(models).eval()
    print("their mean:", wrong(held, model))
    write(model, max(texts, key=lambda d: min(d[name].shape[1] for name in LOOKS)), o.to / AGAIN)
    write_card(o.to)


if __name__ == "__main__":
    main()
