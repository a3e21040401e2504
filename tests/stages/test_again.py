"""The second look at who takes part: its numbers against the plain definition of each, and that records follow it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.model import Document, Source
from dragoman.network.again import NOTHING, Acts, party_rows, people_rows
from dragoman.network.features import Floats
from dragoman.network.runtime import AGAIN
from dragoman.reader import Reader


@st.composite
def acts(draw: st.DrawFn) -> Acts:
    n, people, parties = draw(st.integers(1, 4)), draw(st.integers(0, 4)), draw(st.integers(0, 3))
    chance = np.random.default_rng(draw(st.integers(0, 10_000)))
    return Acts(
        words=chance.permutation(60)[:n],
        kinds=chance.integers(1, 8, n),
        people=chance.normal(size=(n, people)).astype(np.float32) * 3,
        parties=chance.normal(size=(n, parties)).astype(np.float32) * 3,
        stands=chance.integers(-1, parties, people) if parties else np.full(people, -1),
        extra=chance.random((parties, 6)).astype(np.float32),
        background=chance.random(n).astype(np.float32),
        several=chance.random(n).astype(np.float32),
    )


def plain(own: Floats, words: np.ndarray, kinds: np.ndarray, i: int, j: int) -> list[float]:
    """The numbers of one pair among those of its act and of the other acts, each as it is meant."""
    n, c = own.shape
    others = [k for k in range(n) if k != i]
    across = [*sorted((float(own[k, j]) for k in others), reverse=True), NOTHING, NOTHING]
    rival = max(others, key=lambda k: own[k, j]) if others else i
    row = sorted(map(float, own[i]), reverse=True) + [NOTHING] * 3
    return [
        own[i, j], across[0], across[1], n - 1, sum(own[k, j] > 0 for k in others), kinds[i], kinds[rival], abs(words[rival] - words[i]),
        words[rival] < words[i], max((own[k, j] for k in others if words[k] < words[i]), default=NOTHING),
        max((own[k, j] for k in others if words[k] > words[i]), default=NOTHING), sum(own[i] > own[i, j]), *row[:3],
        float((1 / (1 + np.exp(-own[i].astype(float)))).sum()), float((1 / (1 + np.exp(-own[:, j].astype(float)))).sum()), c, n,
        across[0] - own[i, j] if others else 0.0,
    ]  # fmt: skip


@given(acts())
def test_numbers_of_people(a: Acts) -> None:
    n, c = a.people.shape
    rows = people_rows(a)
    rows = rows.reshape(n, c, rows.shape[1])
    on = a.people > 0
    for i in range(n):
        for j in range(c):
            assert np.allclose(rows[i, j, :20], plain(a.people, a.words, a.kinds, i, j), atol=1e-4)
            assert np.allclose(rows[i, j, -2:], [a.background[i], a.several[i]])
            if a.stands[j] >= 0:
                mine = [k for k in range(c) if k != j and a.stands[k] == a.stands[j]]
                there = {int(a.stands[k]) for k in range(c) if k != j and on[i, k] and a.stands[k] >= 0}
                strong = [p for p in range(a.parties.shape[1]) if a.parties[i, p] > 0]
                told = [
                    a.parties[i, a.stands[j]], max((a.people[i, k] for k in mine), default=NOTHING), sum(on[i, k] for k in mine), len(there),
                    len(strong), sum(p not in there for p in strong), any(on[i, k] for k in mine), len(mine),
                ]  # fmt: skip
                assert np.allclose(rows[i, j, 20:28], told, atol=1e-4)


@given(acts())
def test_numbers_of_parties(a: Acts) -> None:
    n, c = a.parties.shape
    rows = party_rows(a)
    rows = rows.reshape(n, c, rows.shape[1])
    for i in range(n):
        there = {int(p) for p, score in zip(a.stands, a.people[i], strict=True) if p >= 0 and score > 0}
        for j in range(c):
            assert np.allclose(rows[i, j, :20], plain(a.parties, a.words, a.kinds, i, j), atol=1e-4)
            mine = a.people[i][a.stands == j].astype(float)
            told = [mine.max(initial=NOTHING), (1 / (1 + np.exp(-mine))).sum(), len(mine), len(there - {j})]
            assert np.allclose(rows[i, j, 20:24], told, atol=1e-4)
            assert np.allclose(rows[i, j, 24:30], a.extra[j])


TEXT = (
    "PARIS, May 3. Foreign Minister Aino Virta of Finland met her French counterpart, Luc Tremel, in Paris on Monday."
)


def test_records_follow_the_second_look(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = reader.read(TEXT).engagements
    assert {p.name for p in first.participants} == {"Aino Virta", "Luc Tremel"}
    network, asked = type(reader.tools.network), []

    def nobody(self: object, name: str, rows: Floats) -> Floats:
        asked.append(name)
        return np.zeros(len(rows), dtype=np.float32)

    monkeypatch.setattr(network, "again", nobody)
    assert not any(p.name for e in reader.read(TEXT).engagements for p in e.participants)
    assert set(asked) == set(AGAIN)


def test_nothing_is_asked_of_a_text_without_people(reader: Reader) -> None:
    text = "The navies of Peru and Chile held a joint exercise off Arica on May 3, 2021."
    doc = Document(Source("a"), text)
    (account,) = reader.read_many([doc])
    assert all(e.kind == "exercise" for e in account.engagements)
