"""Mentions of people gathered into people: one person for each name of the text, with every later mention of them.

A later mention may be the family name, any other part of the name, or a spelling a letter or two away ("Kadıoglu",
"Kadıoğlu"). A part that fits two people goes to the one named last before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from dragoman.knowledge.names import PARTICLES, folded, within
from dragoman.model import Annotation, Span, Token
from dragoman.network.features import words_under

HYPHENS = frozenset("-‑")
ADDRESS = re.compile(r"\]?\(?\b(?:https?://|www\.)\S+|(?<!\S)\S[^\s@]*+@(?=\S*?\.\w)\S++")


@dataclass(slots=True)
class Cluster:
    """A person under construction: word ranges of the mentions, in order of text, and the parts of the fullest name."""

    parts: tuple[str, ...]
    name: tuple[int, int]
    mentions: list[tuple[int, int]] = field(default_factory=list)
    roles: set[tuple[int, int]] = field(default_factory=set)  # those mentions that are words for an office

    @property
    def named(self) -> list[tuple[int, int]]:
        """Mentions by name."""
        return [m for m in self.mentions if m not in self.roles]

    @property
    def by_role(self) -> list[tuple[int, int]]:
        """Mentions by office."""
        return sorted(self.roles)


def gather(tokens: Sequence[Token], names: Iterable[tuple[int, int]]) -> list[Cluster]:
    """Clusters of word ranges that hold names, in order of first mention.

    Longer names are placed first, so that a family name never founds a person who is named in full elsewhere.
    """
    spans = sorted(set(names))
    parts = {s: folded(" ".join(t.text for t in tokens[s[0] : s[1]])) for s in spans}
    clusters: list[Cluster] = []
    for span in sorted(spans, key=lambda s: (-len(parts[s]), s)):
        if not parts[span]:
            continue
        fits = [c for c in clusters if within(parts[span], c.parts)]
        if len(fits) > 1:
            before = [c for c in fits if min(c.mentions)[0] <= span[0]]
            fits = [max(before or fits, key=lambda c: max((m[0] for m in c.mentions if m[0] <= span[0]), default=-1))]
        if fits:
            fits[0].mentions.append(span)
        elif any(len(p) > 1 for p in parts[span]):
            clusters.append(Cluster(parts[span], span, [span]))
    for cluster in clusters:
        cluster.mentions.sort()
    clusters.sort(key=lambda c: c.mentions[0])
    return clusters


def surnames(tokens: Sequence[Token], clusters: Sequence[Cluster]) -> None:
    """Add single capitalised words that equal one part of exactly one cluster's name and were not tagged."""
    taken = {i for c in clusters for a, b in c.mentions for i in range(a, b)}
    owners: dict[str, list[Cluster]] = {}
    for cluster in clusters:
        if len(cluster.parts) > 1:
            for part in set(cluster.parts):
                if len(part) > 2 and part not in PARTICLES:
                    owners.setdefault(part, []).append(cluster)
    for i, token in enumerate(tokens):
        if i in taken or not token.text[:1].isupper():
            continue
        parts = folded(token.text)
        found = owners.get(parts[-1], []) if parts else []
        if len(found) == 1 and within(parts, found[0].parts):
            found[0].mentions.append((i, i + 1))
    for cluster in clusters:
        cluster.mentions.sort()


def span_of(tokens: Sequence[Token], words: tuple[int, int]) -> Span:
    """Characters of a word range."""
    return Span(tokens[words[0]].span.start, tokens[words[1] - 1].span.end)


def whole_names(note: Annotation, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Name spans made whole: a single word takes in the capitalised names beside it, each span a hyphenated rest ("Jae-in");
    neighbours without a gap are joined.

    A name of several words is left as it was tagged: what stands beside it is mostly somebody else's ("Manoj Pande Image Credit").
    """
    tokens = note.tokens
    out: list[tuple[int, int]] = []
    spans = sorted(spans)
    taken = _taken(note, spans)
    for a, b in spans:
        if b - a == 1:
            while _goes_on(tokens, a - 1, a, taken):
                a -= 1
            while _goes_on(tokens, b, b - 1, taken):
                b += 1
        while b - a > 1 and tokens[b - 1].text in HYPHENS:  # cut off in the middle of "Jae-in"
            b -= 1
        while (
            b + 1 < len(tokens)
            and tokens[b].text in HYPHENS
            and tokens[b + 1].span.start == tokens[b].span.end == tokens[b - 1].span.end + 1
        ):
            b += 2
        if out and a <= out[-1][1] and tokens[a].sentence == tokens[out[-1][0]].sentence:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out


def _taken(note: Annotation, spans: Iterable[tuple[int, int]]) -> set[int]:
    """Words that belong to names already, or to something else that is no part of one."""
    others: list[Span] = [s for s, _ in note.titles]
    others += [m.span for m in note.mentions if m.kind != "PER"]
    for found in (note.parties, note.places, note.dates):
        others += [f.span for f in found]
    return words_under(note.tokens, others) | {i for a, b in spans for i in range(a, b)}


def _goes_on(tokens: Sequence[Token], at: int, inside: int, taken: AbstractSet[int]) -> bool:
    """Whether a name that holds the word ``inside`` goes on with its neighbour ``at``."""
    return (
        0 <= at < len(tokens)
        and at not in taken
        and tokens[at].pos == "PROPN"
        and tokens[at].text[0].isupper()
        and tokens[at].text.isalpha()
        and tokens[at].text.isupper() <= tokens[inside].text.isupper()  # "Gerard Mulvihill TD"
        and tokens[at].sentence == tokens[inside].sentence
    )


def bare_name(
    tokens: Sequence[Token],
    words: tuple[int, int],
    offices: AbstractSet[int],
    acts: AbstractSet[int],
    suffixes: AbstractSet[str],
    days: AbstractSet[int] = frozenset(),
) -> tuple[int, int] | None:
    """A name without an office before it ("King Abdullah"), and without what a headline or a day runs on with.

    ``offices`` and ``acts`` are words of offices and of engagements in a headline ("X, Jr. Call with Y"), ``suffixes`` what
    may follow a name ("Jr."), ``days`` words that tell a day ("Vladimir Putin Friday"; "Joe Friday" is a name). None where nothing but a suffix is left.
    """
    a, b = words
    while a < b - 1 and a in offices:
        a += 1
    ends = [i + 1 for i in range(a + 1, b - 1) if tokens[i].text in suffixes]
    b = min([b, *ends])
    while (b - 1 > a and b - 1 in acts) or (b - 2 > a and b - 1 in days):
        b -= 1
    while a < b - 2 and a in days:
        a += 1
    return None if all(tokens[i].text in suffixes or not tokens[i].text[0].isalnum() for i in range(a, b)) else (a, b)


def without_seat(note: Annotation, words: tuple[int, int]) -> tuple[int, int]:
    """A name without what is left at its head of a party's or a seat's ("Speaker of the Milli" "Majlis Tahir Rzabayli")."""
    a, b = words
    start = note.tokens[a].span.start
    cut = max((p.span.end for p in note.parties if p.span.start < start < p.span.end), default=start)
    while a < b - 1 and note.tokens[a].span.end <= cut:
        a += 1
    return a, b


def addresses(text: str) -> list[Span]:
    """Where web addresses stand, with what Markdown sets around a link ("](https://…")."""
    return [Span(*m.span()) for m in ADDRESS.finditer(text)]


def names_a_party(note: Annotation, words: tuple[int, int]) -> bool:
    """Whether the words are a party's name and nothing else ("Houthis", "Jordan")."""
    span = span_of(note.tokens, words)
    return any(p.span.covers(span) and p.kind != "capital" for p in note.parties)
