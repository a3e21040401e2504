"""What ``make score`` prints: figures on the news (read part, unread part, all) and on the White House texts where they lie."""

from __future__ import annotations

import sys
from pathlib import Path

from dragoman.evaluate.gate import GOLD, read_all
from dragoman.evaluate.gold import held_out, load
from dragoman.evaluate.report import lines
from dragoman.evaluate.scores import score

WHITE_HOUSE = Path(__file__).parents[2] / "shared" / "gold" / "dev_whitehouse.jsonl"


def main() -> None:
    errors = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    rows = load(GOLD)
    answers = read_all(rows)
    unread = held_out(rows)
    for name, part in (
        ("news, read part", [r for r in rows if r["doc_id"] not in unread]),
        ("news, unread part", [r for r in rows if r["doc_id"] in unread]),
        ("news, all", rows),
    ):
        print("\n".join(lines(name, score(part, answers), errors=errors if name == "news, read part" else 0)))
    if not WHITE_HOUSE.exists():
        print("White House: ../shared/gold is not here")
        return
    rows = load(WHITE_HOUSE)
    print("\n".join(lines("White House", score(rows, read_all(rows)), errors=errors)))


if __name__ == "__main__":
    main()
