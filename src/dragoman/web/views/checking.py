"""The human check: the queue of doubtful records, and a register made by hand against this one."""

from __future__ import annotations

from pathlib import Path

from dragoman.compare import acts_of_records, compare, load_mapping, load_rows
from dragoman.resources import Tools
from dragoman.store.doubts import Differing
from dragoman.store.read import Register
from dragoman.store.shapes import Filter
from dragoman.web.asking import Asked
from dragoman.web.overviews import Compared, Doubtful, Review
from dragoman.web.views.shared import entry

QUEUES = ("contested", "one-act", "two-acts", "two-readers")
WHY = {
    "contested": "Accounts contradict one another",
    "one-act": "Perhaps one act, kept as two records",
    "two-acts": "Perhaps two acts, joined into one record",
    "two-readers": "Two readers of the text differ",
}
PER_PAGE = 10
SAID = 30  # judgements shown
LOOKED_AT = 200  # contested records among which those that nobody has accepted are looked for


def review(asked: Asked, register: Register, tools: Tools) -> Review:
    """Doubtful records of one queue, and what people said last."""
    queue = asked.option("queue", QUEUES)
    offset = (asked.page - 1) * PER_PAGE
    if queue == "contested":
        found = _contested(register, offset)
    elif queue == "two-readers":
        found = _differing(register, offset)
    else:
        found = _linked(register, queue, offset)
    judgements = tuple(reversed(register.judgements()[-SAID:]))
    return Review("Review", queue, asked.page, len(found) > PER_PAGE, found[:PER_PAGE], judgements)


def _contested(register: Register, offset: int) -> tuple[Doubtful, ...]:
    records = register.records(Filter(contested=True), sort="-accounts", limit=LOOKED_AT)
    left = [r for r in records if not r.accepted][offset : offset + PER_PAGE + 1]
    return tuple(
        Doubtful(
            WHY["contested"],
            entry(r),
            None,
            (),
            tuple(f"{c.field}: {' | '.join(sorted(c.values))}" for c in r.conflicts),
            None,
        )
        for r in left
    )


def _differing(register: Register, offset: int) -> tuple[Doubtful, ...]:
    several = register.differing(limit=PER_PAGE + 1, offset=offset)
    records = register.by_id([some[0].record or "" for some in several])
    return tuple(
        Doubtful(WHY["two-readers"], entry(records[some[0].record or ""]), None, (), tuple(map(difference, some)), None)
        for some in several
    )


def difference(d: Differing) -> str:
    """A difference in a line: what is kept, and what the other reader has."""
    if d.field is None:
        return (
            f"only the reader that is kept has it: {d.kept}"
            if d.other is None
            else f"only the other reader has it: {d.other}"
        )
    return f"{d.field}: kept {d.kept or 'nothing'} | other reader {d.other or 'nothing'}"


def _linked(register: Register, queue: str, offset: int) -> tuple[Doubtful, ...]:
    doubts = register.weak_links(joined=queue == "two-acts", limit=PER_PAGE + 1, offset=offset)
    records = register.by_id([i for d in doubts for i in (d.left_record, d.right_record)])
    found = []
    for d in doubts:
        other = entry(records[d.right_record]) if d.right_record != d.left_record else None
        found.append(Doubtful(WHY[queue], entry(records[d.left_record]), other, (d.left, d.right), d.reasons, d.score))
    return tuple(found)


def compared(
    asked: Asked, register: Register, tools: Tools, *, file: Path | None = None, mapping: Path | None = None
) -> Compared:
    """The hand-made register that the server was given, against this one.

    Raises:
        StopRun: its file or mapping cannot be read.
    """
    if file is None:
        return Compared("Compare", None, None)
    plan = load_mapping(mapping, tools)
    found = compare(load_rows(file, plan, tools), acts_of_records(register.each()), plan, tools)
    return Compared("Compare", file.name, found)
