"""The measure inside the project is that of gold/score.py, on the gold perturbed in every field."""

from __future__ import annotations

import copy
import importlib.util
import random
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import StopRun
from dragoman.evaluate import alpha, report
from dragoman.evaluate.gold import held_out, load
from dragoman.evaluate.scores import FIELDS, score

ROOT = Path(__file__).parents[2]
ROWS = load(ROOT / "gold" / "dev_news.jsonl")


def reference() -> Any:
    spec = importlib.util.spec_from_file_location("reference_score", ROOT / "gold" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def perturbed(seed: int) -> dict[str, dict[str, Any]]:
    rng = random.Random(seed)
    out: dict[str, dict[str, Any]] = {}
    for row in ROWS:
        engagements = copy.deepcopy(row["engagements"])
        for e in engagements:
            change = rng.randrange(9)
            if change == 0:
                e["kind"] = "visit"
            elif change == 1:
                e["status"], e["date"] = "planned", {"start": "2001-01-01"}
            elif change == 2:
                e["parties"] = [*e["parties"][:1], "FRA"]
            elif change == 3:
                e["place"] = None
            elif change == 4 and e["participants"]:
                e["participants"].pop()
            elif change == 5 and e["participants"]:
                e["participants"][0] |= {"name": "Somebody Else", "party": "PER"}
            elif change == 6:
                e["topics"], e["sources"], e["framework"] = ["military"], e["sources"][1:], "Some Forum"
            elif change == 7:
                e["salience"], e["part_of"] = "mention", "e1"
        rng.shuffle(engagements)
        out[row["doc_id"]] = {"doc_id": row["doc_id"], "engagements": engagements[: rng.randrange(1, 6)]}
    return out


@pytest.mark.parametrize("seed", range(4))
def test_equal_to_the_reference(seed: int) -> None:
    system = perturbed(seed)
    theirs = reference().score(ROWS, system)
    ours = score(ROWS, system)
    assert (ours.precision, ours.recall, ours.f1, ours.usable_share) == pytest.approx(
        (theirs["precision"], theirs["recall"], theirs["f1"], theirs["usable"])
    )
    for name in FIELDS:
        assert ours.field_f1(name) == pytest.approx(theirs["fields"][name]), name


def test_gold_against_itself_is_perfect() -> None:
    same = {r["doc_id"]: r for r in ROWS}
    figures = score(ROWS, same)
    assert figures.f1 == figures.usable_share == 1.0
    assert alpha.alphas(ROWS, same) == {"kind": 1.0, "status": 1.0, "party": 1.0}
    assert report.as_json(figures)["usable"] == 1.0


def test_held_out_part_keeps_clusters_together() -> None:
    unread = held_out(ROWS)
    assert 0.2 < len(unread) / len(ROWS) < 0.3
    clusters = {r["cluster"] for r in ROWS if r["cluster"]}
    for cluster in clusters:
        inside = [r["doc_id"] in unread for r in ROWS if r["cluster"] == cluster]
        assert all(inside) or not any(inside)


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "g.jsonl").write_text('{"doc_id": "a", "engagements": []}\n{"doc_id": 3}\n', encoding="utf-8")
    with pytest.raises(StopRun, match=r"g\.jsonl:2"):
        load(tmp_path / "g.jsonl")
