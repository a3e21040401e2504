"""The second look: the grid it is given against plain definitions, what its answers may depend on, and that records follow it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.model import KINDS, STATUSES, Document, Source
from dragoman.network import layout
from dragoman.network.again import ACTS, LOOKS, ORDERS, Acts, Scored, as_scored, asked
from dragoman.network.features import Floats
from dragoman.network.pairs import Pairs
from dragoman.reader import Reader

WIDTH = 320


def scored(name: str, acts: int, things: int, chance: np.random.Generator) -> Scored:
    outputs, extra = layout.PAIR_HEADS[name]
    return Scored(
        scores=3 * chance.normal(size=(acts, things, outputs)).astype(np.float32),
        feats=np.stack([chance.integers(0, n, (acts, things)) for n in layout.PAIR_FEATURES], -1),
        extra=chance.random((acts, things, extra)).astype(np.float32),
        vectors=chance.normal(size=(acts, things, WIDTH)).astype(np.float32),
        counts=chance.integers(1, 9, (acts, things)),
    )


@st.composite
def texts(draw: st.DrawFn) -> Acts:
    chance, n = np.random.default_rng(draw(st.integers(0, 10_000))), draw(st.integers(1, 20))
    things = {name: draw(st.integers(0, 4)) for name in LOOKS}
    return Acts(
        vectors=chance.normal(size=(n, WIDTH)).astype(np.float32),
        words=chance.permutation(60)[:n],
        kinds=chance.integers(1, len(KINDS) + 1, n),
        told=chance.random(n).astype(np.float32),
        status=chance.random((n, len(STATUSES))).astype(np.float32),
        background=chance.random(n).astype(np.float32),
        several=chance.random(n).astype(np.float32),
        scored={name: scored(name, n, k, chance) for name, k in things.items()},
        none={
            name: chance.normal(size=(n, k)).astype(np.float32)
            for name, k in layout.NONE_HEADS.items()
            if name in LOOKS
        },
        stands=chance.random((things["takes_part"], things["party"])).astype(np.float32),
    )


@given(acts=texts())
def test_what_it_is_asked(acts: Acts) -> None:
    told, n = asked(acts), len(acts.words)
    for i in range(n):
        assert told["order"][i] == min(sum(w < acts.words[i] for w in acts.words), ORDERS - 1)
        own = told["acts"][i, WIDTH + len(STATUSES) : WIDTH + len(STATUSES) + 3]
        assert own.tolist() == [acts.told[i], acts.background[i], acts.several[i]]
        assert int(told["acts"][i, -len(KINDS) - 1 :].argmax()) == acts.kinds[i]
    for name in LOOKS:
        s = acts.scored[name]
        assert np.array_equal(told[name][..., 0], s.scores[..., 0])
        assert told[name].shape[:2] == told[f"{name}_words"].shape[:2] == s.counts.shape
        assert (f"{name}_none" in told) == (name in layout.NONE_HEADS)


@given(acts=texts())
@settings(deadline=None, max_examples=40)
def test_it_answers_for_every_pair_and_however_few_there_are(acts: Acts, reader: Reader) -> None:
    found = reader.tools.network.again(acts)
    for name in LOOKS:
        wide = acts.scored[name].counts.shape[1] + layout.NONE_HEADS.get(name, 0)
        assert found[name].shape == (len(acts.words), wide)
    for name in ACTS:
        assert found[name].shape == (len(acts.words),)
    assert all(np.isfinite(x).all() for x in found.values())
    said = as_scored(asked(acts))
    assert {name: x.shape for name, x in said.items()} == {name: x.shape for name, x in found.items()}


@given(acts=texts())
@settings(deadline=None, max_examples=25)
def test_the_order_in_which_people_are_listed_says_nothing(acts: Acts, reader: Reader) -> None:
    s = acts.scored["takes_part"]
    turned = Scored(*(getattr(s, field)[:, ::-1] for field in s.__slots__))
    other = replace(acts, scored={**acts.scored, "takes_part": turned}, stands=acts.stands[::-1])
    found, again = reader.tools.network.again(acts), reader.tools.network.again(other)
    assert np.allclose(found["takes_part"][:, ::-1], again["takes_part"], atol=1e-3)
    for name in ("party", "date", "place", *ACTS):
        assert np.allclose(found[name], again[name], atol=1e-3)


def test_a_grid_holds_the_best_pair_of_each_thing(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs, chance, things = Pairs(), np.random.default_rng(3), 4
    for act in range(3):
        for thing in range(things):
            key = pairs.key(act, thing)
            for _ in range(1 + thing):
                feats = tuple(int(chance.integers(0, n)) for n in layout.PAIR_FEATURES)
                pairs.add(key, act, (len(pairs.spans), len(pairs.spans) + 1), feats, chance.random(6).tolist())
    scores, vectors = chance.normal(size=(len(pairs.spans), 1)), chance.normal(size=(len(pairs.spans), WIDTH))
    network = reader.tools.network
    monkeypatch.setattr(network, "_scores", lambda *_: (scores.astype(np.float32), vectors.astype(np.float32)))
    grid = network.grid("party", np.zeros((3, WIDTH), np.float32), things, pairs, np.zeros((60, WIDTH), np.float32))
    for key, (act, thing) in enumerate(pairs.keys):
        mine = [i for i, g in enumerate(pairs.group) if g == key]
        best = max(mine, key=lambda i: scores[i, 0])
        assert grid.scores[act, thing, 0] == pytest.approx(scores[best, 0])
        assert tuple(grid.feats[act, thing]) == pairs.feats[best]
        assert np.allclose(grid.extra[act, thing], pairs.extra[best])
        assert np.allclose(grid.vectors[act, thing], vectors[best])
        assert grid.counts[act, thing] == len(mine)


TEXT = (
    "PARIS, May 3. Foreign Minister Aino Virta of Finland met her French counterpart, Luc Tremel, in Paris on Monday."
)


def test_records_follow_the_second_look(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = reader.read(TEXT).engagements
    assert {p.name for p in first.participants} == {"Aino Virta", "Luc Tremel"}
    assert first.place is not None
    network = reader.tools.network
    said = type(network).again

    def nobody(self: object, acts: Acts) -> dict[str, Floats]:
        found: dict[str, Floats] = said(network, acts)
        nowhere = np.zeros_like(found["place"])
        nowhere[:, -1] = 9
        return found | {"takes_part": np.full_like(found["takes_part"], -9), "place": nowhere}

    monkeypatch.setattr(type(network), "again", nobody)
    told = reader.read(TEXT).engagements
    assert not any(p.name for e in told for p in e.participants)
    assert not any(e.place for e in told)


def test_what_is_no_act_at_second_sight_is_no_record(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    network = reader.tools.network
    said = type(network).again
    monkeypatch.setattr(
        type(network),
        "again",
        lambda self, acts: said(self, acts) | {"told": np.full(len(acts.words), -9.0, np.float32)},
    )
    assert not reader.read(TEXT).engagements


def test_nothing_is_asked_of_a_text_without_people(reader: Reader) -> None:
    text = "The navies of Peru and Chile held a joint exercise off Arica on May 3, 2021."
    doc = Document(Source("a"), text)
    (account,) = reader.read_many([doc])
    assert all(e.kind == "exercise" for e in account.engagements)
