"""Claims of an engagement as read, and the engagement that claims add up to. The two are each other's inverse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from dragoman import codec
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
    said = {c.field: c.value for c in rows if c.value is not None}
    sizes = _sizes(said)
    place = [said.get(f"place.{name}") for name in ("text", "city", "country", "venue")]
    return Engagement(
        id=said["id"],
        kind=said["kind"],
        status=said["status"],
        salience=said["salience"],
        part_of=said.get("part_of"),
        date=When(*(said.get(f"date.{name}") for name in ("start", "end", "precision", "basis"))),
        place=Where(*place) if any(v is not None for v in place) else None,
        participants=tuple(_participant(said, i) for i in range(sizes.get("participants", 0))),
        parties=_several(said, "parties", sizes),
        topics=_several(said, "topics", sizes),
        framework=said.get("framework"),
        sources=_several(said, "sources", sizes),
        evidence=said["evidence"],
        spans={c.field: c.spans for c in rows if c.spans},
        basis={c.field: c.basis for c in rows if c.basis is not None},
        rules={c.field: c.rule for c in rows if c.rule is not None},
    )


def _sizes(said: Iterable[str]) -> dict[str, int]:
    """How many values each list has: one more than the highest number in its paths."""
    sizes: dict[str, int] = {}
    for field in said:
        name, found, rest = field.partition("[")
        if found:
            sizes[name] = max(sizes.get(name, 0), int(rest.partition("]")[0]) + 1)
    return sizes


def _several(said: Mapping[str, Any], name: str, sizes: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(said[f"{name}[{i}]"] for i in range(sizes.get(name, 0)))


def _participant(said: Mapping[str, Any], i: int) -> Participant:
    def get(name: str) -> Any:
        return said.get(f"participants[{i}].{name}")

    return Participant(get("name"), get("office"), get("rank"), get("party"), get("side"), bool(get("head")))


def fault(claim: Claim, given: Mapping[str, str]) -> str | None:
    """What is wrong with a claim, or None: its spans must lie within the text (or title) as given, and a value that is
    words of the text must be those words, white space apart."""
    for span in claim.spans:
        if not 0 <= span.start < span.end <= len(given[span.field]):
            return f"{claim.field}: characters {span.start}–{span.end} are not in the {span.field}"
    if claim.spans and claim.basis is None and VERBATIM.fullmatch(claim.field):
        words = "".join(given[o.field][o.start : o.end] for o in claim.spans)
        if _plain(words) != _plain(str(claim.value)):
            return f"{claim.field}: {str(claim.value)[:60]!r} is not what its characters say ({words[:60]!r})"
    return None


def _plain(words: str) -> str:
    """Letters and digits only, case apart: cleaning drops mark-up and joins lines, but changes no word."""
    from html import unescape

    return "".join(c for c in re.sub(r"<[^>]*>", "", unescape(words)).casefold() if c.isalnum())
