"""Fits the weights of dragoman.merge.link on the clusters of the news, and says what they are worth on clusters left out.

python -m training.merge_weights CODED.jsonl [--pull 1.0] [--write]

Pairs of accounts that share a key, from the gold's own records and from what was read (CODED.jsonl, `dragoman code` over the
same texts), labelled by the gold's events. A logistic model; its weights are pulled towards those in data/thresholds.toml by
``--pull`` (as a Gaussian prior), since the pairs are few. Five folds, clusters kept together.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from dragoman.evaluate import merging
from dragoman.evaluate.gate import GOLD
from dragoman.evaluate.gold import Row, load
from dragoman.merge.block import block_keys
from dragoman.merge.cluster import cluster
from dragoman.merge.link import Link, evidence, excluded
from dragoman.merge.prepare import prepare
from dragoman.merge.whole import pairs_by_key
from dragoman.resources import FOLDER, Tools

FOLDS = 5
FIXED = ("people.told",)


class Pairs:
    """Pairs of one set of readings: features, labels, folds."""

    def __init__(self, gold: list[Row], answers: dict[str, Row], names: list[str], tools: Tools) -> None:
        self.gold, self.answers = gold, answers
        self.ready = {t.key: prepare(t, tools) for t in merging.tellings(answers.values())}
        home = {(p.telling.doc_id, p.engagement.id): k for k, p in self.ready.items()}
        truth = {home[place]: event for place, event in merging._truth(gold, answers, {h: h[0] for h in home}).items()}
        group = {d["doc_id"]: d.get("cluster") or d["doc_id"] for d in gold}
        self.pairs, rows, labels, self.folds = [], [], [], []
        for a, b in pairs_by_key({k: block_keys(p, tools) for k, p in sorted(self.ready.items())}):
            x, y = self.ready[a], self.ready[b]
            if excluded(x, y, tools):
                continue
            row = dict.fromkeys(names, 0.0)
            for _, name, amount in evidence(x, y, tools):
                row[name] += amount
            self.pairs.append((a, b))
            rows.append([1.0, *(row[n] for n in names)])
            known = a in truth and b in truth
            labels.append(float(truth[a] == truth[b]) if known else np.nan)
            self.folds.append(fold(group[x.telling.doc_id]))
        self.x, self.y = np.array(rows), np.array(labels)

    def figures(self, scores: np.ndarray, cut: float, tools: Tools) -> merging.Merging:
        from dragoman.merge.build import build

        links = [Link(a, b, float(s), ()) for (a, b), s in zip(self.pairs, scores, strict=True) if s >= cut]
        groups = cluster(self.ready.values(), links, (), tools)
        records = [build([self.ready[k] for k in g], (), {}, {}, tools) for g in groups]
        return merging.figures(self.gold, self.answers, records)


def fold(group: str) -> int:
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS


def fit(x: np.ndarray, y: np.ndarray, start: np.ndarray, pull: float) -> np.ndarray:
    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        p = 1 / (1 + np.exp(-z))
        value = np.sum(np.logaddexp(0, z) - y * z) + pull / 2 * np.sum((w - start) ** 2)
        return value, x.T @ (p - y) + pull * (w - start)

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("coded", type=Path)
    parser.add_argument("--pull", type=float, default=1.0)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    tools, gold = Tools(), load(GOLD)
    names = weight_names(tools)
    start = np.array([tools.thresholds["merge.base"], *(tools.thresholds[f"merge.{n}"] for n in names)])
    sets = {
        "gold records": Pairs(gold, {d["doc_id"]: d for d in gold}, names, tools),
        "as read": Pairs(gold, {d["doc_id"]: d for d in load(options.coded)}, names, tools),
    }
    x = np.concatenate([s.x for s in sets.values()])
    y = np.concatenate([s.y for s in sets.values()])
    folds = np.concatenate([s.folds for s in sets.values()])
    known = ~np.isnan(y)
    print(f"{known.sum()} pairs, {int(y[known].sum())} of one event")
    fitted = [fit(x[known & (folds != f)], y[known & (folds != f)], start, options.pull) for f in range(FOLDS)]
    for name, s in sets.items():
        by_hand = 1 / (1 + np.exp(-s.x @ start))
        left_out = np.array([1 / (1 + np.exp(-row @ fitted[f])) for row, f in zip(s.x, s.folds, strict=True)])
        for cut in (0.4, 0.5, 0.6):
            print(f"cut {cut}", merging.line(f"{name}, as they are", s.figures(by_hand, cut, tools)))
            print(f"cut {cut}", merging.line(f"{name}, fitted    ", s.figures(left_out, cut, tools)))
    final = fit(x[known], y[known], start, options.pull)
    for name, before, after in zip(["base", *names], start, final, strict=True):
        seen = int(np.count_nonzero(x[known][:, ["base", *names].index(name)]))
        print(f"  {name:<22}{before:6.2f}{after:7.2f}   in {seen} pairs")
    if options.write:
        write(dict(zip(["base", *names], final, strict=True)))


def weight_names(tools: Tools) -> list[str]:
    """Names of the weights, in the file's order."""
    text = (FOLDER / "thresholds.toml").read_text(encoding="utf-8")
    found = re.findall(r'^\["merge\.([^"]+)"\]\nvalue = \S+\nhow = "log-odds', text, flags=re.MULTILINE)
    return [n for n in found if n != "base"]


def write(weights: dict[str, float]) -> None:
    path = FOLDER / "thresholds.toml"
    text = path.read_text(encoding="utf-8")
    for name, value in weights.items():
        text = re.sub(rf'(\["merge\.{re.escape(name)}"\]\nvalue = )\S+', rf"\g<1>{value:.2f}", text)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
