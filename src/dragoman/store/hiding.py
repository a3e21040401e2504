"""A document without somebody who was removed: what it tells of the act stays, who they were goes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from dragoman.knowledge.names import folded
from dragoman.model import Engagement, Participant, Telling
from dragoman.store import pages
from dragoman.store.claims import claims_of
from dragoman.store.intake import Told
from dragoman.store.marks import Marks, cut, parts_of

V = TypeVar("V")
_NAMED = re.compile(r"participants\[(\d+)\]\.(?:name|office|rank)")


def hidden(told: Told, marks: Marks) -> Told:
    """The document as it may be kept: itself where nobody in it was removed.

    Else those who were become unnamed members of their party's delegation; their names are cut out of the words that are quoted,
    of the title, of the byline and of who says so; and neither the text nor the page is kept. Offsets and digests stay, so that it is
    known when it comes again. A page that names somebody beside the article is not kept either.
    """
    if not marks:
        return told
    source = told.document.source
    said = (w for t in told.tellings for w in (t.engagement.evidence, *t.engagement.sources))
    names = set(
        marks.names_in(
            "\n".join([source.title or "", source.author or "", told.document.text, unquote(source.url or ""), *said])
        )
    )
    names |= {
        folded(p.name)
        for t in told.tellings
        for p in t.engagement.participants
        if p.name and marks.is_of(p.name, p.party)
    }
    page = told.document.page
    if not names:
        named = page is not None and pages.names(page, marks)
        return replace(told, document=replace(told.document, page=None)) if named else told
    parts = parts_of(names)
    tellings = tuple(_telling(t, marks, parts) for t in told.tellings)
    title, author = (cut(words, parts) if words else None for words in (source.title, source.author))
    url = None if _tells(source.url, names) else source.url
    tellings = tuple(replace(t, title=title, url=url, author=author) for t in tellings)
    kept = replace(told.document, source=replace(source, title=title, url=url, author=author), page=None)
    claims = tuple(claims_of(t.key, t.doc_id, t.engagement, told.version) for t in tellings)
    return replace(told, document=kept, tellings=tellings, claims=claims, withheld=True)


def _telling(t: Telling, marks: Marks, parts: frozenset[str]) -> Telling:
    return replace(t, engagement=engagement(t.engagement, marks, parts))


def engagement(e: Engagement, marks: Marks, parts: frozenset[str]) -> Engagement:
    """The engagement without those who were removed and without the parts of their names."""
    out = {n for n, p in enumerate(e.participants) if p.name and marks.is_of(p.name, p.party)}
    place = e.place
    if place is not None:
        place = replace(place, text=_cut(place.text, parts), venue=_cut(place.venue, parts))
    return replace(
        e,
        participants=tuple(_participant(p, parts, hide=n in out) for n, p in enumerate(e.participants)),
        place=place,
        framework=_cut(e.framework, parts),
        sources=tuple(cut(s, parts) for s in e.sources),
        evidence=cut(e.evidence, parts),
        spans=_without(e.spans, out),
        basis=_without(e.basis, out),
        rules=_without(e.rules, out),
    )


def _participant(p: Participant, parts: frozenset[str], *, hide: bool) -> Participant:
    if hide:
        return replace(p, name=None, office=None, rank=None)
    return replace(p, office=_cut(p.office, parts))


def _cut(words: str | None, parts: frozenset[str]) -> str | None:
    return None if words is None else cut(words, parts)


def _without(table: Mapping[str, V], out: set[int]) -> dict[str, V]:
    """Entries but those of the names, offices and ranks of these participants."""
    return {k: v for k, v in table.items() if not ((m := _NAMED.fullmatch(k)) and int(m[1]) in out)}


def _tells(url: str | None, names: Iterable[Sequence[str]]) -> bool:
    """Whether an address spells one of the names out."""
    if url is None:
        return False
    words = [p for w in re.findall(r"\w+", unquote(urlsplit(url).path).replace("_", " ")) for p in folded(w)]
    return any(
        tuple(words[n : n + len(name)]) == tuple(name) for name in names for n in range(len(words) - len(name) + 1)
    )
