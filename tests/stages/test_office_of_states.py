"""An office that only states have keeps its holder from standing for an organisation, unless the office's words name it."""

from __future__ import annotations

import pytest

from dragoman.model import PartyCandidate
from dragoman.stages.resolve import _of_a_state

EU = PartyCandidate("EU", ((3, 4), (20, 21)), (0.5, 0.0, 0.0, 1.0, 0.0, 1.0))
SVN = PartyCandidate("SVN", ((30, 31),), (0.5, 1.0, 1.0, 0.0, 0.0, 1.0))
RANKED = (("EU", 0.9), ("SVN", 0.1))


@pytest.mark.parametrize(
    ("office", "first", "why"),
    [
        ((8, 10), "SVN", "the organisation stands elsewhere"),
        ((2, 6), "EU", "its name stands in the office: he chairs it"),
    ],
)
def test_organisations_have_no_such_office(office: tuple[int, int], first: str, why: str) -> None:
    ranked = _of_a_state(RANKED, office, (EU, SVN), 0.05)
    assert ranked[0][0] == first, why
    assert sum(p for _, p in ranked) == pytest.approx(1.0)


def test_nobody_known() -> None:
    assert _of_a_state((), (2, 6), (EU, SVN), 0.05) == ()
