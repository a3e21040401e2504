"""Engagements as comparison needs them, from records of a register or from JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dragoman.errors import StopRun
from dragoman.model import Record

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Somebody:
    """A participant: name, office, party."""

    name: str
    office: str | None
    party: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """Where an engagement is told: title, outlet, day of publication, address."""

    title: str | None
    outlet: str | None
    published: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """An engagement with exact days. ``start`` to ``end`` both count."""

    id: str
    kind: str
    status: str
    start: date
    end: date
    parties: frozenset[str]
    country: str | None
    people: tuple[Somebody, ...]
    evidence: str
    told: tuple[Told, ...]


def day(text: str | None) -> date | None:
    """An ISO day; None for a month, a year or what is no day."""
    words = (text or "")[:10]
    try:
        return date.fromisoformat(words) if _DAY.fullmatch(words) else None
    except ValueError:
        return None


def acts_of_records(records: Iterable[Record]) -> Iterator[Act]:
    """Records that have a day."""
    for r in records:
        start = day(r.date.start)
        if start:
            yield Act(
                r.id, r.kind, r.status, start, day(r.date.end) or start, frozenset(r.parties),
                r.place.country if r.place else None,
                tuple(Somebody(p.name or "", p.office, p.party) for p in r.participants), r.evidence,
                tuple(Told(a.title, a.outlet, a.published.isoformat() if a.published else None, a.url) for a in r.accounts),
            )  # fmt: skip


def load_acts(path: Path) -> Iterator[Act]:
    """Engagements of a file that `dragoman code` or `dragoman export --format jsonl` wrote, those that have a day.

    Raises:
        StopRun: no such file, or a line that is no document or engagement; names file and line.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield from _acts(line, f"{path}:{number}")
    except OSError as error:
        raise StopRun(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise StopRun(f"{path}: is not UTF-8 text") from None


def _acts(line: str, where: str) -> Iterator[Act]:
    try:
        row = json.loads(line)
        document = row if "engagements" in row else {}
        for e in row["engagements"] if document else [row]:
            act = _act(e, document)
            if act:
                yield act
    except json.JSONDecodeError as error:
        raise StopRun(f"{where}: not JSON: {error.msg}") from None
    except (KeyError, TypeError, AttributeError):
        raise StopRun(f"{where}: neither a document with engagements nor an engagement") from None


def _act(e: dict[str, Any], document: dict[str, Any]) -> Act | None:
    when = e.get("date") or {}
    start = day(when.get("start"))
    if start is None:
        return None
    name = f"{document['doc_id']}/{e['id']}" if document else str(e["id"])
    return Act(
        id=name,
        kind=e["kind"],
        status=e["status"],
        start=start,
        end=day(when.get("end")) or start,
        parties=frozenset(e.get("parties") or ()),
        country=(e.get("place") or {}).get("country"),
        people=tuple(
            Somebody(p.get("name") or "", p.get("office"), p.get("party")) for p in e.get("participants") or ()
        ),
        evidence=e.get("evidence") or "",
        told=tuple(_told(a) for a in ([document] if document else e.get("accounts") or ())),
    )


def _told(account: dict[str, Any]) -> Told:
    return Told(account.get("title"), account.get("outlet"), account.get("published"), account.get("url"))
