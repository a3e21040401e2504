"""Cuts swept one at a time: ``python -m training.tune GOLD.jsonl topic=0.2,0.3 mention=0.5,0.6``.

Documents are read up to their people once; only what the cuts decide runs again for each value. Use texts that the
network has not been trained on.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dragoman import codec
from dragoman.config import Settings
from dragoman.evaluate.gold import Row, load
from dragoman.evaluate.scores import score
from dragoman.model import Document
from dragoman.resources import Tools
from dragoman.stages.annotate import annotate_many
from dragoman.stages.attribution import attribute
from dragoman.stages.clean import clean
from dragoman.stages.events import find_events
from dragoman.stages.ingest._common import document
from dragoman.stages.resolve import resolve

FIELDS = ("kind", "status", "parties", "date", "place country", "people", "people+party", "side", "head", "topics")


def annotated(rows: Sequence[Row], tools: Tools) -> list[Document]:
    """Documents of gold lines, read up to their annotation."""
    docs = [document({k: v for k, v in r.items() if k != "engagements"}, "gold", Settings()) for r in rows]
    return list(annotate_many([clean(d, tools) for d in docs], tools))


def figures(rows: Sequence[Row], docs: Sequence[Document], tools: Tools) -> str:
    """A line of figures of the documents (read up to their people) as the cuts in ``tools`` have them now."""
    done = [attribute(find_events(d, tools), tools) for d in docs]
    s = score(list(rows), {d.source.doc_id: codec.account(d, "tuning") for d in done})
    fields = "  ".join(f"{n} {s.field_f1(n) or 0:.3f}" for n in FIELDS)
    return f"P {s.precision:.3f}  R {s.recall:.3f}  F1 {s.f1:.3f}  usable {s.usable_share:.3f}  {fields}"


def main() -> None:
    """A line of figures for the cuts as they stand, then one for each value asked for."""
    rows, tools = load(Path(sys.argv[1])), Tools()
    docs = [resolve(d, tools) for d in annotated(rows, tools)]
    standing = dict(tools.thresholds)

    def run(name: str, changed: dict[str, float]) -> None:
        tools.__dict__["thresholds"] = {**standing, **changed}
        print(f"{name:<24} {figures(rows, docs, tools)}", flush=True)

    run("as it stands", {})
    for sweep in sys.argv[2:]:
        cut, _, values = sweep.partition("=")
        if cut not in standing:
            sys.exit(f"{cut} is not in thresholds.toml; there are {', '.join(sorted(standing))}")
        for value in values.split(","):
            run(f"{cut} {value}", {cut: float(value)})


if __name__ == "__main__":
    main()
