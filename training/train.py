"""Train the reader's network on prepared examples, or cross-validate it over outlets.

    python -m training.train EXAMPLES.pkl [EXAMPLES.pkl ...] --encoder DIR --out DIR [--folds N] [--epochs N] [--device cuda]

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
from training.net import Net
from transformers import BertModel

from dragoman.network import layout

Example = dict[str, Any]
AVERAGE_FROM = 0.6  # share of the steps after which weights are averaged
POOL = 12  # batches whose documents are sorted by length together
MASKED = 0.08  # share of word pieces hidden while training
TAG_WEIGHT = 12.0  # tags are rare: most words bear none


def tensors(e: Example, device: str) -> Example:
    """The example's columns as tensors on the device, made once."""
    t: Example = {
        "doc_id": e["doc_id"],
        "fold": e["fold"],
        "extra": e["extra"],
        "pieces": e["pieces"],
        "people": e["people"],
    }
    for name in ("window", "position", "features", "hot", "tags", "trigger"):
        t[name] = torch.from_numpy(e[name]).to(device)
    long = {"dtype": torch.long, "device": device}
    t["person_of_left"] = torch.tensor(e["person_of_left"], **long)
    t["left_people"] = torch.tensor(e["left_people"] or np.zeros((0, 2)), **long)
    ev = e["events"]
    t["events"] = len(ev)
    if ev:
        for name in ("word", "kind", "status", "salience"):
            t["event." + name] = torch.tensor([k[name] for k in ev], **long)
        for name in ("weight", "split"):
            t["event." + name] = torch.tensor([float(k[name]) for k in ev], device=device)
        t["event.topics"] = torch.tensor(np.stack([k["topics"] for k in ev]), device=device)
        t["event.sentence"] = [k["sentence"] for k in ev]
    nones = layout.NONE_HEADS | {"stands_for": 0}
    for name in layout.PAIR_HEADS:
        p = e[name]
        q: dict[str, Any] = {"keys": p["groups"], "n": len(p["spans"])}
        if p["spans"]:
            q["spans"] = torch.tensor(p["spans"], **long)
            for column in ("left", "feats", "group", "owner"):
                q[column] = torch.tensor(p[column], **long)
            q["extra"] = torch.tensor(p["extra"], dtype=torch.float, device=device) if p["extra"] else None
        else:
            q["owner"] = torch.zeros(0, **long)
        if "gold" in p:
            owners, width = len(p["gold"]), nones[name]
            good = torch.zeros(p["groups"] + owners * width, dtype=torch.bool)
            for o, rows in enumerate(p["gold"]):
                for row in rows:
                    if row >= 0 or width:
                        good[row if row >= 0 else p["groups"] + o * width - row - 1] = True
            q["good"] = good.to(device)
            q["owners"] = owners
            q["segment"] = torch.cat([q["owner"], torch.arange(owners, device=device).repeat_interleave(width)])
            q["known"] = torch.tensor([bool(g) for g in p["gold"]], device=device)
        for column in ("label", "head"):
            if column in p:
                q[column] = torch.tensor([int(v) for v in p[column]], **long)
        t[name] = q
    return t


def pack(examples: list[Example], device: str) -> tuple[Tensor, Tensor, list[int]]:
    rows = [p for e in examples for p in e["pieces"]]
    length = -(-max(map(len, rows)) // 64) * 64  # few different lengths: kernels are made once for each
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
    if net.training:  # hide some word pieces, so that no name or place is learned by heart
        hidden = (torch.rand(ids.shape, device=device) < MASKED) & (ids > 999)
        ids = ids.masked_fill(hidden, 103)
    with torch.autocast(device, dtype=torch.bfloat16):  # three times as fast where the processor has bf16
        h = net.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
    h = h.float()
    mixed = [
        net.mixed(h[e["window"] + f, e["position"]], e["features"], e["hot"]) for e, f in zip(batch, first, strict=True)
    ]
    return [net.out_drop(h) for h in net.across(mixed)]


def span_vectors(h: Tensor, spans: Tensor) -> Tensor:
    """First word plus last word, halved: [n, WIDTH]."""
    return (h[spans[:, 0]] + h[spans[:, 1] - 1]) / 2


def pairwise(net: Net, h: Tensor, name: str, left: Tensor, q: dict[str, Any]) -> Tensor:
    """The best score of each key of one relation [keys, out]; ``left`` holds the left vectors that pairs index."""
    if not q["n"]:
        return torch.zeros(0, layout.PAIR_HEADS[name][0], device=h.device)
    scores = net.pairs[name](left[q["left"]], span_vectors(h, q["spans"]), q["feats"], q["extra"])
    return pooled(scores, q["group"], q["keys"])


def pooled(scores: Tensor, group: Tensor, groups: int) -> Tensor:
    """Greatest score of each group [groups, out]."""
    out = torch.full((groups, scores.shape[-1]), -1e4, device=scores.device, dtype=scores.dtype)
    return out.scatter_reduce(0, group.unsqueeze(-1).expand_as(scores), scores, "amax")


def logits_of(scores: Tensor, none: Tensor | None) -> Tensor:
    return torch.cat([scores, none.reshape(-1)]) if none is not None else scores


def segment_logsumexp(x: Tensor, segment: Tensor, n: int) -> Tensor:
    top = torch.full((n,), -1e4, device=x.device).scatter_reduce(0, segment, x.detach(), "amax")
    return top + torch.log(torch.zeros(n, device=x.device).scatter_add(0, segment, torch.exp(x - top[segment])) + 1e-9)


def choose(scores: Tensor, none: Tensor | None, q: dict[str, Any]) -> Tensor:
    """Loss of choosing, for every owner, one of its keys or of the nones."""
    x = logits_of(scores, none)
    if not len(x) or not bool(q["known"].any()):
        return x.sum() * 0
    every = segment_logsumexp(x, q["segment"], q["owners"])
    good = segment_logsumexp(x.masked_fill(~q["good"], -1e4), q["segment"], q["owners"])
    return (every - good)[q["known"]].clamp(max=20).mean()


def event_vectors(net: Net, h: Tensor, e: Example) -> Tensor:
    return net.events(h, e["event.word"], e["event.kind"], e["event.sentence"])


def loss_of(net: Net, e: Example, h: Tensor, device: str) -> dict[str, Tensor]:
    out: dict[str, Tensor] = {}
    t = net.tags(h).view(len(h), len(layout.TAGS), 3)
    out["tags"] = F.cross_entropy(t.reshape(-1, 3), e["tags"].reshape(-1), ignore_index=-100) * TAG_WEIGHT
    trig = e["trigger"]
    raw = F.cross_entropy(net.trigger(h), trig.clamp(min=0), reduction="none")
    weight = torch.where(trig > 0, 1.0, torch.where(trig < 0, 0.0, 0.5))
    out["trigger"] = (raw * weight).sum() / 5
    if len(e["left_people"]):
        left = span_vectors(h, e["left_people"])
        none = pooled(net.none["holds"](left), e["person_of_left"], e["people"])
        out["holds"] = choose(pairwise(net, h, "holds", left, e["holds"]).squeeze(-1), none, e["holds"])
        out["stands_for"] = choose(
            pairwise(net, h, "stands_for", left, e["stands_for"]).squeeze(-1), None, e["stands_for"]
        )
    if e["events"]:
        x = event_vectors(net, h, e)
        out["status"] = (
            F.cross_entropy(net.heads["status"](x), e["event.status"], reduction="none") * e["event.weight"]
        ).mean()
        out["salience"] = F.cross_entropy(net.heads["salience"](x), e["event.salience"])
        out["topics"] = F.binary_cross_entropy_with_logits(net.heads["topics"](x), e["event.topics"]) * 8
        out["split"] = F.binary_cross_entropy_with_logits(net.heads["split"](x).squeeze(-1), e["event.split"])
        p = e["takes_part"]
        if p["n"]:
            best = pairwise(net, h, "takes_part", x, p)
            out["takes_part"] = F.binary_cross_entropy_with_logits(best[:, 0], (p["label"] > 0).float()) * 2
            on = p["label"] > 0
            if bool(on.any()):
                out["head"] = F.binary_cross_entropy_with_logits(best[on, 1], p["head"][on].float()) * 0.7
                out["side"] = F.cross_entropy(best[on, 2:], p["label"][on] - 1) * 0.7
        p = e["party"]
        if p["n"]:
            best = pairwise(net, h, "party", x, p).squeeze(-1)
            out["party"] = F.binary_cross_entropy_with_logits(best, p["label"].float()) * 2
        for name in ("date", "place", "frame", "part_of"):
            s = pairwise(net, h, name, x, e[name]).squeeze(-1)
            out[name] = choose(s, net.none[name](x), e[name]) * (1.0 if name in ("date", "place") else 0.5)
    return out


def batches(lengths: list[int], size: int) -> list[list[int]]:
    """Indices in batches of documents of like length, so that little is padded, in random order."""
    order = list(range(len(lengths)))
    random.shuffle(order)
    pool = size * POOL
    out = []
    for i in range(0, len(order), pool):
        near = sorted(order[i : i + pool], key=lambda n: lengths[n])
        out += [near[j : j + size] for j in range(0, len(near), size)]
    random.shuffle(out)
    return out


def train(examples: list[Example], encoder: str, args: argparse.Namespace, log: bool = True) -> Net:
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    np.random.seed(args.seed)
    net = Net(BertModel.from_pretrained(encoder, add_pooling_layer=False, attention_probs_dropout_prob=0.0).float()).to(
        args.device
    )
    for (
        p
    ) in net.encoder.embeddings.word_embeddings.parameters():  # words not seen here keep their place among the others
        p.requires_grad = False
    slow = [p for n, p in net.named_parameters() if n.startswith("encoder.") and p.requires_grad]
    fast = [p for n, p in net.named_parameters() if not n.startswith("encoder.")]
    opt = torch.optim.AdamW([{"params": slow, "lr": args.lr}, {"params": fast, "lr": args.lr_head}], weight_decay=0.01)
    steps = args.epochs * ((len(examples) + args.batch - 1) // args.batch)
    sched = torch.optim.lr_scheduler.LambdaLR(
        opt, lambda s: min(1.0, (s + 1) / (0.1 * steps)) * max(0.15, 1 - s / steps)
    )
    step, averaged, mean = 0, 0, {k: torch.zeros_like(v) for k, v in net.state_dict().items()}
    for epoch in range(args.epochs):
        net.train()
        total: Counter[str] = Counter()
        t0 = time.time()
        for numbers in batches([sum(map(len, e["pieces"])) for e in examples], args.batch):
            batch = [random.choice([examples[i], *examples[i]["copies"]]) for i in numbers]
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
            step += 1
            if step > AVERAGE_FROM * steps and step % 5 == 0:  # the mean of late weights does better on unread texts
                averaged += 1
                for k, v in net.state_dict().items():
                    mean[k] += (v - mean[k]) / averaged
        if log:
            print(
                epoch,
                f"{time.time() - t0:.0f}s",
                {k: round(v / len(examples), 3) for k, v in total.items()},
                flush=True,
            )
    if averaged:
        net.load_state_dict(mean)
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
        truth = e["tags"].cpu().numpy()
        for k, name in enumerate(layout.TAGS):
            keep = truth[:, k] != -100
            g, s = spans_of(np.where(keep, truth[:, k], 0)), spans_of(np.where(keep, t[:, k], 0))
            tally[name].update(hit=len(g & s), gold=len(g), system=len(s))
        trig = net.trigger(h).softmax(-1).cpu().numpy()
        gold = {int(w): int(c) for w, c in enumerate(e["trigger"].cpu()) if c > 0}
        for cut in (0.2, 0.3, 0.4, 0.5):
            found = {w: int(p[1:].argmax()) + 1 for w, p in enumerate(trig) if 1 - p[0] > cut}
            hit = sum(gold.get(w) == c for w, c in found.items())
            tally[f"trigger {cut}"].update(hit=hit, gold=len(gold), system=len(found))
        if len(e["left_people"]):
            left = span_vectors(h, e["left_people"])
            none = pooled(net.none["holds"](left), e["person_of_left"], e["people"])
            count_choice(tally["holds"], pairwise(net, h, "holds", left, e["holds"]).squeeze(-1), none, e["holds"])
            count_choice(
                tally["stands_for"],
                pairwise(net, h, "stands_for", left, e["stands_for"]).squeeze(-1),
                None,
                e["stands_for"],
            )
        if not e["events"]:
            continue
        x = event_vectors(net, h, e)
        for name in ("status", "salience"):
            ok = (net.heads[name](x).argmax(-1) == e["event." + name]).sum()
            tally[name].update(hit=int(ok), gold=e["events"], system=e["events"])
        topics = net.heads["topics"](x).sigmoid() > 0.4
        tally["topics"].update(
            hit=int((topics & (e["event.topics"] > 0)).sum()),
            gold=int(e["event.topics"].sum()),
            system=int(topics.sum()),
        )
        p = e["takes_part"]
        if p["n"]:
            best = pairwise(net, h, "takes_part", x, p)
            on, lab = best[:, 0] > 0, p["label"] > 0
            tally["takes_part"].update(hit=int((on & lab).sum()), gold=int(lab.sum()), system=int(on.sum()))
            ok = (best[lab, 2:].argmax(-1) + 1 == p["label"][lab]).sum()
            tally["side"].update(hit=int(ok), gold=int(lab.sum()), system=int(lab.sum()))
            ok = ((best[lab, 1] > 0) == (p["head"][lab] > 0)).sum()
            tally["head"].update(hit=int(ok), gold=int(lab.sum()), system=int(lab.sum()))
        p = e["party"]
        if p["n"]:
            on, lab = pairwise(net, h, "party", x, p).squeeze(-1) > 0, p["label"] > 0
            tally["party"].update(hit=int((on & lab).sum()), gold=int(lab.sum()), system=int(on.sum()))
        for name in ("date", "place", "frame", "part_of"):
            count_choice(tally[name], pairwise(net, h, name, x, e[name]).squeeze(-1), net.none[name](x), e[name])


def count_choice(c: Counter[str], scores: Tensor, none: Tensor | None, q: dict[str, Any]) -> None:
    x, seg, good = logits_of(scores, none).cpu(), q["segment"].cpu(), q["good"].cpu()
    for o in range(q["owners"]):
        rows = (seg == o).nonzero().squeeze(-1)
        if bool(q["known"][o]) and len(rows):
            c.update(hit=int(good[rows[x[rows].argmax()]]), gold=1, system=1)


def spans_of(bio: np.ndarray[Any, Any]) -> set[tuple[int, int]]:
    out, start = set(), None
    for i, v in enumerate([*bio.tolist(), 0]):
        if start is not None and v != 2:
            out.add((start, i))
            start = None
        if v == 1 or (v == 2 and start is None):
            start = i
    return out


def report(tally: dict[str, Counter[str]]) -> None:
    for k, c in tally.items():
        print(f"{k:<14}{prf(c['hit'], c['gold'], c['system'])}")


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("examples", nargs="+")
    a.add_argument("--encoder", required=True)
    a.add_argument("--out")
    a.add_argument("--folds", type=int, default=0)
    a.add_argument("--test", help="examples to print figures on after training")
    a.add_argument("--only-fold", type=int, default=-1)
    a.add_argument("--epochs", type=int, default=10)
    a.add_argument("--batch", type=int, default=8)
    a.add_argument("--lr", type=float, default=1e-4)
    a.add_argument("--lr-head", type=float, default=1e-3)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = a.parse_args()
    examples: list[Example] = []
    for path in args.examples:
        with open(path, "rb") as f:
            examples += pickle.load(f)
    for e in examples:
        e["copies"] = [tensors({**c, "fold": 0, "extra": True}, args.device) for c in e.get("copies", ())]
    examples = [{**tensors(e, args.device), "copies": e["copies"]} for e in examples]
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
        report(tally)
    else:
        net = train(examples, args.encoder, args)
        Path(args.out).mkdir(parents=True, exist_ok=True)
        torch.save({k: v.half() for k, v in net.state_dict().items()}, Path(args.out) / "net.pt")
        settings = {k: v for k, v in vars(args).items() if k in ("epochs", "batch", "lr", "lr_head", "seed")}
        (Path(args.out) / "settings.json").write_text(json.dumps({**settings, "documents": len(examples)}, indent=1))
        if args.test:
            tally = defaultdict(Counter)
            with open(args.test, "rb") as f:
                evaluate(net, [tensors(e, args.device) for e in pickle.load(f)], args.device, tally)
            report(tally)


if __name__ == "__main__":
    main()
