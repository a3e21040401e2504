"""resolve: who is in the document, with the office, rank and party that the text gives each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np

from dragoman.model import Annotation, Document, Findings, PartyCandidate, PersonFound, PlaceFound, StageRecord
from dragoman.network import pairs
from dragoman.network.features import Floats, PairFeatures, word_range, words_under
from dragoman.network.runtime import softmax, span_vectors
from dragoman.resources import Tools
from dragoman.stages.resolve import _people, _roles
from dragoman.stages.resolve._respective import respective
from dragoman.stages.resolve._vessels import without_vessels

OFFICE_CUT = 0.0  # how much more an office must score than "no office"
COUNTERPART = frozenset({"counterpart", "colleague", "homologue"})  # "His counterpart" holds the same post
COUNTERPART_REACH = 8  # words between "counterpart" and the name
RANK_REACH = 3  # words between a rank and the name it belongs to: "Lt. Gen. (retd) X", "General H.E. X"


def resolve(doc: Document, tools: Tools) -> Document:
    """Adds the people of the document, and where its dateline stands."""
    assert doc.annotation is not None
    assert doc.clean is not None
    note = doc.annotation
    home, outlet = homes(doc, note, tools)
    candidates = tuple(pairs.party_candidates(note, doc, home, outlet)) if note.tokens else ()
    clusters = clusters_of(note, doc.clean.text, tools)
    people = _described(doc.clean.text, note, clusters, candidates, tools) if clusters else ()
    return replace(
        doc,
        findings=Findings(people, candidates, dateline_place(doc, note), home),
        trail=(*doc.trail, StageRecord("resolve")),
    )


def homes(doc: Document, note: Annotation, tools: Tools) -> tuple[str | None, str | None]:
    """The state of the dateline (else the party of the outlet), and the outlet's own party."""
    outlet = tools.source_party(doc.source)
    here = dateline_place(doc, note)
    return (here.country if here else None) or outlet, outlet


def dateline_place(doc: Document, note: Annotation) -> PlaceFound | None:
    """The place at the head of the text."""
    assert doc.clean is not None
    for block in doc.clean.blocks:
        if block.kind == "dateline":
            return next((p for p in note.places if block.span.covers(p.span) and p.country), None)
    return None


def clusters_of(note: Annotation, text: str, tools: Tools) -> list[_people.Cluster]:
    """People as mentions: what the tagger takes for names, gathered."""
    heads = pairs.title_words(note)
    offices = {i for a, b in office_starts(note, text, tools.titles.given) for i in range(a, b)}
    offices |= {i for i, t in enumerate(note.tokens) if t.text[:1].isupper() and tools.titles.of_several(t.text)}
    suffixes = tools.titles.suffixes
    headline = 1 + max((i for i, t in enumerate(note.tokens) if t.block == "title"), default=-1)
    acts = {h.word for h in tools.frames.find(note.tokens[:headline]) if note.tokens[h.word].block == "title"}
    tagged = _people.whole_names(note, [m.words for m in note.mentions if m.kind == "PER"])
    tagged = [w for words in tagged if (w := pairs.trimmed(note, words, heads))[0] < w[1]]
    tagged = [_people.without_seat(note, words) for words in tagged]
    tagged = [bare for words in tagged if (bare := _people.bare_name(note.tokens, words, offices, acts, suffixes))]
    linked = words_under(note.tokens, _people.addresses(text))  # nobody's name
    tagged = [w for w in tagged if linked.isdisjoint(range(*w))]
    people = [w for w in tagged if not _people.names_a_party(note, w) and not _is_outlet(note, text, w, tools)]
    clusters = _people.gather(note.tokens, without_vessels(note.tokens, people, tools.vessels))
    _people.surnames(note.tokens, clusters)
    _roles.add_roles(note.tokens, clusters, note, tools)
    return clusters


def _is_outlet(note: Annotation, text: str, words: tuple[int, int], tools: Tools) -> bool:
    """Whether the words are the name of an outlet of the table ("Israel Hayom"); a single word may be a surname as well."""
    return words[1] - words[0] > 1 and tools.outlet(_people.span_of(note.tokens, words).of(text)) is not None


def office_starts(note: Annotation, text: str, given: AbstractSet[str]) -> list[tuple[int, int]]:
    """Word ranges of the capitalised office words that may stand before a name ("King"), without those that are given names too."""
    spans = [
        s for s, kind in note.titles if kind == "office" and text[s.start].isupper() and s.of(text).lower() not in given
    ]
    return [w for span in spans if (w := word_range(note.tokens, span))]


def _described(
    text: str,
    note: Annotation,
    clusters: Sequence[_people.Cluster],
    candidates: Sequence[PartyCandidate],
    tools: Tools,
) -> tuple[PersonFound, ...]:
    left, owner = [], []
    for i, cluster in enumerate(clusters):
        for mention in pairs.person_mentions(cluster):
            left.append(mention)
            owner.append(i)
    vectors = span_vectors(note.vectors, left)
    pair = PairFeatures(note)
    rank_words = pairs.title_words(note)
    whole = [w for s, kind in note.titles if kind == "office" and (w := word_range(note.tokens, s))]
    tagged = _tagged_offices(note, whole, rank_words)
    titled = [w for w in whole if not COUNTERPART & {t.lemma for t in note.tokens[w[0] : w[1]]}]
    leads = _leading(note, clusters, [*titled, *tagged], rank_words)
    offices = _offices(note, pair, left, owner, vectors, tagged, leads, tools)
    hints = hints_of(clusters, tools)
    names = [_people.span_of(note.tokens, c.name).of(text) for c in clusters]
    parties = {
        i: _weighed_by_form(names[i], ranked, candidates, tools)
        for i, ranked in _parties(note, clusters, owner, vectors, candidates, hints, tools).items()
    }
    for i, listed in respective(note, clusters, rank_words).items():
        parties[i] = _as_listed(parties.get(i, ()), listed, tools.thresholds["stands_for.listed"])
    for i, words in offices.items():
        if tools.levels.of(_people.span_of(note.tokens, words).of(text)) in tools.levels.of_states:
            parties[i] = _of_a_state(parties.get(i, ()), words, candidates, tools.thresholds["office.of_states"])
    ranks = [w for s, kind in note.titles if kind == "rank" and (w := word_range(note.tokens, s))]
    same_post = _counterparts(note, clusters, offices)
    out = []
    for i, cluster in enumerate(clusters):
        office = offices.get(i) or offices.get(same_post.get(i, -1))
        ranked = parties.get(i, ())
        party = ranked[0][0] if ranked else None
        span = _people.span_of(note.tokens, office) if office else None
        rank = _rank(cluster, ranks)
        out.append(
            PersonFound(
                name=_people.span_of(note.tokens, cluster.name),
                named=tuple(cluster.named),
                by_role=tuple(cluster.by_role),
                office=span,
                office_text=span.of(text) if span else None,
                office_basis="counterpart" if i in same_post else None,
                rank=_people.span_of(note.tokens, rank) if rank else None,
                party=party,
                party_scores=ranked,
            )
        )
    return tuple(out)


def _leading(
    note: Annotation, clusters: Sequence[_people.Cluster], offices: Sequence[tuple[int, int]], ranked: set[int]
) -> dict[tuple[int, int], int]:
    """Office phrases that stand right before a name, ranks and forms of address apart, and whose name that is.

    A comma may stand between before one of those ("the Apostolic Nuncio, Archbishop X").
    """
    starts = {start: i for i, cluster in enumerate(clusters) for start, _ in cluster.named}
    out = {}
    for office in offices:
        at = office[1]
        if at + 1 in ranked and note.tokens[at].text == ",":
            at += 1
        while at in ranked and at not in starts:
            at += 1
        if at in starts:
            out[office] = starts[at]
    return out


def _offices(
    note: Annotation,
    pair: PairFeatures,
    left: Sequence[tuple[int, int]],
    owner: Sequence[int],
    vectors: Floats,
    offices: Sequence[tuple[int, int]],
    leads: Mapping[tuple[int, int], int],
    tools: Tools,
) -> dict[int, tuple[int, int]]:
    """Each person's office phrase: the best of ``offices``, unless "none" scores higher.

    One that leads to somebody's name (``leads``) is nobody else's, and is theirs unless another says more.
    """
    asked = pairs.office_pairs(pair, left, owner, offices)
    if not asked.keys:
        return {}
    best = tools.network.best_of_keys("holds", vectors, asked, note.vectors)[:, 0]
    none = np.full(max(owner) + 1, -1e9)
    np.maximum.at(none, np.asarray(owner), tools.network.none_head("holds", vectors)[:, 0])
    out: dict[int, tuple[float, tuple[int, int]]] = {}
    for score, (person, office) in zip(best, asked.keys, strict=True):
        if leads.get(office, person) != person:
            continue
        if score - none[person] > OFFICE_CUT and (person not in out or score > out[person][0]):
            out[person] = (float(score), office)
    chosen = {person: office for person, (_, office) in out.items()}
    for (a, b), person in sorted(leads.items(), key=lambda item: (item[0][0] - item[0][1], item[0])):
        other = chosen.get(person)
        if other is None or (
            other[1] - other[0] <= b - a and (leads.get(other) != person or _within(note, other, (a, b)))
        ):
            chosen[person] = (a, b)
    return chosen


def _within(note: Annotation, short: tuple[int, int], long: tuple[int, int]) -> bool:
    """Whether an office phrase says no more than a longer one."""
    said, more = ({t.text.lower() for t in note.tokens[a:b]} for a, b in (short, long))
    return said < more


def _tagged_offices(note: Annotation, titles: Sequence[tuple[int, int]], ranked: set[int]) -> list[tuple[int, int]]:
    """Office phrases as tagged, with all of a known title that they hold a part of ("Minister" of "Prime Minister"), or of a seat that they end
    in ("Speaker of the Milli" Majlis).

    ``ranked`` are the words of ranks and forms of address, which make no office by themselves.
    """
    out = []
    seats = [w for p in note.parties if (w := word_range(note.tokens, p.span))]
    for a, b in (m.words for m in note.mentions if m.kind == "OFF"):
        held = [(x, y) for x, y in titles if x < b and a < y] + [(x, y) for x, y in seats if a <= x < b < y]
        if w := office_words(note, (min([a, *(x for x, _ in held)]), max([b, *(y for _, y in held)])), ranked):
            out.append(w)
    return out


def hints_of(clusters: Sequence[_people.Cluster], tools: Tools) -> pairs.Hints:
    """What rules and the table of officials know of the people."""
    names = tuple(m for c in clusters for m in c.named)
    return pairs.Hints(names, tuple(tools.authority.states(c.parts) for c in clusters), tools.titles.openers)


def office_words(note: Annotation, words: tuple[int, int], ranked: set[int]) -> tuple[int, int] | None:
    """An office phrase without ranks, articles and punctuation around it; None if nothing is left."""
    a, b = words
    while a < b and (a in ranked or not note.tokens[a].text[0].isalnum() or note.tokens[a].pos == "DET"):
        a += 1
    while a < b and (
        note.tokens[b - 1].pos in {"ADP", "DET", "CCONJ"} or note.tokens[b - 1].text in {",", "(", "-", "–", "'s", "’s"}
    ):
        b -= 1
    return (a, b) if a < b else None


def _parties(
    note: Annotation,
    clusters: Sequence[_people.Cluster],
    owner: Sequence[int],
    vectors: Floats,
    candidates: Sequence[PartyCandidate],
    hints: pairs.Hints,
    tools: Tools,
) -> dict[int, tuple[tuple[str, float], ...]]:
    """Each person's parties with probabilities, best first."""
    asked = pairs.stands_pairs(note, clusters, owner, candidates, hints)
    if not asked.keys:
        return {}
    best = tools.network.best_of_keys("stands_for", vectors, asked, note.vectors)[:, 0]
    scores: dict[int, list[tuple[float, str]]] = {}
    for score, (person, party) in zip(best, asked.keys, strict=True):
        scores.setdefault(person, []).append((float(score), party))
    out: dict[int, tuple[tuple[str, float], ...]] = {}
    for person, row in scores.items():
        probabilities = softmax(np.array([s for s, _ in row], dtype=np.float32))
        ranked = sorted(zip((p for _, p in row), probabilities.tolist(), strict=True), key=lambda x: (-x[1], x[0]))
        out[person] = tuple(ranked)
    return out


def _weighed_by_form(
    name: str, ranked: Sequence[tuple[str, float]], candidates: Sequence[PartyCandidate], tools: Tools
) -> tuple[tuple[str, float], ...]:
    """A person's parties, those states ahead whose office-holders have names of such a form; of organisations it says nothing."""
    no_states = {c.party for c in candidates if c.is_organisation or c.is_side}
    spoken = tools.forms.speak(name, [party for party, _ in ranked])
    weight = tools.thresholds["stands_for.form"]
    return _shares(
        (party, p if party in no_states else p * math.exp(weight * said))
        for (party, p), said in zip(ranked, spoken, strict=True)
    )


def _as_listed(ranked: Sequence[tuple[str, float]], party: str, share: float) -> tuple[tuple[str, float], ...]:
    """A person's parties where a list of names beside a list of parties tells which: that one has ``share`` of the probability."""
    rest = sum(p for other, p in ranked if other != party) or 1.0
    return _shares([(party, share), *((o, (1 - share) * p / rest) for o, p in ranked if o != party)])


def _shares(weighed: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Weights as probabilities, best first; nothing where all are zero."""
    rows = list(weighed)
    total = sum(p for _, p in rows)
    return tuple(sorted(((party, p / total) for party, p in rows), key=lambda x: (-x[1], x[0]))) if total else ()


def _of_a_state(
    ranked: Sequence[tuple[str, float]], office: tuple[int, int], candidates: Sequence[PartyCandidate], weight: float
) -> tuple[tuple[str, float], ...]:
    """A person's parties where no organisation has such an office: those that the office's own words do not name fall back."""
    fall = {
        c.party
        for c in candidates
        if c.is_organisation and not any(office[0] <= a and b <= office[1] for a, b in c.mentions)
    }
    return _shares((party, p * (weight if party in fall else 1.0)) for party, p in ranked)


def _rank(cluster: _people.Cluster, ranks: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The rank that stands right before a mention by name, longest form first."""
    found = [r for r in ranks for m in cluster.named if 0 <= m[0] - r[1] <= RANK_REACH - 1]
    near = [r for r in ranks for m in cluster.named if 0 <= m[0] - r[1] <= 1 or 0 <= r[0] - m[1] - 1 <= 0]
    return max(near or found, key=lambda r: (r[1] - r[0], -r[0]), default=None)


def _counterparts(
    note: Annotation, clusters: Sequence[_people.Cluster], offices: Mapping[int, tuple[int, int]]
) -> dict[int, int]:
    """People without an office who are called somebody's counterpart, and that somebody: the last one before with an office."""
    out: dict[int, int] = {}
    for i, cluster in enumerate(clusters):
        if i in offices:
            continue
        for a, _ in cluster.named:
            words = [
                t.lemma for t in note.tokens[max(0, a - COUNTERPART_REACH) : a] if t.sentence == note.tokens[a].sentence
            ]
            if COUNTERPART & set(words):
                before = [
                    (max(m[0] for m in o.named if m[0] < a), j)
                    for j, o in enumerate(clusters)
                    if j in offices and o.named[0][0] < a
                ]
                if before:
                    out[i] = max(before)[1]
                break
    return out
