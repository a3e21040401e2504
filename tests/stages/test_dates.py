"""Time expressions: a table of real forms, chains of days, and what must not be read as a date."""

from __future__ import annotations

import csv
import itertools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.stages.annotate._dates import find_dates, find_lastings, resolve_weekday

with (Path(__file__).parents[1] / "cases" / "dates.csv").open(encoding="utf-8") as _file:
    CASES = list(csv.DictReader(_file))


@pytest.mark.parametrize("case", CASES, ids=[c["text"] for c in CASES])
def test_meaning(case: dict[str, str]) -> None:
    found = find_dates(case["text"], date.fromisoformat(case["anchor"]))
    match = [d for d in found if d.span.of(case["text"]) == case["words"]]
    assert match, [d.span.of(case["text"]) for d in found]
    assert (match[0].start, match[0].end or "", match[0].precision) == (case["start"], case["end"], case["precision"])
    if case["ahead"]:
        assert match[0].ahead == case["ahead"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("On May 3 they met. The following day he left.", ["2024-05-03", "2024-05-04"]),
        ("He came on May 3, having spoken a day earlier.", ["2024-05-03", "2024-05-02"]),
        ("They met on May 3 and, the same day, signed.", ["2024-05-03", "2024-05-03"]),
        ("On May 3 they met; the night before he had dined there.", ["2024-05-03", "2024-05-02"]),
        ("He left on May 3 and the following morning was in Oslo.", ["2024-05-03", "2024-05-04"]),
        ("She is here from 3 to 5 May. On the second day she dines.", ["2024-05-03", "2024-05-04"]),
        ("Her visit of 3 to 5 May: on her last day she sails.", ["2024-05-03", "2024-05-05"]),
        ("They are here from 3 to 5 May. It began on May 2. On the third day they go.", ["2024-05-03", "2024-05-02", "2024-05-05"]),
        ("He came on May 3. On the second day of his stay he was ill.", ["2024-05-03", "2024-05-04"]),
        ("He came on May 3, on the second day of the talks.", ["2024-05-03"]),
        ("He came on May 3. On the last day of his stay he was ill.", ["2024-05-03"]),
        ("They are here from 3 to 5 May. On the last day of the month they pay.", ["2024-05-03"]),
        ("Friday, 3 May\n10:00 - Meeting\nSaturday, 4 May\n11:00 - Talks", ["2024-05-03", "2024-05-04"]),  # an hour is no year
        ("3 May 21: he landed. On 4 May 10:30 he left.", ["2021-05-03", "2024-05-04"]),
        ("The deal of 3 May 2020 was followed two days later by another.", ["2020-05-03", "2020-05-05"]),
    ],
)  # fmt: skip
def test_days_counted_from_the_one_before(text: str, days: list[str]) -> None:
    assert [d.start for d in find_dates(text, date(2024, 5, 6))] == days


@pytest.mark.parametrize(
    "text",
    [
        "The March met the gate.",
        "Resolution 1701",
        "He may come.",
        "a sun hat",
        "the 5th session",
        "20 percent",
        "version 2024.5.6.7",
    ],
)
def test_no_date(text: str) -> None:
    assert find_dates(text, date(2024, 5, 6)) == ()


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("On 12 August, a Thursday, she came.", ["2010-08-12"]),  # the weekday tells nothing more
        ("Friday the 5th it was, not the 6th of May.", ["2010-05-06"]),  # no fifth near by is a Friday
    ],
)
def test_weekdays_that_tell_no_other_day(text: str, days: list[str]) -> None:
    assert [d.start for d in find_dates(text, date(2010, 8, 31)) if not d.relative] == days


def test_words_of_the_day_count_from_the_day_of_writing() -> None:
    text = "They spoke yesterday, after a visit two days ago; on Wednesday he leaves."
    found = find_dates(text, date(2024, 5, 15), date(2024, 5, 14))
    assert [d.start for d in found] == ["2024-05-13", "2024-05-12", "2024-05-15"]


def test_relative_words_need_an_anchor() -> None:
    assert find_dates("He came on Tuesday and leaves tomorrow.", None) == ()
    assert [d.start for d in find_dates("He came on 5 May 2020.", None)] == ["2020-05-05"]


@pytest.mark.parametrize(
    ("text", "held", "ahead"),
    [
        ("from Monday to Wednesday", ("2024-05-13", "2024-05-15"), ("2024-05-20", "2024-05-22")),
        ("on 10 and 11 April", ("2024-04-10", "2024-04-11"), ("2024-04-10", "2024-04-11")),
        ("on 3 and 4 January", ("2024-01-03", "2024-01-04"), ("2025-01-03", "2025-01-04")),
        ("on Thursday", ("2024-05-16", None), ("2024-05-16", None)),
    ],
)
def test_stretch_that_lies_ahead_keeps_its_end(
    text: str, held: tuple[str, str | None], ahead: tuple[str, str | None]
) -> None:
    (found,) = find_dates(text, date(2024, 5, 16))
    assert found.value(ahead=False) == held
    assert found.value(ahead=True) == ahead


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("left after a two-day visit", [2]),
        ("will stay for five days, then 3 days in Oslo", [5, 3]),
        ("a 4‑day exercise", [4]),
        ("a week-long manoeuvre", [7]),
        ("three full days of talks", [3]),
        ("a one-day visit", []),
        ("two days ago and three days later", []),
        ("the 90-day deadline", []),
        ("two Sundays", []),
        ("twenty-two-day", []),
    ],
)
def test_how_long(text: str, days: list[int]) -> None:
    assert [x.days for x in find_lastings(text)] == days


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.sampled_from(["Monday", "Thursday", "Sunday"]))
def test_weekdays_lie_within_a_week(anchor: date, name: str) -> None:
    past, coming = resolve_weekday(name, anchor, future=False), resolve_weekday(name, anchor, future=True)
    assert 0 <= (anchor - past).days < 7
    assert 0 <= (coming - anchor).days < 7
    assert past.strftime("%A") == coming.strftime("%A") == name


@given(st.text(max_size=300), st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_any_text(text: str, anchor: date) -> None:
    found = find_dates(text, anchor)
    for a, b in itertools.pairwise(found):
        assert a.span.end <= b.span.start
    for d in found:
        assert d.end is None or d.end > d.start
