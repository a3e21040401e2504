"""Memory over many documents: short ones, no two alike, through one reader; what the process holds is told at even steps.

    python tools/steady.py SEEDS.jsonl… [--documents 100000] [--relevant 0.03] [--seed N]

Seeds are JSON lines with a text (``python -m training.split read SEEDS.jsonl`` writes the part of the gold that may be read;
``training/data`` has more). Most documents are sentences of them that tell of no act between parties, which the screen passes over;
a share is texts that are read whole. Names and numbers are made anew in each, so that nothing that is kept of words can stop
growing because all of them are known.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from dragoman import Reader
from dragoman.model import Document, Source
from dragoman.resources import Tools
from dragoman.stages.screen import worth_reading

STEPS = 20  # times that memory is told
LONGEST = 1500  # characters of a text that is read whole
_SENTENCE = re.compile(r"[^.!?\n]{30,300}[.!?]")
_CHANGED = re.compile(r"\b(?:[A-Z][a-z]{3,}|\d{2,})\b")
SYLLABLES = ("ba", "den", "kor", "li", "mar", "no", "rash", "sel", "ti", "vor", "zan", "gul", "hem", "pat", "ruk")


def changed(text: str, chance: random.Random, share: float) -> str:
    """The text with some of its names and numbers made anew."""

    def anew(found: re.Match[str]) -> str:
        if chance.random() > share:
            return found[0]
        if found[0].isdigit():
            return str(chance.randrange(10, 10 ** len(found[0])))
        return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()

    return _CHANGED.sub(anew, text)


def documents(
    texts: list[str], tools: Tools, number: int, relevant: float, chance: random.Random
) -> Iterator[Document]:
    """Short documents, no two alike."""
    idle = [s for t in texts for s in _SENTENCE.findall(t) if not worth_reading(Document(Source("s"), s), tools)]
    for n in range(number):
        if chance.random() < relevant:
            text = changed(chance.choice(texts)[:LONGEST], chance, 0.3)
        else:
            text = changed(" ".join(chance.sample(idle, chance.randint(2, 6))), chance, 0.6)
            while worth_reading(Document(Source("s"), text), tools):
                text = changed(" ".join(chance.sample(idle, chance.randint(2, 6))), chance, 0.6)
        day = date(2020, 1, 1) + timedelta(days=n % 2000)
        yield Document(Source(f"d{n}", outlet=f"Outlet {n % 500}", published=day), text)


def memory() -> int:
    """Resident bytes of this process."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


def main() -> None:
    """Read, and tell what is held."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("seeds", type=Path, nargs="+")
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--relevant", type=float, default=0.03)
    options.add_argument("--seed", type=int, default=7)
    o = options.parse_args()
    lines = (line for path in o.seeds for line in path.read_text(encoding="utf-8").splitlines())
    texts = [str(json.loads(line)["text"]) for line in lines]
    reader = Reader()
    begun, step = time.monotonic(), max(1, o.documents // STEPS)
    found = read = 0
    levels: list[int] = []
    made = documents(texts, reader.tools, o.documents, o.relevant, random.Random(o.seed))
    for number, account in enumerate(reader.read_many(made), 1):
        found += len(account.engagements)
        read += account.document.annotation is not None
        if number % step == 0:
            levels.append(memory())
            seconds = time.monotonic() - begun
            print(
                f"{number:>9,} documents, {read:>6,} read whole, {found:>6,} engagements, {seconds:6.0f} s, {levels[-1] / 1e6:6.0f} MB",
                flush=True,
            )
    half = levels[len(levels) // 2 :]
    print(
        f"the second half: {half[0] / 1e6:.0f} to {half[-1] / 1e6:.0f} MB, at most {max(half) / 1e6:.0f} MB; seed {o.seed}"
    )


if __name__ == "__main__":
    main()
