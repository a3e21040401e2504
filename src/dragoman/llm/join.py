"""Answers about overlapping windows of one document become one list: what two windows both tell is one record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dragoman.llm.words import folded
from dragoman.model import Engagement, Participant, Span

Placed = tuple[Span, Engagement]


def joined(answers: Sequence[Sequence[Placed]]) -> tuple[Engagement, ...]:
    """Engagements of all windows in order, without twins, numbered anew; ``part_of`` follows.

    Args:
        answers: for each window its engagements, each with the place of its evidence.
    """
    kept: list[tuple[int, Placed]] = []
    stands_for: dict[tuple[int, str], tuple[int, str]] = {}
    for window, found in enumerate(answers):
        for placed in found:
            own = (window, placed[1].id)
            at = next((i for i, (w, other) in enumerate(kept) if w != window and same_act(other, placed)), None)
            if at is None:
                kept.append((window, placed))
                stands_for[own] = own
                continue
            other_window, other = kept[at]
            stands_for[own] = (other_window, other[1].id)
            if len(placed[1].participants) > len(other[1].participants):
                fuller = replace(placed[1], id=other[1].id, part_of=other[1].part_of)
                kept[at] = (other_window, (placed[0], fuller))
    number = {(w, e.id): f"e{n}" for n, (w, (_, e)) in enumerate(kept, 1)}
    return tuple(replace(e, id=number[w, e.id], part_of=_home(number, stands_for, w, e.part_of)) for w, (_, e) in kept)


def _home(
    number: dict[tuple[int, str], str],
    stands_for: dict[tuple[int, str], tuple[int, str]],
    window: int,
    told: str | None,
) -> str | None:
    return number.get(stands_for.get((window, told), (window, told))) if told else None


def same_act(a: Placed, b: Placed) -> bool:
    """Whether records of two windows tell of one act: one kind, parties of one within the other's, and either evidence of
    one place or the same status, day and people."""
    (there, first), (here, second) = a, b
    left, right = set(first.parties), set(second.parties)
    if first.kind != second.kind or not (left <= right or right <= left):
        return False
    if there.overlaps(here):
        return True
    mine, theirs = _names(first.participants), _names(second.participants)
    same_day = first.date.start == second.date.start and first.status == second.status
    return same_day and (mine <= theirs or theirs <= mine)


def _names(people: Sequence[Participant]) -> set[str]:
    return {folded(p.name) for p in people if p.name}
