"""A record for people to read: what, when, where, who, about what, who says so, and the sentence behind it."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.model import Engagement, Participant, When
from dragoman.reader import Account


def account_lines(account: Account) -> Iterator[str]:
    """Lines of one document's records."""
    head = account.title or account.doc_id
    about = ", ".join(x for x in (account.outlet, account.published.isoformat() if account.published else None) if x)
    yield f"{head}" + (f"  ({about})" if about else "")
    yield "─" * min(78, max(8, len(head)))
    if not account.engagements:
        yield "  no engagement"
    for e in account.engagements:
        yield from engagement_lines(e)
    yield ""


def engagement_lines(e: Engagement) -> Iterator[str]:
    """Lines of one engagement."""
    part = f", part of {e.part_of}" if e.part_of else ""
    background = ", background" if e.salience == "mention" else ""
    yield f"  {e.id}  {e.kind.upper()} {' – '.join(e.parties)}  [{e.status}{background}{part}]"
    yield f"      when       {when(e.date)}"
    if e.place:
        words = [e.place.venue, e.place.city, e.place.country]
        yield f"      where      {', '.join(dict.fromkeys(w for w in words if w)) or e.place.text}"
    for p in e.participants:
        yield f"      {p.side:<9}  {participant(p)}"
    if e.topics:
        yield f"      about      {', '.join(e.topics)}"
    if e.framework:
        yield f"      framework  {e.framework}"
    if e.sources:
        yield f"      says who   {' → '.join(e.sources)}"
    yield f"      words      “{' '.join(e.evidence.split())}”"


def participant(p: Participant) -> str:
    """A participant in one line: rank, name, office, party, head of delegation."""
    name = " ".join(x for x in (p.rank, p.name) if x) or "–"
    return ", ".join(x for x in (name, p.office, p.party) if x) + (" (head of delegation)" if p.head else "")


def when(date: When) -> str:
    """A date with its basis where that is not the text."""
    if date.start is None:
        return "not said"
    text = date.start + (f" to {date.end}" if date.end else "")
    return text + (" (day of publication)" if date.basis == "published" else "")
