"""Train the reader's network on prepared examples, or cross-validate it over outlets.

    python -m training.train EXAMPLES.pkl --encoder DIR --out DIR [--folds N] [--epochs N] [--device cuda]

EXAMPLES.pkl is what ``training.prepare`` writes. With ``--folds`` each group of outlets is predicted by a network that has
not seen it, and the figures printed are those of the parts (tags, triggers, pairs); whole records are scored by
``make score`` on the unread part. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import BertModel

from dragoman.network import layout
from training.net import Net

Example = dict[str, Any]


def pack(examples: list[Example], device: str) -> tuple[Tensor, Tensor, list[int]]:
    rows = [p for e in examples for p in e["pieces"]]
    length = max(map(len, rows))
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    mask = torch.zeros(len(rows), length, dtype=torch.long)
    for i, r in enumerate(rows):
        ids[i, : len(r)] = torch.tensor(r)
        mask[i, : len(r)] = 1
    first, n = [], 0
    for e in examples:
        first.append(n)
        n += len(e["pieces"])
    return ids.to(device), mask.to(device), first


def vectors(net: Net, batch: list[Example], device: str) -> list[Tensor]:
    """Word vectors of each example of a batch."""
    ids, mask, first = pack(batch, device)
    h = net.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
    out = []
    for e, f in zip(batch, first, strict=True):
        w = torch.from_numpy(e["window"]).to(device) + f
        x = h[w, torch.from_numpy(e["position"]).to(device)]
        out.append(net.mixed(x, torch.from_numpy(e["features"]).to(device), torch.from_numpy(e["hot"]).to(device)))
    return out


def span_vectors(h: Tensor, spans: list[tuple[int, int]]) -> Tensor:
    """First word plus last word, halved: [n, WIDTH]."""
    a = torch.tensor([s for s, _ in spans], device=h.device)
    b = torch.tensor([e - 1 for _, e in spans], device=h.device)
    return (h[a] + h[b]) / 2


def pairwise(net: Net, h: Tensor, name: str, left: Tensor, pairs: dict[str, Any]) -> Tensor:
    """Scores of the pairs of one relation [pairs, out]; ``left`` holds the left vectors that pairs index."""
    right = span_vectors(h, pairs["spans"])
    li = torch.tensor(pairs["left"], device=h.device)
    feats = torch.tensor(pairs["feats"], device=h.device)
    extra = torch.tensor(pairs["extra"], device=h.device, dtype=torch.float) if pairs.get("extra") else None
    out: Tensor = net.pairs[name](left[li], right, feats, extra)
    return out


def pooled(scores: Tensor, group: list[int], groups: int) -> Tensor:
    """Greatest score of each group [groups, out]."""
    g = torch.tensor(group, device=scores.device).unsqueeze(-1).expand(-1, scores.shape[-1])
    out = torch.full((groups, scores.shape[-1]), -1e4, device=scores.device)
    return out.scatter_reduce(0, g, scores, "amax")


def choose(scores: Tensor, owner: list[int], none: Tensor, gold: list[set[int]]) -> Tensor:
    """Loss of choosing among candidates and ``none``; gold sets hold candidates' rows, and -1, -2 … for the nones."""
    losses = []
    own = torch.tensor(owner, device=none.device) if owner else None
    for i in range(none.shape[0]):
        if not gold[i]:
            continue
        rows = (own == i).nonzero().squeeze(-1) if own is not None else torch.zeros(0, dtype=torch.long)
        logits = torch.cat([scores[rows], none[i]]) if len(rows) else none[i]
        good = torch.zeros(len(logits), dtype=torch.bool, device=none.device)
        index = {int(r): k for k, r in enumerate(rows)}
        for g in gold[i]:
            k = index.get(g) if g >= 0 else len(rows) + (-g - 1)
            if k is not None:
                good[k] = True
        if good.any():
            losses.append(torch.logsumexp(logits, 0) - torch.logsumexp(logits[good], 0))
    return torch.stack(losses).mean() if losses else none.sum() * 0


def loss_of(net: Net, e: Example, h: Tensor, device: str) -> dict[str, Tensor]:
    out: dict[str, Tensor] = {}
    tags = torch.from_numpy(e["tags"]).to(device)
    t = net.tags(h).view(len(h), len(layout.TAGS), 3)
    out["tags"] = F.cross_entropy(t.reshape(-1, 3), tags.reshape(-1), ignore_index=-100) * len(layout.TAGS)
    trig = torch.from_numpy(e["trigger"]).to(device)
    logits = net.trigger(h)
    raw = F.cross_entropy(logits, trig.clamp(min=0), reduction="none")
    weight = torch.where(trig > 0, 1.0, torch.where(trig < 0, 0.0, 0.25 if e.get("gold") is None else 0.25))
    out["trigger"] = (raw * weight).sum() / max(4.0, float((trig > 0).sum()) * 2)
    left_people = span_vectors(h, e["left_people"]) if e["left_people"] else None
    if left_people is not None:
        for name in ("holds", "stands_for"):
            p = e[name]
            if not p["spans"]:
                continue
            s = pairwise(net, h, name, left_people, p)
            g = pooled(s, p["group"], p["groups"]).squeeze(-1)
            none = (
                pooled(net.none["holds"](left_people), e["person_of_left"], e["people"])
                if name == "holds"
                else torch.full((e["people"], 1), -20.0, device=device)
            )
            out[name] = choose(g, p["owner"], none, p["gold"])
    if e["events"]:
        ev = e["events"]
        x = net.events(
            h,
            torch.tensor([k["word"] for k in ev], device=device),
            torch.tensor([k["kind"] for k in ev], device=device),
            [k["sentence"] for k in ev],
        )
        weights = torch.tensor([k["weight"] for k in ev], device=device)
        out["status"] = (F.cross_entropy(net.heads["status"](x), torch.tensor([k["status"] for k in ev], device=device), reduction="none") * weights).mean()
        out["salience"] = F.cross_entropy(net.heads["salience"](x), torch.tensor([k["salience"] for k in ev], device=device))
        out["topics"] = F.binary_cross_entropy_with_logits(
            net.heads["topics"](x), torch.tensor(np.stack([k["topics"] for k in ev]), device=device)
        ) * 8
        out["split"] = F.binary_cross_entropy_with_logits(
            net.heads["split"](x).squeeze(-1), torch.tensor([float(k["split"]) for k in ev], device=device)
        )
        p = e["takes_part"]
        if p["spans"]:
            s = pairwise(net, h, "takes_part", x, p)
            best = pooled(s, p["group"], p["groups"])
            label = torch.tensor(p["label"], device=device)
            out["takes_part"] = F.binary_cross_entropy_with_logits(best[:, 0], (label > 0).float()) * 2
            on = label > 0
            if on.any():
                head = torch.tensor(p["head"], device=device, dtype=torch.float)
                out["head"] = F.binary_cross_entropy_with_logits(best[on, 1], head[on]) * 0.7
                out["side"] = F.cross_entropy(best[on, 2:], label[on] - 1) * 0.7
        p = e["party"]
        if p["spans"]:
            best = pooled(pairwise(net, h, "party", x, p), p["group"], p["groups"]).squeeze(-1)
            out["party"] = F.binary_cross_entropy_with_logits(best, torch.tensor(p["label"], device=device, dtype=torch.float)) * 2
        for name in ("date", "place", "frame", "part_of"):
            p = e[name]
            s = pairwise(net, h, name, x, p).squeeze(-1) if p["spans"] else torch.zeros(0, device=device)
            out[name] = choose(s, p["left"], net.none[name](x), p["gold"]) * (1.0 if name in ("date", "place") else 0.5)
    return out


def train(examples: list[Example], encoder: str, args: argparse.Namespace, log: bool = True) -> Net:
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    np.random.seed(args.seed)
    net = Net(BertModel.from_pretrained(encoder, add_pooling_layer=False)).to(args.device)
    slow = [p for n, p in net.named_parameters() if n.startswith("encoder.")]
    fast = [p for n, p in net.named_parameters() if not n.startswith("encoder.")]
    opt = torch.optim.AdamW([{"params": slow, "lr": args.lr}, {"params": fast, "lr": args.lr_head}], weight_decay=0.01)
    steps = args.epochs * ((len(examples) + args.batch - 1) // args.batch)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1.0, (s + 1) / (0.1 * steps)) * max(0.02, 1 - s / steps))
    order = list(range(len(examples)))
    for epoch in range(args.epochs):
        net.train()
        random.shuffle(order)
        total: Counter[str] = Counter()
        t0 = time.time()
        for b in range(0, len(order), args.batch):
            batch = [examples[i] for i in order[b : b + args.batch]]
            opt.zero_grad()
            loss = torch.zeros((), device=args.device)
            for e, h in zip(batch, vectors(net, batch, args.device), strict=True):
                parts = loss_of(net, e, h, args.device)
                for k, v in parts.items():
                    loss = loss + v / len(batch) * e.get("weight", 1.0)
                    total[k] += float(v.detach())
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step()
            sched.step()
        if log:
            print(epoch, f"{time.time() - t0:.0f}s", {k: round(v / len(order), 3) for k, v in total.items()}, flush=True)
    net.eval()
    return net


def prf(hit: int, gold: int, system: int) -> str:
    p, r = hit / max(1, system), hit / max(1, gold)
    return f"P {p:.3f} R {r:.3f} F {2 * p * r / max(1e-9, p + r):.3f} ({gold})"


@torch.no_grad()
def evaluate(net: Net, examples: list[Example], device: str, tally: dict[str, Counter[str]]) -> None:
    """Add the figures of the parts to ``tally``; engagements are taken from the gold for pair scores."""
    for e in examples:
        h = vectors(net, [e], device)[0]
        t = net.tags(h).view(len(h), len(layout.TAGS), 3).argmax(-1).cpu().numpy()
        for k, name in enumerate(layout.TAGS):
            keep = e["tags"][:, k] != -100
            g, s = spans_of(np.where(keep, e["tags"][:, k], 0)), spans_of(np.where(keep, t[:, k], 0))
            tally[name].update(hit=len(g & s), gold=len(g), system=len(s))
        trig = net.trigger(h).softmax(-1).cpu().numpy()
        gold = {int(w): int(c) for w, c in enumerate(e["trigger"]) if c > 0}
        for cut in (0.3, 0.5):
            sysm = {w: int(p[1:].argmax()) + 1 for w, p in enumerate(trig) if 1 - p[0] > cut and e["trigger"][w] >= 0}
            tally[f"trigger {cut}"].update(hit=sum(gold.get(w) == c for w, c in sysm.items()), gold=len(gold), system=len(sysm))
        if e["left_people"]:
            lp = span_vectors(h, e["left_people"])
            for name in ("holds", "stands_for"):
                p = e[name]
                if not p["spans"]:
                    continue
                g = pooled(pairwise(net, h, name, lp, p), p["group"], p["groups"]).squeeze(-1).cpu()
                none = pooled(net.none["holds"](lp), e["person_of_left"], e["people"]).cpu() if name == "holds" else None
                count_choice(tally[name], g, p["owner"], none, p["gold"])
        if not e["events"]:
            continue
        ev = e["events"]
        x = net.events(h, torch.tensor([k["word"] for k in ev], device=device), torch.tensor([k["kind"] for k in ev], device=device), [k["sentence"] for k in ev])
        for name in ("status", "salience"):
            ok = net.heads[name](x).argmax(-1).cpu().tolist()
            for o, k in zip(ok, ev, strict=True):
                tally[name].update(hit=o == k[name], gold=1, system=1)
        tp = net.heads["topics"](x).sigmoid().cpu().numpy()
        for o, k in zip(tp, ev, strict=True):
            s = set(np.nonzero(o > 0.4)[0])
            g = set(np.nonzero(k["topics"])[0])
            tally["topics"].update(hit=len(s & g), gold=len(g), system=len(s))
        p = e["takes_part"]
        if p["spans"]:
            best = pooled(pairwise(net, h, "takes_part", x, p), p["group"], p["groups"]).cpu()
            for row, lab, hd in zip(best, p["label"], p["head"], strict=True):
                on = bool(row[0] > 0)
                tally["takes_part"].update(hit=on and lab > 0, gold=lab > 0, system=on)
                if lab > 0:
                    tally["side"].update(hit=int(row[2:].argmax()) + 1 == lab, gold=1, system=1)
                    tally["head"].update(hit=bool(row[1] > 0) == bool(hd), gold=1, system=1)
        p = e["party"]
        if p["spans"]:
            best = pooled(pairwise(net, h, "party", x, p), p["group"], p["groups"]).squeeze(-1).cpu()
            for v, lab in zip(best, p["label"], strict=True):
                tally["party"].update(hit=bool(v > 0) and lab > 0, gold=lab > 0, system=bool(v > 0))
        for name in ("date", "place", "frame", "part_of"):
            p = e[name]
            s = pairwise(net, h, name, x, p).squeeze(-1).cpu() if p["spans"] else torch.zeros(0)
            count_choice(tally[name], s, p["left"], net.none[name](x).cpu(), p["gold"])


def count_choice(c: Counter[str], scores: Tensor, owner: list[int], none: Tensor | None, gold: list[set[int]]) -> None:
    for i, g in enumerate(gold):
        if not g:
            continue
        cand = [(float(scores[k]), k) for k, o in enumerate(owner) if o == i]
        if none is not None:
            cand += [(float(v), -j - 1) for j, v in enumerate(none[i])]
        if cand:
            c.update(hit=max(cand)[1] in g, gold=1, system=1)


def spans_of(bio: np.ndarray[Any, Any]) -> set[tuple[int, int]]:
    out, start = set(), None
    for i, v in enumerate([*bio.tolist(), 0]):
        if start is not None and v != 2:
            out.add((start, i))
            start = None
        if v == 1 or (v == 2 and start is None):
            start = i
    return out


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("examples")
    a.add_argument("--encoder", required=True)
    a.add_argument("--out")
    a.add_argument("--folds", type=int, default=0)
    a.add_argument("--only-fold", type=int, default=-1)
    a.add_argument("--epochs", type=int, default=10)
    a.add_argument("--batch", type=int, default=8)
    a.add_argument("--lr", type=float, default=1e-4)
    a.add_argument("--lr-head", type=float, default=1e-3)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = a.parse_args()
    with open(args.examples, "rb") as f:
        examples: list[Example] = pickle.load(f)
    if args.folds:
        tally: dict[str, Counter[str]] = defaultdict(Counter)
        for fold in range(args.folds):
            if args.only_fold not in (-1, fold):
                continue
            seen = [e for e in examples if e["fold"] % args.folds != fold or e["extra"]]
            left = [e for e in examples if e["fold"] % args.folds == fold and not e["extra"]]
            net = train(seen, args.encoder, args, log=fold == 0)
            evaluate(net, left, args.device, tally)
            if args.out:
                Path(args.out).mkdir(parents=True, exist_ok=True)
                torch.save(net.state_dict(), Path(args.out) / f"fold{fold}.pt")
        for k, c in tally.items():
            print(f"{k:<14}{prf(c['hit'], c['gold'], c['system'])}")
    else:
        net = train(examples, args.encoder, args)
        Path(args.out).mkdir(parents=True, exist_ok=True)
        torch.save({k: v.half() for k, v in net.state_dict().items()}, Path(args.out) / "net.pt")
        (Path(args.out) / "settings.json").write_text(json.dumps({**vars(args), "documents": len(examples)}, indent=1))


if __name__ == "__main__":
    main()
