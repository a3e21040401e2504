"""What happened to a record, told from its accounts and the judgements over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.model import Judgement, Record
from dragoman.store.shapes import HistoryItem, Removal


def items(record: Record, judgements: Sequence[Judgement], removals: Sequence[Removal] = ()) -> tuple[HistoryItem, ...]:
    """Accounts, changes of status, judgements and removals, oldest first; what has no day comes first."""
    found = [*_told(record), *(item for j in judgements for item in judged(j)), *map(removed, removals)]
    return tuple(sorted(found, key=lambda i: (i.at or "", i.what, i.judgement or "", i.text)))


def _told(record: Record) -> Iterator[HistoryItem]:
    outlets = {a.key: a.outlet for a in record.accounts}
    for a in record.accounts:
        day = a.published.isoformat() if a.published else None
        copy = f" (repeats {a.copy_of})" if a.copy_of else ""
        yield HistoryItem(day, "told", a.outlet, f"{a.title or a.doc_id}{copy}")
    for step in record.history:
        day = step.said.isoformat() if step.said else None
        yield HistoryItem(day, "status", outlets.get(step.account), step.status)


def removed(r: Removal) -> HistoryItem:
    """That something was removed; what it was is not kept."""
    return HistoryItem(r.at, "removed", r.by, "something was removed" + (f": {r.reason}" if r.reason else ""))


def judged(j: Judgement, *, unbound: bool = False) -> Iterator[HistoryItem]:
    """A judgement, and its withdrawal; ``unbound`` ones wait for an account that is no longer told."""
    about = {
        "same": f"{j.left} and {j.right} are one act",
        "different": f"{j.left} and {j.right} are two acts",
        "correct": f"{j.field} is {j.value!r}",
        "reject": "no engagement",
        "accept": "right as it stands",
    }[j.verdict]
    about += " (waits for its account)" if unbound else ""
    yield HistoryItem(j.at, j.verdict, j.author, f"{about}: {j.reason}" if j.reason else about, j.id)
    if j.withdrawn:
        yield HistoryItem(j.withdrawn, "undo", j.withdrawn_by, f"withdrawn: {about}", j.id)
