"""What ``make bench`` prints: documents and megabytes a second of the reader beside the bare language model, in turn, in one run.

The yardstick is the full pipeline of the language model that the reader builds on (tagger, parser, lemmatizer, entities) over
the same texts with the same batches. Each row runs in processes of its own, with one thread each, for the same number of cores as the row
that it is measured against; rounds are interleaved, since machines are noisy, and medians are told. Loading is not counted:
each process reads a few texts before its clock starts.

    python tools/bench.py [--rounds 3] [--documents 150] [--rows yardstick,one,two,batch,ray]
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "whitehouse_2021_2022.jsonl.gz"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
BATCH = 32
Row = dict[str, Any]


def news(_: int) -> list[Row]:
    rows = [json.loads(line) for line in (ROOT / "gold" / "dev_news.jsonl").open(encoding="utf-8")]
    return [{k: v for k, v in r.items() if k != "engagements"} for r in rows]


def mixed(documents: int) -> list[Row]:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as file:
        rows = [r for r in map(json.loads, file) if r["text"].strip()]
    return rows[:: max(1, len(rows) // documents)]


def bare(rows: list[Row]) -> tuple[float, int]:
    """Seconds that the language model alone takes, and the process's peak memory in kilobytes."""
    import warnings

    from dragoman.knowledge.language import package_of

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nlp = package_of().load()
    list(nlp.pipe([r["text"] for r in rows[:8]]))
    begun = time.perf_counter()
    for _ in nlp.pipe((r["text"] for r in rows), batch_size=BATCH):
        pass
    return time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def ours(rows: list[Row]) -> tuple[float, int]:
    """The same of the reader."""
    from dragoman.config import Settings
    from dragoman.reader import Reader
    from dragoman.stages.ingest._common import document

    reader = Reader(threads=1)
    docs = [document(r, "bench", Settings()) for r in rows]
    reader.tools.load()
    for _ in reader.read_many(docs[:8]):
        pass
    begun = time.perf_counter()
    for _ in reader.read_many(docs):
        pass
    return time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def side_by_side(work: Callable[[list[Row]], tuple[float, int]], rows: list[Row], processes: int) -> tuple[float, int]:
    """Seconds of the slowest of some processes that share the documents, and the memory of the largest."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(work, [rows[i::processes] for i in range(processes)]))
    return max(s for s, _ in done), max(m for _, m in done)


def batch(rows: list[Row], *options: str) -> tuple[float, int]:
    """Seconds of a whole run of ``dragoman batch`` with two workers, loading and all, and its processes' peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        source.mkdir()
        for i in range(4):
            lines = (json.dumps(r) + "\n" for r in rows[i::4])
            (source / f"{i}.jsonl").write_text("".join(lines), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "dragoman",
            "batch",
            str(source),
            f"{folder}/out",
            "-q",
            "--workers",
            "2",
            *options,
        ]
        begun = time.perf_counter()
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def on_ray(rows: list[Row]) -> tuple[float, int]:
    """The same on a Ray cluster of this machine, which is started before the clock."""
    start = ["ray", "start", "--head", "--num-cpus", "2", "--include-dashboard", "false", "--disable-usage-stats"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
    try:
        return batch(rows, "--engine", "ray")
    finally:
        subprocess.run(["ray", "stop"], check=True, stdout=subprocess.DEVNULL)


def table(asked: list[str]) -> dict[str, tuple[str, str | None, Callable[[list[Row]], tuple[float, int]]]]:
    """Rows: what to print, against which row, how to run it."""
    every: dict[str, tuple[str, str | None, Callable[[list[Row]], tuple[float, int]]]] = {
        "yardstick": ("language model alone, one process", None, lambda rows: side_by_side(bare, rows, 1)),
        "one": ("dragoman, one worker", "yardstick", lambda rows: side_by_side(ours, rows, 1)),
        "two": ("dragoman, two workers", "one", lambda rows: side_by_side(ours, rows, 2)),
        "batch": ("batch, embedded, two workers, loading and all", "one", batch),
        "ray": ("batch, Ray on this machine, two workers, loading and all", "one", on_ray),
    }
    if not importlib.util.find_spec("daft"):
        every.pop("batch")
    if not (importlib.util.find_spec("daft") and importlib.util.find_spec("ray")):
        every.pop("ray")
    return {name: row for name, row in every.items() if name in asked}


def compare(name: str, rows: list[Row], ways: dict[str, Any], rounds: int) -> Iterator[str]:
    """Lines of a table."""
    size = sum(len(r["text"].encode()) for r in rows) / 1e6
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    memory = dict.fromkeys(ways, 0)
    for _ in range(rounds):
        for way, (_, _, run) in ways.items():
            took, most = run(rows)
            seconds[way].append(took)
            memory[way] = max(memory[way], most)
    yield f"{name}: {len(rows)} documents, {size:.2f} MB, medians of {rounds} rounds"
    for way, (told, against, _) in ways.items():
        took = statistics.median(seconds[way])
        ratio = f", {statistics.median(seconds[against]) / took:.2f} times {against}" if against in seconds else ""
        yield (
            f"  {told}: {len(rows) / took:.1f} documents a second, {size / took:.3f} MB a second, "
            f"{memory[way] / 1024:.0f} MB at most in a process{ratio}"
        )


def cold() -> str:
    """How long one text takes from nothing, and again with a reader that is there."""
    text = (
        "Turkish Foreign Minister Kemal Aydın met his Azerbaijani counterpart Rauf Quliyev in Ankara on Friday. " * 12
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.txt"
        path.write_text(text, encoding="utf-8")
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "dragoman", "code", str(path), "-q"], check=True, stdout=subprocess.DEVNULL
        )
        took = time.perf_counter() - begun
    from dragoman.reader import Reader

    reader, warm = Reader(), []
    for _ in range(7):
        begun = time.perf_counter()
        reader.read(text)
        warm.append(time.perf_counter() - begun)
    return f"one text of {len(text)} characters: {took:.2f} s from nothing, {1000 * statistics.median(warm[2:]):.0f} ms with a reader that is there"


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--documents", type=int, default=150, help="of the mixed corpus")
    ask.add_argument("--rows", default="yardstick,one,two,batch,ray")
    told = ask.parse_args()
    os.environ.update(ONE_THREAD)
    print(cold(), flush=True)
    ways = table(told.rows.split(","))
    for name, rows in (("dev news (all relevant)", news), ("White House corpus (mixed)", mixed)):
        if rows is news or CORPUS.exists():
            for line in compare(name, rows(told.documents), ways, told.rounds):
                print(line, flush=True)


if __name__ == "__main__":
    main()
