"""Which records concern whom. Pure: alerts and records in, pairs out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from dragoman.errors import ConfigError
from dragoman.feeds.plan import Alert
from dragoman.knowledge.names import folded
from dragoman.model import Record

WAYS = ("file", "command", "webhook")


def settled(alerts: Iterable[Alert], code: Callable[[str], str | None], source: str) -> tuple[Alert, ...]:
    """The alerts with codes for the names of parties.

    Raises:
        ConfigError: a party is not known; names all such.
    """
    out, wrong = [], []
    for alert in alerts:
        codes = {name: code(name) for name in alert.parties}
        wrong += [
            f"[[watch]] {alert.name!r}: no party {name!r} is known" for name, found in codes.items() if found is None
        ]
        out.append(replace(alert, parties=tuple(c for c in codes.values() if c)))
    if wrong:
        raise ConfigError(f"{source}: " + "; ".join(wrong))
    return tuple(out)


def concerned(alerts: Iterable[Alert], records: Iterable[Record]) -> Iterator[tuple[Alert, Record]]:
    """Each alert with each record that it asks for."""
    known = list(records)
    for alert in alerts:
        for record in known:
            if asks_for(alert, record):
                yield alert, record


def asks_for(alert: Alert, record: Record) -> bool:
    """Whether all that the alert asks for holds of the record."""
    if not set(alert.parties) <= set(record.parties):
        return False
    if alert.person is not None and not _takes_part(alert.person, record):
        return False
    if alert.framework is not None and alert.framework.lower() not in (record.framework or "").lower():
        return False
    if alert.topic is not None and alert.topic not in record.topics:
        return False
    return alert.kind is None or alert.kind == record.kind


def _takes_part(words: str, record: Record) -> bool:
    wanted = set(folded(words))
    names = (n for p in record.participants for n in (p.name, *p.names) if n)
    return bool(wanted) and any(wanted <= set(folded(name)) for name in names)


def ways(alert: Alert) -> tuple[str, ...]:
    """The ways in which the alert is told."""
    return tuple(way for way in WAYS if getattr(alert, way))
