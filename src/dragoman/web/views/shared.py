"""What several views make: entries of lists, grids of counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dragoman.export import phrases
from dragoman.model import KINDS, Record
from dragoman.web.contexts import Entry, Grid, Share, Who

MOST_PEOPLE = 40  # participants of one entry


def entry(r: Record) -> Entry:
    """A record as an entry of a list."""
    return Entry(
        id=r.id,
        kind=r.kind,
        status=r.status,
        start=r.date.start,
        end=r.date.end,
        when=phrases.when(r),
        city=r.place.city if r.place else None,
        country=r.place.country if r.place else None,
        parties=r.parties,
        people=tuple(Who(p.person, p.name, p.office, p.party, p.side) for p in r.participants[:MOST_PEOPLE]),
        topics=r.topics,
        framework=r.framework,
        accounts=len(r.accounts),
        independent=r.independent,
        contested=tuple(sorted({c.field for c in r.conflicts})),
        accepted=r.accepted,
        part_of=r.part_of,
        evidence=r.evidence,
    )


def entries(records: Iterable[Record]) -> tuple[Entry, ...]:
    """Records as entries."""
    return tuple(entry(r) for r in records)


def shares(counted: Iterable[tuple[str, int]]) -> tuple[Share, ...]:
    """Counted values."""
    return tuple(Share(value, number) for value, number in counted)


def grid(counted: Iterable[tuple[str, str, int]], columns: Sequence[str], *, filled: str | None = None) -> Grid:
    """Counts by (line, column); columns without any are left out. ``filled`` year or month puts empty lines in between."""
    cells: dict[tuple[str, str], int] = {}
    for line, column, number in counted:
        cells[line, column] = cells.get((line, column), 0) + number
    lines = sorted({line for line, _ in cells})
    if filled and lines:
        lines = list(_between(lines[0], lines[-1], filled))
    shown = tuple(c for c in columns if any(column == c for _, column in cells))
    return Grid(tuple(lines), shown, tuple(tuple(cells.get((line, c), 0) for c in shown) for line in lines))


def _between(first: str, last: str, step: str) -> Iterable[str]:
    if step == "year":
        yield from (f"{y:04d}" for y in range(int(first), int(last) + 1))
        return
    year, month = (int(n) for n in first.split("-"))
    while f"{year:04d}-{month:02d}" <= last:
        yield f"{year:04d}-{month:02d}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


LONG = 4  # years from which records are counted by year and not by month
TOO_LONG = 120  # lines of a grid above which the latest are shown


def rhythm(counted: Iterable[tuple[str, str, int]]) -> Grid:
    """Records by (month, kind) as a grid, by year where they lie far apart; the latest TOO_LONG lines."""
    cells = list(counted)
    years = [int(month[:4]) for month, _, _ in cells]
    by = "year" if years and max(years) - min(years) >= LONG else "month"
    found = grid([(month[:4] if by == "year" else month, kind, n) for month, kind, n in cells], KINDS, filled=by)
    if len(found.lines) <= TOO_LONG:
        return found
    return Grid(found.lines[-TOO_LONG:], found.columns, found.cells[-TOO_LONG:])
