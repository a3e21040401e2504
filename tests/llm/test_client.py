"""The client against a server on this machine that fails in every way: bounded, told, and never with the key."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from dragoman.config import ModelSettings, Secret
from dragoman.errors import StopRun, Unreachable
from dragoman.llm.budget import Budget, LimitReached
from dragoman.llm.client import (
    GIVE_UP,
    LARGEST,
    LONGEST_WAIT,
    Client,
    Completion,
    Refused,
    Unanswered,
    is_loopback,
    request_of,
    retry_after,
)
from tests.llm.stub import Answer, FakeTime, Fault, Stub, serving

KEY = "sk-very-secret"
ASK = [{"role": "user", "content": "text"}]
Script = list[Answer]


class Bench:
    """A server that goes through a script (its last line for ever), and a client of it on a clock that does not run."""

    def __init__(self, stub: Stub, settings: ModelSettings) -> None:
        self.stub, self.settings = stub, replace(settings, base_url=stub.url)
        self.budget, self.time, self.told = Budget(self.settings), FakeTime(), list[str]()
        self.client = Client(
            self.settings, self.budget, key=Secret(KEY), told=self.told.append, clock=self.time.clock()
        )

    def ask(self) -> Completion:
        return self.client.complete(request_of(self.settings, ASK), 100)


@pytest.fixture
def bench(settings: ModelSettings) -> Iterator[Callable[..., Bench]]:
    open_now: list[Any] = []

    def make(*script: Answer, **changed: Any) -> Bench:
        running = serving(lambda body, n: script[min(n, len(script)) - 1])
        made = Bench(running.__enter__(), replace(settings, **changed))
        open_now.append((running, made))
        return made

    yield make
    for running, made in open_now:
        made.client.close()
        running.__exit__(None, None, None)


def test_an_answer_comes_with_its_count(bench: Callable[..., Bench]) -> None:
    b = bench("hello", price_in=1.0, price_out=2.0)
    assert b.ask() == Completion("hello", True)
    assert b.stub.headers[0]["Authorization"] == f"Bearer {KEY}"
    [sent] = b.stub.requests
    assert (sent["model"], sent["temperature"], sent["seed"]) == ("m", 0.0, 0)
    assert sent["response_format"]["json_schema"]["strict"] is True
    assert b.budget.usage.cost == pytest.approx((1000 + 2 * 100) / 1e6)
    assert b.time.slept == []


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_passes_is_tried_again_with_longer_waits(bench: Callable[..., Bench], status: int) -> None:
    b = bench(Fault(status), Fault(status), Fault(status), "at last")
    assert b.ask().text == "at last"
    assert b.time.slept == [0.75, 1.5, 3.0]  # 1, 2, 4 less jitter
    u = b.budget.usage
    assert (u.documents, u.requests, u.unanswered, u.unreached) == (1, 4, 3, 0)
    assert len(b.told) == 1
    assert f"the server says {status}" in b.told[0]


def test_the_server_says_how_long_to_wait(bench: Callable[..., Bench]) -> None:
    b = bench(Fault(429, headers={"Retry-After": "7"}), Fault(503, headers={"Retry-After": "100000"}), "at last")
    assert b.ask().text == "at last"
    assert b.time.slept == [7 * 1.125, LONGEST_WAIT * 1.125]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("3", 3.0), ("0.5", 0.5), ("-4", 0.0), ("soon", None), (None, None), ("nan", 0.0), ("Tue, 14 Nov 2023 22:13:30 GMT", 10.0),
     ("Tue, 14 Nov 2000 22:13:30 GMT", 0.0)],
)  # fmt: skip
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, 1_700_000_000.0) == seconds


@pytest.mark.parametrize(
    "fault",
    [Fault(503), Fault(drop=True), Fault(200, b"<html>not JSON"), Fault(200, b'{"choices": []}'), Fault(200, b'{"choices": [{"message": {"content": null}}]}')],
    ids=["503", "dropped", "no JSON", "no choice", "no text"],
)  # fmt: skip
def test_tries_are_bounded(bench: Callable[..., Bench], fault: Fault) -> None:
    b = bench(fault, retries=2)
    with pytest.raises(Refused, match="3 tries"):
        b.ask()
    assert len(b.stub.requests) == 3
    assert len(b.time.slept) == 2


def test_a_stalling_server_is_left(bench: Callable[..., Bench]) -> None:
    b = bench(Fault(stall=True), retries=1, timeout=0.05, price_out=1.0)
    with pytest.raises(Refused, match=r"no answer within 0\.05 s"):
        b.ask()
    assert b.budget.usage.unsure == pytest.approx(2 * 8192 / 1e6)  # it may charge for what it worked on


def test_an_answer_that_drips_is_left(bench: Callable[..., Bench]) -> None:
    b = bench("slow", retries=0, timeout=60)
    b.client._clock.now = iter([0.0, 61.0, 122.0]).__next__
    with pytest.raises(Refused, match="no whole answer within 60 s"):
        b.ask()


def test_an_endless_response_is_left(bench: Callable[..., Bench]) -> None:
    b = bench(Fault(200, b" " * (LARGEST + 1)))
    with pytest.raises(Refused, match="longer than"):
        b.ask()
    assert len(b.stub.requests) == 1


def test_a_dead_server_stops_the_run(bench: Callable[..., Bench]) -> None:
    b = bench(Fault(drop=True), retries=0)
    for _ in range(GIVE_UP - 1):
        with pytest.raises(Refused):
            b.ask()
    with pytest.raises(StopRun, match="does not answer"):
        b.ask()


def test_a_server_that_is_gone_is_asked_no_more_until_the_run_goes_on(bench: Callable[..., Bench]) -> None:
    b = bench(Fault(drop=True), retries=1)
    for _ in range(GIVE_UP - 1):
        with pytest.raises(Unanswered):
            b.ask()
    with pytest.raises(Unreachable):
        b.ask()
    sent = len(b.stub.requests)
    with pytest.raises(Unreachable, match="RemoteProtocolError"):
        b.ask()
    assert len(b.stub.requests) == sent
    b.client.begin()
    with pytest.raises(Unreachable):
        b.ask()
    assert len(b.stub.requests) == sent + 2
    b.stub.answer = lambda body, n: "alive"
    b.client.begin()
    assert b.ask().text == "alive"


def test_nothing_is_tried_again_once_the_run_is_over(bench: Callable[..., Bench]) -> None:
    b = bench(Fault(503), retries=5)
    b.client.stop()
    with pytest.raises(Unanswered, match="1 tries"):
        b.ask()
    assert len(b.stub.requests) == 1


def test_one_answer_and_the_server_counts_as_alive(bench: Callable[..., Bench]) -> None:
    b = bench(Fault(drop=True), Fault(drop=True), "alive", Fault(drop=True), retries=0)
    for wanted in (Refused, Refused, None, Refused, Refused):
        if wanted is None:
            assert b.ask().text == "alive"
        else:
            with pytest.raises(wanted):
                b.ask()


@pytest.mark.parametrize(
    ("status", "says"), [(401, "refuses the key"), (403, "refuses the key"), (404, "no such address or model")]
)
def test_what_cannot_get_better_stops_at_once(bench: Callable[..., Bench], status: int, says: str) -> None:
    b = bench(Fault(status, f"bad key {KEY}".encode()))
    with pytest.raises(StopRun, match=says) as stopped:
        b.ask()
    assert len(b.stub.requests) == 1
    assert KEY not in str(stopped.value)


def test_a_refusal_is_told_without_key_and_without_control_characters(
    bench: Callable[..., Bench], caplog: pytest.LogCaptureFixture
) -> None:
    b = bench(Fault(400, f"context \x1b[31mtoo long for {KEY}".encode()))
    with caplog.at_level(logging.DEBUG), pytest.raises(Refused) as refused:
        b.ask()
    assert "too long" in str(refused.value)
    assert "\x1b" not in str(refused.value)
    assert KEY not in str(refused.value) + caplog.text + repr(b.client._key)


def test_what_a_server_does_not_know_is_left_out_once_for_all(bench: Callable[..., Bench]) -> None:
    def complain(body: dict[str, Any], number: int) -> Answer:
        for name in ("response_format", "seed"):
            if name in body:
                return Fault(400, json.dumps({"error": f"unknown field {name}"}).encode())
        if "max_tokens" in body:
            return Fault(400, b"use max_completion_tokens")
        return "fine"

    b = bench("unused")
    b.stub.answer = complain
    assert b.ask().text == "fine"
    assert b.ask().text == "fine"
    assert len(b.stub.requests) == 5
    assert b.stub.requests[-1]["max_completion_tokens"] == 8192
    assert len(b.told) == 3


def test_a_cut_answer_says_so(bench: Callable[..., Bench]) -> None:
    b = bench('{"engagements": [')
    b.stub.finish = "length"
    assert b.ask().whole is False


def test_nothing_is_sent_that_might_cost_too_much(bench: Callable[..., Bench]) -> None:
    b = bench("answer", price_out=1000.0, max_cost=10.0)  # an answer may cost 8.192, this one costs 0.1
    for _ in range(19):
        b.ask()
    with pytest.raises(LimitReached, match="--max-cost 10 reached"):
        b.ask()
    assert len(b.stub.requests) == 19
    assert b.budget.usage.cost == pytest.approx(1.9)


def test_redirects_are_not_followed(bench: Callable[..., Bench]) -> None:
    b = bench(Fault(307, headers={"Location": "http://127.0.0.1:9/elsewhere"}))
    with pytest.raises(Refused, match="307"):
        b.ask()


@pytest.mark.parametrize(
    ("url", "own"),
    [("http://127.0.0.1:80/v1", True), ("http://localhost/v1", True), ("http://[::1]:1/", True), ("http://10.0.0.1/", False),
     ("https://127.0.0.1.example.org/", False), ("http://localhost.example.org/", False)],
)  # fmt: skip
def test_loopback(url: str, own: bool) -> None:
    assert is_loopback(url) is own
