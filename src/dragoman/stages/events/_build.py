"""From scores to records in the guide's form, each value with the words it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from dragoman.model import (
    SIDES,
    STATUSES,
    Document,
    Engagement,
    PlaceFound,
    Span,
    When,
    Where,
)
from dragoman.network.pairs import named_parties
from dragoman.resources import Tools
from dragoman.stages.events._detect import PUBLISHED, Draft
from dragoman.stages.events._doer import doer
from dragoman.stages.events._sides import settled_parties
from dragoman.stages.events._split import Part, came_together, separate_talks, tours
from dragoman.stages.events._when import at_leg, dated
from dragoman.stages.events._write import Record, Writer, side_of

T = TypeVar("T")
TIED = re.compile(r"(?:[-‑–]\w+)+")  # what hyphens tie to the end of a word: "Mar"-a-Lago
BESIDE = 25  # characters between a word for an act and "separately", if that is said of it
CONFERENCE = 4  # parties from which a gathering is a conference


class Builder:
    """Engagements of one document."""

    def __init__(self, doc: Document, tools: Tools) -> None:
        assert doc.annotation is not None
        assert doc.findings is not None
        assert doc.clean is not None
        self._doc, self._note, self._findings, self._clean = doc, doc.annotation, doc.findings, doc.clean
        self._text = doc.clean.text
        self._cut = tools.thresholds
        self._separately, self._at_sea, self._receiving = tools.separately, tools.at_sea, tools.receiving
        self._ending = tools.ending
        self._tools = tools
        self._party: list[str | None] = []
        self._named = named_parties(self._note)

    def engagements(self, drafts: Sequence[Draft]) -> tuple[Engagement, ...]:
        """Records in order of text; several of one draft where its wording tells of several acts."""
        self._party = settled_parties(drafts, self._findings, self._cut)
        records = [r for n, d in enumerate(drafts) for r in self._split(self._record(d, n))]
        self._part_hosts(records)
        records = self._distinct([r for r in records if len(r.parties) >= 2])
        home = {r.number: f"e{i + 1}" for i, r in reversed(list(enumerate(records)))}
        home |= {n: home[r.number] for r in records for n in r.twins}
        for r in records:
            r.visit = r.draft.part_of if r.draft.part_of is not None else self._visit(r, records)
        write = Writer(self._doc, self._findings, self._party, self._cut, self._tools)
        return tuple(write.engagement(r, f"e{i + 1}", home) for i, r in enumerate(records))

    # -- one record ------------------------------------------------------------------------------------------------
    def _record(self, draft: Draft, number: int) -> Record:
        status = STATUSES[int(draft.status.argmax())]
        people, first = [], self._likeliest(draft)
        for i, (takes_part, heads, sides) in draft.people.items():
            if takes_part >= self._cut["takes_part" if i in first else "takes_part.more"]:
                mediates = sides[SIDES.index("mediator")] >= self._cut["mediator"]
                people.append((i, "mediator" if mediates else "party", heads >= self._cut["head"]))
        record = Record(draft, number, status, people, set())
        token = self._note.tokens[draft.trigger.word]
        record.spans["kind"] = [token.span]
        record.spans["status"] = [token.span]
        self._set_date(record)
        self._set_place(record)
        self._set_received(record)
        self._leave_hosts(record)
        self._set_parties(record)
        self._set_sides(record)
        self._set_kind(record)
        return record

    def _likeliest(self, draft: Draft) -> set[int]:
        """The likeliest participant of each party, and all of whom no party is known; others must score more to take part."""
        best: dict[str, int] = {}
        for i in sorted(draft.people, key=lambda i: (-draft.people[i][0], i)):
            if party := self._party[i]:
                best.setdefault(party, i)
        return set(best.values()) | {i for i in draft.people if not self._party[i]}

    def _set_received(self, record: Record) -> None:
        """A visit told as its host receiving a guest ("welcomed X to the White House") is the two people's meeting."""
        word, host = self._note.tokens[record.draft.trigger.word], self._subject(record)
        if record.draft.trigger.kind != "visit" or host is None or word.lemma not in self._receiving:
            return
        if (
            record.where
            and self._party[host] == record.where.country
            and len({self._party[i] for i, _, _ in record.people}) > 1
        ):
            record.draft = replace(record.draft, trigger=replace(record.draft.trigger, kind="meeting"))

    def _leave_hosts(self, record: Record) -> None:
        """Takes the people of the state visited out of a visit, whose participants are the visitors, unless they are likelier to be of it
        than others need be: who invited the guest or welcomed them."""
        if record.draft.trigger.kind == "visit" and record.where:
            at, scores, cut = record.where.country, record.draft.people, self._cut["takes_part.host"]
            record.people = [x for x in record.people if self._party[x[0]] != at or scores[x[0]][0] >= cut]

    def _set_kind(self, record: Record) -> None:
        """A gathering of two or three states, in no framework, is a meeting: a conference has four parties or more."""
        if record.draft.trigger.kind != "conference" or record.draft.frame is not None:
            return
        organisations = {c.party for c in self._findings.candidates if c.is_organisation}
        if len(record.parties) < CONFERENCE and not record.parties & organisations:
            record.draft = replace(record.draft, trigger=replace(record.draft.trigger, kind="meeting"))

    def _set_parties(self, record: Record) -> None:
        scores = record.draft.parties
        for i, _, _ in record.people:
            party = self._party[i]
            if party:
                record.parties.add(party)
        if record.draft.trigger.kind == "visit" and record.where and record.where.country:
            record.parties.add(record.where.country)  # a visit is to another party's territory
        several = self._tells_of_several(record)  # states of a tour are hosts whom nobody need be named for
        cut = self._cut["party" if len(record.parties) < 2 or several else "party.unnamed"]
        only_said = len(record.parties) > 1  # the outlet's state is no third party that the text does not name
        record.parties |= {p for p, s in scores.items() if s >= cut and (p in self._named or not only_said)}
        if len(record.parties) < 2:
            rest = sorted(((s, p) for p, s in scores.items() if p not in record.parties), reverse=True)
            for score, party in rest[: 2 - len(record.parties)]:
                if score >= self._cut["party.second"]:
                    record.parties.add(party)
        if record.draft.trigger.kind == "visit" and not several:
            self._leave_bystanders(record)
        for party in sorted(record.parties):
            record.spans[f"parties[{party}]"] = self._party_spans(record, party)

    def _leave_bystanders(self, record: Record) -> None:
        """A visit has two parties, who travels and the state visited. Of more travellers' parties the likeliest stays, and those nearly as
        likely, which came at the same time; where nobody is known to travel it is the likeliest party."""
        at, said = record.where.country if record.where else None, record.draft.parties
        if len(record.parties) <= 2 or at is None:
            return
        going: dict[str, float] = {}
        for i, _, _ in record.people:
            if (party := self._party[i]) and party != at:
                going[party] = max(going.get(party, 0.0), record.draft.people[i][0] * said.get(party, 0.0))
        if going:
            own = came_together(going, self._cut["visit.along"])
        else:
            own = {max(sorted(record.parties - {at}), key=lambda p: said.get(p, 0.0))}
        record.people = [x for x in record.people if self._party[x[0]] in own | {at, None}]
        record.parties = own | {at}

    def _party_spans(self, record: Record, party: str) -> list[Span]:
        word = record.draft.trigger.word
        for candidate in self._findings.candidates:
            if candidate.party == party and candidate.extra[0]:
                a, b = min(candidate.mentions, key=lambda m: (abs(m[0] - word), m))
                if (a, b) != (0, 1) or any(p.party == party for p in self._note.parties):
                    return [Span(self._note.tokens[a].span.start, self._note.tokens[b - 1].span.end)]
        return []

    def _set_date(self, record: Record) -> None:
        held = record.status == "held" and record.draft.mention <= self._cut["mention"]
        undated = self._cut["date.none"] if held else 1.0
        found = dated(self._note, record.draft, record.status, undated=undated, over=self._over)
        record.when = found.when
        record.spans = _with_field_of(record.spans, found.spans, "date.")
        record.basis = _with_field_of(record.basis, found.basis, "date.")

    def _over(self, days: Span) -> bool:
        """Whether the sentence says of a stretch of days ("three-day") that it is over."""
        sentence = next((s for s in self._note.sentences if s.covers(days)), days)
        return self._ending.of(self._text[sentence.start : days.start], self._text[days.end : sentence.end])

    def _set_place(self, record: Record) -> None:
        if record.draft.trigger.kind == "call":
            return
        total = self._by_country(record)
        best = max(total, key=lambda k: total[k])
        if best is None or self._on_open_water(record, best):
            return
        self._take_place(
            record, [(p, i) for p, i in record.draft.places if i is not None and self._note.places[i].country == best]
        )

    def _only_state(self, record: Record) -> str | None:
        """The state where the act was, where no other may well be; None where there are several or none."""
        likely = [country for country, p in self._by_country(record).items() if p >= self._cut["visited"]]
        return likely[0] if len(likely) == 1 else None

    def _by_country(self, record: Record) -> dict[str | None, float]:
        """How likely the act was in each state of whose places the text names one; None where the text does not say."""
        total: dict[str | None, float] = {}
        for probability, index in record.draft.places:
            key = None if index is None else self._note.places[index].country
            total[key] = total.get(key, 0.0) + probability
        return total

    def _sentence(self, record: Record) -> Span:
        """The sentence in which the record's word stands."""
        return self._note.sentences[self._note.tokens[record.draft.trigger.word].sentence]

    def _on_open_water(self, record: Record, country: object) -> bool:
        """Whether an exercise's sentence places it on a sea, and neither in a city of ``country`` nor at a venue."""
        sentence = self._sentence(record)
        if record.draft.trigger.kind != "exercise" or not self._at_sea.search(sentence.of(self._text)):
            return False
        ashore = [p.span for p in self._note.places if p.city and p.country == country]
        ashore += [m.span for m in self._note.mentions if m.kind == "VENUE"]
        return not any(sentence.covers(span) for span in ashore)

    def _set_sides(self, record: Record) -> None:
        """Sides of the people; mediators stay what they are."""
        record.people = [
            (person, now if now == "mediator" else side_of(record, self._party[person], self._tools.seats), head)
            for person, now, head in record.people
        ]

    def _take_place(self, record: Record, options: Sequence[tuple[float, int]]) -> None:
        """The likeliest of places in one country; its city is that of the likeliest city, weighed together."""
        city: dict[str | None, float] = {}
        for p, i in options:
            city[self._note.places[i].city] = city.get(self._note.places[i].city, 0.0) + p
        name = max(city, key=lambda c: city[c])
        _, index = max((p, -i) for p, i in options if self._note.places[i].city == name)
        place: PlaceFound = self._note.places[-index]
        venue = self._venue(record, place)
        named = place.named or place.span
        text = venue.of(self._text) if venue else named.of(self._text)
        record.where = Where(text, place.city, place.country, venue.of(self._text) if venue else None)
        record.spans["place.text"] = [venue or named]
        record.spans["place.country"] = [named]
        if place.city:
            record.spans["place.city"] = [named]
        if venue:
            record.spans["place.venue"] = [venue]

    def _venue(self, record: Record, place: PlaceFound) -> Span | None:
        sentence = self._note.tokens[record.draft.trigger.word].sentence
        for m in self._note.mentions:
            if m.kind == "VENUE" and self._note.tokens[m.words[0]].sentence == sentence:
                return self._with_whole_places(m.span)
        return None

    def _with_whole_places(self, span: Span) -> Span:
        """A stretch of words with all of a place's name of which it holds a part ("port of Rio de" Janeiro), and what a hyphen ties to it."""
        cut = [p.span for p in self._note.places if p.span.overlaps(span)]
        start, end = min([span.start, *(p.start for p in cut)]), max([span.end, *(p.end for p in cut)])
        tied = TIED.match(self._text, end)
        return Span(start, tied.end() if tied else end)

    # -- several records -------------------------------------------------------------------------------------------
    def _split(self, record: Record) -> list[Record]:
        """A visit to several states, or of several parties, is a visit of each to each; talks "separately" with several are a meeting with
        each. A conference is one."""
        visit = record.draft.trigger.kind == "visit"
        several = self._tells_of_several(record) or (visit and len(record.parties) > 2)
        if record.draft.trigger.kind == "conference" or not several:
            return [record]
        if visit:
            at_home = {p.country for p in self._note.places if p.country}
            parts = tours(record.people, record.parties, self._party.__getitem__, at_home, self._only_state(record))
        else:
            parts = separate_talks(record.people, record.parties, self._party.__getitem__, self._subject(record))
            together = len({p.parties for p in parts}) == 1 and record.draft.split < self._cut["split.people"]
            if together and not self._said_beside(record):
                return [record]  # several people of one party are met together more often than one by one
        return [self._part(record, part) for part in parts] or [record]

    def _tells_of_several(self, record: Record) -> bool:
        """Whether one wording tells of several acts; words such as "separately" in its sentence make it likelier, beside it sure."""
        visit, said = record.draft.trigger.kind == "visit", self._said(record)
        cut = self._cut["split.said" if said and not visit else "split"]
        return record.draft.split >= cut or (not visit and self._said_beside(record))

    def _said(self, record: Record) -> list[int]:
        """Where "separately" or the like begins in the record's sentence."""
        sentence = self._sentence(record)
        return [sentence.start + m.start() for m in self._separately.finditer(sentence.of(self._text))]

    def _said_beside(self, record: Record) -> bool:
        """Whether it is said of the record's own word."""
        word = self._note.tokens[record.draft.trigger.word].span.start
        return any(abs(at - word) <= BESIDE for at in self._said(record))

    def _part(self, record: Record, part: Part) -> Record:
        """The record of one of several acts."""
        one = replace(
            record,
            spans=dict(record.spans),
            basis=dict(record.basis),
            people=list(part.people),
            parties=set(part.parties),
        )
        if part.country:
            options = [
                (p, i) for p, i in record.draft.places if i is not None and self._note.places[i].country == part.country
            ]
            self._take_place(one, options)
            one.draft = at_leg(self._note, one.draft, part.country, self._cut["date.leg"])
            self._set_date(one)
        self._set_sides(one)
        return one

    def _subject(self, record: Record) -> int | None:
        """The person who does what the record's word tells."""
        people = ((person, self._findings.people[person].named) for person, _, _ in record.people)
        return doer(self._note.tokens, record.draft.trigger.word, people)

    def _part_hosts(self, records: list[Record]) -> None:
        """Where two people of one party each received or met the same guests, neither was at the other's meeting."""
        led = [(r, p) for r in records if r.draft.trigger.kind == "meeting" and (p := self._subject(r)) is not None]
        for r, own in led:
            others = {p for o, p in led if o is not r and p != own and self._party[p] == self._party[own]}
            if others:
                r.people = [x for x in r.people if x[0] not in others]

    def _distinct(self, records: list[Record]) -> list[Record]:
        """Two tellings of one act are one record: same kind, status and parties, no clash of date, country or people."""
        kept: list[Record] = []
        for r in records:
            twin = next((k for k in kept if self._same(k, r)), None)
            if twin is None:
                kept.append(r)
                continue
            twin.twins.append(r.number)
            _fill(twin, r)
            if len(r.people) > len(twin.people) and (self._subject(twin) is None or self._subject(r) is not None):
                twin.people = r.people
        return self._without_sums(kept)

    def _without_sums(self, records: list[Record]) -> list[Record]:
        """Records but for visits of several parties that are told as a visit of each elsewhere: those are one telling more of each."""
        kept = []
        for r in records:
            each = [v for v in records if self._is_part(v, r)]
            if each and {p for v in each for p in v.parties} == r.parties:
                each[0].twins += [r.number, *r.twins]
            else:
                kept.append(r)
        return kept

    def _is_part(self, visit: Record, whole: Record) -> bool:
        """Whether a visit is that of one of the guests of another visit, which is told of all of them together."""
        kinds = {visit.draft.trigger.kind, whole.draft.trigger.kind}
        return (
            kinds == {"visit"}
            and visit.parties < whole.parties
            and visit.status == whole.status
            and whole.where is not None
            and visit.where is not None
            and visit.where.country == whole.where.country
            and not _days_clash(visit.when, whole.when)
        )

    def _same(self, a: Record, b: Record) -> bool:
        if a.draft.trigger.kind != b.draft.trigger.kind or a.parties != b.parties or a.status != b.status:
            return False
        if min(a.draft.told, b.draft.told) >= self._cut["told.apart"]:
            return False  # each is surely an act that the text tells, and not one told again
        if (a.draft.mention > self._cut["mention"]) != (b.draft.mention > self._cut["mention"]):
            return False
        if _clash(a.where.country if a.where else None, b.where.country if b.where else None) or _days_clash(
            a.when, b.when
        ):
            return False
        own, other = self._subject(a), self._subject(b)
        if own is not None and other is not None and own != other and self._party[own] == self._party[other]:
            return False
        first, second = {x[0] for x in a.people}, {x[0] for x in b.people}
        return first <= second or second <= first

    def _visit(self, record: Record, records: list[Record]) -> int | None:
        """The only visit that a meeting or signing can belong to: same guests, same country, same status.

        On the gold's own fields this holds for 103 of the 107 records it applies to.
        """
        if record.draft.trigger.kind not in {"meeting", "agreement"}:
            return None
        here, there = record.where.country if record.where else None, {x[0] for x in record.people}
        fit = [
            v.number
            for v in records
            if v.draft.trigger.kind == "visit"
            and v.status == record.status
            and v.parties <= record.parties
            and (here is None or (v.where and v.where.country == here))
            and any(x[0] in there for x in v.people)
        ]
        return fit[0] if len(fit) == 1 else None


def _clash(a: object, b: object) -> bool:
    return a is not None and b is not None and a != b


def _days_clash(a: When, b: When) -> bool:
    """Whether two dates differ; the day of publication, taken where the words give none, yields to what they give elsewhere."""
    return _clash(a.start, b.start) and PUBLISHED not in (a.basis, b.basis)


def _fill(record: Record, other: Record) -> None:
    """What another telling of the act adds: a date where the words gave none, a place where there was none."""
    if other.when.basis == "text" and record.when.basis != "text":
        record.when = other.when
        _take(record, other, "date.")
    if record.where is None and other.where is not None:
        record.where = other.where
        _take(record, other, "place.")


def _take(record: Record, other: Record, field: str) -> None:
    """The spans and bases of one field from another telling instead of the record's own."""
    record.spans = _with_field_of(record.spans, other.spans, field)
    record.basis = _with_field_of(record.basis, other.basis, field)


def _with_field_of(mine: Mapping[str, T], theirs: Mapping[str, T], field: str) -> dict[str, T]:
    kept = {k: v for k, v in mine.items() if not k.startswith(field)}
    return kept | {k: v for k, v in theirs.items() if k.startswith(field)}
