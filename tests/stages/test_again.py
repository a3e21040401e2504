"""The second look: the grid it is given against plain definitions, what its answers may depend on, and that records follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.model import KINDS, STATUSES, DateFound, Document, Source, Span, Token
from dragoman.network import layout
from dragoman.network.again import (
    ACTS,
    FAR,
    JUDGED,
    LOOKS,
    MORE,
    ORDERS,
    TIES,
    Acts,
    Scored,
    akin,
    alike,
    as_scored,
    asked,
    named_together,
    nearest,
    of_days,
    of_people,
)
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


@dataclass
class Named:
    named: Sequence[tuple[int, int]]
    by_role: Sequence[tuple[int, int]]


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
        more={name: chance.random((n, things[name], k)).astype(np.float32) for name, k in MORE.items()},
        ties={
            k: chance.random(tuple((things | {"acts": n})[x] for x in sides)).astype(np.float32)
            for k, sides in TIES.items()
        },
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
        if name in MORE:
            assert np.array_equal(told[name][..., -MORE[name] :], acts.more[name])
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
    assert found["status"].shape == (len(acts.words), len(STATUSES))
    assert list(found) == list(JUDGED)
    assert all(np.isfinite(x).all() for x in found.values())
    said = as_scored(asked(acts))
    assert {name: x.shape for name, x in said.items()} == {name: x.shape for name, x in found.items()}


@given(acts=texts())
@settings(deadline=None, max_examples=25)
def test_the_order_in_which_people_are_listed_says_nothing(acts: Acts, reader: Reader) -> None:
    s = acts.scored["takes_part"]
    turned = Scored(*(getattr(s, field)[:, ::-1] for field in s.__slots__))
    other = replace(
        acts,
        scored={**acts.scored, "takes_part": turned},
        more={**acts.more, "takes_part": acts.more["takes_part"][:, ::-1]},
        ties={
            **acts.ties,
            **{k: acts.ties[k][::-1] for k in ("stands", "on", "at")},
            "beside": acts.ties["beside"][::-1, ::-1],
        },
    )
    found, again = reader.tools.network.again(acts), reader.tools.network.again(other)
    assert np.allclose(found["takes_part"][:, ::-1], again["takes_part"], atol=1e-3)
    for name in ("party", "date", "place", *ACTS, "status"):
        assert np.allclose(found[name], again[name], atol=1e-3)


def days(*told: tuple[str, str | None, str]) -> list[DateFound]:
    return [DateFound(Span(0, 1), start, None, precision, False, ahead) for start, ahead, precision in told]


@pytest.mark.parametrize(
    ("start", "ahead", "precision", "told"),
    [
        ("2024-05-03", None, "day", [0, 0, 0, 0, 0, 0, 0]),
        ("2024-05-04", None, "day", [np.log(2) / 4, 1, 0, 0, 0, 0, 0]),
        ("2024-04-26", "2024-05-03", "day", [-np.log(8) / 4, 0, 1, 0, 1, 0, 0]),
        ("2024-04-27", "2024-05-05", "day", [-np.log(7) / 4, 0, 1, np.log(3) / 4, 1, 0, 0]),
        ("2024-06", None, "month", [np.log(30) / 4, 1, 0, 0, 0, 1, 0]),
        ("2023", None, "year", [-np.log(489) / 4, 0, 1, 0, 0, 1, 0]),
    ],
)
def test_days_are_told_by_how_far_they_lie(start: str, ahead: str | None, precision: str, told: list[float]) -> None:
    (found,) = of_days(days((start, ahead, precision)), date(2024, 5, 3))
    assert found.tolist() == pytest.approx([*told, 0])
    (unknown,) = of_days(days((start, ahead, precision)), None)
    assert unknown.tolist() == pytest.approx([0, 0, 0, 0, told[4], told[5], 0, 0])


def test_two_wordings_of_one_day_are_tied() -> None:
    told = days(("2024-05-03", None, "day"), ("2024-05-04", None, "day"), ("2024-05-03", None, "day"))
    assert alike([d.start for d in told]).tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    assert of_days(told, None)[:, -1].tolist() == pytest.approx([np.log(2), 0, np.log(2)])
    assert alike([]).shape == (0, 0)
    assert of_days([], None).shape == (0, MORE["date"])


def test_people_are_told_by_the_sentences_they_stand_in() -> None:
    words = [Token(Span(i, i + 1), "x", "x", "X", i // 2, "body") for i in range(8)]  # four sentences of two words
    first, second = Named([(0, 1)], [(5, 6)]), Named([(4, 5)], [])
    found = of_people(words, [1, 3, 4, 6], [first, second], ({"y"}, {"x"}))
    near = [[[1, 0, 0, 0, 0], [0, 0, 1, 1, 1], [0, 1, 0, 0, 0], [0, 0, 1, 0, 1]], [[0, 0, 0, 0, 2], [0, 0, 0, 1, 1], [1, 0, 0, 0, 0], [0, 0, 1, 0, 1]]]  # fmt: skip
    for i in range(2):
        assert (found[:, i, :5] * [1, 1, 1, 1, FAR]).tolist() == near[i]
        assert found[:, i, 5:].tolist() == [pytest.approx([np.log(2), i / ORDERS, np.log(2), 1, 0, 1])] * 4
    assert nearest(words, [[(0, 1), (5, 6)], [(4, 5)]], [(1, 2), (5, 6), (7, 8)]).tolist() == [[1, 1, 0], [0, 0, 0]]
    third = Named([(2, 3), (5, 6)], [])
    assert named_together(words, [first, second, third]).tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]


def test_a_list_of_who_came_along_is_told_by_its_words() -> None:
    """ "A met B. The delegation includes C and D.": nothing happens in the sentence that names C, which holds a word for company."""
    text = ["A", "meet", "B", ".", "The", "delegation", "include", "C", "and", "D", "."]
    words = [Token(Span(i, i + 1), w, w, "X", int(i > 3), "body") for i, w in enumerate(text)]
    guest, companion = Named([(0, 1)], []), Named([(7, 8)], [])
    others = [Named([(2, 3)], []), Named([(9, 10)], [])]
    (found,) = of_people(words, [1], [guest, companion, *others], ({"delegation"}, {"attend"}))
    assert found[:2, 5:].tolist() == [
        pytest.approx([np.log(2), 0, np.log(3), 1, 0, 0]),
        pytest.approx([0, 1 / ORDERS, np.log(3), 0, 1, 0]),
    ]


def test_acts_of_one_kind_with_the_same_people_are_akin() -> None:
    people = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1], [1, 1, 0]], dtype=np.float32)
    found = akin(np.array([1, 1, 1, 2]), people)
    assert found == pytest.approx(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]), abs=1e-3)
    assert akin(np.array([1, 1]), np.zeros((2, 0), np.float32)).tolist() == [[0, 0], [0, 0]]


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
        cancelled = np.eye(len(STATUSES), dtype=np.float32)[[STATUSES.index("cancelled")]] * 9
        return found | {
            "takes_part": np.full_like(found["takes_part"], -9),
            "place": nowhere,
            "status": np.repeat(cancelled, len(nowhere), 0),
        }

    monkeypatch.setattr(type(network), "again", nobody)
    told = reader.read(TEXT).engagements
    assert not any(p.name for e in told for p in e.participants)
    assert not any(e.place for e in told)
    assert {e.status for e in told} == {"cancelled"}


def test_what_is_no_act_at_second_sight_is_no_record(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    network = reader.tools.network
    said = type(network).again
    monkeypatch.setattr(
        type(network),
        "again",
        lambda self, acts: said(self, acts) | {"told": np.full(len(acts.words), -9.0, np.float32)},
    )
    assert not reader.read(TEXT).engagements


@pytest.mark.parametrize(("sure", "records"), [(9.0, 2), (0.6, 1)])
def test_acts_that_are_sure_are_no_tellings_of_one(
    sure: float, records: int, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two meetings of the same people on one day: one told twice, unless each is certainly an act that the text tells."""
    network = reader.tools.network
    said = type(network).again

    def alike(self: object, acts: Acts) -> dict[str, Floats]:
        found: dict[str, Floats] = said(network, acts)
        same = {name: np.repeat(found[name][:1], len(acts.words), 0) for name in JUDGED}
        return same | {"told": np.full(len(acts.words), sure, np.float32)}

    monkeypatch.setattr(type(network), "again", alike)
    text = TEXT + " In the evening of that Monday the two foreign ministers held talks again in Paris."
    told = [e for e in reader.read(text).engagements if e.kind == "meeting"]
    assert len(told) == records


def test_nothing_is_asked_of_a_text_without_people(reader: Reader) -> None:
    text = "The navies of Peru and Chile held a joint exercise off Arica on May 3, 2021."
    doc = Document(Source("a"), text)
    (account,) = reader.read_many([doc])
    assert all(e.kind == "exercise" for e in account.engagements)
