"""Which documents are worth sending: those with a word that may denote an engagement and two parties to have it."""

from __future__ import annotations

from dragoman.model import Document
from dragoman.resources import Tools

PARTIES = 2


def worth_sending(doc: Document, tools: Tools) -> bool:
    """Whether an annotated document may tell of an engagement at all.

    Parties are counted by name, by place, and by the state of the outlet ("the minister received the envoy of X").
    """
    note = doc.annotation
    if note is None or not tools.frames.find(note.tokens):
        return False
    parties = {p.party for p in note.parties} | {p.country for p in note.places if p.country}
    home = tools.outlet_country(doc.source.outlet) if doc.source.outlet else None
    return len(parties | ({home} if home else set())) >= PARTIES
