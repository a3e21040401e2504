"""Reports with their records on sheets, a plain form that people write by hand, made into gold lines.

    python -m training.sheet SHEET.txt [SHEET.txt ...] [--out DIR]

A sheet holds any number of reports::

    === id | 2011-05-03 | Outlet | Title
    The text as published, any number of paragraphs.
    ---
    e1 meeting held main of=e0
    when 2011-05-02 text
    where Nusa Dua, Bali | Bali | IDN | Nusa Dua convention hall
    who Name | Office as written | Rank | PARTY | side | head
    parties AUS IDN
    about military, disasters
    in Name of the framework
    says Foreign Ministry > Antara
    ev words copied from the text

``-`` stands for what is not known; ``of``, ``where``, ``who``, ``about`` and ``in`` may be left out. ``when`` takes
``START``, ``START..END`` or ``-`` and then ``text`` or ``published``; the precision is that of START (a year, a month, a
day) unless it is named last. Without ``--out`` sheets are only checked. A fault is told with file, line and reason,
and the report it stands in is left out; the exit code is 1 if there was any.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dragoman.evaluate.gold import Row
from dragoman.model import KINDS, SIDES, STATUSES, TOPICS

PRECISION = {4: "year", 7: "month", 10: "day"}
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


class Fault(Exception):
    """What is wrong with a line of a sheet."""


@dataclass
class Report:
    """A report under construction: its head, its lines of text, its records."""

    head: list[str]
    line: int
    text: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)


def cells(text: str, least: int, most: int) -> list[str | None]:
    """Cells of a line parted by bars, ``-`` and empty ones as None, filled up to ``most``."""
    parts = [p.strip() for p in text.split("|")]
    if not least <= len(parts) <= most:
        raise Fault(f"{least} to {most} cells wanted, {len(parts)} found: {text!r}")
    values: list[str | None] = [None if p in {"-", ""} else p for p in parts]
    return values + [None] * (most - len(values))


def one_of(value: str | None, allowed: tuple[str, ...]) -> str:
    """``value`` if it is one of ``allowed``."""
    if value not in allowed:
        raise Fault(f"{value!r} is not one of {', '.join(allowed)}")
    return value


def start_record(rest: str) -> dict[str, Any]:
    """The record that a line such as ``e1 meeting held main of=e0`` begins."""
    words = rest.split()
    if len(words) not in {4, 5}:
        raise Fault("a record begins: id kind status main|mention [of=id]")
    part_of = words[4].removeprefix("of=") if len(words) == 5 else "-"
    return {
        "id": words[0], "kind": one_of(words[1], KINDS), "status": one_of(words[2], STATUSES),
        "salience": one_of(words[3], ("main", "mention")), "part_of": None if part_of == "-" else part_of,
        "date": {"start": None, "end": None, "precision": None, "basis": None}, "place": None, "participants": [],
        "parties": [], "topics": [], "framework": None, "sources": [], "evidence": "",
    }  # fmt: skip


def add(record: dict[str, Any], key: str, rest: str) -> None:
    """Put one line of a record into it."""
    if key == "when":
        record["date"] = when(rest.split())
    elif key == "where":
        text, city, country, venue = cells(rest, 3, 4)
        if text or city or country or venue:
            record["place"] = {"text": text, "city": city, "country": country, "venue": venue}
    elif key == "who":
        name, office, rank, party, side, head = cells(rest, 5, 6)
        if not party:
            raise Fault(f"who without a party: {rest!r}")
        record["participants"].append(
            {"name": name, "office": office, "rank": rank, "party": party, "side": one_of(side, SIDES), "head": head == "head"}
        )  # fmt: skip
    elif key == "parties":
        record["parties"] = sorted(rest.replace(",", " ").split()) if "_" not in rest else sorted(rest.split())
        record["parties"] = [p.replace("_", " ") for p in record["parties"]]
    elif key == "about":
        record["topics"] = [one_of(t.strip(), TOPICS) for t in rest.split(",") if t.strip() not in {"", "-"}][:5]
    elif key == "in":
        record["framework"] = None if rest == "-" else rest
    elif key == "says":
        record["sources"] = [s.strip() for s in rest.split(">") if s.strip() not in {"", "-"}]
    elif key == "ev":
        record["evidence"] = rest
    else:
        raise Fault(f"{key!r} begins no line of a record")


def when(words: list[str]) -> dict[str, str | None]:
    """The date of a record from ``START[..END] basis [precision]``."""
    if not words or words[0] == "-":
        return {"start": None, "end": None, "precision": None, "basis": None}
    start, _, end = words[0].partition("..")
    if not DATE.fullmatch(start) or (end and not DATE.fullmatch(end)):
        raise Fault(f"{words[0]!r} is no date")
    if len(words) < 2:
        raise Fault("a date needs its basis: text or published")
    precision = words[2] if len(words) > 2 else PRECISION[len(start)]
    return {
        "start": start, "end": end or None, "precision": one_of(precision, ("day", "month", "year")),
        "basis": one_of(words[1], ("text", "published")),
    }  # fmt: skip


def finished(report: Report, name: str) -> Row:
    """The gold line of a report, checked against its own text."""
    doc_id, published, outlet, title = cells(" | ".join(report.head), 3, 4)
    text = "\n".join(report.text).strip("\n")
    ids = {r["id"] for r in report.records}
    for r in report.records:
        where = f"{doc_id} {r['id']}"
        said = " ".join(f"{title or ''}\n{text}".split())
        if not r["evidence"] or " ".join(r["evidence"].split()) not in said:
            raise Fault(f"{where}: evidence is not in the text: {r['evidence']!r}")
        for p in r["participants"]:
            for value in (p["name"], p["rank"], None if p["name"] else p["office"]):
                if value and " ".join(value.split()).lower() not in said.lower():
                    raise Fault(f"{where}: {value!r} is not in the text")
            if p["party"] not in r["parties"]:
                raise Fault(f"{where}: {p['party']} takes part and is not among the parties")
        if len(r["parties"]) < 2:
            raise Fault(f"{where}: an engagement has two parties or more")
        if r["framework"] and r["framework"].lower() not in said.lower():
            raise Fault(f"{where}: framework {r['framework']!r} is not in the text")
        if r["part_of"] and r["part_of"] not in ids:
            raise Fault(f"{where}: part of {r['part_of']}, which is no record")
        if r["kind"] == "call" and r["place"]:
            raise Fault(f"{where}: a call has no place")
    return {
        "doc_id": doc_id, "cluster": None, "conflict": None, "url": None, "outlet": outlet, "published": published,
        "title": title, "text": text, "engagements": report.records,
    }  # fmt: skip


def read(path: Path) -> Iterator[Row | str]:
    """Gold lines of a sheet, and faults as sentences that name file and line."""
    report, in_records, fault = None, False, None
    lines = [*path.read_text(encoding="utf-8").splitlines(), "=== "]
    for number, line in enumerate(lines, 1):
        if line.startswith("==="):
            if report is not None:
                try:
                    yield fault or finished(report, path.name)
                except Fault as error:
                    yield f"{path}:{report.line}: {error}"
            report, in_records, fault = Report([line[3:].strip()], number), False, None
        elif report is None or (in_records and not line.strip()):
            continue
        elif line.strip() == "---":
            in_records = True
        elif not in_records:
            report.text.append(line.rstrip())
        else:
            key, _, rest = line.strip().partition(" ")
            try:
                if re.fullmatch(r"e\d+", key):
                    report.records.append(start_record(line.strip()))
                elif report.records:
                    add(report.records[-1], key, rest.strip())
                else:
                    raise Fault(f"{key!r} before any record")
            except Fault as error:
                fault = fault or f"{path}:{number}: {error}"


def main() -> int:
    """Check sheets, and write their gold lines where ``--out`` names a folder."""
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("sheets", nargs="+", type=Path)
    a.add_argument("--out", type=Path)
    options = a.parse_args()
    good = bad = records = 0
    for path in options.sheets:
        rows = list(read(path))
        for fault in (r for r in rows if isinstance(r, str)):
            bad += 1
            print(fault, file=sys.stderr)
        kept = [r for r in rows if not isinstance(r, str)]
        good += len(kept)
        records += sum(len(r["engagements"]) for r in kept)
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            with (options.out / f"{path.stem}.jsonl").open("w", encoding="utf-8") as stream:
                stream.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in kept)
    print(f"{good} reports, {records} records; {bad} with a fault")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
