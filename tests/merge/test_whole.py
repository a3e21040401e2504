"""Everything at once: in any order, in any batches, with any judgements the same records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.evaluate import merging
from dragoman.evaluate.gate import GOLD
from dragoman.evaluate.gold import load
from dragoman.merge import (
    Link,
    Merged,
    Prepared,
    block_keys,
    build,
    cluster,
    components,
    link,
    merge_all,
    part_of,
    prepare,
    rejected,
    visit_key,
)
from dragoman.merge.whole import copies_of, people_of
from dragoman.model import Judgement, Record, Telling
from dragoman.resources import Tools
from tests.merge._made import judgement, telling

TOOLS = Tools()
NEWS = load(GOLD)
TOLD = merging.tellings(NEWS)
TEXTS = {r["doc_id"]: r["text"] for r in NEWS}


def piece_by_piece(
    batches: Sequence[Sequence[Telling]], texts: dict[str, str], judgements: Sequence[Judgement]
) -> Merged:
    """As a register does it: new accounts are compared with those that share a key; components are grouped on their own."""
    ready: dict[str, Prepared] = {}
    blocks: dict[str, set[str]] = {}
    links: dict[tuple[str, str], Link] = {}
    for batch in batches:
        for t in batch:
            new = prepare(t, TOOLS)
            keys = block_keys(new, TOOLS)
            for other in {k for key in keys for k in blocks.get(key, ())}:
                found = link(new, ready[other], TOOLS)
                if found:
                    links[found.left, found.right] = found
            ready[new.key] = new
            for key in keys:
                blocks.setdefault(key, set()).add(new.key)
    same = [(j.left, j.right) for j in judgements if j.verdict == "same" and j.withdrawn is None and j.right]
    copies = copies_of(texts, {p.telling.doc_id: p.telling.published for p in ready.values()}, TOOLS)
    identified = people_of(ready.values(), TOOLS)
    records: list[Record] = []
    for part in components(ready, [*links, *same]):
        inside = [k for k in links.values() if k.left in part]
        groups = cluster([ready[k] for k in part], inside, judgements, TOOLS)
        records += [build([ready[k] for k in g], judgements, copies, identified.ids, TOOLS) for g in groups]
    siblings = {(p.telling.doc_id, p.engagement.id): k for k, p in ready.items()}
    visits = {k: v for k, p in ready.items() if (v := visit_key(p.telling, siblings))}
    home = {a.key: r.id for r in records for a in r.accounts}
    kept = [r for r in (replace(r, part_of=part_of(r, visits, home)) for r in records) if not rejected(r, judgements)]
    ordered = tuple(sorted(kept, key=lambda r: r.id))
    return Merged(ordered, identified.entries(ordered), tuple(sorted(links.values())), dict(sorted(copies.items())))


JUDGED = [
    judgement("different", "newsA-033:e1", "newsA-034:e2"),
    judgement("same", "newsA-036:e2", "newsD-036:e1"),
    judgement("correct", "newsA-039:e1", field="place.city", value="Chabahar"),
    judgement("reject", "newsC-039:e2"),
]


@pytest.fixture(scope="module")
def whole() -> Merged:
    return merge_all(TOLD, TEXTS, JUDGED, TOOLS)


def test_piece_by_piece_as_all_at_once(whole: Merged) -> None:
    assert piece_by_piece([TOLD[n : n + 100] for n in range(0, len(TOLD), 100)], TEXTS, JUDGED) == whole
    assert piece_by_piece([[t] for t in reversed(TOLD)], TEXTS, JUDGED) == whole


def test_judgements_hold(whole: Merged) -> None:
    home = {a.key: r for r in whole.records for a in r.accounts}
    assert home["newsA-033:e1"].id != home["newsA-034:e2"].id
    assert home["newsA-036:e2"].id == home["newsD-036:e1"].id
    assert home["newsA-039:e1"].place is not None
    assert home["newsA-039:e1"].place.city == "Chabahar"
    assert "newsC-039:e2" not in home


def test_every_account_is_in_one_record() -> None:
    records = merge_all(TOLD, {}, (), TOOLS).records
    keys = [a.key for r in records for a in r.accounts]
    assert sorted(keys) == sorted(t.key for t in TOLD)
    assert {r.id for r in records} <= set(keys)
    assert all(r.part_of is None or r.part_of in {q.id for q in records} for r in records)


PEOPLE = [
    "Ana Silva, Foreign Minister, AAA, host",
    "A. Silva, , AAA, host",
    "Bo Berg, , BBB, guest",
    "Berg, Envoy, BBB, party",
]
DAYS = ["2024-03-14", "2024-03-15", "2024-03-16", "2024-03-20", "2024-03", "2024", None, "2024-03-15/2024-03-16"]
MADE = st.lists(
    st.fixed_dictionaries(
        {
            "doc": st.sampled_from("ABCDE"),
            "kind": st.sampled_from(["meeting", "meeting", "visit", "call"]),
            "status": st.sampled_from(["held", "held", "planned", "cancelled", "denied"]),
            "date": st.sampled_from(DAYS),
            "published": st.sampled_from(["2024-03-10", "2024-03-15", "2024-03-18", None]),
            "place": st.sampled_from(["Alpha, AAA", "AAA", "Beta, BBB", None]),
            "people": st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True),
            "parties": st.sampled_from([("AAA", "BBB"), ("AAA", "BBB"), ("AAA", "BBB", "CCC")]),
        }
    ),
    min_size=1,
    max_size=10,
)
VERDICTS = st.lists(
    st.tuples(st.sampled_from(["same", "different"]), st.integers(0, 9), st.integers(0, 9), st.integers(2020, 2026)),
    max_size=3,
)


@settings(max_examples=80, deadline=None)
@given(MADE, VERDICTS, st.randoms(use_true_random=False), st.integers(1, 5))
def test_no_order_and_no_batching_matters(
    rows: list[dict[str, object]], verdicts: list[tuple[str, int, int, int]], random: object, step: int
) -> None:
    told = [
        telling(f"k{n}", **{k: v for k, v in row.items() if k != "doc"}, doc=str(row["doc"]), id=f"e{n}")
        for n, row in enumerate(rows)
    ]
    judged = [judgement(v, f"k{a}", f"k{b}", at=f"{year}-01-01") for v, a, b, year in verdicts]
    expected = merge_all(told, {}, judged, TOOLS)
    shuffled = list(told)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge_all(shuffled, {}, list(reversed(judged)), TOOLS) == expected
    assert merge_all([*shuffled, *told], {}, judged, TOOLS) == expected  # told twice
    batches = [shuffled[n : n + step] for n in range(0, len(shuffled), step)]
    assert piece_by_piece(batches, {}, judged) == expected


def test_copies_make_one_voice() -> None:
    text = TEXTS["newsA-033"]
    told = [telling("a", "A"), telling("b", "B", published="2024-03-16"), telling("c", "C")]
    made = merge_all(told, {"A": text, "B": text, "C": TEXTS["newsA-034"]}, (), TOOLS)
    assert made.copies == {"B": "A"}
    (record,) = made.records
    assert (len(record.accounts), record.independent) == (3, 2)


def test_clusters_of_the_news() -> None:
    """The gold's own records, put together: figures may not fall."""
    m = merging.figures(NEWS, {r["doc_id"]: r for r in NEWS}, merge_all(TOLD, TEXTS, (), TOOLS).records)
    assert m.f1 >= 0.985
    assert m.recall_several >= 0.93
    assert m.shown >= 16
    assert m.false == 0
