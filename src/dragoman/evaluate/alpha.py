"""Krippendorff's alpha between two coders over paired records (package krippendorff; Krippendorff 2011)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dragoman.evaluate.same import pair


def alphas(gold: Iterable[Mapping[str, Any]], system: Mapping[str, Mapping[str, Any]]) -> dict[str, float | None]:
    """Alpha for kind and status of paired records, and for party (is it in the record or not); None where undefined."""
    kinds: list[tuple[str, str]] = []
    statuses: list[tuple[str, str]] = []
    parties: list[tuple[str, str]] = []
    for document in gold:
        mine = document["engagements"]
        theirs = (system.get(document["doc_id"]) or {}).get("engagements") or []
        named = sorted({p for e in (*mine, *theirs) for p in e.get("parties") or []})
        for i, j in pair(mine, theirs):
            a, b = mine[i], theirs[j]
            kinds.append((str(a["kind"]), str(b.get("kind"))))
            statuses.append((str(a["status"]), str(b.get("status"))))
            parties.extend((str(p in a["parties"]), str(p in (b.get("parties") or []))) for p in named)
    return {"kind": alpha(kinds), "status": alpha(statuses), "party": alpha(parties)}


def alpha(values: list[tuple[str, str]]) -> float | None:
    """Alpha of two coders' nominal values; None for fewer than two units or a single value throughout."""
    import krippendorff

    codes = {v: i for i, v in enumerate(sorted({x for row in values for x in row}))}
    if len(values) < 2 or len(codes) < 2:
        return None
    table = [[codes[row[coder]] for row in values] for coder in (0, 1)]
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal"))
