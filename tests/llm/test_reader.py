"""The whole over a server on this machine: order, faults, limits, resuming, kept answers, windows joined, what is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dragoman.config import ModelSettings, Settings
from dragoman.errors import NoAnswer, SkipDocument, StopRun, Unreachable
from dragoman.llm.reader import ModelReader
from dragoman.llm.windows import windows
from dragoman.model import Document, Source
from dragoman.reader import Account
from dragoman.resources import Tools
from tests.llm.conftest import FEW, Case, given
from tests.llm.stub import Answer, FakeTime, Fault, Stub, serving

BREAD = Document(Source("bread"), "The price of bread rose.")


@dataclass
class Bench:
    """A reader of one server, what it said, and the time its client slept."""

    reader: ModelReader
    said: list[str] = field(default_factory=list)
    time: FakeTime = field(default_factory=FakeTime)


@contextmanager
def reading(stub: Stub, settings: ModelSettings, tools: Tools) -> Iterator[Bench]:
    time, said = FakeTime(), list[str]()
    llm = replace(settings, base_url=stub.url)
    with ModelReader(
        Settings(reader="llm", llm=llm), tools=tools, say=said.append, count=said.append, clock=time.clock()
    ) as reader:
        yield Bench(reader, said, time)


@pytest.fixture
def recorded(few: list[Case], tools: Tools) -> dict[str, str]:
    """Answers by what the server is asked."""
    return {windows(c.doc, tools, 4000)[0].messages[1]["content"]: c.answer for c in few}


def replay(recorded: dict[str, str]) -> Callable[[dict[str, Any], int], Answer]:
    return lambda body, number: recorded[body["messages"][1]["content"]]


def docs(few: list[Case]) -> list[Document]:
    return [given(c.row) for c in few]


def take(found: Iterator[Account | SkipDocument], into: list[Account | SkipDocument]) -> None:
    """All that comes, kept also when the run has to stop."""
    for one in found:
        into.append(one)  # noqa: PERF402 (what came before a stop must be kept)


def lines(found: list[Account | SkipDocument]) -> list[str]:
    return [a.to_json() if isinstance(a, Account) else f"aside {a}" for a in found]


def test_recorded_answers_come_out_in_order_and_again_for_nothing(
    few: list[Case], recorded: dict[str, str], settings: ModelSettings, tools: Tools
) -> None:
    with serving(replay(recorded)) as stub:
        with reading(stub, settings, tools) as b:
            first = list(b.reader.read_many([*docs(few), BREAD]))
            assert [a.doc_id for a in first if isinstance(a, Account)] == [*(c.row["doc_id"] for c in few), "bread"]
            assert sum(len(a.engagements) for a in first if isinstance(a, Account)) >= FEW
            assert (b.reader.usage.documents, b.reader.usage.screened, b.reader.usage.kept) == (FEW, 1, 0)
            assert b.reader.version.endswith(f"llm m prompt {tools.prompt.version}")
            assert f"{FEW} documents sent" in b.said[-1]
        with reading(stub, settings, tools) as b:
            assert lines(list(b.reader.read_many([*docs(few), BREAD]))) == lines(first)
            assert (b.reader.usage.documents, b.reader.usage.kept) == (0, FEW)
        assert len(stub.requests) == FEW


def test_one_at_a_time_and_all_at_once_are_the_same(
    few: list[Case], recorded: dict[str, str], settings: ModelSettings, tools: Tools, tmp_path: Path
) -> None:
    with serving(replay(recorded)) as stub:
        with reading(stub, replace(settings, concurrency=1), tools) as b:
            one = [x for d in docs(few) for x in lines(list(b.reader.read_many([d])))]
        with reading(stub, replace(settings, concurrency=8, cache=str(tmp_path / "other")), tools) as b:
            assert lines(list(b.reader.read_many(docs(few)))) == one


def test_faults_lose_only_their_own_document(
    few: list[Case], recorded: dict[str, str], settings: ModelSettings, tools: Tools
) -> None:
    asked = list(recorded)
    script: dict[str, list[Answer]] = {
        asked[0]: [Fault(429, headers={"Retry-After": "9"}), recorded[asked[0]]],
        asked[1]: ["Sorry, I cannot.", recorded[asked[1]][:-30]],  # no JSON, then cut off in the middle
        asked[2]: [Fault(400, b"prompt too long")],
        asked[3]: [recorded[asked[3]].replace('"kind"', "'kind'", 1) + "\n```"],  # broken, and can be repaired
        asked[4]: [Fault(drop=True), Fault(500), recorded[asked[4]]],
        asked[5]: ["not yet", recorded[asked[5]]],
    }

    def answer(body: dict[str, Any], number: int) -> Answer:
        waiting = script[body["messages"][1]["content"]]
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    with serving(answer) as stub:
        with reading(stub, settings, tools) as b:
            out = list(b.reader.read_many(docs(few)))
        assert [i for i, a in enumerate(out) if isinstance(a, SkipDocument)] == [1, 2]
        assert "cannot be read" in str(out[1])
        assert few[1].row["doc_id"] in str(out[1])
        assert "prompt too long" in str(out[2])
        assert b.time.slept
        sent = len(stub.requests)
        script[asked[1]] = [recorded[asked[1]]]
        script[asked[2]] = [recorded[asked[2]]]
        with reading(stub, settings, tools) as b:
            again = list(b.reader.read_many(docs(few)))
        assert not [a for a in again if isinstance(a, SkipDocument)]
        assert len(stub.requests) == sent + 2  # only what was lost is asked for again
        assert [x for i, x in enumerate(lines(again)) if i not in {1, 2}] == [
            x for i, x in enumerate(lines(out)) if i not in {1, 2}
        ]


def test_an_answer_cut_off_at_the_limit_is_no_answer(
    few: list[Case], recorded: dict[str, str], settings: ModelSettings, tools: Tools
) -> None:
    with serving(replay(recorded)) as stub, reading(stub, settings, tools) as b:
        stub.finish = "length"
        [out] = b.reader.read_many(docs(few)[:1])
        assert isinstance(out, SkipDocument)
        assert "llm.max_tokens" in str(out)


def test_a_server_that_dies_stops_the_run_and_keeps_what_came(
    few: list[Case], recorded: dict[str, str], settings: ModelSettings, tools: Tools
) -> None:
    alive = list(recorded)[:2]

    def answer(body: dict[str, Any], number: int) -> Answer:
        asked = body["messages"][1]["content"]
        return recorded[asked] if asked in alive else Fault(drop=True)

    out: list[Account | SkipDocument] = []
    with serving(answer) as stub:
        with (
            reading(stub, replace(settings, retries=1, concurrency=1), tools) as b,
            pytest.raises(StopRun, match="does not answer"),
        ):
            take(b.reader.read_many(docs(few)), out)
        assert [type(a) for a in out] == [Account, Account, NoAnswer, NoAnswer]
        sent = len(stub.requests)
        stub.answer = replay(recorded)
        with reading(stub, settings, tools) as b:
            assert all(isinstance(a, Account) for a in b.reader.read_many(docs(few)))
        assert len(stub.requests) == sent + FEW - 2


@pytest.mark.parametrize("away", [True, False], ids=["no server", "a server that hangs up"])
def test_what_got_no_answer_is_not_told_as_read(
    few: list[Case], settings: ModelSettings, tools: Tools, away: bool
) -> None:
    """Counts are of what left and what came back: of a server that is not there nothing was sent."""
    said: list[str] = []
    with serving(lambda body, n: Fault(drop=True)) as stub:
        there = replace(settings, base_url="http://127.0.0.1:9/v1" if away else stub.url, retries=1, concurrency=1)
        with (
            ModelReader(
                Settings(reader="llm", llm=there), tools=tools, count=said.append, clock=FakeTime().clock()
            ) as reader,
            pytest.raises(Unreachable, match="no connection" if away else "the connection failed"),
        ):
            list(reader.read_many(docs(few)))
        u = reader.usage
    gone = 0 if away else 3
    assert (u.documents, u.answered, u.failed) == (gone, 0, 3)
    assert (u.requests, u.unanswered, u.unreached) == (2 * gone, 2 * gone, 6 - 2 * gone)
    assert len(stub.requests) == 2 * gone
    assert f"{gone} documents sent, 0 answered, 3 without an answer; 0 answered before" in said[-1]


def test_costs_that_are_not_spent_count_nobody_as_sent(
    few: list[Case], recorded: dict[str, str], settings: ModelSettings, tools: Tools
) -> None:
    dear = replace(settings, price_out=1000.0, max_cost=8.3, concurrency=1)
    with serving(replay(recorded)) as stub, reading(stub, dear, tools) as b:
        with pytest.raises(StopRun, match=r"--max-cost 8\.3"):
            list(b.reader.read_many(docs(few)))
        u = b.reader.usage
    assert (u.documents, u.answered, u.failed, u.requests) == (2, 2, 0, 2)
    assert "2 documents sent, 2 answered, 0 without an answer" in b.said[-1]


def test_the_same_question_is_asked_once(
    few: list[Case], recorded: dict[str, str], settings: ModelSettings, tools: Tools
) -> None:
    """Copies of one text wait for one answer, also where the model would answer each differently."""
    [doc] = docs(few)[:1]
    copies = [replace(doc, source=replace(doc.source, doc_id=f"copy {n}")) for n in range(4)]

    def answer(body: dict[str, Any], number: int) -> Answer:
        return recorded[body["messages"][1]["content"]] if number == 1 else '{"engagements": []}'

    with serving(answer) as stub, reading(stub, settings, tools) as b:
        out = list(b.reader.read_many(copies))
        assert len(stub.requests) == 1
        assert len({len(a.engagements) for a in out if isinstance(a, Account)}) == 1
        assert (b.reader.usage.documents, b.reader.usage.kept) == (1, 3)


def test_a_limit_stops_cleanly_and_the_next_run_goes_on(
    few: list[Case], recorded: dict[str, str], settings: ModelSettings, tools: Tools
) -> None:
    limited = replace(settings, max_documents=4)
    out: list[Account | SkipDocument] = []
    with serving(replay(recorded)) as stub:
        with reading(stub, limited, tools) as b, pytest.raises(StopRun, match="--max-documents 4"):
            take(b.reader.read_many(docs(few)), out)
        assert len(out) == len(stub.requests) == 4
        with reading(stub, limited, tools) as b:
            assert lines(list(b.reader.read_many(docs(few))))[:4] == lines(out)
        assert len(stub.requests) == FEW


def test_costs_stop_before_they_are_passed(
    few: list[Case], recorded: dict[str, str], settings: ModelSettings, tools: Tools
) -> None:
    dear = replace(settings, price_out=1000.0, max_cost=8.4)  # an answer may cost 8.192 and costs 0.1
    with serving(replay(recorded)) as stub, reading(stub, dear, tools) as b:
        with pytest.raises(StopRun, match=r"--max-cost 8\.4"):
            list(b.reader.read_many(docs(few)))
        assert len(stub.requests) == 3
        assert b.reader.usage.cost <= 8.4


def test_an_estimate_sends_and_writes_nothing(
    few: list[Case], recorded: dict[str, str], settings: ModelSettings, tools: Tools
) -> None:
    priced = replace(settings, price_in=1.0, price_out=10.0)
    with serving(replay(recorded)) as stub:
        with reading(stub, priced, tools) as b:
            told = b.reader.estimate([*docs(few), BREAD])
            assert (told.documents, told.screened, told.kept, told.sent) == (FEW + 1, 1, 0, FEW)
            assert told.tokens_out == FEW * tools.prompt.answer_tokens
            assert told.cost == pytest.approx((told.tokens_in + 10 * told.tokens_out) / 1e6)
            assert not stub.requests
            assert not Path(settings.cache).exists()
            list(b.reader.read_many(docs(few)[:2]))
        with reading(stub, priced, tools) as b:
            told = b.reader.estimate(docs(few))
            assert (told.kept, told.sent) == (2, FEW - 2)
            assert any("4" in line for line in told.lines())


def test_windows_are_asked_each_and_joined(settings: ModelSettings, tools: Tools) -> None:
    text = "\n".join(
        f"Envoy Ana Silva{chr(97 + i)} of Peru met Minister Juan Rojas{chr(97 + i)} of Chile in Lima on Monday."
        for i in range(20)
    )
    doc = Document(Source("long", outlet="X", published=date(2024, 5, 8)), text)

    def answer(body: dict[str, Any], number: int) -> Answer:
        shown = [x.partition("] ")[2] for x in body["messages"][1]["content"].splitlines() if x.startswith("[")]
        acts = []
        for n, line in enumerate(shown, 1):
            names = line.split(" ")
            people = [{"name": " ".join(names[1:3]), "party": "PER"}, {"name": " ".join(names[7:9]), "party": "CHL"}]
            acts.append({"id": f"e{n}", "kind": "meeting", "status": "held", "evidence": line, "parties": [], "participants": people,
                         "date": {"words": "Monday"}})  # fmt: skip
        return json.dumps({"engagements": acts})

    with serving(answer) as stub, reading(stub, replace(settings, window=150), tools) as b:
        [account] = b.reader.read_many([doc])
        assert isinstance(account, Account)
        assert len(stub.requests) > 2
        assert b.reader.usage.documents == 1
    assert [e.id for e in account.engagements] == [f"e{i}" for i in range(1, 21)]
    assert len({e.evidence for e in account.engagements}) == 20
    assert all(e.date.start == "2024-05-06" and e.parties == ("CHL", "PER") for e in account.engagements)


def test_what_was_dropped_is_counted_and_told(few: list[Case], settings: ModelSettings, tools: Tools) -> None:
    made_up = {"engagements": [{"kind": "meeting", "status": "held", "evidence": "words that nobody wrote"}]}
    with serving(lambda body, n: json.dumps(made_up)) as stub, reading(stub, settings, tools) as b:
        out = list(b.reader.read_many(docs(few)))
        assert all(isinstance(a, Account) and not a.engagements for a in out)
        assert b.reader.dropped == {("evidence", "not in the document"): FEW}
        assert isinstance(out[0], Account)
        assert any("words that nobody wrote" in note for note in out[0].document.trail[-1].notes)
    assert b.said[-1] == f"held to the words: {FEW} values dropped: {FEW} × evidence not in the document"


def test_where_texts_go_is_said_once(settings: ModelSettings, tools: Tools, few: list[Case]) -> None:
    said: list[str] = []
    away = replace(settings, base_url="http://models.invalid/v1", retries=0)
    with ModelReader(
        Settings(reader="llm", llm=away), tools=tools, say=said.append, clock=FakeTime().clock()
    ) as reader:
        for doc in docs(few)[:2]:
            list(reader.read_many([doc]))
    assert said == ["texts are sent to http://models.invalid/v1 in the clear, for the address is not https"]
