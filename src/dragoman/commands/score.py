"""``dragoman score``: agreement with records made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Optional

import typer


def score(
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD.jsonl", help="Records made by hand, one document a line, with text.")
    ],
    system: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(
            metavar="[SYSTEM.jsonl]", help="What is compared with them; without it the texts are read here."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    errors: Annotated[int, typer.Option("--errors", metavar="N", help="Show N errors in full.")] = 0,
) -> None:
    """Compare records with records made by hand: detection, each field, usable records, Krippendorff's alpha.

    Both files have one JSON object a line with doc_id and engagements in the guide's form; documents are paired by doc_id.
    """
    from dragoman import output
    from dragoman.errors import DragomanError
    from dragoman.evaluate import alpha, report, scores
    from dragoman.evaluate.gate import read_all
    from dragoman.evaluate.gold import load

    try:
        rows = load(gold)
        answers = {r["doc_id"]: r for r in load(system)} if system else read_all(rows)
    except DragomanError as error:
        output.say(f"dragoman: {error}")
        raise typer.Exit(output.STOPPED) from None
    figures = scores.score(rows, answers)
    agreement = alpha.alphas(rows, answers)
    if as_json:
        typer.echo(json.dumps(report.as_json(figures) | {"alpha": agreement}, ensure_ascii=False))
        return
    for line in report.lines(gold.name, figures, errors=errors):
        typer.echo(line)
    told = "  ".join(f"{k} {'-' if v is None else f'{v:.3f}'}" for k, v in agreement.items())
    typer.echo(f"  Krippendorff's alpha  {told}")
