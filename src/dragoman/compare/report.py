"""A comparison for people, as JSON, and as rows of CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dragoman.compare.acts import Act
from dragoman.compare.match import FOUND, VERDICTS, Answer, Comparison, GroupResult

COLUMNS = (
    "group", "list", "line", "row_id", "start", "end", "person", "country", "verdict", "notes", "engagements", "told_in",
)  # fmt: skip
"""Columns of the CSV: rows of the hand-made register (``list`` theirs) and what it lacks (``list`` ours)."""


def lines(result: Comparison, *, show: int) -> Iterator[str]:
    """Figures of each group, then the rows: missed, contradicted, lacking; ``show`` of each at most.

    Below the figure of a group stands what looser rules would add to it, with the recall that they would make.
    """
    for group in result.groups:
        precision = (
            "" if group.precision is None else f"   precision {group.precision:.3f} of {group.in_scope} in scope"
        )
        recall = "-" if group.recall is None else f"{group.recall:.3f}"
        yield f"{group.name:<16}{group.found} of {len(group.answers)}  recall {recall}{precision}"
        if group.looser:
            yield f"{'':<16}and {', '.join(f'{rows} {rule} ({recall:.3f})' for rule, rows, recall in group.looser)}"
    yield from _section("Missed", [a for g in result.groups for a in g.answers if a.verdict != FOUND], show)
    yield from _section("Contradicted", list(result.contradictions), show)
    lacking = [(g, a) for g in result.groups for a in g.lacking]
    if lacking:
        yield f"Not in the list ({len(lacking)})"
        yield from (f"  {_act(a)}" for _, a in lacking[:show])
        yield from _more(len(lacking), show)
    if result.aside:
        yield f"Set aside ({len(result.aside)})"
        yield from (f"  {s}" for s in result.aside[:show])
        yield from _more(len(result.aside), show)


def _section(title: str, answers: list[Answer], show: int) -> Iterator[str]:
    if not answers:
        return
    yield f"{title} ({len(answers)})"
    for answer in answers[:show]:
        row = answer.row
        yield f"  {row.id}  {_days(row.start.isoformat(), row.end.isoformat())}  {row.person or '–'}, {row.country}: {VERDICTS[answer.verdict]}"
        yield from (f"      {note}" for note in answer.notes)
        yield from (f"      {_act(a)}" for a in answer.acts[:2] if answer.verdict != FOUND or answer.notes)
    yield from _more(len(answers), show)


def _more(total: int, show: int) -> Iterator[str]:
    if total > show:
        yield f"  … and {total - show} more (--show, --csv, --json)"


def _days(start: str, end: str) -> str:
    return start if start == end else f"{start} to {end}"


def _act(act: Act) -> str:
    who = ", ".join(p.name for p in act.people if p.name) or ", ".join(sorted(act.parties))
    where = f" in {act.country}" if act.country else ""
    told = f"  [{_title(act)}]" if act.told else ""
    return f"{_days(act.start.isoformat(), act.end.isoformat())}  {act.kind} {act.status}{where}: {who}{told}"


def _title(act: Act) -> str:
    """The account that tells of it first after it took place, else the first of all."""
    day = act.start.isoformat()
    first = min(act.told, key=lambda t: ((t.published or "") < day, t.published or ""))
    return ", ".join(x for x in (first.title or first.url or act.id, first.outlet, first.published) if x)


def as_json(result: Comparison) -> dict[str, Any]:
    """Everything, for a machine."""
    return {
        "groups": [_group(g) for g in result.groups],
        "contradictions": [a.row.id for a in result.contradictions],
        "aside": [str(s) for s in result.aside],
    }


def _group(group: GroupResult) -> dict[str, Any]:
    return {
        "name": group.name,
        "rows": len(group.answers),
        "found": group.found,
        "recall": group.recall,
        "looser": [{"verdict": rule, "rows": rows, "recall": recall} for rule, rows, recall in group.looser],
        "in_scope": group.in_scope,
        "precision": group.precision,
        "answers": [_answer(a) for a in group.answers],
        "lacking": [_json(a) for a in group.lacking],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    row = answer.row
    return {
        "line": row.line,
        "id": row.id,
        "start": row.start.isoformat(),
        "end": row.end.isoformat(),
        "person": row.person,
        "country": row.country,
        "verdict": answer.verdict,
        "notes": list(answer.notes),
        "engagements": [_json(a) for a in answer.acts],
    }


def _json(act: Act) -> dict[str, Any]:
    return {
        "id": act.id,
        "kind": act.kind,
        "status": act.status,
        "start": act.start.isoformat(),
        "end": act.end.isoformat(),
        "parties": sorted(act.parties),
        "country": act.country,
        "people": [p.name for p in act.people if p.name],
        "evidence": act.evidence,
        "accounts": [{"title": t.title, "outlet": t.outlet, "published": t.published, "url": t.url} for t in act.told],
    }


def rows(result: Comparison) -> Iterator[tuple[str, ...]]:
    """Rows in the order of :data:`COLUMNS`: first those of the list, then what it lacks."""
    for group in result.groups:
        for a in group.answers:
            r = a.row
            yield (
                group.name, "theirs", str(r.line), r.id, r.start.isoformat(), r.end.isoformat(), r.person, r.country,
                a.verdict, "; ".join(a.notes), "; ".join(x.id for x in a.acts), _told(a.acts),
            )  # fmt: skip
    for group in result.groups:
        for act in group.lacking:
            people = ", ".join(p.name for p in act.people if p.name)
            yield (
                group.name, "ours", "", "", act.start.isoformat(), act.end.isoformat(), people, act.country or "",
                "not in the list", act.evidence, act.id, _told((act,)),
            )  # fmt: skip


def _told(acts: tuple[Act, ...]) -> str:
    return "; ".join(dict.fromkeys(_title(a) for a in acts if a.told))
