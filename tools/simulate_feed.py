"""A year of a world feed by arithmetic: how many cores it needs, from a measured rate.

    python tools/simulate_feed.py [RATE] [--documents 300000] [--store SECONDS] [--peak 3] [--price 0.04]

RATE is documents a second on one core, as ``make bench`` prints for one worker on the mixed corpus; if it is not given, the one that
docs/figures.md tells. ``--store`` is the seconds that the register
takes for a document, by one process; ``--peak`` is how much more the busiest hour brings than the mean one.
"""

from __future__ import annotations

import argparse
import math

DAY, YEAR = 86_400, 365
RATE = 12.4  # mixed documents a second, one worker (docs/figures.md, Speed)


def lines(rate: float, documents: int, *, store: float, peak: float, price: float) -> list[str]:
    """What the year takes."""
    mean = documents / DAY
    cores = mean / rate
    hours = documents * YEAR / rate / 3600
    return [
        f"{documents:,} documents a day are {mean:.2f} a second; in the busiest hour {mean * peak:.1f}",
        f"at {rate:g} a second a core: {cores:.2f} cores at the mean, so {math.ceil(cores)}; {math.ceil(cores * peak)} for the busiest hour",
        f"a day is read on two cores in {documents / rate / 2 / 3600:.1f} hours; a year takes {hours:,.0f} core hours",
        f"the register's one writer is busy {documents * store / 3600:.1f} hours a day",
        f"a million documents cost {1e6 / rate / 3600:.1f} core hours: {1e6 / rate / 3600 * price:.2f} at {price:g} a core hour",
    ]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    ask.add_argument("rate", type=float, nargs="?", default=RATE)
    ask.add_argument("--documents", type=int, default=300_000)
    ask.add_argument("--store", type=float, default=0.01)
    ask.add_argument("--peak", type=float, default=3.0)
    ask.add_argument("--price", type=float, default=0.04)
    told = ask.parse_args()
    print("\n".join(lines(told.rate, told.documents, store=told.store, peak=told.peak, price=told.price)))


if __name__ == "__main__":
    main()
