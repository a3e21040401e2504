"""What a second reader makes of a document is kept beside it and shown until somebody judges; the trail tells what was read when."""

from __future__ import annotations

from dataclasses import replace

from dragoman.evaluate.agreement import Agreement, differences
from dragoman.model import Participant
from dragoman.reader import Account
from dragoman.resources import Tools
from dragoman.store.doubts import Difference
from dragoman.store.read import Register
from dragoman.store.verdicts import acceptance
from dragoman.store.write import Writer
from tests.store.conftest import Fill


def second(a: Account) -> Account:
    """The account as another reader might have it: first engagement of another status, the last not seen."""
    first, *others = a.engagements
    people = (*first.participants, Participant("Somebody Else", None, None, first.parties[0], "guest", False))
    changed = replace(first, status="planned", participants=people)
    return replace(
        a, engagements=(changed, *others[:-1]), document=replace(a.document, engagements=(changed, *others[:-1]))
    )


def told(found: Account) -> tuple[dict[str, list[Difference]], Account]:
    rows: dict[str, list[Difference]] = {}
    agreement = Agreement(lambda row: rows.setdefault(row["doc_id"], []).extend(differences(row)))
    kept = replace(found, document=replace(found.document, engagements=found.engagements))
    agreement.add(second(kept), kept)
    return rows, kept


def test_differences_wait_for_a_judgement_and_go_with_their_document(
    accounts: list[Account], fill: Fill, tools: Tools
) -> None:
    found = next(a for a in accounts if len(a.engagements) > 1 and all(e.salience == "main" for e in a.engagements))
    rows, _ = told(found)
    path = fill([]).path
    writer = Writer(path, tools, differing=rows)
    writer.add([found])
    register = Register(path)
    [several] = [s for s in register.differing() if any(d.field == "status" for d in s)]
    status = next(d for d in several if d.field == "status")
    assert (status.kept, status.other) == (found.engagements[0].status, "planned")
    assert any(d.field == "people" and "Somebody Else" in (d.other or "") for d in several)
    alone = [d for d in register.differing_in(found.doc_id) if d.field is None]
    assert [d.kept is not None and d.other is None for d in alone] == [True]
    writer.judge([acceptance(register.record(status.record or ""))], author="Ann", reason="looked at")
    assert not any(d.field == "status" for s in register.differing() for d in s)
    assert any(d.field == "status" for d in register.differing_in(found.doc_id))
    Writer(path, tools).add([replace(found, version="another")])
    assert register.differing_in(found.doc_id) == ()


def test_the_trail_tells_what_was_read_when(accounts: list[Account], fill: Fill) -> None:
    writer = fill(accounts[:5], size=3)
    writer.add(accounts[:5])
    writer.add([replace(accounts[0], version="another"), accounts[5]])
    writer.rebuild()
    register = Register(writer.path)
    trail = register.trail()
    assert [(r.what, dict(r.counts)) for r in trail] == [
        ("read", {"new": 3, "changed": 0}),
        ("read", {"new": 2, "changed": 0}),
        ("read", {"new": 1, "changed": 1}),
        ("rebuild", {"documents": 6}),
    ]
    assert register.reading(accounts[0].doc_id) == trail[2]
    assert register.reading(accounts[4].doc_id) == trail[1]
    assert register.reading("none") is None
