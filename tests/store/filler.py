"""Run as a process of its own: fills a register with pickled accounts, two at a time. ``filler.py ACCOUNTS REGISTER [PAUSE]``.

PAUSE, in seconds, stands for the reading of texts that goes on between two commits.
"""

from __future__ import annotations

import pickle
import sys
import time
from pathlib import Path

from dragoman.resources import Tools
from dragoman.store.write import Writer


def main(accounts: Path, register: Path, pause: float) -> None:
    """Read the accounts, say so, and put them in."""
    found = pickle.loads(accounts.read_bytes())
    writer = Writer(register, Tools())
    writer.make()
    print("ready", flush=True)
    for start in range(0, len(found), 2):
        writer.add(found[start : start + 2])
        print(start, flush=True)
        time.sleep(pause)
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0)
