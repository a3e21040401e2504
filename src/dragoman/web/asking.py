"""What an address asks for: the same filters as the command line's, as a declared type, and back to an address.

Everything is checked here, so that views get what the register can be asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from dragoman.errors import StopRun
from dragoman.resources import Tools
from dragoman.store.computing import first_day
from dragoman.store.shapes import EVERYTHING, SORTS, Filter, misfit
from dragoman.web.options import DEEPEST, LONGEST_WORDS

PER_PAGE, MOST = 25, 200
MANY = 12  # values of one filter at most
SEVERAL = {"party": "parties", "kind": "kinds", "status": "statuses", "topic": "topics"}
SINGLE = ("person", "office", "place", "framework", "source", "since", "until", "salience")
FILTERS = (*SEVERAL, *SINGLE)


class BadQuestion(StopRun):
    """The address asks for something that is not there; the message says what is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an address puts it.

    Attributes:
        where: the filter on records.
        words: full text that is looked for.
        sort: one of SORTS.
        page: from 1.
        per_page: entries on a page.
        path: values in the path, by name.
        more: what a page alone understands (``of``, ``by`` …), by name.
    """

    where: Filter = EVERYTHING
    words: str = ""
    sort: str = "-date"
    page: int = 1
    per_page: int = PER_PAGE
    path: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = field(default=())

    @property
    def offset(self) -> int:
        """Entries before this page."""
        return (self.page - 1) * self.per_page

    def of_path(self, name: str) -> str:
        """A value of the path."""
        return dict(self.path)[name]

    def option(self, name: str, allowed: Sequence[str]) -> str:
        """A choice of the page, the first allowed one by default.

        Raises:
            BadQuestion: it is not allowed.
        """
        value = dict(self.more).get(name, allowed[0])
        if value not in allowed:
            raise BadQuestion(f"{name}={short(value)}: choose one of {', '.join(allowed)}")
        return value


def read(query: Sequence[tuple[str, str]], path: Mapping[str, str], tools: Tools, *, own: Sequence[str] = ()) -> Asked:
    """The question that name-value pairs of an address ask; empty values count as not given.

    Args:
        own: names that the page understands beside the filters.

    Raises:
        BadQuestion: a name, a value or a party that is not known, or a value that is too long.
    """
    given: dict[str, list[str]] = {}
    for name, value in query:
        if value.strip():
            given.setdefault(name, []).append(_plain(name, value))
    known = {*FILTERS, "contested", "rejected", "q", "sort", "page", "limit", "format", *own}
    unknown = sorted(set(given) - known)
    if unknown:
        raise BadQuestion(f"no filter {short(unknown[0])!r}: there are {', '.join(sorted(known))}")
    last = {name: values[-1] for name, values in given.items()}
    return Asked(
        where=_filter(given, last, tools),
        words=last.get("q", ""),
        sort=_choice("sort", last.get("sort", "-date"), SORTS),
        page=_number("page", last.get("page", "1"), DEEPEST),
        per_page=_number("limit", last.get("limit", str(PER_PAGE)), MOST),
        path=tuple((name, value) for name, value in path.items()),
        more=tuple((name, last[name]) for name in own if name in last),
    )


def _filter(given: Mapping[str, list[str]], last: Mapping[str, str], tools: Tools) -> Filter:
    several = {field: tuple(dict.fromkeys(given.get(name, ()))) for name, field in SEVERAL.items()}
    for name, field_name in SEVERAL.items():
        if len(several[field_name]) > MANY:
            raise BadQuestion(f"{name}: {MANY} values at most")
        for value in several[field_name]:
            _fits(name, value)
    several["parties"] = tuple(sorted({party_code(p, tools) for p in several["parties"]}))
    single = {name: last.get(name) for name in SINGLE}
    single["place"] = (tools.party(last["place"]) or last["place"]) if "place" in last else None
    for name in ("since", "until"):
        _day(name, last.get(name))
    if "salience" in last:
        _fits("salience", last["salience"])
    return Filter(
        **several,  # type: ignore[arg-type]
        **single,  # type: ignore[arg-type]
        contested=None if "contested" not in last else _choice("contested", last["contested"], ("yes", "no")) == "yes",
        rejected="rejected" in last and _choice("rejected", last["rejected"], ("yes", "no")) == "yes",
    )


def party_code(name: str, tools: Tools) -> str:
    """The code of a party from its code or name; a code that no table has is taken as it stands.

    Raises:
        BadQuestion: it can be neither.
    """
    found = tools.party(name)
    if found is None and len(name) > 40:
        raise BadQuestion(f"party {short(name)!r}: no state or organisation of that code or name")
    return found or name


def address(asked: Asked, **changes: object) -> str:
    """The query of an address that asks this, with filters or other values changed; empty ones are left out."""
    pairs: list[tuple[str, str]] = []
    where = asked.where
    values: dict[str, object] = {name: getattr(where, field_name) for name, field_name in SEVERAL.items()}
    values |= {name: getattr(where, name) for name in SINGLE}
    values |= {"contested": _truth(where.contested), "rejected": "yes" if where.rejected else None}
    values |= {"q": asked.words, "sort": asked.sort if asked.sort != "-date" else None}
    values |= {"page": asked.page if asked.page > 1 else None}
    values |= {"limit": asked.per_page if asked.per_page != PER_PAGE else None}
    values |= dict(asked.more) | changes
    for name, value in values.items():
        for each in value if isinstance(value, tuple | list) else (value,):
            if each not in (None, ""):
                pairs.append((name, some_words(str(each))))
    return "?" + urlencode(pairs, errors="replace") if pairs else ""


def some_words(text: str) -> str:
    """As much of a value as an address may ask for; filters on words find it by its beginning."""
    return text[:LONGEST_WORDS].strip()


def short(text: str, most: int = 60) -> str:
    """The beginning of a text that somebody gave."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _day(name: str, text: str | None) -> None:
    try:
        if text is not None:
            first_day(text)
    except ValueError:
        raise BadQuestion(
            f"{name}={short(text or '')}: a day, a month or a year, as 2024-12-03, 2024-12 or 2024"
        ) from None


def _truth(value: bool | None) -> str | None:
    return None if value is None else ("yes" if value else "no")


def _plain(name: str, value: str) -> str:
    if len(value) > LONGEST_WORDS:
        raise BadQuestion(f"{short(name)}: {LONGEST_WORDS} characters at most")
    return value.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").strip()


def _fits(name: str, value: str) -> None:
    if choices := misfit(name, value):
        raise BadQuestion(f"{name}={short(value)}: choose one of {choices}")


def _choice(name: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise BadQuestion(f"{name}={short(value)}: choose one of {', '.join(allowed)}")
    return value


def _number(name: str, text: str, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise BadQuestion(f"{name}={short(text)}: a whole number from 1 to {most}")
    return int(text)
