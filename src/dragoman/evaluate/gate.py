"""The floor: the figures of three parts may not fall below those pinned in baseline.json.

They are the unread news, the news that was read while building, and training/tune, kept from training like the first; it has 38
times the first's records, so that one report cannot carry its figures up or down.

python -m dragoman.evaluate.gate            check
python -m dragoman.evaluate.gate --pin      raise floors to the present figures, less a margin
python -m dragoman.evaluate.gate --pin --lower   those that are not held go down to them
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from dragoman import codec
from dragoman.errors import SkipDocument
from dragoman.evaluate.gold import Row, held_out, load
from dragoman.evaluate.scores import Score, score

BASELINE = Path(__file__).with_name("baseline.json")
ROOT = Path(__file__).parents[3]
GOLD, WRITTEN = ROOT / "gold" / "dev_news.jsonl", ROOT / "training" / "tune"
MARGIN = 0.01  # figures move that much with the processor's arithmetic
WATCHED = ("parties", "people", "people+party", "date", "place country", "status", "sources")


def read_all(rows: list[Row]) -> dict[str, Row]:
    """What the reader says of gold documents, by doc_id; the gold's own answers are not given to it."""
    from dragoman.config import Settings
    from dragoman.reader import Reader
    from dragoman.stages.ingest._common import document

    docs = [document({k: v for k, v in r.items() if k != "engagements"}, r["doc_id"], Settings()) for r in rows]
    return {a.doc_id: codec.account(a.document, a.version) for a in Reader().read_many(docs)}


def figures(s: Score) -> dict[str, float]:
    """The figures that are watched."""
    return {"f1": s.f1, "usable": s.usable_share} | {n: s.field_f1(n) or 0.0 for n in WATCHED}


def measure(news: Path, written: list[Path]) -> tuple[str, dict[str, dict[str, float]]]:
    """Digest of the gold, and the watched figures of the news' unread and read part and of the texts written to measure by."""
    rows, more = load(news), [r for path in written for r in load(path)]
    answers = read_all(rows + more)
    unread = held_out(rows)
    parts = {
        "unread": [r for r in rows if r["doc_id"] in unread],
        "read": [r for r in rows if r["doc_id"] not in unread],
        "written": more,
    }
    digest = hashlib.sha256()
    for path in (news, *written):
        digest.update(path.read_bytes())
    return digest.hexdigest(), {n: figures(score(p, answers)) for n, p in parts.items()}


def main(arguments: list[str] | None = None) -> int:
    """0 when every floor is held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--lower", action="store_true")
    options = parser.parse_args(arguments)
    try:
        digest, now = measure(GOLD, sorted(WRITTEN.glob("*.jsonl")))
    except SkipDocument as error:
        sys.stderr.write(f"gate: {error}\n")
        return 2
    pinned = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {"floors": {}}
    floors = pinned["floors"]
    if options.pin:
        return _pin(digest, now, floors, lower=options.lower)
    if pinned.get("gold") != digest:
        sys.stderr.write("gate: the gold is not the one the floors were pinned on; run with --pin\n")
        return 1
    low = [(p, n, now[p][n], f) for p, row in floors.items() for n, f in row.items() if now[p][n] < f]
    for part, name, value, floor in low:
        sys.stderr.write(f"gate: {name} on the {part} part is {value:.3f}, below its floor {floor:.3f}\n")
    sys.stderr.write(f"gate: {'failed' if low else 'held'}\n")
    return 1 if low else 0


def _pin(digest: str, now: dict[str, dict[str, float]], floors: dict[str, dict[str, float]], *, lower: bool) -> int:
    down = [f"{n} ({p})" for p, row in floors.items() for n, f in row.items() if now[p].get(n, 0.0) < f]
    if down and not lower:
        sys.stderr.write(f"gate: these floors would go down: {', '.join(down)}; say --lower if that is meant\n")
        return 1
    new = {p: {n: round(v - MARGIN, 3) for n, v in row.items()} for p, row in now.items()}
    held = {p: {n: f for n, f in row.items() if f <= now[p].get(n, 0.0)} for p, row in floors.items()}
    # a floor that is within the margin stays where it is; one that is not held goes down
    new = {p: {n: max(f, held.get(p, {}).get(n, f)) for n, f in row.items()} for p, row in new.items()}
    BASELINE.write_text(json.dumps({"gold": digest, "floors": new}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
