"""Reading into a register: the same whatever the order, the batches and the number of times; corrections outlive all of it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from dragoman import run
from dragoman.errors import NotFound
from dragoman.merge import merge_all
from dragoman.model import Document, Engagement, Origin
from dragoman.reader import Account, Reader
from dragoman.resources import Tools
from dragoman.store import postings, verdicts
from dragoman.store.file import opened
from dragoman.store.intake import check
from dragoman.store.read import Register
from dragoman.store.rows import encode
from dragoman.store.write import Added
from tests.store.conftest import Fill, contents


@pytest.mark.parametrize(("seed", "size"), [(1, 5), (2, 9), (3, 17)])
def test_same_register_in_any_order_and_in_any_number_of_goes(
    accounts: list[Account], fill: Fill, seed: int, size: int
) -> None:
    whole = contents(fill(accounts, name="whole").path)
    shuffled = random.Random(seed).sample(accounts, len(accounts))
    assert contents(fill(shuffled, size=size, name="parts").path) == whole


def test_the_register_is_what_merging_at_once_gives(accounts: list[Account], fill: Fill, tools: Tools) -> None:
    register = Register(fill(accounts, size=7).path)
    tellings = [t for a in accounts for t in check(a.document, a.engagements, a.version).tellings]
    merged = merge_all(tellings, {a.doc_id: a.document.text for a in accounts}, (), tools)
    assert [encode(r) for r in register.each(sort="id")] == [encode(r) for r in merged.records]
    assert sorted(register.people(), key=lambda p: p.id) == list(merged.people)
    assert any(len(r.accounts) > 1 for r in merged.records)


def test_only_documents_that_tell_of_something_are_compared_as_copies(accounts: list[Account], fill: Fill) -> None:
    """A thousand error pages are all alike; what a wire text tells is one voice with its copies, and they are found."""
    first = next(a for a in accounts if len(a.engagements) == 1)
    source = first.document.source
    again = Account.of(replace(first.document, source=replace(source, doc_id="again", outlet="Other")), first.version)
    page = Document(replace(source, doc_id="x", title="Not found"), "The page that you look for is not here. " * 20)
    pages = [Account.of(replace(page, source=replace(page.source, doc_id=f"x{n}")), first.version) for n in range(30)]
    writer = fill([first, again, *pages], size=8)
    with opened(writer.path) as con:
        assert con.one("SELECT count(*) FROM likenesses") == 1
        assert con.one("SELECT count(DISTINCT document) FROM bands") == 2
    before = contents(writer.path)
    writer.rebuild()
    assert contents(writer.path) == before


def test_reading_again_changes_nothing(accounts: list[Account], fill: Fill) -> None:
    writer = fill(accounts)
    before = contents(writer.path)
    done = writer.add(accounts)
    assert (done.new, done.changed, done.unchanged) == (0, 0, len(accounts))
    assert contents(writer.path) == before


def test_rebuilding_gives_the_same_rows(accounts: list[Account], fill: Fill) -> None:
    writer = fill(accounts, size=11)
    writer.judge([verdicts.acceptance(Register(writer.path).records()[0])], author="a", reason="")
    before = contents(writer.path)
    writer.rebuild()
    assert contents(writer.path) == before


def test_unread_documents_are_those_new_or_changed(news: list[Document], accounts: list[Account], fill: Fill) -> None:
    writer = fill(accounts[:5])
    first, second, *_ = news
    changed = replace(first, text=first.text + " ")
    dated = replace(second, source=replace(second.source, outlet="Another"))
    assert writer.unread([changed, dated, *news[2:7]]) == [changed, dated, *news[5:7]]


def test_a_changed_document_replaces_its_own_claims_alone(accounts: list[Account], fill: Fill) -> None:
    first = next(a for a in accounts if len(a.engagements) > 1)
    rest = [a for a in accounts if a.doc_id != first.doc_id]
    fewer = replace(first, engagements=first.engagements[:1], version="other")
    writer = fill(accounts, name="changed")
    done = writer.add([fewer])
    assert (done.new, done.changed, done.unchanged) == (0, 1, 0)
    assert contents(writer.path) == contents(fill([fewer, *rest], name="fresh").path)


def test_a_claim_outside_its_text_sets_the_document_aside(accounts: list[Account], fill: Fill) -> None:
    first = next(a for a in accounts if a.engagements)
    e = first.engagements[0]
    far: dict[str, tuple[Origin, ...]] = {"evidence": (Origin("text", 10, 10**7),)}
    other: dict[str, tuple[Origin, ...]] = {"evidence": (Origin("text", 0, 3),)}
    for wrong in (far, other):
        broken: Engagement = replace(e, spans={**e.spans, **wrong})
        done = fill([]).add([replace(first, engagements=(broken,)), accounts[1]])
        assert [s.location for s in done.aside] == [first.doc_id]
        assert "evidence" in done.aside[0].reason


def test_half_a_character_is_told(accounts: list[Account], fill: Fill) -> None:
    doc = replace(accounts[0].document, text="\ud800 met")
    done = fill([]).add([replace(accounts[0], document=doc, engagements=())])
    assert "surrogate" in done.aside[0].reason


def test_corrections_outlive_reading_again(accounts: list[Account], fill: Fill) -> None:
    writer = fill(accounts)
    record = next(r for r in Register(writer.path).records() if len(r.accounts) == 1 and r.date.start)
    writer.judge([verdicts.correction(record, "date.start=1999-12-31")], author="Ann", reason="the diary")
    again = [replace(a, version="later") for a in accounts]
    writer.add(random.Random(4).sample(again, len(again)))
    [corrected] = [r for r in Register(writer.path).records() if "date.start" in r.corrected]
    assert corrected.date.start == "1999-12-31"
    assert corrected.accounts[0].key == record.accounts[0].key


def test_a_judgement_follows_its_account_and_waits_when_it_is_gone(accounts: list[Account], fill: Fill) -> None:
    """The anchor moves, so that the key is another; then the act is not read at all; then it is read as before."""
    first = next(a for a in accounts if len(a.engagements) == 1 and a.engagements[0].spans.get("kind"))
    e = first.engagements[0]
    writer = fill([first])
    [record] = Register(writer.path).records()
    [said] = writer.judge([verdicts.rejection(record)], author="Ann", reason="a rehearsal")
    [anchor] = e.spans["kind"]
    moved = replace(e, spans={**e.spans, "kind": (replace(anchor, end=anchor.end + 1),)})
    writer.add([replace(first, engagements=(moved,), version="2")])
    register = Register(writer.path)
    assert register.records() == ()
    [kept] = register.judgements()
    assert kept.left != record.accounts[0].key
    writer.add([replace(first, engagements=(), version="3")])
    assert register.totals().unbound == 1
    assert [j.id for j in register.unbound()] == [said.id]
    writer.add([first])
    assert register.totals().unbound == 0
    assert register.judgements() == (said,)
    assert register.records() == ()


def test_merge_split_and_undo(accounts: list[Account], fill: Fill) -> None:
    writer = fill(accounts)
    register = Register(writer.path)
    before = contents(writer.path)
    one, other = [r for r in register.records() if len(r.accounts) == 1][:2]
    [said] = writer.judge(verdicts.one_act([one, other]), author="Ann", reason="same hall")
    merged = register.record(one.id)
    assert {a.key for a in merged.accounts} == {one.accounts[0].key, other.accounts[0].key}
    assert register.record(other.id).id == merged.id
    parted = writer.judge(verdicts.other_act(merged, [other.accounts[0].key]), author="Bob", reason="")
    assert len(register.record(one.id).accounts) == 1
    assert parted[0].at > said.at
    writer.undo(parted[0].id.split("-")[0], author="Ann")
    assert len(register.record(one.id).accounts) == 2
    writer.undo(said.id, author="Ann")
    assert [line for line in contents(writer.path) if '"verdict"' not in line] == before
    assert all(j.withdrawn_by == "Ann" for j in register.judgements())
    assert [h.what for h in register.history(one.id) if h.judgement] == ["same", "different", "undo", "undo"]
    with pytest.raises(NotFound):
        writer.undo(said.id, author="Ann")


def test_splitting_what_reading_has_merged_survives_reading_again(accounts: list[Account], fill: Fill) -> None:
    writer = fill(accounts)
    register = Register(writer.path)
    record = next(r for r in register.records() if len(r.accounts) > 1)
    out = record.accounts[-1].key
    writer.judge(verdicts.other_act(record, [out]), author="Ann", reason="")
    assert register.record(out).id != register.record(record.accounts[0].key).id
    writer.add([replace(a, version="later") for a in reversed(accounts)])
    assert register.record(out).id != register.record(record.accounts[0].key).id


def test_without_texts_the_claims_stand_and_words_of_the_evidence_are_found(
    accounts: list[Account], fill: Fill
) -> None:
    writer = fill(accounts, texts=False)
    register = Register(writer.path)
    first = next(a for a in accounts if a.engagements)
    kept = register.document(first.doc_id)
    assert (kept.text, kept.length) == (None, len(first.document.text))
    [hit, *_] = register.search(first.engagements[0].evidence)
    assert hit.doc_id == first.doc_id
    with_texts = Register(fill(accounts, name="b").path)
    assert [encode(r) for r in register.each()] == [encode(r) for r in with_texts.each()]


def test_nothing_is_made_where_nothing_is_read(tmp_path: Path, fill: Fill) -> None:
    writer = fill([])
    assert Register(writer.path).totals().records == 0


def test_a_batch_ends_when_it_is_full_or_its_time_is_up(
    accounts: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a kill can lose is reading of some seconds, however slowly documents are read."""
    sizes: list[int] = []

    class Pen:
        batch = 4

        def add(self, some: list[Account]) -> Added:
            sizes.append(len(some))
            return Added(len(some), 0, 0, ())

    def take(seconds: float) -> list[int]:
        sizes.clear()
        monkeypatch.setattr(run, "LOST", seconds)
        intake = run._Intake(Pen(), "v", run.Summary(), run.HERE)  # type: ignore[arg-type]
        for account in accounts[:9]:
            intake.take(account)
        intake.commit()
        return list(sizes)

    assert take(3600) == [4, 4, 1]
    assert take(0) == [1] * 9


@pytest.mark.parametrize(("documents", "level"), [(0, 0), (128, 0), (1023, 0), (1024, 1), (8191, 1), (8192, 2), (400_000, 3)])  # fmt: skip
def test_a_segment_of_postings_has_the_level_of_its_size(documents: int, level: int) -> None:
    assert postings._level(documents) == level


@pytest.mark.parametrize(
    "text",
    [
        "PARIS, May 3. Foreign Minister [Aino Virta](https://gov.example/virta_(minister)) of Finland met her ![the [two](/t) of them](https://img.example/1.png) French counterpart, Luc Tremel, in [Paris](/paris) on Monday.",
        "PARIS, May 3. [Foreign Minister Aino Virta of Finland met her French counterpart, Luc Tremel, in Paris on Monday](https://gov.example/news).",
    ],
)  # fmt: skip
def test_a_text_with_links_is_kept_with_its_evidence(text: str, reader: Reader) -> None:
    account = reader.read(text)
    (record,) = account.engagements
    assert record.evidence in text
    assert check(account.document, account.engagements, account.version).tellings
    assert {p.name for p in record.participants} == {"Aino Virta", "Luc Tremel"}
