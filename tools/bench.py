"""What ``make bench`` prints: documents a second of the whole reader beside the bare language model, in turn, in one run.

The yardstick is the full pipeline of the language model that the reader builds on (tagger, parser, lemmatizer, entities) over
the same texts with the same batches. Rounds of both are interleaved, since machines are noisy; medians and their ratio are told.
"""

from __future__ import annotations

import gzip
import importlib
import json
import resource
import statistics
import time
import warnings
from pathlib import Path
from typing import Any

from dragoman.config import Settings
from dragoman.knowledge.language import MODELS
from dragoman.model import Document
from dragoman.reader import Reader
from dragoman.stages.ingest._common import document

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "whitehouse_2021_2022.jsonl.gz"
ROUNDS, MIXED = 3, 150


def yardstick() -> Any:
    for name in MODELS:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return importlib.import_module(name).load()
        except ImportError:
            continue
    raise SystemExit("no language model is installed")


def news() -> list[Document]:
    rows = [json.loads(line) for line in (ROOT / "gold" / "dev_news.jsonl").open(encoding="utf-8")]
    return [document({k: v for k, v in r.items() if k != "engagements"}, "gold", Settings()) for r in rows]


def mixed() -> list[Document]:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    step = len(rows) // MIXED
    return [document(r, "corpus", Settings()) for r in rows[::step] if r["text"].strip()]


def compare(name: str, docs: list[Document], nlp: Any, reader: Reader) -> None:
    size = sum(len(d.text) for d in docs)
    theirs, ours = [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _doc in nlp.pipe((d.text for d in docs), batch_size=32):
            pass
        theirs.append(len(docs) / (time.perf_counter() - begun))
        begun = time.perf_counter()
        found = sum(len(a.engagements) for a in reader.read_many(docs))
        ours.append(len(docs) / (time.perf_counter() - begun))
    a, b = statistics.median(theirs), statistics.median(ours)
    print(f"{name}: {len(docs)} documents, {size / 1e6:.2f} million characters, {found} engagements")
    print(f"  yardstick {a:.1f} documents a second, dragoman {b:.1f}, ratio {b / a:.2f}")


def main() -> None:
    nlp, reader = yardstick(), Reader()
    begun = time.perf_counter()
    reader.read("Talks were held in Oslo on Tuesday.")
    print(f"first text after loading: {time.perf_counter() - begun:.2f} s")
    compare("dev news (all relevant)", news(), nlp, reader)
    if CORPUS.exists():
        compare("White House corpus (mixed)", mixed(), nlp, reader)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
