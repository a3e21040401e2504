"""Which party each person stands for, weighed together with who takes part in what.

A person's own words often leave it open ("Mr Fiqi"); the engagements that he takes part in tell which parties met, and people
who met one another do not all stand for one party.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from dragoman.model import Findings
from dragoman.stages.events._detect import Draft

FLOOR = 1e-3


def settled_parties(drafts: Sequence[Draft], findings: Findings, thresholds: dict[str, float]) -> list[str | None]:
    """A party for each person of the document."""
    alone = [{party: math.log(max(p, FLOOR)) for party, p in x.party_scores} for x in findings.people]
    scores = [_weighed(i, own, drafts, thresholds) for i, own in enumerate(alone)]
    chosen = [max(row, key=lambda p: (row[p], p)) if row else None for row in scores]
    for draft in drafts:
        _separate(draft, scores, alone, chosen, thresholds)
    return chosen


def _weighed(
    person: int, own: dict[str, float], drafts: Sequence[Draft], thresholds: dict[str, float]
) -> dict[str, float]:
    """Log-probability of each party by the person's own words (``own``), plus that of the best engagement they take part in."""
    events = [d for d in drafts if person in d.people and d.people[person][0] >= thresholds["takes_part"]]
    out = {}
    for party, p in own.items():
        support = max((d.parties.get(party, 0.0) for d in events), default=1.0)
        out[party] = p + thresholds["coherence"] * math.log(max(support, FLOOR))
    return out


def _separate(
    draft: Draft,
    scores: list[dict[str, float]],
    alone: list[dict[str, float]],
    chosen: list[str | None],
    thresholds: dict[str, float],
) -> None:
    """Where all who take part would stand for one party, move the one who loses least by it to another likely party.

    Where the engagement itself has no other likely party, people's own words (``alone``) tell who that is.
    """
    people = [i for i, (takes_part, _, _) in draft.people.items() if takes_part >= thresholds["takes_part"]]
    if len(people) < 2 or draft.trigger.kind == "visit" or len({chosen[i] for i in people}) > 1:
        return
    others = [p for p in draft.parties if p != chosen[people[0]]]
    likely = [p for p in others if draft.parties[p] >= thresholds["party"]]
    table = scores if likely else alone
    moves = [
        (table[i][p] - table[i][chosen[i] or ""], -i, p)
        for i in people
        for p in likely or others
        if p in table[i] and chosen[i] in table[i]
    ]
    best = max(moves, default=None)
    if best is not None and best[0] >= -thresholds["separate"]:
        chosen[-best[1]] = best[2]
