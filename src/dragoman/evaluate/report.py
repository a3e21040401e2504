"""Figures as lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from dragoman.evaluate.scores import FIELDS, Score


def lines(name: str, s: Score, *, errors: int = 0) -> Iterator[str]:
    """Detection, fields, recall by kind, confusions, the ten commonest kinds of error, and some errors in full."""
    yield f"{name}: {s.documents} documents, {s.main} main records"
    yield f"  detection  P {s.precision:.3f}  R {s.recall:.3f}  F1 {s.f1:.3f}     usable {s.usable_share:.3f}"
    cells = [f"{n} {_figure(s.field_f1(n))}" for n in FIELDS]
    for i in range(0, len(cells), 4):
        yield "  " + "  ".join(f"{c:<22}" for c in cells[i : i + 4]).rstrip()
    yield "  recall     " + "  ".join(f"{k} {a}/{b}" for k, (a, b) in sorted(s.by_kind.items()))
    for title, table in (("kinds", s.kinds), ("statuses", s.statuses)):
        wrong = [f"{a} read as {b} {n}" for (a, b), n in table.most_common() if a != b]
        yield f"  {title} confused: " + ("; ".join(wrong) or "none")
    commonest = Counter(f"{what}: {detail}" for _, what, detail, _ in s.errors).most_common(10)
    yield "  commonest errors: " + "; ".join(f"{n} × {e}" for e, n in commonest)
    for doc_id, what, detail, evidence in s.errors[:errors]:
        yield f"  {doc_id} | {what} | {detail} | {' '.join(evidence.split())[:160]}"


def as_json(s: Score) -> dict[str, Any]:
    """The figures as one object."""
    return {
        "documents": s.documents,
        "main records": s.main,
        "precision": s.precision,
        "recall": s.recall,
        "f1": s.f1,
        "usable": s.usable_share,
        "fields": {n: s.field_f1(n) for n in FIELDS},
        "recall by kind": {k: [a / b, b] for k, (a, b) in sorted(s.by_kind.items())},
        "kinds": [[a, b, n] for (a, b), n in sorted(s.kinds.items())],
        "statuses": [[a, b, n] for (a, b), n in sorted(s.statuses.items())],
    }


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
