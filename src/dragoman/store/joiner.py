"""What the register asks of the room that joins tellings: pure functions of the rows they are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from dragoman.model import Judgement, Person, Record, Telling


@dataclass(frozen=True, slots=True)
class Joined:
    """Two tellings of one act: ``left`` < ``right`` are account keys."""

    left: str
    right: str
    score: float
    reasons: tuple[str, ...]


class Joiner(Protocol):
    """Joins tellings; see :mod:`dragoman.merge` for the one that is used."""

    def blocks(self, telling: Telling) -> frozenset[str]:
        """Keys one of which any two tellings of one act share."""

    def link(self, a: Telling, b: Telling) -> Joined | None:
        """Whether two tellings are of one act, with score and reasons."""

    def cluster(
        self, tellings: Sequence[Telling], links: Sequence[Joined], judgements: Sequence[Judgement]
    ) -> tuple[tuple[str, ...], ...]:
        """Account keys of each act among tellings that links or judgements connect."""

    def build(
        self,
        tellings: Sequence[Telling],
        judgements: Sequence[Judgement],
        copies: Mapping[str, str],
        people: Mapping[tuple[str, int], str],
    ) -> Record:
        """The record of one act. ``copies`` maps documents to the originals that they repeat, ``people`` account key and
        index of a participant to a person's id. Its ``part_of`` is the key of an account of the other record."""

    def signature(self, text: str) -> bytes:
        """By which copies of a text are told."""

    def bands(self, signature: bytes) -> frozenset[str]:
        """Keys one of which any two copies share."""

    def alike(self, a: bytes, b: bytes) -> bool:
        """Whether two texts are copies of one."""
