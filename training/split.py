"""The gold, parted by the hash that keeps a quarter of it unread: ``python -m training.split read OUT.jsonl``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dragoman.evaluate.gate import GOLD
from dragoman.evaluate.gold import held_out, load


def main() -> None:
    """Write the part asked for, and print the path written, so that a shell can hand it on."""
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("part", choices=("read", "unread"))
    a.add_argument("out", type=Path)
    options = a.parse_args()
    rows = load(GOLD)
    unread = held_out(rows)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", encoding="utf-8") as stream:
        for row in rows:
            if (row["doc_id"] in unread) == (options.part == "unread"):
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(options.out)


if __name__ == "__main__":
    main()
