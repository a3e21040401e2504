"""Claims of an engagement as read, and the engagement that claims add up to. The two are each other's inverse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol

from dragoman import codec
from dragoman.knowledge.links import shown
from dragoman.model import Claim, Engagement, Origin, Participant, When, Where

VERBATIM = re.compile(r"participants\[\d+\]\.(name|office|rank)|evidence|place\.text|sources\[\d+\]")
"""Fields whose value is what the text says, so that it must equal the characters of its spans."""


def claims_of(key: str, doc_id: str, e: Engagement, version: str) -> tuple[Claim, ...]:
    """What ``e`` says, a claim for each value, spans, basis and rule with it; sorted by field."""
    values = dict(codec.leaves(e))
    fields = sorted({*values, *e.spans, *e.basis, *e.rules})
    return tuple(
        Claim(
            account=key,
            doc_id=doc_id,
            field=f,
            value=values.get(f),
            spans=tuple(e.spans.get(f, ())),
            basis=e.basis.get(f),
            voices=e.sources,
            rule=e.rules.get(f),
            version=version,
        )
        for f in fields
    )


class Said(Protocol):
    """What an engagement takes from a claim."""

    @property
    def field(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def spans(self) -> tuple[Origin, ...]: ...
    @property
    def basis(self) -> str | None: ...
    @property
    def rule(self) -> str | None: ...


def engagement_of(claims: Iterable[Said]) -> Engagement:
    """The engagement whose claims these are."""
    rows = list(claims)
    one: dict[str, Any] = {}
    lists: dict[str, dict[int, Any]] = {}
    for c in rows:
        if c.value is None:
            continue
        name, number, part = _path(c.field)
        if number is None:
            one[name] = c.value
        elif part:
            lists.setdefault(name, {}).setdefault(number, {})[part] = c.value
        else:
            lists.setdefault(name, {})[number] = c.value
    get = one.get
    place = (get("place.text"), get("place.city"), get("place.country"), get("place.venue"))
    return Engagement(
        id=one["id"],
        kind=one["kind"],
        status=one["status"],
        salience=one["salience"],
        part_of=get("part_of"),
        date=When(get("date.start"), get("date.end"), get("date.precision"), get("date.basis")),
        place=Where(*place) if any(v is not None for v in place) else None,
        participants=tuple(map(_participant, _in_order(lists, "participants"))),
        parties=_in_order(lists, "parties"),
        topics=_in_order(lists, "topics"),
        framework=get("framework"),
        sources=_in_order(lists, "sources"),
        evidence=one["evidence"],
        spans={c.field: c.spans for c in rows if c.spans},
        basis={c.field: c.basis for c in rows if c.basis is not None},
        rules={c.field: c.rule for c in rows if c.rule is not None},
    )


@lru_cache(maxsize=4096)
def _path(field: str) -> tuple[str, int | None, str]:
    """The parts of a field's path: "participants[2].name" is the name of the third of the participants."""
    name, found, rest = field.partition("[")
    if not found:
        return field, None, ""
    number, _, part = rest.partition("]")
    return name, int(number), part.removeprefix(".")


def _in_order(lists: Mapping[str, Mapping[int, Any]], name: str) -> tuple[Any, ...]:
    values = lists.get(name, {})
    return tuple(values[i] for i in range(len(values)))


def _participant(said: Mapping[str, Any]) -> Participant:
    get: Callable[[str], Any] = said.get
    return Participant(get("name"), get("office"), get("rank"), get("party"), get("side"), bool(get("head")))


def fault(claim: Claim, given: Mapping[str, str]) -> str | None:
    """What is wrong with a claim, or None: its spans must lie within the text (or title) as given, and a value that is
    words of the text must be those words, white space apart."""
    for span in claim.spans:
        if not 0 <= span.start < span.end <= len(given[span.field]):
            return f"{claim.field}: characters {span.start}–{span.end} are not in the {span.field}"
    if claim.spans and claim.basis is None and VERBATIM.fullmatch(claim.field):
        words = "".join(given[o.field][o.start : o.end] for o in claim.spans)
        if words != claim.value and _plain(words) != _plain(str(claim.value)):
            return f"{claim.field}: {str(claim.value)[:60]!r} is not what its characters say ({words[:60]!r})"
    return None


def _plain(words: str) -> str:
    """Letters and digits only, case apart: cleaning drops mark-up and joins lines, but changes no word. Words may begin within a link."""
    from html import unescape

    words = "[" + words
    seen = unescape("".join(words[a:b] for a, b in shown(words)))
    return "".join(c for c in re.sub(r"<[^>]*>", "", seen).casefold() if c.isalnum())
