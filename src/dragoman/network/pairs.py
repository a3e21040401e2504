"""Which pairs the network is asked about, the same in training and in reading.

Every function returns :class:`Pairs`: word ranges on the right, rows of vectors on the left, features, and the key that
each pair speaks for. Several pairs may speak for one key (a person has several mentions); the best of them counts.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dragoman.model import Annotation, Document, PartyCandidate
from dragoman.network.features import PairFeatures, word_range, words_under

Words = tuple[int, int]
Asked = tuple[Words, Any, list[float] | None]  # words, what they mean, extra features
MENTIONS = 8  # mentions of one person or party that are weighed against one act: the nearest ones
NEAREST = 3  # mentions of one party that are weighed against one mention of a person
OFFICE_REACH = 45  # words between a name and its office


class Mentioned(Protocol):
    """Somebody with mentions by name and by office, as word ranges in order of text."""

    @property
    def named(self) -> Sequence[Words]: ...

    @property
    def by_role(self) -> Sequence[Words]: ...


@dataclass(slots=True)
class Pairs:
    """Columns of pairs; ``left`` counts rows of the left vectors, ``group`` the keys, ``owner`` the keys' left items."""

    spans: list[Words] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    feats: list[tuple[int, ...]] = field(default_factory=list)
    extra: list[list[float]] = field(default_factory=list)
    group: list[int] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    keys: list[tuple[int, Any]] = field(default_factory=list)

    def key(self, owner: int, value: Any) -> int:
        """A new key of the left item ``owner``."""
        self.owner.append(owner)
        self.keys.append((owner, value))
        return len(self.keys) - 1

    def add(self, group: int, left: int, span: Words, feats: tuple[int, ...], extra: list[float] | None = None) -> None:
        """A pair that speaks for key ``group``."""
        self.spans.append(span)
        self.left.append(left)
        self.feats.append(feats)
        self.group.append(group)
        if extra is not None:
            self.extra.append(extra)


def sentence_words(note: Annotation, number: int) -> Words:
    """Word range of a sentence."""
    inside = [i for i, t in enumerate(note.tokens) if t.sentence == number]
    return inside[0], inside[-1] + 1


def person_mentions(person: Mentioned) -> list[Words]:
    """The mentions by name (the first few) that stand for a person when their office and party are sought."""
    return list(person.named[:4])


def party_candidates(
    note: Annotation, doc: Document, home: str | None, outlet_country: str | None
) -> list[PartyCandidate]:
    """Every party named in the document, and the state of its dateline and of its outlet."""
    where: dict[str, list[Words]] = {}
    kinds: dict[str, set[str]] = {}
    for p in note.parties:
        words = word_range(note.tokens, p.span)
        if words:
            where.setdefault(p.party, []).append(words)
            kinds.setdefault(p.party, set()).add(p.kind)
    for place in note.places:
        if place.country and place.country not in kinds:
            words = word_range(note.tokens, place.span)
            if words:
                where.setdefault(place.country, []).append(words)
    for state in (home, outlet_country):
        if state:
            where.setdefault(state, [(0, 1)])
    out = []
    for party, mentions in sorted(where.items(), key=lambda kv: (kv[1][0], kv[0])):
        kind = kinds.get(party, set())
        out.append(
            PartyCandidate(
                party,
                tuple(mentions),
                (
                    math.log1p(len(mentions)) / 3,
                    float(party == home),
                    float(party == outlet_country),
                    float("organisation" in kind),
                    float("side" in kind),
                    float(bool(kind & {"name", "demonym"})),
                ),
            )
        )
    return out


def office_pairs(pair: PairFeatures, left: Sequence[Words], person: Sequence[int], offices: Sequence[Words]) -> Pairs:
    """Person and office phrase; keys are (person, phrase's words)."""
    out = Pairs()
    for c in sorted(set(person)):
        mine = [(k, w, sorted(gap(w, o) for o in offices)) for k, w in enumerate(left) if person[k] == c]
        for office in offices:
            close = [(k, w, gaps) for k, w, gaps in mine if gap(w, office) <= OFFICE_REACH]
            if close:
                key = out.key(c, office)
                for k, w, gaps in close:
                    out.add(key, k, office, pair.of(w, office, _nearer(gaps, gap(w, office))))
    return out


@dataclass(frozen=True, slots=True)
class Hints:
    """What rules know of the people of a document: where names stand, and the states that the table of officials gives."""

    names: tuple[Words, ...]
    official: tuple[frozenset[str], ...]  # per person
    openers: frozenset[str]  # words that begin a rank or an address (data/titles.yaml)


class Claims:
    """Whose titles name which parties. ``of`` holds for each party the people, and whether it is only where they are sent."""

    def __init__(
        self, note: Annotation, people: Sequence[Mentioned], parties: Sequence[PartyCandidate], hints: Hints
    ) -> None:
        self._note, self._hints = note, hints
        self._said = _said(note)
        named: dict[int, list[tuple[int, Words]]] = {}  # people's mentions by sentence
        for c, person in enumerate(people):
            for w in person_mentions(person):
                named.setdefault(note.tokens[w[0]].sentence, []).append((c, w))
        self.of: dict[str, dict[int, bool]] = {}
        for party in parties:
            found = self.of.setdefault(party.party, {})
            for m in party.mentions:
                for c, w in named.get(note.tokens[m[0]].sentence, ()):
                    _, _, near, sent = self.chain(party, m, w)
                    if near:
                        found[c] = bool(sent) and found.get(c, True)

    def chain(self, party: PartyCandidate, words: Words, name: Words) -> list[float]:
        """As :func:`in_title`; a party that is not said stands at a word that may name another one ("US President"), and is in no title there."""
        if words[0] in self._said and party.party not in self._said[words[0]]:
            return NOWHERE
        return in_title(self._note, words, name, self._hints.names, self._hints.openers)

    def entitled(self) -> set[int]:
        """People whose titles name a party that they stand for."""
        unsaid = self.unsaid()
        return {c for party, found in self.of.items() if party not in unsaid for c, sent in found.items() if not sent}

    def unsaid(self) -> set[str]:
        """Parties of which the text says nothing: an outlet's, a dateline's."""
        return self.of.keys() - named_parties(self._note)


def stands_pairs(
    note: Annotation,
    people: Sequence[Mentioned],
    person: Sequence[int],
    parties: Sequence[PartyCandidate],
    hints: Hints,
    claims: Claims | None = None,
) -> Pairs:
    """Person and party; keys are (person, party). ``person`` says whose each left vector is, mention by mention."""
    pair = PairFeatures(note)
    out = Pairs()
    first = {c: k for k, c in reversed(list(enumerate(person)))}
    claims = claims or Claims(note, people, parties, hints)
    for c in sorted(first):
        mine = [(first[c] + k, w) for k, w in enumerate(person_mentions(people[c]))]
        gaps = [_nearest(w, [p.mentions for p in parties]) for _, w in mine]
        for number, party in enumerate(parties):
            key = out.key(c, party.party)
            by_role = float(any(r[0] <= m[0] < r[1] for r in people[c].by_role for m in party.mentions))
            official = float(party.party in hints.official[c])
            claimed = claims.of[party.party].keys()
            others = float(bool(claimed - {c}) and c not in claimed)
            for (k, w), (nearest, ranked) in zip(mine, gaps, strict=True):
                for m in _closest(w, party.mentions, NEAREST):
                    between = _nearer(ranked, gap(w, m), but=nearest[number])
                    chain = claims.chain(party, m, w)
                    out.add(key, k, m, pair.of(w, m, between), [*party.extra, *chain, by_role, official, others])
    return out


def named_parties(note: Annotation) -> set[str]:
    """The parties that a text names, also by a place."""
    return {p.party for p in note.parties} | {p.country for p in note.places if p.country}


def _said(note: Annotation) -> dict[int, set[str]]:
    """The parties that each word names."""
    out: dict[int, set[str]] = {}
    named = [(p.span, p.party) for p in note.parties] + [(p.span, p.country) for p in note.places if p.country]
    for span, party in named:
        for i in range(*(word_range(note.tokens, span) or (0, 0))):
            out.setdefault(i, set()).add(party)
    return out


NOWHERE = [0.0, 0.0, 0.0, 0.0]  # in no title
TITLE_REACH = 16  # words that a title may run between a party's name and a person's


def in_title(
    note: Annotation, party: Words, name: Words, names: Sequence[Words], openers: frozenset[str]
) -> list[float]:
    """Whether a party's word stands in the title of a name: before it, after it, next to it, or as where it is sent to.

    Four numbers of 0 or 1: in a title before the name ("Turkish Foreign Minister X", "the President of Kenya, X"); in an
    apposition or "of" after it ("X, Minister of Defence of Georgia", "X of India"); with no other name between; behind
    "to" or "in" ("India's Ambassador to Nepal, X").
    """
    tokens, nothing = note.tokens, NOWHERE
    if gap(party, name) > TITLE_REACH or tokens[party[0]].sentence != tokens[name[0]].sentence:
        return nothing
    before = party[1] <= name[0]
    between = range(party[1], name[0]) if before else range(name[1], party[0])
    if any(tokens[i].pos in {"VERB", "AUX", "PRON", "SCONJ"} or tokens[i].text in {";", ":", "."} for i in between):
        return nothing
    if any(a in between for a, _ in names):
        return nothing
    if before:
        if tokens[party[1]].pos == "CCONJ" or tokens[name[0] - 1].pos == "CCONJ":
            return nothing
        if _another_begins(note, between, openers):
            return nothing
    else:
        lead = tokens[name[1]].text if between else ""
        if lead not in {",", "(", "of", "from", "–", "-"}:
            return nothing
        if lead not in {"of", "from"} and _runs_into_name(note, party[1], names):
            return nothing
        if _another_begins(note, between, openers) or sum(tokens[i].text == "," for i in between) > 1:
            return nothing
    sent = tokens[party[0] - 1].lemma in {"to", "in", "at"} if party[0] else False
    return [float(before), float(not before), 1.0, float(sent)]


def _another_begins(note: Annotation, between: range, openers: frozenset[str]) -> bool:
    """Whether somebody else begins in between: ", and", or "and" before a rank or a form of address."""
    tokens = note.tokens
    for i in between:
        if tokens[i].pos == "CCONJ":
            after = tokens[i + 1].text.lower().rstrip(".") if i + 1 < len(tokens) else ""
            if tokens[i - 1].text == "," or after in openers:
                return True
    return False


def _runs_into_name(note: Annotation, start: int, names: Sequence[Words]) -> bool:
    """Whether a title that begins at ``start`` belongs to a name that follows without a comma."""
    starts = {a for a, _ in names}
    for i in range(start, min(start + 9, len(note.tokens))):
        if i in starts:
            return True
        if note.tokens[i].pos in {"PUNCT", "VERB", "AUX", "CCONJ"}:
            return False
    return False


class _Acts:
    """Where the engagements of a document have their anchors."""

    def __init__(self, events: Sequence[Words]) -> None:
        self._at = sorted({a for a, _ in events})

    def nearer(self, word: Words, mention: Words) -> int:
        """How many of the anchors stand nearer to a mention than the anchor ``word`` does."""
        away = gap(word, mention)
        return bisect_left(self._at, mention[1] + away) - bisect_right(self._at, mention[0] - 1 - away) if away else 0


def takes_part_pairs(
    note: Annotation, events: Sequence[Words], people: Sequence[Mentioned], speaking: frozenset[str]
) -> Pairs:
    """Engagement and person; keys are (engagement, person). ``speaking`` holds verbs of speech as dictionary forms."""
    pair = PairFeatures(note)
    out, acts = Pairs(), _Acts(events)
    extras = [_prominence(note, p, speaking) for p in people]
    for e, word in enumerate(events):
        nearest, ranked = _nearest(word, [(*p.named, *p.by_role) for p in people])
        for c, person in enumerate(people):
            key = out.key(e, c)
            for m in _closest(word, [*person.named, *person.by_role], MENTIONS):
                between = _nearer(ranked, gap(word, m), but=nearest[c])
                out.add(key, e, m, pair.of(word, m, between, rivals=acts.nearer(word, m)), extras[c])
    return out


def _prominence(note: Annotation, person: Mentioned, speaking: frozenset[str]) -> list[float]:
    """How often a person is named, how early, whether in the title, how much of it as a speaker."""
    named = person.named
    speaks = sum(any(t.lemma in speaking for t in note.tokens[b : b + 3]) for _, b in named)
    return [
        math.log1p(len(named)) / 2,
        min(named[0][0], 400) / 400,
        float(any(note.tokens[a].block == "title" for a, _ in named)),
        speaks / len(named),
    ]


def party_pairs(pair: PairFeatures, events: Sequence[Words], parties: Sequence[PartyCandidate]) -> Pairs:
    """Engagement and party; keys are (engagement, party)."""
    out, acts = Pairs(), _Acts(events)
    for e, word in enumerate(events):
        nearest, ranked = _nearest(word, [p.mentions for p in parties])
        for c, party in enumerate(parties):
            key = out.key(e, party.party)
            for m in _closest(word, party.mentions, MENTIONS):
                between = _nearer(ranked, gap(word, m), but=nearest[c])
                out.add(key, e, m, pair.of(word, m, between, rivals=acts.nearer(word, m)), list(party.extra))
    return out


def date_pairs(pair: PairFeatures, events: Sequence[Words], note: Annotation) -> Pairs:
    """Engagement and time expression; keys are (engagement, the dates it may mean)."""
    found = [(w, d) for d in note.dates if (w := word_range(note.tokens, d.span))]
    anchor = note.anchor.isoformat() if note.anchor else ""
    asked: list[Asked] = []
    for n, (w, d) in enumerate(found):
        head = note.tokens[w[0]].block in {"dateline", "byline"}
        extra = [d.relative, d.precision == "day", n == 0, head, d.start == anchor]
        asked.append((w, tuple(x for x in (d.start, d.ahead) if x), [float(x) for x in extra]))
    return _with_each(pair, events, asked)


def until_pairs(pair: PairFeatures, events: Sequence[Words], note: Annotation) -> Pairs:
    """Engagement and words that say when it ends; keys are (engagement, a day, or how long it goes on and whether that is counted back)."""
    anchor = note.anchor.isoformat() if note.anchor else ""
    asked: list[Asked] = []
    for d in note.dates:
        if d.precision == "day" and (w := word_range(note.tokens, d.span)):
            extra = [d.relative, d.end is not None, False, False, d.start == anchor, 0]
            asked.append((w, d, [float(x) for x in extra]))
    for lasting in note.lastings:
        if w := word_range(note.tokens, lasting.span):
            for back in (False, True):
                asked.append((w, (lasting, back), [0.0, 0.0, 1.0, float(back), 0.0, math.log(lasting.days) / 2]))
    return _with_each(pair, events, asked)


def place_pairs(pair: PairFeatures, events: Sequence[Words], note: Annotation, home: str | None) -> Pairs:
    """Engagement and place; keys are (engagement, place)."""
    found = [(w, p) for p in note.places if (w := word_range(note.tokens, p.span))]
    count: dict[str | None, int] = {}
    for _, p in found:
        count[p.country] = count.get(p.country, 0) + 1
    asked: list[Asked] = [
        (w, p, [float(p.city is not None), float(p.country == home), math.log1p(count[p.country]) / 2])
        for w, p in found
    ]
    return _with_each(pair, events, asked)


def plain_pairs(pair: PairFeatures, events: Sequence[Words], spans: Sequence[Words]) -> Pairs:
    """Engagement and any stretch of words; keys are (engagement, words)."""
    return _with_each(pair, events, [(w, w, None) for w in spans])


def _with_each(pair: PairFeatures, events: Sequence[Words], asked: Sequence[Asked]) -> Pairs:
    """Every engagement with everything that is asked for; keys are (engagement, its value)."""
    out, acts = Pairs(), _Acts(events)
    for e, word in enumerate(events):
        gaps = sorted(gap(word, w) for w, _, _ in asked)
        for w, value, extra in asked:
            between = _nearer(gaps, gap(word, w))
            out.add(out.key(e, value), e, w, pair.of(word, w, between, rivals=acts.nearer(word, w)), extra)
    return out


def visit_pairs(pair: PairFeatures, events: Sequence[Words], visits: Sequence[int]) -> Pairs:
    """Engagement and visit that it may be part of; keys are (engagement, index of the visit)."""
    out, acts = Pairs(), _Acts(events)
    for e, word in enumerate(events):
        gaps = sorted(gap(word, events[o]) for o in visits)
        for v in visits:
            if v != e:
                out.add(
                    out.key(e, v),
                    e,
                    events[v],
                    pair.of(word, events[v], _nearer(gaps, gap(word, events[v])), rivals=acts.nearer(word, events[v])),
                )
    return out


def trimmed(note: Annotation, words: Words, heads: set[int]) -> Words:
    """A name's words without titles before it, possessive marks and punctuation around it."""
    a, b = words
    tokens = note.tokens
    while a < b and (a in heads or not tokens[a].text[:1].isalpha() or tokens[a].pos == "DET"):
        a += 1
    while a < b and (
        (not tokens[b - 1].text[-1:].isalpha() and tokens[b - 1].text != "Jr.")
        or tokens[b - 1].text.lower() in {"’s", "'s"}
    ):
        b -= 1
    return a, b


def gap(a: Words, b: Words) -> int:
    """Words between two stretches of words; 0 where they touch or overlap."""
    return max(b[0] - a[1], a[0] - b[1], 0)


def _closest(word: Words, mentions: Sequence[Words], most: int) -> list[Words]:
    """So many of the mentions that stand nearest to a word, of equally near ones those that are given first."""
    return sorted(mentions, key=lambda m: gap(word, m))[:most]


def _nearest(word: Words, mentions: Sequence[Sequence[Words]]) -> tuple[list[int], list[int]]:
    """How far the nearest mention of each of several things stands from a word, in their order and sorted."""
    gaps = [min(gap(word, m) for m in several) for several in mentions]
    return gaps, sorted(gaps)


def _nearer(gaps: Sequence[int], gap: int, *, but: int | None = None) -> int:
    """How many of sorted ``gaps`` are smaller than ``gap``, one of them, ``but``, left out."""
    return bisect_left(gaps, gap) - (but is not None and but < gap)


def title_words(note: Annotation) -> set[int]:
    """The words of the ranks and honorifics of a text."""
    return words_under(note.tokens, (span for span, kind in note.titles if kind != "office"))
