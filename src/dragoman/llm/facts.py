"""What one document bears out: its words, time expressions, places, parties, outlet, and who its named people have served."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from dragoman.knowledge.frames import FrameHit
from dragoman.knowledge.names import folded as name_parts
from dragoman.llm.words import Words, folded, nearest
from dragoman.model import DateFound, Document, Origin, PlaceFound, Span
from dragoman.resources import Tools, plain

Borne = tuple[Span | None, str | None]
"""The words that bear a value out, or else the basis it was inferred from."""


class Facts:
    """One cleaned and annotated document, asked by grounding.

    Args:
        doc: the document, with clean text and annotation.
        tools: the tables.
        barred: stretches of clean text that count for nothing (orders to whoever reads).
    """

    def __init__(self, doc: Document, tools: Tools, barred: Iterable[Span] = ()) -> None:
        assert doc.clean is not None
        assert doc.annotation is not None
        self._doc, self._clean, self._note, self._tools = doc, doc.clean, doc.annotation, tools
        self._barred = tuple(barred)
        self.text = doc.clean.text
        self.outlet = doc.source.outlet

    @cached_property
    def words(self) -> Words:
        """The text, ready to be asked where words stand."""
        return Words(self.text, self._barred)

    # -- stretches -------------------------------------------------------------------------------------------------
    def origins(self, span: Span) -> tuple[Origin, ...]:
        """Where a stretch of clean text stands in the document as given."""
        return self._clean.origins(span)

    def quote(self, span: Span) -> str:
        """The stretch as published, from its first to its last character."""
        origins = self._clean.origins(span)
        if not origins:
            return span.of(self.text)
        one = [o for o in origins if o.field == origins[0].field]
        return self._doc.given(one[0].field)[one[0].start : one[-1].end]

    def sentence(self, number: int | None) -> Span | None:
        """The sentence with that number, counted from 1; None where there is none."""
        sentences = self._note.sentences
        return sentences[number - 1] if number is not None and 0 < number <= len(sentences) else None

    def anchor(self, kind: str, evidence: Span) -> Span:
        """The word of the evidence that may denote an act of that kind, any kind, or the evidence itself."""
        inside = [h for h in self._hits if evidence.covers(self._note.tokens[h.word].span)]
        own = [h for h in inside if h.kind == kind] or inside
        return self._note.tokens[own[0].word].span if own else evidence

    @cached_property
    def _hits(self) -> tuple[FrameHit, ...]:
        return self._tools.frames.find(self._note.tokens)

    # -- dates -----------------------------------------------------------------------------------------------------
    @property
    def day(self) -> str | None:
        """The document's own day, as far as it is known."""
        anchor: date | None = self._note.anchor
        return anchor.isoformat() if anchor else None

    @property
    def day_basis(self) -> str | None:
        """Where that day comes from: published, header or dateline."""
        return self._note.anchor_basis

    def date_of(self, words: str | None, start: str | None, at: Span, *, ahead: bool) -> DateFound | None:
        """The time expression that a model meant, by its words, or without them by the day it gives; nearest to ``at``."""
        known = [d for d in self._note.dates if not self._is_barred(d.span)]
        if words:
            quoted = nearest([s for s in self.words.all(words) if any(d.span.overlaps(s) for d in known)], at)
            fit = [d for d in known if quoted and d.span.overlaps(quoted)]
        else:
            fit = [d for d in known if start and (d.start == start or (ahead and d.ahead == start))]
        return min(fit, key=lambda d: (d.span.distance(at), -len(d.span), d.span), default=None)

    # -- places and parties ----------------------------------------------------------------------------------------
    def state(self, name: str) -> str | None:
        """The code of a state given by code or name."""
        if name in self._states:
            return name
        code = self.party(name)
        return code if code in self._states else None

    def party(self, name: str) -> str | None:
        """The party that a code, a short name or any name of the tables stands for; None where they have none."""
        if name in self._states or name in self._organisations:
            return name
        named = [p for p in self._tools.gazetteer.parties(name) if len(p.span) == len(name)]
        return named[0].party if named else None

    def borne(self, party: str, at: Span, person: str | None = None) -> Borne | None:
        """The words nearest to ``at`` that name a party or a place of it, else the outlet's state or the person's record."""
        named = self._spans_of.get(party)
        if named:
            return nearest(named, at), None
        if self._tools.source_party(self._doc.source) == party:
            return None, "outlet"
        if person and party in self._tools.authority.states(name_parts(person)):
            return None, "authority"
        return None

    def city(self, name: str, country: str | None, at: Span) -> PlaceFound | None:
        """A city of the text: one that the tables find, also by another name, else the words themselves."""
        wanted = folded(name)
        found = [p for p in self._places if p.city and folded(p.city) == wanted]
        found = [p for p in found if p.country == country] or found
        if found:
            return min(found, key=lambda p: (p.span.distance(at), p.span))
        span = self.words.nearest(name, at)
        return PlaceFound(span, span.of(self.text), None, "city") if span else None

    def is_outlet(self, name: str) -> bool:
        """Whether a name is the document's own outlet's."""
        if not self.outlet:
            return False
        left, right = self._tools.outlet(name), self._tools.outlet(self.outlet)
        return plain(name) == plain(self.outlet) or (left is not None and left == right)

    @cached_property
    def _places(self) -> tuple[PlaceFound, ...]:
        return tuple(p for p in self._note.places if not self._is_barred(p.span))

    @cached_property
    def _spans_of(self) -> dict[str, list[Span]]:
        """Words for each party: its names first of all, and its places."""
        out: dict[str, list[Span]] = {}
        for party in self._note.parties:
            if not self._is_barred(party.span):
                out.setdefault(party.party, []).append(party.span)
        for place in self._places:
            if place.country:
                out.setdefault(place.country, []).append(place.span)
        return out

    @cached_property
    def _states(self) -> frozenset[str]:
        return frozenset(s.code for s in self._tools.states)

    @cached_property
    def _organisations(self) -> frozenset[str]:
        return frozenset(o.party for o in self._tools.organisations)

    def _is_barred(self, span: Span) -> bool:
        return any(b.overlaps(span) for b in self._barred)
