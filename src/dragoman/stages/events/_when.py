"""When an engagement is, and until when: from the time expressions that the network points to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dragoman.model import AHEAD, Annotation, DateFound, Lasting, Span, When
from dragoman.stages.events._detect import NO_DATE, PUBLISHED, Draft, Until

MOST = timedelta(92)  # that an act goes on: an exercise of a season


@dataclass(slots=True)
class Dated:
    """A date with the words (clean text) and bases of its first and its last day."""

    when: When = field(default_factory=When)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    basis: dict[str, str] = field(default_factory=dict)


def dated(
    note: Annotation,
    draft: Draft,
    status: str,
    *,
    undated: float = 1.0,
    over: Callable[[Span], bool] = lambda span: False,
) -> Dated:
    """The likeliest date of a draft of this status; ``undated`` weighs its having none, ``over`` tells of the words for a stretch of
    days whether it is over on the day told with it."""
    ahead = status in AHEAD
    total: dict[object, float] = {}
    for probability, which in draft.dates:
        key = note.dates[which].value(ahead=ahead) if isinstance(which, int) else which
        total[key] = total.get(key, 0.0) + probability
    total[NO_DATE] *= undated
    best = max(total, key=lambda k: total[k])
    if best == NO_DATE or (best == PUBLISHED and note.anchor is None):
        return Dated()
    out = _published(note) if best == PUBLISHED else _told(note, draft, best, ahead)
    if out.when.end is None and out.when.precision == "day":
        _prolong(out, draft.until, note, ahead, over)
    return out


def at_leg(note: Annotation, draft: Draft, country: str, likely: float) -> Draft:
    """The draft as it dates a tour's leg in ``country``: by the one of its dates that stands nearest to the country in a sentence.

    Dates that are less than ``likely`` are none of the tour's.
    """
    told = [(i, note.dates[i].span) for p, i in draft.dates if isinstance(i, int) and p >= likely]
    legs = [p.span for p in note.places if p.country == country]
    near = [(span.distance(leg), i) for i, span in told for leg in legs if _in_one_sentence(note, span, leg)]
    if len({note.dates[i].start for i, _ in told}) < 2 or not near:
        return draft
    _, nearest = min(near)
    return replace(draft, dates=[(p if i == nearest else 0.0, i) for p, i in draft.dates])


def _in_one_sentence(note: Annotation, a: Span, b: Span) -> bool:
    return any(s.covers(a) and s.covers(b) for s in note.sentences)


def _published(note: Annotation) -> Dated:
    assert note.anchor is not None
    return Dated(
        When(note.anchor.isoformat(), None, "day", "published"), basis={"date.start": note.anchor_basis or "published"}
    )


def _told(note: Annotation, draft: Draft, meant: object, ahead: bool) -> Dated:
    """The date of the likeliest of the words that mean it."""
    told = ((p, i) for p, i in draft.dates if isinstance(i, int) and note.dates[i].value(ahead=ahead) == meant)
    found = note.dates[max(told)[1]]
    start, end = found.value(ahead=ahead)
    out = Dated(When(start, end, found.precision, "text"), {"date.start": [found.span]})
    if end:
        out.spans["date.end"] = [found.span]
    if found.relative and note.anchor_basis:
        out.basis["date.start"] = f"text, counted from {note.anchor_basis}"
    return out


def _prolong(
    out: Dated, until: list[tuple[float, Until]], note: Annotation, ahead: bool, over: Callable[[Span], bool]
) -> None:
    """Adds the last day where other words than those of the date say so, or how long it goes on; what is over on the day told beside it
    is counted back."""
    day = date.fromisoformat(out.when.start or "")
    options = [(p, u, days) for p, u in until if (days := _days(day, u, ahead)) is not None]
    _, said, (first, last) = max(options, key=lambda x: x[0], default=(0.0, None, (day, day)))
    if said is None:
        return
    if isinstance(said, tuple) and not said[1] and _is_over(said[0], out, note, over):
        said, first, last = (said[0], True), day - (last - first), day
    out.when = replace(out.when, start=first.isoformat(), end=last.isoformat())
    if isinstance(said, DateFound):
        out.spans["date.end"] = [said.span]
        if said.relative and note.anchor_basis:
            out.basis["date.end"] = f"text, counted from {note.anchor_basis}"
        return
    lasting, back = said
    if back:
        out.spans["date.end"] = out.spans.get("date.start", [])
        if basis := out.basis.get("date.start"):
            out.basis["date.end"] = basis
    near, far = ("date.end", "date.start") if back else ("date.start", "date.end")
    out.spans[far] = [*out.spans.get(near, []), lasting.span]
    out.basis[far] = f"text, counted from the {'last' if back else 'first'} day"


def _is_over(lasting: Lasting, out: Dated, note: Annotation, over: Callable[[Span], bool]) -> bool:
    """Whether a stretch of days is over on the day that is told beside it."""
    told = out.spans.get("date.start", [])
    return over(lasting.span) and all(_in_one_sentence(note, words, lasting.span) for words in told)


def _days(day: date, until: Until, ahead: bool) -> tuple[date, date] | None:
    """First and last day of an act with which ``day`` is told and that goes on as said; None where it cannot."""
    if until is None:
        return day, day
    if isinstance(until, DateFound):
        meant = (until.value(ahead=a) for a in (ahead, not ahead))  # who came on Monday may leave on a Friday ahead
        ends = (date.fromisoformat(last or first) for first, last in meant)
        return next(((day, end) for end in ends if timedelta(0) < end - day <= MOST), None)
    lasting, back = until
    rest = timedelta(lasting.days - 1)
    return (day - rest, day) if back else (day, day + rest)
