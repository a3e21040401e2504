"""How long a register takes to answer, and to take documents in: ``bench_register.py [small.duckdb ...] big.duckdb`` (made by simulate.py).

Prints the median and the 95th percentile of each question to the last one over different words, states and people, and the time of
adding 1,000 simulated documents to an empty register and to a copy of each, against that of the first of them: once documents of
a year and of people that all of the registers know (those of 16,000 engagements and more), and once of people that none knows.
What a register knows of the people of new documents has to be compared with these, so a small one that knows nobody is no measure
of how a large one grows that does.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from dragoman.reader import Account
from dragoman.resources import Tools
from dragoman.store.pool import Pool
from dragoman.store.read import Register
from dragoman.store.shapes import Filter
from dragoman.store.write import Writer
from simulate import TOPICS, YEAR, YEARS, World, accounts

ROUNDS = 60
ADDED = 1000  # documents
KNOWN = 3  # a copy of the simulated world that registers of 16,000 engagements hold
UNKNOWN = 999  # one that none holds
PAGE = 50


def told(name: str, ask: Callable[[], object], rounds: int = ROUNDS) -> None:
    """Ask and print how long it took, and how much of the processor: on a busy machine only the latter says something."""
    times, work = [], []
    for _ in range(rounds):
        begun, used = time.perf_counter(), time.process_time()
        ask()
        times.append(time.perf_counter() - begun)
        work.append(time.process_time() - used)
    print(f"{name:<28} {_spread(times)}   processor {_spread(work)}", flush=True)


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    return f"median {statistics.median(ordered):.3f} s  95th percentile {ordered[int(0.95 * (len(ordered) - 1))]:.3f} s"


def questions(path: Path, tools: Tools) -> None:
    """List, dyad, person, search and the rest, in a process that keeps the file open; and what opening it costs."""
    told("opening", lambda: Register(path).totals(), 5)
    register = Register(path, pool=Pool(path))
    chance = random.Random(3)
    world = World(1, tools, copy=3)
    ids = [p.id for p in register.people(limit=3000)]
    records = [r.id for r in register.records(limit=2000, offset=register.totals().records // 2)]

    def year() -> str:
        return str(YEAR + chance.randrange(YEARS))

    def pair() -> tuple[str, ...]:
        return tuple({world.state(), world.state()})

    def dyad() -> None:
        where = Filter(parties=pair())
        register.records(where, limit=1000)
        register.count(where)

    def person() -> None:
        found = register.person(chance.choice(ids))
        register.records(Filter(person=found.id), limit=1000)

    def words() -> str:
        people = world.people[chance.choice(world.codes)]
        return chance.choice(
            [chance.choice(people)[1], chance.choice(TOPICS), f"{world.names[chance.choice(world.codes)]} culture"]
        )

    told("list", lambda: register.records(Filter(since=year(), parties=pair()[:1]), limit=PAGE))
    told("list, newest first", lambda: register.records(sort="-date", limit=PAGE))
    told(
        "list, all filters",
        lambda: register.records(
            Filter(kinds=("visit",), office="minister", place=world.state(), source="reuters"), limit=PAGE
        ),
    )
    told("dyad", dyad)
    told("person", person)
    told(
        "person by name", lambda: register.people(chance.choice(world.people[chance.choice(world.codes)])[1], limit=20)
    )
    told("search", lambda: register.search(words()))
    told("search with filter", lambda: register.search(words(), Filter(parties=pair()[:1])))
    told("show", lambda: register.record(chance.choice(records)))
    told("facets", lambda: register.facets("party", Filter(since=year())), 10)
    told("totals", register.totals, 10)


def adding(path: Path, found: Sequence[Account], tools: Tools) -> tuple[float, float]:
    """Seconds to add the documents, and seconds of the processor."""
    begun, used = time.perf_counter(), time.process_time()
    writer = Writer(path, tools)
    writer.make()
    for start in range(0, len(found), writer.batch):
        writer.add(found[start : start + writer.batch])
    return time.perf_counter() - begun, time.process_time() - used


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("registers", type=Path, nargs="+")
    asked = parser.parse_args()
    tools = Tools()
    for path in asked.registers:
        print(f"{path.name}: {Register(path).totals()}, {path.stat().st_size / 1e6:.0f} MB")
    questions(asked.registers[-1], tools)
    for copy, whose in ((KNOWN, "people whom the registers know"), (UNKNOWN, "people whom none knows")):
        world = World(7, tools, year=YEAR + copy % YEARS, copy=copy)
        grown(asked.registers, list(islice(accounts(world, 10 * ADDED, "new"), ADDED)), whose, tools)


def grown(registers: Sequence[Path], found: Sequence[Account], whose: str, tools: Tools) -> None:
    """Add the documents to an empty register and to a copy of each, and print how long it took."""
    with tempfile.TemporaryDirectory(dir=registers[-1].parent) as folder:
        adding(Path(folder) / "warm.duckdb", found[:50], tools)
        empty = adding(Path(folder) / "empty.duckdb", found, tools)
        print(f"adding {ADDED} documents of {whose} to an empty register: {_took(empty)}")
        first = None
        for path in registers:
            took = adding(Path(shutil.copy(path, folder)), found, tools)
            first = first or took
            print(
                f"to {path.name}: {_took(took)}, {took[0] / first[0]:.2f} and {took[1] / first[1]:.2f} times the first",
                flush=True,
            )


def _took(seconds: tuple[float, float]) -> str:
    return f"{seconds[0]:.1f} s, of the processor {seconds[1]:.1f} s"


if __name__ == "__main__":
    main()
