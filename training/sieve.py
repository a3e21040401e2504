"""Trains the second step of the screen, and says what it loses on outlets left out.

python -m training.sieve READ.jsonl WHITEHOUSE.jsonl training/data/*.jsonl --corpus CORPUS.jsonl.gz --coded CODED.jsonl
    [--idle PATTERN] [--check FILE.jsonl …] [--to src/dragoman/data/model]

What is learned: documents with a main record by hand, and documents of CORPUS for which the reader finds one with named people of two
parties, against documents without a record, and documents of CORPUS in which the reader finds none or whose title matches --idle, where
what it finds is wrong. CODED is what the reader finds in a fifth of the corpus with the second step off, so that the sieve does not learn from
itself; it is made if it is not there, which takes minutes. A document scores as its best sentence does; in learning, all its sentences count softly. Folds keep the documents of an outlet together (of the White House, whose texts are
too many for one fold, single documents). --check counts main records below each cut in files that nothing is learned from.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.errors import SkipDocument
from dragoman.knowledge import sieve
from dragoman.knowledge.sieve import CARD, KNOWN, WEIGHTS, WORD, Numbers, Sieve, Weights
from dragoman.model import Document, Source
from dragoman.reader import Reader
from dragoman.resources import MODEL, Tools
from dragoman.stages.ingest._common import document
from dragoman.stages.screen import Asked, telling

FOLDS = 5
TENTHS = (2, 6)  # of every ten documents of the corpus those that are read
LARGE = "The White House"  # an outlet whose documents are spread over the folds
LEAST = 3  # documents that have a word in small letters, so that it is known
LONGEST = 24  # letters of a known word
SOFT = 0.5  # how softly a document's sentences count: 0 would be the best one alone
POSITIVE = 2.0  # weight of a document with a record against one without
PULL = 2e-5  # towards weights of zero
STEPS = 150
RATE = 0.03  # of the first step; the last are a thirtieth of it
LOST = (0.0, 0.0025, 0.005, 0.01, 0.02)  # shares of main records for which the cut is told

Row = dict[str, Any]
Wide = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A document: what the screen's first step leaves of it, how many main records it has, its fold."""

    asked: Asked
    main: int
    fold: int
    size: int
    corpus: bool


def read(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return [row for row in map(json.loads, file) if row.get("text", "x").strip()]


def main_records(row: Row) -> int:
    return sum(e["salience"] == "main" for e in row["engagements"])


def example(row: Row, records: int, tools: Tools, *, corpus: bool = False) -> Example:
    doc = Document(Source(row["doc_id"], outlet=row.get("outlet"), title=row.get("title")), row["text"])
    outlet = row.get("outlet") or row["doc_id"]
    key = row["doc_id"] if outlet == LARGE else outlet
    fold = int(hashlib.sha256(key.encode()).hexdigest(), 16) % FOLDS
    return Example(telling(doc, tools), records, fold, len(row["text"]), corpus)


def coded(rows: Sequence[Row]) -> Iterable[Row]:
    """What the reader finds in some documents when all that the screen's first step leaves is read."""
    reader = Reader(threads=1)
    reader.tools.thresholds["screen.sieve"] = -np.inf
    for row in (row for i, row in enumerate(rows) if i % 10 in TENTHS):
        with suppress(SkipDocument):  # it is not in English
            [account] = reader.read_many([document(row, "corpus", reader.settings)])
            main = [e for e in account.engagements if e.salience == "main"]
            sure = sum(len({p.party for p in e.participants if p.name and p.party}) > 1 for e in main)
            yield {"doc_id": row["doc_id"], "main": len(main), "sure": sure}


def vocabulary(examples: Iterable[Example]) -> list[str]:
    """Words met in small letters in several documents."""
    met: Counter[str] = Counter()
    for e in examples:
        words = (m[0] for s in e.asked.sentences for m in WORD.finditer(e.asked.text, s.start, s.end))
        met.update({w for w in words if w.islower() and w.isalpha() and len(w) <= LONGEST})
    return sorted(w for w, n in met.items() if n >= LEAST)


@dataclass(frozen=True, slots=True)
class Table:
    """Sentences of documents as places in the weights: place, sentence of each, document of each sentence."""

    index: Numbers
    sentence: Numbers
    document: Numbers


def table(examples: Sequence[Example], words: Sequence[str]) -> Table:
    known = {word: i for i, word in enumerate(words, KNOWN)}
    index, sentence, document, count = [], [], [], 0
    for number, e in enumerate(examples):
        places, owner = sieve.features(
            *sieve.numbered(known, e.asked.text, e.asked.sentences, e.asked.named), len(words)
        )
        index.append(places)
        sentence.append(owner + count)
        document.append(np.full(len(e.asked.sentences), number))
        count += len(e.asked.sentences)
    return Table(np.concatenate(index), np.concatenate(sentence), np.concatenate(document))


def learned(examples: Sequence[Example], words: Sequence[str]) -> tuple[Weights, float]:
    """Weights and bias."""
    asked = [e for e in examples if e.asked.sentences]
    t, size = table(asked, words), KNOWN + len(words) + (1 << sieve.BITS)
    sign = np.array([1.0 if e.main else -1.0 for e in asked])
    weight = np.where(sign > 0, POSITIVE, 1.0) / len(asked)

    def slope(x: Wide) -> Wide:
        """The gradient of the loss: how wrong each document is, laid on its sentences by their share, and on what they show."""
        score = np.bincount(t.sentence, x[t.index], len(t.document)) + x[-1]
        top = np.full(len(asked), -np.inf)
        np.maximum.at(top, t.document, score)
        share = np.exp((score - top[t.document]) / SOFT)
        total = np.bincount(t.document, share, len(asked))
        margin = sign * (top + SOFT * np.log(total))
        wrong = -sign * weight / (1 + np.exp(np.clip(margin, -50, 50)))
        each = (wrong / total)[t.document] * share
        out = np.bincount(t.index, each[t.sentence], size + 1) + 2 * PULL * np.append(x[:-1], 0)
        out[-1] = each.sum()
        return out

    x, mean, square = np.zeros(size + 1), np.zeros(size + 1), np.zeros(size + 1)
    for step in range(1, STEPS + 1):  # Adam, which lets rare words learn as fast as common ones
        now = slope(x)
        mean = 0.9 * mean + 0.1 * now
        square = 0.999 * square + 0.001 * now**2
        rate = RATE * (1 - (step - 1) / STEPS) + RATE / 30
        x -= rate * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return x[:-1].astype(np.float32), float(x[-1])


def score(e: Example, made: Sieve, short: float) -> float:
    """The best sentence's score of a document; the lowest number if it has none, the highest if it is short, and so read all the same."""
    if not e.asked.sentences or len(e.asked.text) <= short:
        return np.inf if e.asked.sentences else -np.inf
    return float(made.scores(e.asked.text, e.asked.sentences, e.asked.named).max())


def scores(examples: Sequence[Example], made: Sieve, short: float) -> Wide:
    return np.array([score(e, made, short) for e in examples])


def packed(weights: Weights) -> tuple[Wide, np.float32]:
    """Weights as bytes, and what they are to be multiplied with."""
    scale = np.float32(np.abs(weights).max() / 127)
    return np.round(weights / scale).astype(np.int8), scale


def told(examples: Sequence[Example], found: Wide, cuts: Iterable[float]) -> Iterable[str]:
    """What is lost and what passes at cuts."""
    corpus = np.array([e.corpus for e in examples])
    main = np.array([e.main for e in examples]) * ~corpus
    read = np.array([e.main for e in examples]) * corpus
    size = np.array([e.size for e in examples])
    for cut in cuts:
        passes = found >= cut
        line = f"  cut {cut:6.2f}: {main[~passes].sum()} of {main.sum()} main records lost"
        if (idle := (main == 0) & ~corpus).any():
            line += f"; of documents without one {passes[idle].mean():.2f} pass"
        if corpus.any():
            share = size[corpus & passes].sum() / size[corpus].sum()
            line += f"; of the corpus {read[~passes].sum()} of {read.sum()} as read lost"
            line += f", {passes[corpus].mean():.3f} of documents, {share:.3f} of characters pass"
        yield line


def cuts_of(examples: Sequence[Example], found: Wide) -> list[float]:
    """For each share of LOST the highest cut that loses no more; what the first step loses is not counted."""
    rows = sorted((float(s), e.main) for s, e in zip(found, examples, strict=True) if e.main and s > -np.inf)
    total, out = sum(m for _, m in rows), []
    for share in LOST:
        lost = 0
        for score, main in rows:
            lost += main
            if lost > share * total:
                out.append(score)
                break
    return out


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("gold", nargs="+", type=Path)
    a.add_argument("--corpus", type=Path, required=True)
    a.add_argument("--coded", type=Path, required=True)
    a.add_argument("--idle", default=r"Nomin|Intent to|Appoint|Judicial")
    a.add_argument("--check", nargs="*", type=Path, default=[])
    a.add_argument("--to", type=Path, default=MODEL)
    o = a.parse_args()
    tools = Tools()
    short = tools.thresholds["screen.short"]
    by_hand = [row for path in o.gold for row in read(path)]
    gold = [example(row, main_records(row), tools) for row in by_hand]
    ours = {row["doc_id"] for row in by_hand}
    if not o.coded.exists():
        o.coded.write_text("".join(json.dumps(row) + "\n" for row in coded(read(o.corpus))), encoding="utf-8")
    found_in = {row["doc_id"]: row for row in read(o.coded)}
    idle = re.compile(o.idle)
    rows = [row for row in read(o.corpus) if row["doc_id"] not in ours]
    corpus, learns = [], []
    for row in rows:
        of_lives, found_here = idle.search(row.get("title") or ""), found_in.get(row["doc_id"])
        sure = found_here["sure"] if found_here and not of_lives else 0
        corpus.append(e := example(row, sure, tools, corpus=True))
        if e.asked.sentences and (of_lives or (found_here and (sure or not found_here["main"]))):
            learns.append(e)
    tell = sum(e.main > 0 for e in learns)
    print(
        f"{len(gold)} documents by hand; of {len(corpus)} of the corpus {tell} tell of an act and {len(learns) - tell} do not"
    )

    every, found = [*gold, *corpus], np.full(len(gold) + len(corpus), -np.inf)
    for fold in range(FOLDS):
        kept = [e for e in [*gold, *learns] if e.fold != fold]
        words = vocabulary(kept)
        made = Sieve(words, *learned(kept, words))
        out = [i for i, e in enumerate(every) if e.fold == fold]
        found[out] = scores([every[i] for i in out], made, short)
    cuts = cuts_of(gold, found[: len(gold)])
    print(f"{FOLDS} folds, each by what is learned from the others:")
    print(*told(every, found, cuts), sep="\n")

    words = vocabulary([*gold, *learns])
    weights, bias = learned([*gold, *learns], words)
    small, scale = packed(weights)
    file = o.to / WEIGHTS
    np.savez_compressed(
        file,
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        weights=small,
        scale=scale,
        bias=np.float32(bias),
    )
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    settings = {"documents": len(gold), "corpus": len(learns), "words": len(words), "idle": o.idle}
    settings |= {"least": LEAST, "soft": SOFT, "positive": POSITIVE, "pull": PULL, "steps": STEPS, "rate": RATE}
    card = {"origin": "dragoman", "licence": "Apache-2.0", "sha256": digest, "settings": settings}
    (o.to / CARD).write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    made = Sieve.read(o.to)
    for path in o.check:
        checked = [example(row, main_records(row), tools) for row in read(path)]
        print(f"{path}, with all that was learned:")
        print(*told(checked, scores(checked, made, short), cuts), sep="\n")


if __name__ == "__main__":
    main()
