"""Words marked in a text: which characters each field came from, cut into stretches that a page can show one after another."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dragoman.model import Participation, Telling

GROUPS = {
    "who": "who took part",
    "office": "office and rank",
    "party": "state or organisation",
    "when": "date",
    "where": "place",
    "about": "topic and framework",
    "act": "kind and status",
    "says": "who says so",
}
"""Groups of fields that share a colour, with what the legend calls them."""
WORDS = "evidence"
_PERSON = re.compile(r"participants\[(\d+)\](?:\.(\w+))?")
_OF_PERSON = {"name": "who", "office": "office", "rank": "office", "party": "party", "side": "who", "head": "who"}
_OF_RECORD = {
    "kind": "act", "status": "act", "salience": "act", "part_of": "act", "date": "when", "place": "where", "parties": "party",
    "topics": "about", "framework": "about", "sources": "says",
}  # fmt: skip
ROUND = 400  # characters shown before the first and after the last marked word
LONGEST = 9_000  # characters of one account's text shown beside others; the document's page has all


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters ``start`` to ``end`` of a text stand behind a field: its group, what it is called, and what it refers to.

    ``ref`` is shared by everything on a page that speaks of the same thing: a participant ("p0") or a group of fields.
    """

    start: int
    end: int
    group: str
    label: str
    ref: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters without a change of marks. ``group`` is that of the narrowest mark, None outside; ``evidence`` says whether they
    belong to the words that establish an engagement."""

    text: str
    group: str | None = None
    label: str = ""
    refs: tuple[str, ...] = ()
    evidence: bool = False
    cut: bool = False  # text is left out here


def marks(
    telling: Telling, people: Sequence[Participation], *, field: str = "text", prefix: str = ""
) -> Iterator[Mark]:
    """Marks of one account in a field of its document; ``prefix`` keeps the references of several accounts apart."""
    for path, spans in telling.engagement.spans.items():
        group, label, ref = _meaning(path, telling, people)
        for span in spans:
            if span.field == field:
                yield Mark(span.start, span.end, group, label, prefix + ref)


def _meaning(path: str, telling: Telling, people: Sequence[Participation]) -> tuple[str, str, str]:
    found = _PERSON.fullmatch(path)
    if found:
        number, leaf = int(found[1]), found[2] or "name"
        who = telling.engagement.participants[number : number + 1]
        name = (who[0].name or who[0].office or "a delegation") if who else "somebody"
        return _OF_PERSON.get(leaf, "who"), f"{leaf} · {name}", _reference(telling, number, people)
    root = re.split(r"[.\[]", path, maxsplit=1)[0]
    if root == WORDS:
        return WORDS, "words that establish the engagement", WORDS
    group = _OF_RECORD.get(root, "act")
    return group, path.replace(".", " · ").replace("_", " "), group


def _reference(telling: Telling, number: int, people: Sequence[Participation]) -> str:
    """Which participant of the record an account's participant is."""
    who = telling.engagement.participants[number : number + 1]
    for place, p in enumerate(people):
        if who and telling.key in p.accounts and who[0].name and who[0].name in (p.name, *p.names):
            return f"p{place}"
    for place, p in enumerate(people):
        if who and telling.key in p.accounts and (who[0].office, who[0].party) == (p.office, p.party):
            return f"p{place}"
    return "who"


def stretches(text: str, found: Iterable[Mark], *, start: int = 0, end: int | None = None) -> tuple[Stretch, ...]:
    """The text from ``start`` to ``end`` cut wherever a mark begins or ends."""
    end = len(text) if end is None else end
    inside = [m for m in found if m.start < end and m.end > start and m.start < m.end]
    edges = sorted({start, end, *(min(max(e, start), end) for m in inside for e in (m.start, m.end))})
    by_start = sorted(inside, key=lambda m: m.start)
    out, open_marks, at = [], list[Mark](), 0
    for a, b in itertools.pairwise(edges):
        open_marks = [m for m in open_marks if m.end > a]
        while at < len(by_start) and by_start[at].start <= a:
            if by_start[at].end > a:
                open_marks.append(by_start[at])
            at += 1
        out.append(_stretch(text[a:b], open_marks))
    return tuple(out)


def _stretch(text: str, here: Sequence[Mark]) -> Stretch:
    named = sorted((m for m in here if m.group != WORDS), key=lambda m: (m.end - m.start, m.label, m.ref))
    evidence = any(m.group == WORDS for m in here)
    if not named:
        return Stretch(text, evidence=evidence)
    labels = "; ".join(dict.fromkeys(m.label for m in named[:4]))
    return Stretch(text, named[0].group, labels, tuple(dict.fromkeys(m.ref for m in named)), evidence)


def around(text: str, found: Sequence[Mark]) -> tuple[Stretch, ...]:
    """The part of a text in which its marks stand, and a little round it; where text is left out a stretch says so."""
    if not found:
        return (Stretch(text[: ROUND * 4]), *((Stretch("", cut=True),) if len(text) > ROUND * 4 else ()))
    words = [m for m in found if m.group == WORDS] or list(found)
    first, last = min(m.start for m in found), max(m.end for m in found)
    if last - first > LONGEST:
        first = min(m.start for m in words)
        last = min(max(m.end for m in words), first + LONGEST)
    start, end = _line_start(text, max(0, first - ROUND)), _line_end(text, min(len(text), last + ROUND))
    shown = stretches(text, found, start=start, end=end)
    before = (Stretch("", cut=True),) if start else ()
    return (*before, *shown, *((Stretch("", cut=True),) if end < len(text) else ()))


def _line_start(text: str, at: int) -> int:
    """The start of the word at ``at``."""
    space = text.rfind(" ", max(0, at - 40), at)
    return at if space < 0 or at == 0 else space + 1


def _line_end(text: str, at: int) -> int:
    space = text.find(" ", at, at + 40)
    return at if space < 0 else space


def hits(text: str, words: str) -> tuple[Stretch, ...]:
    """A passage with the words that were looked for marked; they are met by their beginnings, as the search does."""
    wanted = {w.casefold()[:5] for w in re.findall(r"\w+", words)}
    out, at = [], 0
    for m in re.finditer(r"\w+", text):
        if m[0].casefold()[:5] in wanted:
            out += [Stretch(text[at : m.start()]), Stretch(m[0], "hit")]
            at = m.end()
    return tuple(s for s in (*out, Stretch(text[at:])) if s.text)
