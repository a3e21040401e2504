"""Records written out as engagements: every value with the stretch of the document as given that it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from dragoman.model import (
    SIDES,
    TOPICS,
    Document,
    Engagement,
    Findings,
    Origin,
    Participant,
    PersonFound,
    Span,
    When,
    Where,
)
from dragoman.network.features import word_range, words_under
from dragoman.resources import Tools
from dragoman.stages.events._detect import Draft
from dragoman.stages.events._groups import delegations

# What capitalised words may be that go on with a framework's name after it, and before it.
GOES_ON = frozenset({"PROPN", "NOUN", "ADJ", "ADV", "VERB", "ADP"})
LEADS_ON = frozenset({"PROPN", "ADJ"})
HYPHENS = frozenset("-‑–")
EVIDENCE_WORDS = 60  # a longer sentence is cut around the anchor


@dataclass(slots=True)
class Record:
    """A record under construction, with the spans (clean text) and bases of its fields."""

    draft: Draft
    number: int
    status: str
    people: list[tuple[int, str, bool]]  # person, side, head
    parties: set[str]
    when: When = field(default_factory=When)
    where: Where | None = None
    spans: dict[str, list[Span]] = field(default_factory=dict)
    basis: dict[str, str] = field(default_factory=dict)
    visit: int | None = None  # number of the record it is part of
    twins: list[int] = field(default_factory=list)  # numbers of further tellings of it


def side_of(record: Record, party: str | None, seats: Mapping[str, AbstractSet[str]]) -> str:
    """Whoever is at home where it takes place is host, the others are guests; elsewhere nobody is either.

    A state is at home in itself; where none of the parties is, an organisation is in the cities of its ``seats``.
    """
    if record.where is None or record.draft.trigger.kind in {"call", "correspondence"}:
        return "party"
    home = {record.where.country} & record.parties or {
        p for p in record.parties if record.where.city in seats.get(p, ())
    }
    return "party" if not home else "host" if party in home else "guest"


class Writer:
    """Writes the records of one document; ``party`` holds each person's."""

    def __init__(
        self, doc: Document, findings: Findings, party: Sequence[str | None], cut: Mapping[str, float], tools: Tools
    ) -> None:
        assert doc.annotation is not None
        assert doc.clean is not None
        self._doc, self._note, self._clean, self._findings = doc, doc.annotation, doc.clean, findings
        self._text, self._party, self._cut = doc.clean.text, party, cut
        self._model, self._seats = tools.network.name, tools.seats

    def engagement(self, r: Record, name: str, home: Mapping[int, str]) -> Engagement:
        """The record as an engagement called ``name``; ``home`` gives the names of all by number."""
        draft = r.draft
        people = sorted(r.people, key=lambda x: (SIDES.index(x[1]) != 0, self._findings.people[x[0]].named[0]))
        parties = sorted(r.parties)
        by_name = {k: v for k, v in r.spans.items() if k.startswith("parties[")}
        spans = r.spans = {k: v for k, v in r.spans.items() if k not in by_name}
        for i, party in enumerate(parties):
            spans[f"parties[{i}]"] = by_name.get(f"parties[{party}]", [])
        participants = []
        for i, (person, side, head) in enumerate(people):
            participants.append(self._participant(person, f"participants[{i}]", side, head, r))
        participants += self._delegations(r, len(participants))
        frame = self._frame(draft.frame) if draft.frame else None
        if frame:
            spans["framework"] = [frame]
        evidence = self._evidence(draft)
        spans["evidence"] = [evidence]
        part_of = home.get(r.visit) if r.visit is not None else None
        return Engagement(
            id=name,
            kind=draft.trigger.kind,
            status=r.status,
            salience="mention" if draft.mention > self._cut["mention"] else "main",
            part_of=part_of if part_of != name else None,
            date=r.when,
            place=r.where,
            participants=tuple(participants),
            parties=tuple(parties),
            topics=self._topics(draft),
            framework=frame.of(self._text) if frame else None,
            sources=(),
            evidence=self._quote(evidence),
            spans={k: self._origins(v) for k, v in sorted(spans.items()) if v},
            basis=dict(sorted(r.basis.items())),
            rules={"kind": self._model},
        )

    def _participant(self, person: int, path: str, side: str, head: bool, record: Record) -> Participant:
        p, party = self._findings.people[person], self._party[person]
        spans, basis = record.spans, record.basis
        spans[f"{path}.name"] = [p.name]
        if p.office:
            spans[f"{path}.office"] = [p.office, *([p.office_of] if p.office_of else ())]
        if p.office_basis:
            basis[f"{path}.office"] = p.office_basis
        if p.rank:
            spans[f"{path}.rank"] = [p.rank]
        if party:
            words = self._party_words(p, party)
            if words:
                spans[f"{path}.party"] = [words]
            else:
                basis[f"{path}.party"] = "outlet" if self._findings.here is None else "dateline"
        rank = p.rank.of(self._text) if p.rank else None
        return Participant(p.name.of(self._text), p.office_text, rank, party, side, head)

    def _delegations(self, record: Record, first: int) -> list[Participant]:
        """Unnamed delegations of parties for which nobody is named; ``first`` is the number of the first of them."""
        unnamed = record.parties - {self._party[person] for person, _, _ in record.people}
        out = []
        for number, (party, words) in enumerate(delegations(self._note, record.draft.trigger.word, unnamed), first):
            record.spans[f"participants[{number}].office"] = record.spans[f"participants[{number}].party"] = [words]
            out.append(Participant(None, words.of(self._text), None, party, side_of(record, party, self._seats), False))
        return out

    def _party_words(self, p: PersonFound, party: str) -> Span | None:
        """The words for a party that stand nearest to a person's name."""
        mentions = next((c.mentions for c in self._findings.candidates if c.party == party), ())
        named = {w for f in self._note.parties if f.party == party and (w := word_range(self._note.tokens, f.span))}
        named |= {w for f in self._note.places if f.country == party and (w := word_range(self._note.tokens, f.span))}
        real = [m for m in mentions if m in named]
        best = min(real, key=lambda m: (min(abs(m[0] - w[0]) for w in p.named), m), default=None)
        return self._words(best) if best else None

    def _topics(self, draft: Draft) -> tuple[str, ...]:
        ranked = sorted(((float(s), TOPICS[i]) for i, s in enumerate(draft.topics)), key=lambda x: (-x[0], x[1]))
        return tuple(t for s, t in ranked[:5] if s >= self._cut["topic"])

    def _frame(self, words: tuple[int, int]) -> Span | None:
        """A framework's name with the capitalised words around it and without loose ends; a single common word is none."""
        a, b = self._whole(words)
        tokens = self._note.tokens
        while a < b and (tokens[a].pos in {"ADP", "DET", "CCONJ"} or not tokens[a].text[0].isalnum()):
            a += 1
        while a < b and (
            tokens[b - 1].pos in {"ADP", "DET", "CCONJ"}
            or tokens[b - 1].text in {",", ".", "(", "'s", "’s"}
            or (tokens[b - 1].text == ")" and not any(t.text == "(" for t in tokens[a:b]))
        ):
            b -= 1
        if b - a < 1 or (b - a == 1 and not any(c.isupper() or c.isdigit() for c in tokens[a].text[1:])):
            return None
        return self._words((a, b))

    def _whole(self, words: tuple[int, int]) -> tuple[int, int]:
        """A name's words with what goes on beside it: capitalised words, and words tied by a hyphen ("High" of "High-Level Dialogue")."""
        a, b = words
        while step := self._goes_on(b, 1, GOES_ON):
            b += step
        while step := self._goes_on(a - 1, -1, LEADS_ON):
            a -= step
        return a, b

    def _goes_on(self, at: int, way: int, kinds: AbstractSet[str]) -> int:
        """How many words from ``at`` on, to the right (1) or the left (-1), go on with a name that ends before it."""
        tokens = self._note.tokens
        last = at + way if 0 <= at < len(tokens) and tokens[at].text in HYPHENS else at
        if not 0 <= last < len(tokens) or tokens[last].sentence != tokens[at - way].sentence or last in self._others:
            return 0
        if last == at:
            return int(tokens[at].text[:1].isupper() and tokens[at].pos in kinds)
        left, right = sorted((at, at - way)), sorted((at, last))
        tied = all(tokens[x].span.end == tokens[y].span.start for x, y in (left, right))
        return 2 if tied else 0

    @cached_property
    def _others(self) -> set[int]:
        """Words of titles, people, venues and dates, which are no part of a framework's name."""
        note = self._note
        spans = [s for s, _ in note.titles] + [d.span for d in note.dates]
        spans += [m.span for m in note.mentions if m.kind in {"PER", "OFF", "VENUE"}]
        return words_under(note.tokens, spans)

    def _words(self, words: tuple[int, int]) -> Span:
        return Span(self._note.tokens[words[0]].span.start, self._note.tokens[words[1] - 1].span.end)

    def _evidence(self, draft: Draft) -> Span:
        """The anchor's sentence, or the words around the anchor where the sentence is long."""
        tokens, word = self._note.tokens, draft.trigger.word
        span = self._note.sentences[tokens[word].sentence]
        inside = [i for i, t in enumerate(tokens) if t.sentence == tokens[word].sentence]
        if len(inside) <= EVIDENCE_WORDS:
            return Span(tokens[inside[0]].span.start, min(span.end, tokens[inside[-1]].span.end))
        a = max(inside[0], word - EVIDENCE_WORDS // 2)
        b = min(inside[-1], a + EVIDENCE_WORDS)
        return Span(tokens[a].span.start, tokens[b].span.end)

    def _origins(self, spans: Sequence[Span]) -> tuple[Origin, ...]:
        return tuple(o for s in spans for o in self._clean.origins(s))

    def _quote(self, span: Span) -> str:
        """The stretch as published: from its first to its last character in the original."""
        origins = self._clean.origins(span)
        if not origins:
            return span.of(self._text)
        one = [o for o in origins if o.field == origins[0].field]
        return self._doc.given(one[0].field)[one[0].start : one[-1].end]
