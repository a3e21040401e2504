"""Time expressions of English news and what they mean, counted from a document's own date.

Our own grammar rather than a general library: general ones resolve one expression, and find few of the forms that
agencies use (ranges, "the previous day", a weekday that may lie behind or ahead). Weeks have the precision of a month and
seasons that of a year, as the annotation guide wants it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import zip_longest

from dragoman.model import DateFound, Lasting, Span

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
            "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "couple of": 2, "a couple of": 2}  # fmt: skip

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}

_MONTH = r"(?P<{0}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)\b\.?"
_DAY = r"(?P<{0}>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b"
_YEAR = r"(?P<{0}>(?:18|19|20)\d\d)\b"
_WEEKDAY_WHOLE = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b\.?"
_TO = r"\s*(?:-|–|—|to|and|through|until|till|&)\s*"
_BEFORE = rf"(?:(?P<weekday>{_WEEKDAY})\s*(?:,|\()?\s*(?:the\s+)?)?"
_ELLIPTIC_YEAR = (
    r"(?:,?\s+(?P<which>this|last|next|the\s+same)\s+year\b|,?\s+of\s+(?P<which2>this|last|next|the\s+same)\s+year\b)?"
)


def _rx(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(pattern, flags)


_NOTED = r"(?P<{0}>inst(?:ant)?|ult(?:imo)?|prox(?:imo)?)\b\.?"  # of this month, of the last, of the next
# No month follows, as in "the 5th of December", "the 7th to the 9th of November", "the 5th instant".
_NO_MONTH = (
    r"(?!(?:"
    + _TO
    + r"(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?)?\s+(?:(?:of\s+)?"
    + _MONTH.format("none")
    + "|"
    + _NOTED.format("no")
    + "))"
)
_DAY_OF_MONTH = _rx(
    _MONTH.format("m") + r"\s+" + _DAY.format("d") + r"|\b" + _DAY.format("e") + r"\s+" + _MONTH.format("n")
)
MONTH_APART = 28  # days by which 5/3 must fit better as the third of May to be no fifth of March, as most write it
SPELLS = frozenset({", ", " (", ",", " - ", " – ", " — "})  # what stands between a relative day and its date
_TEN = "one|two|three|four|five|six|seven|eight|nine|ten"
OF_THE_DAY = frozenset({"word", "chained", "days-ago", "in-days"})  # forms that hang on the day of writing
_NTH = ("first", "second", "third", "fourth", "fifth")  # days of a stretch of days
MONTHS_NAMED = frozenset({"month", "month-year"})  # forms that name a month
# A look at the first letter comes before looks behind it: those are costly and would be tried at every letter.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iso", _rx(r"(?<![\d/-])(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?![\d-])")),
    ("numeric", _rx(r"(?<![\d/.-])(?P<a>0?[1-9]|[12]\d|3[01])(?P<s>[/.-])(?P<b>0?[1-9]|[12]\d|3[01])(?P=s)(?P<y>(?:19|20)\d\d|\d\d)(?![\d/-])")),
    ("month-range", _rx(r"(?=[A-Z])" + _BEFORE + _MONTH.format("m") + r"\s+" + _DAY.format("d") + _TO + _MONTH.format("m2") + r"\s+" + _DAY.format("d2") + r"(?:,?\s+" + _YEAR.format("y") + r")?" + _ELLIPTIC_YEAR)),
    ("month-range", _rx(r"(?=[A-Z\d])" + _BEFORE + _DAY.format("d") + r"\s+" + _MONTH.format("m") + _TO + _DAY.format("d2") + r"\s+" + _MONTH.format("m2") + r"(?:,?\s+" + _YEAR.format("y") + r")?" + _ELLIPTIC_YEAR)),
    ("month-day", _rx(r"(?=[A-Z])" + _BEFORE + _MONTH.format("m") + r"\s+(?:the\s+)?" + _DAY.format("d") + rf"(?:{_TO}(?:the\s+)?" + _DAY.format("d2") + r")?(?!\s*[:.]\d)(?:,?\s+" + _YEAR.format("y") + r")?" + _ELLIPTIC_YEAR)),
    ("day-month", _rx(r"(?=[A-Z\d])" + _BEFORE + _DAY.format("d") + rf"(?:{_TO}(?:the\s+)?" + _DAY.format("d2") + r")?\s+(?:of\s+)?" + _MONTH.format("m") + r"(?:,?\s*" + _YEAR.format("y") + r"|[ \t]+(?P<y2>\d\d)(?=\s*[:),])(?!:\d))?" + _ELLIPTIC_YEAR)),
    ("month-year", _rx(r"(?=[elmJFMASOND])(?:(?P<part>early|late|mid)[\s-]+)?" + _MONTH.format("m") + r",?\s+(?:of\s+)?" + _YEAR.format("y"))),
    ("month", _rx(r"(?=[JFMASOND])(?:(?<=\bin )|(?<=\bIn )|(?<=\bof )|(?<=\bsince )|(?<=\blast )|(?<=\bnext )|(?<=\bthis )|(?<=\bfor )|(?<=\buntil )|(?<=\bearly )|(?<=\blate )|(?<=\bmid-)|(?<=\bby )|(?<=\bfrom )|(?<=\bwithin )|(?<=\bduring )|(?<=\bthrough )|(?<=\btill )|(?<=\bto )(?!Ma[ry])|(?<=\bmoved to )|(?<=\bpostponed to )|(?<=\bput off to )|(?<=\brescheduled to )|(?<=\bdeferred to ))" + _MONTH.format("m") + _ELLIPTIC_YEAR)),
    ("season", _rx(r"(?i:\b(?:spring|summer|autumn|winter|fall))\s+(?:of\s+)?" + _YEAR.format("y"))),
    ("bare-season", _rx(r"(?=[SAFWsafw])(?i:(?<=\bin )|(?<=\bthis )|(?<=\bnext )|(?<=\blast )|(?<=\bfor )|(?<=\bthe )|(?<=\bby )|(?<=\buntil ))(?i:spring|summer|autumn|fall|winter)\b(?!\s+(?:school|games|olympic|session|holiday|palace|university|camp))")),
    ("year", _rx(r"(?=[12])(?:(?<=\bin )|(?<=\bIn )|(?<=\bsince )|(?<=\bSince )|(?<=\bof )|(?<=\bfrom )|(?<=\bthe )|(?<=\bduring )|(?<=\bfor )|(?<=\buntil )|(?<=\bby )|(?<=\bto )|(?<=\bin the year ))" + _YEAR.format("y") + r"(?!\s*(?:-|–|,?\d))")),
    ("weekday-range", _rx(rf"\b(?=[fMTWFS])(?:from\s+)?(?P<w1>{_WEEKDAY})(?:\s*(?:-|–|to|and|through|until)\s*)(?P<w2>{_WEEKDAY})(?:,?\s+(?:of\s+)?(?P<after>last|next)\s+week\b)?")),
    ("weekday-day", _rx(r"\b(?=[MTWFS])(?P<w1>" + _WEEKDAY_WHOLE + r",?|(?:Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun)\b[.,]?) (?:the )?(?P<d>[12]?\d|3[01])(?:(?:st|nd|rd|th)\b|(?=\s*(?:[,;:.)\n]|$))(?![:.]\d))" + _NO_MONTH)),
    ("weekday", _rx(r"\b(?=[lntcpMTWFS])(?:(?P<before>last|next)\s+week,?\s+(?:on\s+)?)?(?:\b(?P<how>last|next|this|coming|this\s+coming|this\s+past|past)\s+)?\b(?P<w1>" + _WEEKDAY_WHOLE + r")\b(?:,?\s+(?:of\s+)?(?P<after>last|next)\s+week\b)?")),
    ("word", _rx(r"\b(?=[eltyELTY])(?i:(?:earlier\s+|later\s+)?(?P<word>to-?day|to-?night|yesterday|to-?morrow|this\s+(?:morning|afternoon|evening|day)|last\s+(?:night|evening)|the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow))\b(?:\s*\(\d{1,2}\))?")),
    ("chained", _rx(r"\b(?=[tspaofnTSPAOFN])(?i:(?P<word>(?:the\s+)?same\s+(?:day|evening|afternoon|morning|night)|that\s+(?:same\s+)?day|(?:the\s+)?(?:previous|preceding)\s+(?:day|evening|night)|(?:a|one|the)\s+(?:day|night|evening)\s+(?:earlier|before|later|after)|(?:the\s+)?(?:following|next)\s+(?:day|morning|afternoon|evening|night)|on\s+the\s+eve(?!\s+of)))\b")),
    ("stay-day", _rx(r"\b(?=[oO])(?i:on\s+(?:the|his|her|its|their)\s+(?:very\s+)?(?P<nth>" + "|".join(_NTH) + r"|last|final|closing|concluding)\s+day)\b(?!\s+of\s+(?:the\s+(?:month|year|week)\b|[A-Z\d]))")),
    ("days-ago", _rx(r"\b(?=[\datofsenATOFSEN])(?i:(?P<n>\d{1,2}|a\s+couple\s+of|an?|" + _TEN + r")\s+(?P<unit>days?|weeks?|months?|years?)\s+(?P<dir>ago|earlier|before|later|from\s+now))\b")),
    ("in-days", _rx(r"\b(?=[iI])(?i:in\s+(?P<n>\d{1,2}|an?|" + _TEN + r")\s+(?P<unit>days?|weeks?|months?)(?:['’]s?\s+time)?)\b")),
    ("period", _rx(r"\b(?=[ltncpeLTNCPE])(?i:(?P<how>last|this|next|coming|past|previous|current|the\s+coming|later\s+this|earlier\s+this|the\s+same|the\s+previous)\s+(?P<unit>week|weekend|month|year)(?:['’]s)?)\b")),
    ("weekend", _rx(r"(?i:\b(?:over|at|during)\s+the\s+weekend\b)")),
    ("end-of", _rx(r"\b(?=[ebsmrcfEBSMRCF])(?i:(?:end|beginning|start|middle|rest|course|(?:first|second)\s+half)\s+of\s+(?:the|this)\s+(?P<unit>week|month|year))\b")),
    ("coming", _rx(r"(?i:\b(?:the\s+(?P<unit>week|weekend|month|year)s?\s+(?:ahead|to\s+come)|(?P<new>the\s+new)\s+year)\b)(?!['’]s)")),
    ("instant", _rx(r"\b(?=\d)" + _DAY.format("d") + rf"(?:{_TO}(?:the\s+)?" + _DAY.format("d2") + r")?\s+" + _NOTED.format("month"))),
    ("ordinal", _rx(r"\b(?:[Oo]n|[Uu]ntil|[Ff]rom|[Bb]y|[Ff]or|[Tt]ill|[Bb]etween|of)\s+the\s+(?P<d>[12]?\d|3[01])(?:st|nd|rd|th)\b(?:" + _TO + r"(?:the\s+)?(?P<d2>[12]?\d|3[01])(?:st|nd|rd|th)\b)?" + _NO_MONTH + r"(?!\s+\w*(?:anniversary|session|meeting|round|floor|century|summit))")),
)  # fmt: skip


_LASTING = _rx(
    r"(?i:\b(?<!\w-)(?P<n>\d{1,2}|"
    + _TEN
    + r"|eleven|twelve|thirteen|fourteen)(?:\s*[-‑–]\s*|\s+)(?:(?:full|whole|working)\s+)?days?\b"
    r"(?!\s+(?:ago|earlier|later|before|after|from\s+now|old)\b)|\bweek[-‑–\s]?long\b)"
)
NEAR_DAYS = 45  # how far off a day without its month may lie that its weekday bears out
NEW_YEAR_UNTIL = 3  # month from which "the new year" is the next one
LONGEST = 31  # days that an act goes on: more is told in weeks and months


def find_lastings(text: str) -> tuple[Lasting, ...]:
    """Every stretch of words that says for how many days something goes on, two at least, sorted."""
    found = (Lasting(Span(*m.span()), _count(m["n"]) if m["n"] else 7) for m in _LASTING.finditer(text))
    return tuple(f for f in found if 1 < f.days <= LONGEST)


def find_dates(text: str, anchor: date | None, written: date | None = None) -> tuple[DateFound, ...]:
    """Every time expression that can be given a date, sorted, without overlaps.

    ``anchor`` is what relative words count from; without it they are left out. A weekday, and a day or month without a
    year, is read as past or nearest; ``ahead`` says what it means where the act lies ahead. Where a text was ``written`` on
    another day than that on which it appeared, words that hang on the day itself ("yesterday", "two days ago") count from there.
    """
    raw: list[tuple[int, int, int, str, re.Match[str]]] = []
    for order, (form, pattern) in enumerate(_FORMS):
        raw.extend((m.start(), -m.end(), order, form, m) for m in pattern.finditer(text))
    raw.sort(key=lambda r: r[:3])
    out: list[DateFound] = []
    end = -1
    told = Told()
    for start, minus_end, _, form, match in raw:
        if start < end:
            continue
        value = _MEANING[form](match, written or anchor if form in OF_THE_DAY else anchor, told)
        if value is None:
            continue
        first, until, precision, relative, ahead = value
        end = -minus_end
        out.append(DateFound(Span(start, end), first, until, precision, relative, ahead if ahead != first else None))
        if precision == "day":
            day = date.fromisoformat(first)
            stretch = (day, date.fromisoformat(until)) if until else told.stretch
            told = Told(day, date.fromisoformat(ahead) if ahead else None, None, stretch, end)
        elif precision == "month" and form in MONTHS_NAMED:
            told = replace(told, month=date.fromisoformat(f"{first}-15"))
    return tuple(_spelled_out(text, out))


def _spelled_out(text: str, found: list[DateFound]) -> Iterator[DateFound]:
    """The time expressions, a relative day that is followed by its date ("tomorrow, December 21") with that date."""
    for this, after in zip_longest(found, found[1:]):
        gap = text[this.span.end : after.span.start] if after else ""
        plain = after and this.relative and this.precision == after.precision == "day" and not after.relative
        yield replace(this, start=after.start, end=after.end, ahead=after.ahead) if plain and gap in SPELLS else this


@dataclass(frozen=True, slots=True)
class Told:
    """What a text told of time before: its last day, what that would be ahead, the middle of a month named since, and the first and the
    last day of the last stretch of days; and where in the text its last day stands."""

    day: date | None = None
    ahead: date | None = None
    month: date | None = None
    stretch: tuple[date, date] | None = None
    at: int = 0


Meaning = tuple[str, str | None, str, bool, str | None]


def resolve_weekday(name: str, anchor: date, *, future: bool) -> date:
    """The last such weekday up to ``anchor``, or the first from it on."""
    number = next(i for i, d in enumerate(_DAYS) if d.startswith(name.lower().rstrip(".")[:3]))
    if future:
        return anchor + timedelta((number - anchor.weekday()) % 7)
    return anchor - timedelta((anchor.weekday() - number) % 7)


def _month(name: str) -> int:
    return next(i for i, m in enumerate(MONTHS, 1) if m.startswith(name.lower().rstrip(".")[:3]))


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year_of(m: re.Match[str], anchor: date | None) -> int | None:
    groups = m.groupdict()
    if groups.get("y"):
        return int(groups["y"])
    if groups.get("y2"):
        return 2000 + int(groups["y2"])
    which = groups.get("which") or groups.get("which2")
    if which and anchor:
        return anchor.year + {"last": -1, "next": 1}.get(which, 0)
    return None


def _nearest(month: int, day: int, anchor: date) -> date | None:
    options = [d for y in (anchor.year - 1, anchor.year, anchor.year + 1) if (d := _safe(y, month, day))]
    return min(options, key=lambda d: (abs((d - anchor).days), d)) if options else None


def _next(month: int, day: int, anchor: date) -> date | None:
    options = [d for y in (anchor.year, anchor.year + 1) if (d := _safe(y, month, day)) and d >= anchor]
    return min(options) if options else None


def _iso(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    found = _safe(int(m["y"]), int(m["m"]), int(m["d"]))
    return (found.isoformat(), None, "day", False, None) if found else None


def _numeric(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    a, b, y = int(m["a"]), int(m["b"]), int(m["y"])
    if y < 100:
        if m["s"] != "/":
            return None
        y += 2000 if y < 50 else 1900
    day_first, month_first = _safe(y, b, a), _safe(y, a, b)
    found = day_first or month_first
    if day_first and month_first and _nearer_to_days(m.string, month_first, day_first):
        found = month_first
    return (found.isoformat(), None, "day", False, None) if found else None


@lru_cache(maxsize=64)
def _nearer_to_days(text: str, one: date, other: date) -> bool:
    """Whether ``one`` is a day of a month that the text names and ``other`` is none, or lies nearer to one by a month at least."""
    days = [(_month(m["m"] or m["n"]), int(m["d"] or m["e"])) for m in _DAY_OF_MONTH.finditer(text)]

    def far(base: date) -> int:
        return min((abs((d - base).days) for month, day in days if (d := _nearest(month, day, base))), default=0)

    near, away = far(one), far(other)
    return bool(days) and (near == 0 < away or near + MONTH_APART <= away)


def _day_and_month(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    month, day, year = _month(m["m"]), int(m["d"]), _year_of(m, anchor)
    month2 = _month(m["m2"]) if m.groupdict().get("m2") else month
    day2 = int(m["d2"]) if m.groupdict().get("d2") else None
    ahead = None
    if year is not None:
        start = _safe(year, month, day)
    elif anchor is not None:
        start = _nearest(month, day, anchor)
        later = _next(month, day, anchor)
        ahead = later.isoformat() if later and start and (later - anchor).days < 300 else None
    else:
        return None
    if start is None:
        return None
    until = _safe(start.year + (month2 < month), month2, day2) if day2 else None
    if until is not None and until <= start:
        until = None
    return start.isoformat(), until.isoformat() if until else None, "day", False, ahead


def _month_year(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    return f"{int(m['y']):04d}-{_month(m['m']):02d}", None, "month", False, None


def _bare_month(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    month, year = _month(m["m"]), _year_of(m, anchor)
    if year is not None:
        return f"{year:04d}-{month:02d}", None, "month", True, None
    if anchor is None:
        return None
    if m.string.endswith("next ", 0, m.start()):
        return f"{anchor.year + (month <= anchor.month):04d}-{month:02d}", None, "month", True, None
    near = _nearest(month, 15, anchor)
    later = anchor.year + (month < anchor.month)
    return (
        (f"{near:%Y-%m}" if near else f"{anchor.year:04d}-{month:02d}"),
        None,
        "month",
        True,
        f"{later:04d}-{month:02d}",
    )


def _year(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    return m["y"], None, "year", False, None


def _bare_season(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    if anchor is None:
        return None
    how = m.string[max(0, m.start() - 5) : m.start()].lower().strip()
    start = _SEASONS[m[0].lower()]  # the month it opens with
    later = anchor.year + (start + 2 < anchor.month or how == "next")
    past = anchor.year - (start > anchor.month or how == "last")
    return f"{later if how == 'next' else past:04d}", None, "year", True, f"{later:04d}"


def _weekday_range(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    if anchor is None:
        return None
    if m["after"]:
        start = resolve_weekday(m["w1"], _monday(anchor, m["after"]), future=True)
        return start.isoformat(), resolve_weekday(m["w2"], start, future=True).isoformat(), "day", True, None
    until = resolve_weekday(m["w2"], anchor, future=False)
    start = resolve_weekday(m["w1"], until, future=False)
    return start.isoformat(), until.isoformat(), "day", True, resolve_weekday(m["w1"], anchor, future=True).isoformat()


def _monday(anchor: date, week: str) -> date:
    """The Monday of the "next" or the "last" week."""
    return anchor - timedelta(anchor.weekday()) + timedelta(7 if week.lower() == "next" else -7)


def _weekday(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    if anchor is None or (m.string.endswith(" a ", 0, m.start()) and m.string[m.end() : m.end() + 1] in set(",.;)")):
        return None  # "12 August, a Thursday," says no more than the day before it
    how, after = (m["how"] or "").lower(), (m["after"] or m["before"] or "").lower()
    past = resolve_weekday(m["w1"], anchor, future=False)
    coming = resolve_weekday(m["w1"], anchor, future=True)
    if after:
        return resolve_weekday(m["w1"], _monday(anchor, after), future=True).isoformat(), None, "day", True, None
    if how in {"last", "this past", "past"}:
        past = past if past < anchor else past - timedelta(7)
        return past.isoformat(), None, "day", True, None
    if how in {"next", "coming", "this coming"}:
        coming = coming if coming > anchor else coming + timedelta(7)
        return coming.isoformat(), None, "day", True, None
    return past.isoformat(), None, "day", True, coming.isoformat()


def _weekday_day(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    """The nearest such day of a month that is such a weekday ("Friday the 10th", "Thu 19:"), if it is near enough to be meant."""
    base = told.month or anchor
    if base is None:
        return None
    number = resolve_weekday(m["w1"], base, future=True).weekday()
    days = [d for d in _of_months(int(m["d"]), base) if d.weekday() == number and abs((d - base).days) <= NEAR_DAYS]
    return (min(days, key=lambda d: abs((d - base).days)).isoformat(), None, "day", False, None) if days else None


def _word(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    if anchor is None:
        return None
    word = " ".join(m["word"].lower().replace("-", "").split())
    shift = {"yesterday": -1, "last night": -1, "last evening": -1, "tomorrow": 1, "the day before yesterday": -2,
             "the day after tomorrow": 2}.get(word, 0)  # fmt: skip
    return (anchor + timedelta(shift)).isoformat(), None, "day", True, None


def _chained(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    base = told.day or anchor
    if base is None:
        return None
    word = " ".join(m["word"].lower().split())
    shift = 0
    if any(w in word for w in ("previous", "preceding", "earlier", "before", "the eve")):
        shift = -1
    elif any(w in word for w in ("following", "next", "later", "after")) and "afternoon" not in word:
        shift = 1
    # "on Thursday … a day earlier": the day before a Thursday ahead
    ahead = told.ahead + timedelta(shift) if told.ahead else None
    return (base + timedelta(shift)).isoformat(), None, "day", True, ahead.isoformat() if ahead else None


def _stay_day(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    """A day of the last stretch of days that was told; counted from the day told in a sentence before where there is none."""
    first, day = told.stretch or (None, None)
    if (nth := m["nth"].lower()) in _NTH:
        if first is None and m.string.find(". ", told.at, m.start()) >= 0:
            first = told.day
        day = first + timedelta(_NTH.index(nth)) if first else None
    return (day.isoformat(), None, "day", True, None) if day else None


def _shifted(base: date, count: int, unit: str) -> Meaning:
    if unit.startswith("day"):
        return (base + timedelta(count)).isoformat(), None, "day", True, None
    if unit.startswith("week"):  # a weekend, too
        return f"{base + timedelta(7 * count):%Y-%m}", None, "month", True, None
    if unit.startswith("month"):
        total = base.year * 12 + base.month - 1 + count
        return f"{total // 12:04d}-{total % 12 + 1:02d}", None, "month", True, None
    return f"{base.year + count:04d}", None, "year", True, None


def _count(word: str) -> int:
    word = " ".join(word.lower().split())
    return int(word) if word.isdigit() else _NUMBERS[word]


def _days_ago(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    way = m["dir"].lower()
    base = anchor if way in {"ago", "from now"} else told.day or anchor
    if base is None:
        return None
    return _shifted(base, _count(m["n"]) * (-1 if way in {"ago", "earlier", "before"} else 1), m["unit"].lower())


def _in_days(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    return _shifted(anchor, _count(m["n"]), m["unit"].lower()) if anchor else None


def _period(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    if anchor is None:
        return None
    how = m["how"].lower().split()[-1] if not m["how"].lower().startswith(("later", "earlier", "the same")) else "this"
    shift = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1}.get(how, 0)
    return _shifted(anchor, shift, m["unit"].lower())


def _weekend(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    """The weekend that was: its Saturday's month."""
    return (f"{resolve_weekday('saturday', anchor, future=False):%Y-%m}", None, "month", True, None) if anchor else None


def _end_of(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    return _shifted(anchor, 0, m["unit"].lower()) if anchor else None


def _coming(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    """What lies before one ("the week ahead"); the new year is the next one, in its first months the one that has begun."""
    if anchor is None:
        return None
    if m["new"]:
        return _shifted(anchor, int(anchor.month >= NEW_YEAR_UNTIL), "year")
    return _shifted(anchor, 0, m["unit"].lower())


def _ordinal(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    """A day without its month: of the month named before it; near a day ahead that was told before it; else the last one. Ahead, the next one."""
    if anchor is None:
        return None
    day = int(m["d"])
    if (base := told.month or (told.day if told.day and told.day > anchor else None)) is not None:
        found = min(_of_months(day, base), key=lambda d: (abs((d - base).days), d))
    else:
        found = max(d for d in _of_months(day, anchor) if d <= anchor)
    ahead = min(d for d in _of_months(day, anchor) if d >= anchor)
    until = min(d for d in _of_months(int(m["d2"]), found) if d > found).isoformat() if m["d2"] else None
    return found.isoformat(), until, "day", True, ahead.isoformat() if found < anchor and told.month is None else None


def _instant(m: re.Match[str], anchor: date | None, told: Told) -> Meaning | None:
    """A day of this month ("the 11th instant"), of the last ("ult.") or of the next ("prox.")."""
    if anchor is None:
        return None
    year, month = map(int, _shifted(anchor, {"i": 0, "u": -1, "p": 1}[m["month"][0]], "month")[0].split("-"))
    first = _safe(year, month, int(m["d"]))
    last = _safe(year, month, int(m["d2"])) if m["d2"] else None
    if first is None:
        return None
    return first.isoformat(), last.isoformat() if last and last > first else None, "day", True, None


def _of_months(day: int, base: date) -> list[date]:
    """The day of the months around a date, those that have it."""
    months = (divmod(base.year * 12 + base.month - 1 + shift, 12) for shift in (-2, -1, 0, 1, 2))
    return [d for year, month in months if (d := _safe(year, month + 1, day))]


_MEANING: dict[str, Callable[[re.Match[str], date | None, Told], Meaning | None]] = {
    "iso": _iso, "numeric": _numeric, "month-range": _day_and_month, "month-day": _day_and_month,
    "day-month": _day_and_month, "month-year": _month_year, "month": _bare_month, "season": _year, "year": _year, "bare-season": _bare_season,
    "weekday-range": _weekday_range, "weekday-day": _weekday_day, "weekday": _weekday, "word": _word, "chained": _chained, "stay-day": _stay_day, "days-ago": _days_ago,
    "in-days": _in_days, "period": _period, "weekend": _weekend, "end-of": _end_of, "coming": _coming, "ordinal": _ordinal, "instant": _instant,
}  # fmt: skip
