"""resolve: who is in the document, with the office, rank and party that the text gives each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np

from dragoman.model import Annotation, Document, Findings, PartyCandidate, PersonFound, PlaceFound, StageRecord
from dragoman.network import pairs
from dragoman.network.features import Floats, PairFeatures, word_range, words_under
from dragoman.network.runtime import softmax, span_vectors
from dragoman.resources import Tools
from dragoman.stages.resolve import _people, _roles
from dragoman.stages.resolve._offices import Offices
from dragoman.stages.resolve._respective import respective
from dragoman.stages.resolve._vessels import without_vessels

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
    if outlet and tools.bears_common_name(doc.source):
        outlet = outlet if outlet in pairs.named_parties(note) else None
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
    offices |= {i for i, t in enumerate(note.tokens) if t.text[:1].isupper() and tools.titles.singular(t.text)}
    suffixes = tools.titles.suffixes
    headline = 1 + max((i for i, t in enumerate(note.tokens) if t.block == "title"), default=-1)
    acts = {h.word for h in tools.frames.find(note.tokens[:headline]) if note.tokens[h.word].block == "title"}
    tagged = _people.whole_names(note, [m.words for m in note.mentions if m.kind == "PER"])
    tagged = [w for words in tagged if (w := pairs.trimmed(note, words, heads))[0] < w[1]]
    tagged = [_people.without_seat(note, words) for words in tagged]
    days = words_under(note.tokens, [d.span for d in note.dates])
    tagged = [bare for w in tagged if (bare := _people.bare_name(note.tokens, w, offices, acts, suffixes, days))]
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
    held = Offices(note, text, clusters, tools)
    stated = held.stated(pair, left, owner, vectors)
    hints = hints_of(clusters, tools)
    claims = pairs.Claims(note, clusters, candidates, hints)
    names = [_people.span_of(note.tokens, c.name).of(text) for c in clusters]
    parties = {
        i: _weighed_by_form(names[i], ranked, candidates, tools)
        for i, ranked in _parties(note, clusters, owner, vectors, candidates, hints, claims, tools).items()
    }
    for i, listed in respective(note, clusters, held.ranked).items():
        parties[i] = _as_listed(parties.get(i, ()), listed, tools.thresholds["stands_for.listed"])
    for i, said in stated.items():
        if tools.levels.of(said.text) in tools.levels.of_states:
            parties[i] = _of_a_state(parties.get(i, ()), said.words, candidates, tools.thresholds["office.of_states"])
    offices = held.completed(stated, parties)
    ranks = [w for s, kind in note.titles if kind == "rank" and (w := word_range(note.tokens, s))]
    out = []
    for i, cluster in enumerate(clusters):
        office, ranked, rank = offices.get(i), parties.get(i, ()), _rank(cluster, ranks)
        out.append(
            PersonFound(
                name=_people.span_of(note.tokens, cluster.name),
                named=tuple(cluster.named),
                by_role=tuple(cluster.by_role),
                office=_people.span_of(note.tokens, office.words) if office else None,
                office_of=_people.span_of(note.tokens, office.behind) if office and office.behind else None,
                office_text=office.text if office else None,
                office_basis=office.basis if office else None,
                rank=_people.span_of(note.tokens, rank) if rank else None,
                party=ranked[0][0] if ranked else None,
                party_scores=ranked,
            )
        )
    return tuple(out)


def hints_of(clusters: Sequence[_people.Cluster], tools: Tools) -> pairs.Hints:
    """What rules and the table of officials know of the people."""
    names = tuple(m for c in clusters for m in c.named)
    return pairs.Hints(names, tuple(tools.authority.states(c.parts) for c in clusters), tools.titles.openers)


def _parties(
    note: Annotation,
    clusters: Sequence[_people.Cluster],
    owner: Sequence[int],
    vectors: Floats,
    candidates: Sequence[PartyCandidate],
    hints: pairs.Hints,
    claims: pairs.Claims,
    tools: Tools,
) -> dict[int, tuple[tuple[str, float], ...]]:
    """Each person's parties with probabilities, best first."""
    asked = pairs.stands_pairs(note, clusters, owner, candidates, hints, claims)
    if not asked.keys:
        return {}
    best = tools.network.best_of_keys("stands_for", vectors, asked, note.vectors)[:, 0]
    scores: dict[int, list[tuple[float, str]]] = {}
    for score, (person, party) in zip(best, asked.keys, strict=True):
        scores.setdefault(person, []).append((float(score), party))
    entitled, unsaid, weight = claims.entitled(), claims.unsaid(), tools.thresholds["stands_for.unsaid"]
    out: dict[int, tuple[tuple[str, float], ...]] = {}
    for person, row in scores.items():
        probabilities = softmax(np.array([s for s, _ in row], dtype=np.float32)).tolist()
        fall = unsaid if person in entitled else set()
        out[person] = _shares(
            (party, p * (weight if party in fall else 1.0)) for (_, party), p in zip(row, probabilities, strict=True)
        )
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


def _rank(cluster: _people.Cluster, ranks: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The rank that stands right before a mention by name, longest form first."""
    found = [r for r in ranks for m in cluster.named if 0 <= m[0] - r[1] <= RANK_REACH - 1]
    near = [r for r in ranks for m in cluster.named if 0 <= m[0] - r[1] <= 1 or 0 <= r[0] - m[1] - 1 <= 0]
    return max(near or found, key=lambda r: (r[1] - r[0], -r[0]), default=None)


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
