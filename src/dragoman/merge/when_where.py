"""Date and place of a record from those of its accounts, and where they exclude each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from dragoman.merge.link import same_city
from dragoman.merge.prepare import AHEAD, span_of
from dragoman.merge.voices import Heard, by_worth, elected, told
from dragoman.model import Conflict, When, Where
from dragoman.resources import Tools

EXACTNESS = {"day": 0, "month": 2, "year": 3}


def date_of(accounts: Sequence[Heard]) -> When:
    """The most exact date; a day that a text gives before the day of publication; among equals what most voices say.

    What was planned gives way to what is told of the act once it was over.
    """
    dated = [h for h in accounts if h.prepared.engagement.date.start]
    if not dated:
        return When()
    best = min(_exactness(h) for h in dated)
    over = [h for h in dated if _exactness(h) == best and h.prepared.engagement.status not in AHEAD]
    dated = over or dated
    exact = [h for h in by_worth(dated) if _exactness(h) == best]
    start = elected(exact, lambda h: h.prepared.engagement.date.start)
    same = [h for h in exact if h.prepared.engagement.date.start == start]
    end = elected(same, lambda h: h.prepared.engagement.date.end)
    one = next((h for h in same if h.prepared.engagement.date.end == end), same[0]).prepared.engagement.date
    return When(start, end, one.precision, one.basis)


def _exactness(h: Heard) -> int:
    when = h.prepared.engagement.date
    return 1 if when.basis == "published" else EXACTNESS.get(when.precision or "", 4)


def date_conflict(accounts: Sequence[Heard]) -> Conflict | None:
    """Dates in texts that cannot both be right. A plan that was moved before the act is no conflict but its history."""
    dated = [
        h for h in accounts if h.prepared.engagement.date.start and h.prepared.engagement.date.basis != "published"
    ]
    for ahead in (True, False):
        some = [h for h in dated if (h.prepared.engagement.status in AHEAD) == ahead]
        if any(_exclude(a.prepared.engagement.date, b.prepared.engagement.date) for a, b in combinations(some, 2)):
            return Conflict("date", told(some, lambda h: date_text(h.prepared.engagement.date)))
    return None


def date_text(when: When) -> str | None:
    """ "2024-03-15" or "2024-03-15/2024-03-16"."""
    return f"{when.start}/{when.end}" if when.start and when.end else when.start


def _exclude(a: When, b: When) -> bool:
    """Two dates of which one at most is right: stretches that do not meet, or two stretches of days that differ."""
    if not a.start or not b.start:
        return False
    if a.precision == b.precision == "day" and a.end and b.end:
        return (a.start, a.end) != (b.start, b.end)
    (first, last), (begin, end) = _stretch(a), _stretch(b)
    return first > end or begin > last


def _stretch(when: When) -> tuple[int, int]:
    first, last = span_of(when.start or "")
    return first, max(last, span_of(when.end)[1]) if when.end else last


def place_of(accounts: Sequence[Heard]) -> Where | None:
    """Country by most voices; the city and the venue that most give within it; the text of the account that gives them."""
    placed = [h for h in by_worth(accounts) if h.prepared.engagement.place]
    country = elected(placed, lambda h: h.prepared.country)
    there = [h for h in placed if h.prepared.country == country]
    city = elected(there, lambda h: _place(h).city)
    in_city = [h for h in there if not city or _place(h).city in (city, None)]
    venue = elected(in_city, lambda h: _place(h).venue)
    if not there:
        return None
    best = max(in_city, key=lambda h: (_place(h).city == city, _place(h).venue == venue))
    return Where(_place(best).text, city, country, venue)


def _place(h: Heard) -> Where:
    return h.prepared.engagement.place or Where(None, None, None, None)


def place_conflict(accounts: Sequence[Heard], tools: Tools) -> Conflict | None:
    """Cities or countries that exclude each other. Two countries without a city are read from the names of parties too often."""
    placed = [h for h in accounts if h.prepared.country]
    for a, b in combinations(placed, 2):
        p, q = a.prepared, b.prepared
        elsewhere = p.country != q.country and (p.city or q.city)
        if elsewhere or (p.city and q.city and not same_city(p.city, q.city, tools)):
            return Conflict("place", told(placed, _place_text))
    return None


def _place_text(h: Heard) -> str | None:
    where = _place(h)
    return ", ".join(v for v in (where.city, where.country) if v) or None
