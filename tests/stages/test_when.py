"""First and last day of an act: what the network points to, put together."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.model import Annotation, DateFound, Lasting, Span, Trigger
from dragoman.stages.annotate._dates import find_dates, find_lastings
from dragoman.stages.events._detect import NO_DATE, PUBLISHED, Draft, Until
from dragoman.stages.events._when import dated

NONE = np.zeros(0, dtype=np.float32)


def noted(text: str, anchor: date) -> Annotation:
    """An annotation with nothing but what the text says of time."""
    return Annotation(
        "",
        (),
        (),
        dates=find_dates(text, anchor),
        lastings=find_lastings(text),
        anchor=anchor,
        anchor_basis="published",
    )


def drafted(note: Annotation, text: str, told: str, until: str | None, *, back: bool) -> Draft:
    """A draft whose date is told by the words ``told``, its end by the words ``until``."""

    def named(spans: list[Span], words: str) -> int:
        return next(i for i, s in enumerate(spans) if s.of(text) == words)

    dates: list[tuple[float, object]] = [(0.0, i) for i in range(len(note.dates))] + [(0.0, PUBLISHED), (0.0, NO_DATE)]
    which = len(note.dates) if told == PUBLISHED else named([d.span for d in note.dates], told)
    dates[which] = (0.9, dates[which][1])
    said: Until = None
    if until:
        every: list[Any] = [*note.dates, *note.lastings]
        found = every[named([x.span for x in every], until)]
        said = found if found in note.dates else (found, back)
    ends: list[tuple[float, Until]] = [(0.6 if said else 0.0, said), (0.4, None)]
    return Draft(Trigger(0, "visit", 1.0), 1.0, NONE, 0.0, NONE, 0.0, {}, {}, dates, ends, [], None, None)


@pytest.mark.parametrize(
    ("text", "status", "told", "until", "back", "start", "end", "basis"),
    [
        ("He arrived on Sunday and returns tomorrow.", "held", "Sunday", "tomorrow", False, "2018-05-06", "2018-05-10", {"date.start": "text, counted from published", "date.end": "text, counted from published"}),
        ("It began on April 14 and ended on Monday.", "held", "April 14", "Monday", False, "2018-04-14", "2018-05-07", {"date.end": "text, counted from published"}),
        ("She came on Monday and leaves on Friday.", "held", "Monday", "Friday", False, "2018-05-07", "2018-05-11", {"date.start": "text, counted from published", "date.end": "text, counted from published"}),
        ("A three-day visit began on 7 May 2018.", "held", "7 May 2018", "three-day", False, "2018-05-07", "2018-05-09", {"date.end": "text, counted from the first day"}),
        ("On 7 May 2018 he ended a stay of three days.", "held", "7 May 2018", "three days", True, "2018-05-05", "2018-05-07", {"date.start": "text, counted from the last day"}),
        ("He is here for a two-day visit.", "held", PUBLISHED, "two-day", False, "2018-05-09", "2018-05-10", {"date.start": "published", "date.end": "text, counted from the first day"}),
        ("They met on Monday; on Sunday they had phoned.", "held", "Monday", "Sunday", False, "2018-05-07", "2018-05-13", {"date.start": "text, counted from published", "date.end": "text, counted from published"}),
        ("They met on 7 May 2018, after a year of talks since 3 May 2017.", "held", "7 May 2018", "3 May 2017", False, "2018-05-07", None, {}),
        ("They met on 7 May 2018; the next is due on 7 December 2018.", "held", "7 May 2018", "7 December 2018", False, "2018-05-07", None, {}),
        ("He comes from 7 to 9 May 2018, a three-day visit.", "planned", "7 to 9 May 2018", "three-day", False, "2018-05-07", "2018-05-09", {}),
        ("In May 2018 he paid a two-day visit.", "held", "May 2018", "two-day", False, "2018-05", None, {}),
        ("They met on 7 May 2018.", "held", "7 May 2018", None, False, "2018-05-07", None, {}),
    ],
)  # fmt: skip
def test_first_and_last_day(
    text: str, status: str, told: str, until: str | None, back: bool, start: str, end: str | None, basis: dict[str, str]
) -> None:
    note = noted(text, date(2018, 5, 9))
    found = dated(note, drafted(note, text, told, until, back=back), status)
    assert (found.when.start, found.when.end) == (start, end)
    assert found.basis == basis
    if end:
        assert found.spans["date.end"]
    if back:
        assert {s.of(text) for s in found.spans["date.start"]} == {told, until}


def test_no_date_says_nothing_of_the_end() -> None:
    text = "A two-day visit is planned."
    note = noted(text, date(2018, 5, 9))
    draft = drafted(note, text, PUBLISHED, "two-day", back=False)
    draft.dates = [(0.1, PUBLISHED), (0.9, NO_DATE)]
    assert dated(note, draft, "planned").when.start is None
    assert dated(note, draft, "held", undated=0.1).when.start == "2018-05-09"


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.sampled_from(["held", "planned"]), st.booleans())
def test_end_comes_after_start(anchor: date, status: str, back: bool) -> None:
    text = "On Monday, from Tuesday to Friday, a five-day visit, tomorrow, on the 30th, last week, in May."
    note = noted(text, anchor)
    for told in note.dates:
        ends: list[DateFound | Lasting] = [*(d for d in note.dates if d.precision == "day"), *note.lastings]
        for until in ends:
            draft = drafted(note, text, told.span.of(text), until.span.of(text), back=back)
            when = dated(note, draft, status).when
            assert when.start is not None
            assert when.end is None or when.end > when.start
