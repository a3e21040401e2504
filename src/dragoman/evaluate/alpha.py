"""Krippendorff's alpha between two coders over paired records (Krippendorff 2011, nominal data, two observers, none missing).

The package krippendorff is not used: its licence (GPL) is not one that this package can depend on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dragoman.evaluate.same import pair

Values = list[tuple[str, str]]


@dataclass(slots=True)
class Coded:
    """What two coders made of the same units: kind and status of paired records, and each party (in the record or not)."""

    kinds: Values = field(default_factory=list)
    statuses: Values = field(default_factory=list)
    parties: Values = field(default_factory=list)

    def add(self, first: Mapping[str, Any], second: Mapping[str, Any] | None) -> None:
        """Take in one document as both coded it."""
        mine, theirs = first["engagements"], (second or {}).get("engagements") or []
        named = sorted({p for e in (*mine, *theirs) for p in e.get("parties") or []})
        for i, j in pair(mine, theirs):
            a, b = mine[i], theirs[j]
            self.kinds.append((str(a["kind"]), str(b.get("kind"))))
            self.statuses.append((str(a["status"]), str(b.get("status"))))
            self.parties.extend((str(p in a["parties"]), str(p in (b.get("parties") or []))) for p in named)

    def alphas(self) -> dict[str, float | None]:
        """Alpha for each; None where undefined."""
        return {"kind": alpha(self.kinds), "status": alpha(self.statuses), "party": alpha(self.parties)}


def alphas(gold: Iterable[Mapping[str, Any]], system: Mapping[str, Mapping[str, Any]]) -> dict[str, float | None]:
    """Alpha for kind and status of paired records, and for party (is it in the record or not); None where undefined."""
    coded = Coded()
    for document in gold:
        coded.add(document, system.get(document["doc_id"]))
    return coded.alphas()


def alpha(values: Values) -> float | None:
    """Alpha of two coders' nominal values; None for fewer than two units or a single value throughout."""
    units, every = len(values), Counter(x for row in values for x in row)
    if units < 2 or len(every) < 2:
        return None
    total = 2 * units
    observed = sum(a != b for a, b in values) / units
    expected = 1 - sum(n * (n - 1) for n in every.values()) / (total * (total - 1))
    return 1 - observed / expected
