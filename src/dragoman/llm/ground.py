"""Held to the words: an engagement as told becomes a record of what the document bears out, and nothing else.

A name, an office, a place enters a record as the characters of the text that read it. Dates are computed from the text's own
time expressions, parties and states pass through the tables. What is not borne out is dropped, with what and why. An
engagement without its evidence, without a known kind and status, or with fewer than two parties is dropped whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dragoman.llm.answer import Told
from dragoman.llm.facts import Facts
from dragoman.llm.who import parties_of, people_of
from dragoman.llm.words import nearest
from dragoman.model import AHEAD, KINDS, STATUSES, TOPICS, Engagement, Origin, Span, When, Where

SALIENCES = ("main", "mention")
MOST_TOPICS = 5
JUDGED = ("kind", "status", "salience")  # what the model chose from a list, so that no words are its source


@dataclass(frozen=True, slots=True)
class Dropped:
    """A value that the document does not bear out: where it stood, what it was, why it went."""

    path: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Grounded:
    """What is left of an answer: engagements with their evidence's place, and what was dropped."""

    engagements: tuple[tuple[Span, Engagement], ...]
    dropped: tuple[Dropped, ...]


def ground(told: tuple[Told, ...], facts: Facts, model: str, window: Span | None = None) -> Grounded:
    """Engagements of one answer as records.

    Args:
        told: the answer.
        facts: the document it is about.
        model: what the records name as their reader.
        window: the stretch of clean text that the model was shown; evidence from elsewhere is not accepted.
    """
    kept: list[tuple[Span, Engagement]] = []
    dropped: list[Dropped] = []
    for number, one in enumerate(told, 1):
        made = _Maker(one, facts, model, f"engagements[{number}]", dropped).make(window)
        if made is not None:
            kept.append(made)
    visits = {e.id for _, e in kept if e.kind == "visit"}
    return Grounded(tuple((at, _homed(e, visits)) for at, e in kept), tuple(dropped))


def _homed(engagement: Engagement, visits: set[str]) -> Engagement:
    """Part of a visit that was kept, or of none."""
    inside = engagement.part_of in visits and engagement.part_of != engagement.id
    return engagement if inside or engagement.part_of is None else replace(engagement, part_of=None)


class _Maker:
    """Makes one record; keeps its spans and bases as it goes."""

    def __init__(self, told: Told, facts: Facts, model: str, path: str, dropped: list[Dropped]) -> None:
        self._told, self._facts, self._model, self._path, self._dropped = told, facts, model, path, dropped
        self._spans: dict[str, tuple[Span, ...]] = {}
        self._basis: dict[str, str] = {}

    def make(self, window: Span | None) -> tuple[Span, Engagement] | None:
        """The record and where its evidence stands; None where it is dropped whole."""
        told = self._told
        evidence = self._evidence(window)
        if evidence is None:
            self._drop("evidence", told.evidence, "not in the document")
            return None
        if told.kind not in KINDS or told.status not in STATUSES:
            self._drop("kind, status", f"{told.kind}, {told.status}", "not in the guide's list")
            return None
        people = people_of(told.people, self._facts, evidence, self._drop)
        parties = parties_of(people, told.parties, self._facts, evidence, self._drop)
        if len(parties) < 2:
            self._drop("parties", ", ".join(told.parties), "fewer than two parties are borne out")
            return None
        for path, mark in {**people.marks, **parties.marks}.items():
            self._mark(path, *mark)
        self._mark("evidence", evidence)
        self._mark("kind", self._facts.anchor(told.kind, evidence))
        self._basis.update(dict.fromkeys(JUDGED, "model"))
        where = self._where(evidence)
        when = self._when(evidence)
        topics = self._topics()
        framework = self._quoted("framework", told.framework, evidence)
        sources = self._sources(evidence)
        return evidence, Engagement(
            id=told.id,
            kind=told.kind,
            status=told.status,
            salience=told.salience if told.salience in SALIENCES else "main",
            part_of=told.part_of,
            date=when,
            place=where,
            participants=people.items,
            parties=parties.items,
            topics=topics,
            framework=framework,
            sources=sources,
            evidence=self._facts.quote(evidence),
            spans=self._origins(),
            basis=dict(sorted(self._basis.items())),
            rules={"kind": self._model},
        )

    # -- evidence --------------------------------------------------------------------------------------------------
    def _evidence(self, window: Span | None) -> Span | None:
        """Where the evidence stands: in the sentence pointed at if it is there, else nearest to it."""
        told = self._told
        if not told.evidence:
            return None
        pointed = self._facts.sentence(told.sentence)
        found = [s for s in self._facts.words.all(told.evidence) if window is None or window.overlaps(s)]
        return nearest(found, pointed)

    # -- when and where --------------------------------------------------------------------------------------------
    def _when(self, evidence: Span) -> When:
        """The date by our own reckoning: from the words quoted, from an expression that means it, or from publication."""
        told, facts = self._told.date, self._facts
        ahead = self._told.status in AHEAD
        found = facts.date_of(told.words, told.start, evidence, ahead=ahead)
        if found is not None:
            self._mark("date.start", found.span)
            start, end = found.value(ahead=ahead and told.start in (None, found.ahead))
            if end:
                self._mark("date.end", found.span)
            return When(start, end, found.precision, "text")
        day = facts.day
        if day and ((told.start is None and told.basis == "published") or told.start == day):
            self._basis["date.start"] = facts.day_basis or "published"
            return When(day, None, "day", "published")
        if told.words or told.start:
            self._drop("date", told.words or told.start, "no time expression of the document means it")
        return When()

    def _where(self, evidence: Span) -> Where | None:
        """The place in the text's words; no place for a call."""
        told, facts = self._told.place, self._facts
        if told is None or self._told.kind == "call":
            return None
        venue = self._quoted("place.venue", told.venue, evidence)
        text = self._quoted("place.text", told.text, evidence)
        city, country = None, None
        if told.city:
            place = facts.city(told.city, told.country, evidence)
            if place is None:
                self._drop("place.city", told.city, "not in the document")
            else:
                city, country = place.city, place.country
                self._mark("place.city", place.span)
        if told.country:
            country = facts.state(told.country)
            borne = facts.borne(country, evidence) if country else None
            if borne is None:
                self._drop("place.country", told.country, "not borne out by the document")
                country = None
            else:
                self._mark("place.country", *borne)
        elif country:
            self._mark("place.country", self._spans["place.city"][0])
        if not (venue or text or city or country):
            return None
        return Where(text or venue or city, city, country, venue)

    # -- the rest --------------------------------------------------------------------------------------------------
    def _topics(self) -> tuple[str, ...]:
        known = [t for t in dict.fromkeys(self._told.topics) if t in TOPICS]
        for topic in set(self._told.topics) - set(known):
            self._drop("topics", topic, "not in the guide's list")
        if known:
            self._basis["topics"] = "model"
        return tuple(known[:MOST_TOPICS])

    def _sources(self, evidence: Span) -> tuple[str, ...]:
        """Voices that the text names, nearest to the event first, then the outlet."""
        facts = self._facts
        names: list[str] = []
        for told in self._told.sources:
            if facts.is_outlet(told):
                continue
            span = facts.words.nearest(told, evidence)
            if span is None:
                self._drop("sources", told, "not in the document")
            elif span.of(facts.text) not in names:
                self._mark(f"sources[{len(names)}]", span)
                names.append(span.of(facts.text))
        if facts.outlet:
            self._basis[f"sources[{len(names)}]"] = "outlet"
            names.append(facts.outlet)
        return tuple(names)

    def _quoted(self, path: str, value: str | None, evidence: Span) -> str | None:
        """The text's own characters for a value; None where they are not there."""
        if value is None:
            return None
        span = self._facts.words.nearest(value, evidence)
        if span is None:
            self._drop(path, value, "not in the document")
            return None
        self._mark(path, span)
        return span.of(self._facts.text)

    def _mark(self, path: str, span: Span | None, basis: str | None = None) -> None:
        if span is not None:
            self._spans[path] = (span,)
        if basis is not None:
            self._basis[path] = basis

    def _drop(self, path: str, value: str | None, why: str) -> None:
        self._dropped.append(Dropped(f"{self._path}.{path}", value or "", why))

    def _origins(self) -> Mapping[str, tuple[Origin, ...]]:
        found = {k: tuple(o for s in v for o in self._facts.origins(s)) for k, v in sorted(self._spans.items())}
        return {k: v for k, v in found.items() if v}
