"""How well accounts are merged: on the clusters of the news, with the gold's own records and with what is read from the texts.

python tools/score_merge.py                       figures
python tools/score_merge.py --coded CODED.jsonl   the same with what `dragoman code` wrote, read before
python tools/score_merge.py --out FOLDER          writes coded.jsonl and register.jsonl as well, as the scorer of merging reads them
python tools/score_merge.py --show                the groups that are wrong (never of the unread quarter)
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from dragoman import codec
from dragoman.evaluate import merging
from dragoman.evaluate.gate import GOLD, read_all
from dragoman.evaluate.gold import Row, held_out, load
from dragoman.merge import merge_all
from dragoman.model import Record, Telling
from dragoman.resources import Tools


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--coded", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    gold = load(GOLD)
    tools = Tools()
    read = {r["doc_id"]: r for r in load(options.coded)} if options.coded else read_all(gold)
    texts = {r["doc_id"]: r["text"] for r in gold}
    for name, answers in (("gold records", {r["doc_id"]: r for r in gold}), ("as read", read)):
        told = merging.tellings(answers.values())
        merged = merge_all(told, texts, (), tools)
        print(merging.line(name, merging.figures(gold, answers, merged.records)))
        if options.show:
            show(gold, answers, told, merged.records)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        write(options.out / "coded.jsonl", read.values())
        write(options.out / "register.jsonl", map(merging.register_line, merged.records))


def write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    path.write_text("".join(codec.line(row) + "\n" for row in rows), encoding="utf-8")


def show(gold: list[Row], answers: Mapping[str, Row], told: Iterable[Telling], records: Iterable[Record]) -> None:
    """Events that are parted or mixed, a line an account, and the conflicts of records."""
    unread = held_out(gold)
    by_key = {t.key: t for t in told}
    kept = list(records)
    home = {(a.doc_id, a.local_id): r.id for r in kept for a in r.accounts}
    truth = merging._truth(gold, answers, home)
    events, groups = defaultdict(set), defaultdict(set)
    for place, event in truth.items():
        events[event].add(home[place])
        groups[home[place]].add(event)
    for record in sorted(kept, key=lambda r: r.id):
        mine = {truth.get((a.doc_id, a.local_id)) for a in record.accounts}
        wrong = len(groups[record.id]) > 1 or any(len(events[e]) > 1 for e in mine if e)
        if any(a.doc_id in unread for a in record.accounts) or not (wrong or record.conflicts):
            continue
        print(f"{'WRONG' if wrong else 'right'} {record.id}")
        for a in record.accounts:
            e = by_key[a.key].engagement
            where = e.place
            print(
                f"   {truth.get((a.doc_id, a.local_id))} {a.key} {e.kind} {e.status} {e.salience} {e.date.start}..{e.date.end} {e.date.basis}"
                f" {where.city if where else ''},{where.country if where else ''} {e.parties} {e.framework} {[(p.name, p.party) for p in e.participants]}"
            )
        for c in record.conflicts:
            print(f"   ! {c.field}: {dict(c.values)}")


if __name__ == "__main__":
    sys.exit(main())
