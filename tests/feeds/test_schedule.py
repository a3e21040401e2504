"""What is due: one request to a host at a time, none too early, no pause that never ends, whatever the clocks do."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.feeds.robots import Rules, rules_of
from dragoman.feeds.schedule import Job, Schedule, backoff, remaining

JOBS = st.lists(st.tuples(st.integers(0, 4), st.floats(0, 100), st.sampled_from(["feed", "page"])), max_size=40)


@settings(deadline=None)
@given(JOBS, st.integers(1, 4), st.floats(0, 10))
def test_every_job_comes_once_and_hosts_are_left_alone(
    given_: list[tuple[int, float, str]], room: int, delay: float
) -> None:
    plan = Schedule()
    for number, (host, at, kind) in enumerate(given_):
        plan.add(Job(kind, str(number), "", str(host)), at)
    now, last, done = 0.0, dict[str, float](), []
    while len(plan):
        now = max(now, plan.next_at())
        taken = plan.take(now, room, kinds=("feed", "page"))
        assert 0 < len(taken) <= room
        assert len({j.host for j in taken}) == len(taken)
        for job in taken:
            assert now >= last.get(job.host, -1e9) + delay - 1e-6
            assert now >= given_[int(job.key)][1]
            assert job.host not in {j.host for j in plan.take(now, 99, kinds=()) or ()}
            last[job.host] = now
            plan.done(job.host, now, delay)
            done.append(job.key)
    assert sorted(map(int, done)) == list(range(len(given_)))
    plan.tidy(now + 1000)
    assert plan.next_at() == float("inf")


def test_a_busy_host_and_another_kind_are_passed_over() -> None:
    plan = Schedule()
    for number, kind in enumerate(("page", "page", "feed")):
        plan.add(Job(kind, str(number), "", "x" if number < 2 else "y"), 0)
    assert [j.key for j in plan.take(0, 9, kinds=("feed",))] == ["2"]
    assert [j.key for j in plan.take(0, 9, kinds=("page",))] == ["0"]
    assert plan.take(100, 9, kinds=("page",)) == []
    plan.done("x", 100, 5)
    assert plan.take(104, 9, kinds=("page",)) == []
    plan.hold("x", 200)
    assert plan.take(106, 9, kinds=("page",)) == []
    assert [j.key for j in plan.take(200, 9, kinds=("page",))] == ["1"]


@settings(deadline=None)
@given(st.integers(1, 10_000), st.floats(0, 1))
def test_pauses_grow_and_end(failures: int, chance: float) -> None:
    pause = backoff(failures, 60, 3600, chance)
    assert 45 <= pause <= 3600 * 1.25
    assert failures > 6 or pause < backoff(failures + 1, 60, 3600, 0) * 1.7


@settings(deadline=None)
@given(st.one_of(st.none(), st.floats(-1e12, 1e12)), st.floats(-1e12, 1e12))
def test_a_clock_that_was_set_makes_nothing_wait_for_ever(due: float | None, wall: float) -> None:
    assert 0 <= remaining(due, wall, 900) <= 900


def test_robots() -> None:
    rules = rules_of(
        200,
        b"User-agent: *\nDisallow: /private\nCrawl-delay: 12\n\nUser-agent: dragoman\nDisallow: /*.pdf$\nCrawl-delay: 7\n",
    )
    assert rules.allows("https://a.example/private")
    assert not rules.allows("https://a.example/x.pdf")
    assert rules.delay() == 7
    assert rules_of(404, b"").allows("https://a.example/x")
    assert not rules_of(503, b"").allows("https://a.example/x")
    assert not rules_of(None, b"").allows("https://a.example/x")
    assert rules_of(200, b"\xff\x00<html>Disallow: /").allows("https://a.example/x")
    assert Rules("User-agent: *\nCrawl-delay: 1e999\n").delay() <= 3600
    assert Rules("User-agent: *\nCrawl-delay: -5\n").delay() == 0
