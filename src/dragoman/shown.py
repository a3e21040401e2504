"""Records, people and what is found, as lines for people to read and rows for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from dragoman.model import Participation, Person, Record
from dragoman.pretty import when
from dragoman.store.shapes import HistoryItem, Hit, Reading

SHORT = 8  # characters of an id that are shown; more where that is needed to tell them apart is for the reader to write
COLUMNS = ("id", "date", "kind", "status", "parties", "people", "place", "accounts", "conflicts")


def place(r: Record) -> str:
    """Venue, city and state of a record."""
    words = [r.place.venue, r.place.city, r.place.country] if r.place else []
    return ", ".join(dict.fromkeys(w for w in words if w)) or ((r.place.text or "") if r.place else "")


def row(r: Record, *, short: bool = True) -> dict[str, str]:
    """A record as a row of COLUMNS."""
    return {
        "id": r.id[:SHORT] if short else r.id,
        "date": r.date.start + (f"/{r.date.end}" if r.date.end else "") if r.date.start else "",
        "kind": r.kind,
        "status": r.status,
        "parties": " ".join(r.parties),
        "people": "; ".join(p.name for p in r.participants if p.name),
        "place": place(r),
        "accounts": str(len(r.accounts)),
        "conflicts": ", ".join(c.field for c in r.conflicts),
    }


def line(r: Record) -> str:
    """A record in one line."""
    told = row(r)
    names = f"  {told['people']}" if told["people"] else ""
    where = f"  in {told['place']}" if told["place"] else ""
    status = "" if r.status == "held" else f" [{r.status}]"
    differ = "  (contested)" if r.conflicts else ""
    return (
        f"{told['id']}  {told['date'] or 'undated':<10}  {r.kind} {' – '.join(r.parties)}{status}{names}{where}{differ}"
    )


def participant(p: Participation) -> str:
    """A participant in one line: rank, name, office, party, spellings."""
    name = " ".join(x for x in (p.rank, p.name) if x) or "a delegation"
    others = [n for n in p.names if n != p.name]
    told = ", ".join(x for x in (name, p.office, p.party) if x)
    return told + (" (head of delegation)" if p.head else "") + (f" (also {', '.join(others)})" if others else "")


def record(r: Record) -> Iterator[str]:
    """Lines of a record with its accounts and conflicts."""
    status = "".join(
        f", {w}" for w in ("background" if r.salience == "mention" else "", "accepted" if r.accepted else "") if w
    )
    yield f"{r.id}  {r.kind.upper()} {' – '.join(r.parties)}  [{r.status}{status}]"
    yield f"  when       {when(r.date)}"
    if place(r):
        yield f"  where      {place(r)}"
    for p in r.participants:
        yield f"  {p.side:<9}  {participant(p)}"
    for name, words in (
        ("about", r.topics),
        ("framework", [r.framework] if r.framework else []),
        ("says who", r.sources),
    ):
        if words:
            yield f"  {name:<9}  {(' → ' if name == 'says who' else ', ').join(words)}"
    if r.part_of:
        yield f"  part of    {r.part_of}"
    if r.corrected:
        yield f"  corrected  {', '.join(r.corrected)}"
    yield f"  accounts   {len(r.accounts)}, of them {r.independent} independent"
    for a in r.accounts:
        yield f"    {a.key}  {_about(a.outlet, a.published, a.title or a.doc_id)}" + (
            f"  (repeats {a.copy_of})" if a.copy_of else ""
        )
        yield f"      “{' '.join(a.evidence.split())}”"
    for c in r.conflicts:
        yield f"  conflict   {c.field}"
        for value, keys in c.values.items():
            yield f"    {value}: {', '.join(keys)}"


def _about(*words: object) -> str:
    return ", ".join(str(w) for w in words if w)


def person(p: Person) -> Iterator[str]:
    """Lines of a person's entry."""
    others = [n for n in p.names if n != p.name]
    yield f"{p.name}  {', '.join(p.parties)}  {p.id}"
    if others:
        yield f"  also       {', '.join(others)}"
    for t in p.tenures:
        days = " to ".join(dict.fromkeys(d for d in (t.since, t.until) if d)) or "undated"
        yield f"  office     {t.office}  ({days}; {len(t.sources)} source{'s' if len(t.sources) != 1 else ''})"
    yield f"  takes part in {p.engagements} engagement{'s' if p.engagements != 1 else ''}"


def months(records: Sequence[Record]) -> Iterator[str]:
    """A line a record under a heading a month; records come sorted by date."""
    for month, some in groupby(records, key=lambda r: (r.date.start or "undated")[:7]):
        found = list(some)
        yield f"{month}  ({len(found)})"
        yield from (f"  {line(r)}" for r in found)


def past(items: Iterable[HistoryItem]) -> Iterator[str]:
    """Lines of a history."""
    for i in items:
        by = f" by {i.by}" if i.by else ""
        name = f"  [{i.judgement}]" if i.judgement else ""
        yield f"  {i.at or 'undated':<20}  {i.what}{by}: {i.text}{name}"


def readings(trail: Iterable[Reading]) -> Iterator[str]:
    """Lines of the trail."""
    for r in trail:
        yield (
            f"  {r.at:<20}  {r.what}: " + ", ".join(f"{n} {name}" for name, n in r.counts.items()) + f"  ({r.version})"
        )


def hit(h: Hit) -> Iterator[str]:
    """Lines of a document that was found."""
    yield f"{h.title or h.doc_id}  ({_about(h.outlet, h.published)})"
    yield f"  {h.passage}"
    if h.records:
        yield f"  engagements  {' '.join(r[:SHORT] for r in h.records)}"


HIT_COLUMNS = ("doc_id", "outlet", "published", "title", "score", "passage", "records")


def hit_row(h: Hit) -> dict[str, str]:
    """A document that was found as a row of HIT_COLUMNS."""
    return {
        "doc_id": h.doc_id,
        "outlet": h.outlet or "",
        "published": h.published.isoformat() if h.published else "",
        "title": h.title or "",
        "score": f"{h.score:.3f}",
        "passage": h.passage,
        "records": " ".join(h.records),
    }
