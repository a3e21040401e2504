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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from training.batch import BY_PERSON, CHOSEN, Batch, Example, Relation, collate, compact
from training.net import Net
from transformers import BertModel

from dragoman.network import layout

AVERAGE_FROM = 0.6  # share of the steps after which weights are averaged
POOL = 12  # batches whose documents are sorted by length together
MASKED = 0.08  # share of word pieces hidden while training
STEPS = 64  # of a matrix's row on either side of nothing: seven bits (docs/decisions/022-seven-bits.md)
TAG_WEIGHT = 12.0  # tags are rare: most words bear none


def vectors(net: Net, b: Batch) -> Tensor:
    """Word vectors of a batch [words, WIDTH]."""
    ids, device = b.pieces, b.pieces.device.type
    if net.training:  # hide some word pieces, so that no name or place is learned by heart
        hidden = (torch.rand(ids.shape, device=ids.device) < MASKED) & (ids > 999)
        ids = ids.masked_fill(hidden, 103)
    quick = device != "cpu" or torch.cpu._is_avx512_bf16_supported()  # else bf16 is slower than floats
    with torch.autocast(device, dtype=torch.bfloat16, enabled=quick):
        h = net.encoder(input_ids=ids, attention_mask=b.mask).last_hidden_state
    mixed = net.mixed(h.float()[b.at], b.columns["features"], b.columns["hot"])
    return net.out_drop(torch.cat(net.across(list(mixed.split(b.lengths)))))


def quantized(net: Net) -> list[Tensor]:
    """The matrices that ``training.export`` writes as integers."""
    parts = (net.encoder.encoder, net.mix, net.lstm, net.tags, net.trigger)
    return [p for part in parts for p in part.parameters() if p.dim() == 2]


@contextmanager
def rounded(matrices: list[Tensor]) -> Iterator[None]:
    """Within, matrices are as they will be read: each row in steps of a 64th of its greatest value.

    Gradients are taken there and applied to the weights as they were (straight through, Bengio et al. 2013).
    """
    held = [p.detach().clone() for p in matrices]
    for p in matrices:
        step = p.data.abs().amax(1, keepdim=True).clamp(min=1e-12) / STEPS
        p.data.copy_((p.data / step).round_() * step)
    try:
        yield
    finally:
        for p, h in zip(matrices, held, strict=True):
            p.data.copy_(h)


def span_vectors(h: Tensor, spans: Tensor) -> Tensor:
    """First word plus last word, halved: [n, WIDTH]."""
    return (h[spans[:, 0]] + h[spans[:, 1] - 1]) / 2


def pairwise(net: Net, h: Tensor, name: str, left: Tensor, q: Relation) -> Tensor:
    """The best score of each key of one relation [keys, out]; ``left`` holds the left vectors that pairs index."""
    scores = net.pairs[name](left[q.left], span_vectors(h, q.spans), q.feats, q.extra)
    return pooled(scores, q.group, q.keys)


def pooled(scores: Tensor, group: Tensor, groups: int) -> Tensor:
    """Greatest score of each group [groups, out]."""
    out = torch.full((groups, scores.shape[-1]), -1e4, device=scores.device, dtype=scores.dtype)
    return out.scatter_reduce(0, group.unsqueeze(-1).expand_as(scores), scores, "amax")


def logits_of(scores: Tensor, none: Tensor | None) -> Tensor:
    return torch.cat([scores, none.reshape(-1)]) if none is not None else scores


def segment_logsumexp(x: Tensor, segment: Tensor, n: int) -> Tensor:
    top = torch.full((n,), -1e4, device=x.device).scatter_reduce(0, segment, x.detach(), "amax")
    return top + torch.log(torch.zeros(n, device=x.device).scatter_add(0, segment, torch.exp(x - top[segment])) + 1e-9)


def choose(scores: Tensor, none: Tensor | None, q: Relation) -> Tensor:
    """Loss of choosing, for every owner, one of its keys or of the nones."""
    x, c = logits_of(scores, none), q.columns
    every = segment_logsumexp(x, c["segment"], q.owners)
    good = segment_logsumexp(x.masked_fill(~c["good"], -1e4), c["segment"], q.owners)
    return (torch.where(c["share"] > 0, (every - good).clamp(max=20), 0.0) * c["share"]).sum()


def event_vectors(net: Net, h: Tensor, b: Batch) -> Tensor:
    return net.events(h, b.columns, b.documents)


def loss_of(net: Net, b: Batch) -> dict[str, Tensor]:
    """The loss of each part, a mean over the batch's documents."""
    c, h, out = b.columns, vectors(net, b), {}
    t = net.tags(h).view(-1, 3)
    raw = F.cross_entropy(t, c["tags"].reshape(-1), ignore_index=-100, reduction="none").view(len(h), -1).sum(-1)
    out["tags"] = (raw * c["tags.share"]).sum() * TAG_WEIGHT
    trig = c["trigger"]
    raw = F.cross_entropy(net.trigger(h), trig.clamp(min=0), reduction="none")
    weight = torch.where(trig > 0, 1.0, torch.where(trig < 0, 0.0, 0.5))
    out["trigger"] = (raw * weight).sum() / 5 / b.documents
    if b.mentions:
        left = span_vectors(h, c["left_people"])
        for name in BY_PERSON:
            q = b.relations[name]
            none = pooled(net.none[name](left), c["person_of_left"], b.people) if CHOSEN[name] else None
            out[name] = choose(pairwise(net, h, name, left, q).squeeze(-1), none, q)
    if b.events:
        x, share = event_vectors(net, h, b), c["event.share"]
        raw = F.cross_entropy(net.heads["status"](x), c["event.status"], reduction="none")
        out["status"] = (raw * c["weight"] * share).sum()
        raw = F.cross_entropy(net.heads["salience"](x), c["event.salience"], reduction="none")
        out["salience"] = (raw * share).sum()
        raw = F.binary_cross_entropy_with_logits(net.heads["topics"](x), c["topics"], reduction="none").mean(-1)
        out["topics"] = (raw * share).sum() * 8
        raw = F.binary_cross_entropy_with_logits(net.heads["split"](x).squeeze(-1), c["split"], reduction="none")
        out["split"] = (raw * share).sum()
        q = b.relations["takes_part"]
        best, on, label = pairwise(net, h, "takes_part", x, q), q.columns["on"], q.columns["label"]
        raw = F.binary_cross_entropy_with_logits(best[:, 0], (label > 0).float(), reduction="none")
        out["takes_part"] = (raw * q.columns["share"]).sum() * 2
        raw = F.binary_cross_entropy_with_logits(best[on, 1], q.columns["head"][on], reduction="none")
        out["head"] = (raw * q.columns["on.share"]).sum() * 0.7
        raw = F.cross_entropy(best[on, 2:], label[on] - 1, reduction="none")
        out["side"] = (raw * q.columns["on.share"]).sum() * 0.7
        q = b.relations["party"]
        best = pairwise(net, h, "party", x, q).squeeze(-1)
        raw = F.binary_cross_entropy_with_logits(best, q.columns["label"].float(), reduction="none")
        out["party"] = (raw * q.columns["share"]).sum() * 2
        for name in ("date", "until", "place", "frame", "part_of"):
            q = b.relations[name]
            loss = choose(pairwise(net, h, name, x, q).squeeze(-1), net.none[name](x), q)
            out[name] = loss * (1.0 if name in ("date", "until", "place") else 0.5)
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


def train(
    examples: list[Example],
    encoder: str,
    args: argparse.Namespace,
    log: bool = True,
    keep: Callable[[dict[str, Tensor]], None] = lambda state: None,
) -> Net:
    """A network trained on ``examples``; after each epoch ``keep`` is given the weights as they would be if it ended there."""
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    np.random.seed(args.seed)
    net = Net(BertModel.from_pretrained(encoder, add_pooling_layer=False, attention_probs_dropout_prob=0.0).float()).to(
        args.device
    )
    if args.init:
        state = torch.load(args.init, map_location="cpu", weights_only=True)
        net.load_state_dict({**new_parts(net, state), **{k: v.float() for k, v in state.items()}})
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
    matrices = quantized(net)
    step, averaged, mean = 0, 0, {k: torch.zeros_like(v) for k, v in net.state_dict().items()}
    for epoch in range(args.epochs):
        net.train()
        total: dict[str, Any] = {}
        t0 = time.time()
        for numbers in batches([sum(map(len, e["pieces"])) for e in examples], args.batch):
            batch = collate([random.choice([examples[i], *examples[i]["copies"]]) for i in numbers], args.device)
            opt.zero_grad()
            with rounded(matrices):
                parts = loss_of(net, batch)
                torch.stack(list(parts.values())).sum().backward()
            for k, v in parts.items():
                total[k] = total.get(k, 0.0) + v.detach() * len(numbers)
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
                {k: round(float(v) / len(examples), 3) for k, v in total.items()},
                flush=True,
            )
        keep(mean if averaged else net.state_dict())
    if averaged:
        net.load_state_dict(mean)
    net.eval()
    return net


def new_parts(net: Net, earlier: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights that an earlier round did not have: features of its pairs at nothing, relations as they begin."""
    mine = net.state_dict()
    had = {k.split(".")[1] for k in earlier if k.startswith("pairs.")}
    new = [k for k in mine if k not in earlier and k.startswith(("pairs.", "none."))]
    return {k: torch.zeros_like(mine[k]) if ".features." in k and k.split(".")[1] in had else mine[k] for k in new}


def prf(hit: int, gold: int, system: int) -> str:
    p, r = hit / max(1, system), hit / max(1, gold)
    return f"P {p:.3f} R {r:.3f} F {2 * p * r / max(1e-9, p + r):.3f} ({gold})"


@torch.no_grad()
def evaluate(net: Net, examples: list[Example], device: str, tally: dict[str, Counter[str]]) -> None:
    """Add the figures of the parts to ``tally``; engagements are taken from the gold for pair scores."""
    for e in examples:
        b = collate([e], device)
        c, h = b.columns, vectors(net, b)
        t = net.tags(h).view(len(h), len(layout.TAGS), 3).argmax(-1).cpu().numpy()
        truth = e["tags"]
        for k, name in enumerate(layout.TAGS):
            keep = truth[:, k] != -100
            g, s = spans_of(np.where(keep, truth[:, k], 0)), spans_of(np.where(keep, t[:, k], 0))
            tally[name].update(hit=len(g & s), gold=len(g), system=len(s))
        trig = net.trigger(h).softmax(-1).cpu().numpy()
        gold = {int(w): int(k) for w, k in enumerate(e["trigger"]) if k > 0}
        for cut in (0.2, 0.3, 0.4, 0.5):
            found = {w: int(p[1:].argmax()) + 1 for w, p in enumerate(trig) if 1 - p[0] > cut}
            hit = sum(gold.get(w) == k for w, k in found.items())
            tally[f"trigger {cut}"].update(hit=hit, gold=len(gold), system=len(found))
        if b.mentions:
            left = span_vectors(h, c["left_people"])
            for name in BY_PERSON:
                none = pooled(net.none[name](left), c["person_of_left"], b.people) if CHOSEN[name] else None
                q = b.relations[name]
                count_choice(tally[name], pairwise(net, h, name, left, q).squeeze(-1), none, q)
        if not b.events:
            continue
        x = event_vectors(net, h, b)
        for name in ("status", "salience"):
            ok = (net.heads[name](x).argmax(-1) == c["event." + name]).sum()
            tally[name].update(hit=int(ok), gold=b.events, system=b.events)
        topics = net.heads["topics"](x).sigmoid() > 0.4
        tally["topics"].update(
            hit=int((topics & (c["topics"] > 0)).sum()), gold=int(c["topics"].sum()), system=int(topics.sum())
        )
        q = b.relations["takes_part"]
        if q.keys:
            best, label = pairwise(net, h, "takes_part", x, q), q.columns["label"]
            on, lab = best[:, 0] > 0, label > 0
            tally["takes_part"].update(hit=int((on & lab).sum()), gold=int(lab.sum()), system=int(on.sum()))
            ok = (best[lab, 2:].argmax(-1) + 1 == label[lab]).sum()
            tally["side"].update(hit=int(ok), gold=int(lab.sum()), system=int(lab.sum()))
            ok = ((best[lab, 1] > 0) == (q.columns["head"][lab] > 0)).sum()
            tally["head"].update(hit=int(ok), gold=int(lab.sum()), system=int(lab.sum()))
        q = b.relations["party"]
        if q.keys:
            on, lab = pairwise(net, h, "party", x, q).squeeze(-1) > 0, q.columns["label"] > 0
            tally["party"].update(hit=int((on & lab).sum()), gold=int(lab.sum()), system=int(on.sum()))
        for name in ("date", "until", "place", "frame", "part_of"):
            q = b.relations[name]
            count_choice(tally[name], pairwise(net, h, name, x, q).squeeze(-1), net.none[name](x), q)


def count_choice(tally: Counter[str], scores: Tensor, none: Tensor | None, q: Relation) -> None:
    x, seg, good = logits_of(scores, none).cpu(), q.columns["segment"].cpu(), q.columns["good"].cpu()
    for o in range(q.owners):
        rows = (seg == o).nonzero().squeeze(-1)
        if float(q.columns["share"][o]) > 0 and len(rows):
            tally.update(hit=int(good[rows[x[rows].argmax()]]), gold=1, system=1)


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


def loaded(path: str) -> list[Example]:
    """Examples of a file that ``training.prepare`` wrote, with their changed copies."""
    with open(path, "rb") as f:
        whole = pickle.load(f)
    return [
        {**compact(e), "copies": [compact({**c, "fold": 0, "extra": True}) for c in e.get("copies", ())]} for e in whole
    ]


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("examples", nargs="+")
    a.add_argument("--encoder", required=True)
    a.add_argument("--out")
    a.add_argument("--init", help="weights of an earlier round (net.pt) to go on from")
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
    examples = [e for path in args.examples for e in loaded(path)]
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
        Path(args.out).mkdir(parents=True, exist_ok=True)

        def keep(state: dict[str, Tensor]) -> None:
            torch.save({k: v.half() for k, v in state.items()}, Path(args.out) / "net.pt")

        net = train(examples, args.encoder, args, keep=keep)
        settings = {k: v for k, v in vars(args).items() if k in ("epochs", "batch", "lr", "lr_head", "seed")}
        (Path(args.out) / "settings.json").write_text(json.dumps({**settings, "documents": len(examples)}, indent=1))
        if args.test:
            tally = defaultdict(Counter)
            evaluate(net, loaded(args.test), args.device, tally)
            report(tally)


if __name__ == "__main__":
    main()
