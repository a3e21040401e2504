"""The mapping: which columns of a hand-made register mean what, and which groups of rows are counted apart."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dragoman.errors import ConfigError
from dragoman.resources import Tools

COLUMNS = ("id", "kind", "start", "end", "person", "country", "place", "remarks")
NEEDS = ("person", "country")
LOOSER = (
    "other spelling",
    "in the words",
    "by office",
    "near date",
    "announced",
    "other date",
    "unnamed",
)  # verdicts that may be counted beside "found"


@dataclass(frozen=True, slots=True)
class Scope:
    """Engagements of which a group claims to be a full list; what is empty asks for nothing."""

    kinds: tuple[str, ...] = ()
    place: str | None = None
    not_place: str | None = None
    party: str | None = None
    not_party: str | None = None
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows counted together: those in whose columns all patterns of ``when`` are found."""

    name: str
    needs: str
    when: tuple[tuple[str, re.Pattern[str]], ...] = ()
    scope: Scope | None = None

    def holds(self, raw: dict[str, str]) -> bool:
        """Whether a row of the file belongs here."""
        return all(pattern.search(raw.get(column) or "") for column, pattern in self.when)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping, checked. ``columns`` maps our names to those of the file."""

    columns: dict[str, str]
    groups: tuple[Group, ...]
    days: int
    near: int
    window: int
    statuses: tuple[str, ...]
    drop: tuple[str, ...]
    officials_until: str
    also: tuple[str, ...]

    def group(self, raw: dict[str, str]) -> Group | None:
        """The first group that a row belongs to."""
        return next((g for g in self.groups if g.holds(raw)), None)


def load_mapping(path: Path | None, tools: Tools) -> Mapping:
    """The user's mapping laid over the packaged one; the packaged one alone for ``None``.

    Raises:
        ConfigError: no such file, not TOML, or a key that is unknown or has a wrong value; names file and key.
    """
    base = tools.comparison
    if path is None:
        return _mapping(base, "compare.toml")
    try:
        own = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None
    unknown = set(own) - set(base)
    if unknown:
        raise ConfigError(f"{path}: unknown key {min(unknown)!r}: use {', '.join(base)}")
    laid = {
        k: v if k == "groups" else {**base[k], **_table(own.get(k, {}), str(path), k)} for k, v in (base | own).items()
    }
    return _mapping(laid, str(path))


def _mapping(table: dict[str, Any], where: str) -> Mapping:
    _known(table["columns"], COLUMNS, where, "columns")
    same = table["same"]
    _known(same, ("days", "near", "window", "statuses", "drop", "officials_until", "also"), where, "same")
    if not isinstance(table["groups"], list) or not table["groups"]:
        raise ConfigError(f"{where}: groups: write at least one [[groups]]")
    return Mapping(
        columns={k: _text(v, where, f"columns.{k}") for k, v in table["columns"].items()},
        groups=tuple(_group(g, where, n) for n, g in enumerate(table["groups"])),
        days=_number(same["days"], where, "same.days"),
        near=_number(same["near"], where, "same.near"),
        window=_number(same["window"], where, "same.window"),
        statuses=_texts(same["statuses"], where, "same.statuses"),
        drop=_texts(same["drop"], where, "same.drop"),
        officials_until=_text(same["officials_until"], where, "same.officials_until"),
        also=_rules(same["also"], where, "same.also"),
    )


def _rules(value: Any, where: str, key: str) -> tuple[str, ...]:
    rules = _texts(value, where, key)
    for rule in rules:
        if rule not in LOOSER:
            raise ConfigError(f"{where}: {key}: {rule!r} is not one of {', '.join(LOOSER)}")
    return rules


def _group(raw: Any, where: str, number: int) -> Group:
    key = f"groups[{number}]"
    table = _table(raw, where, key)
    _known(table, ("name", "needs", "when", "scope"), where, key)
    needs = _text(table.get("needs", "person"), where, f"{key}.needs")
    if needs not in NEEDS:
        raise ConfigError(f"{where}: {key}.needs: {needs!r} is not one of {', '.join(NEEDS)}")
    when = _table(table.get("when", {}), where, f"{key}.when")
    return Group(
        name=_text(table.get("name", f"group {number + 1}"), where, f"{key}.name"),
        needs=needs,
        when=tuple((c, _pattern(p, where, f"{key}.when.{c}")) for c, p in when.items()),
        scope=_scope(table["scope"], where, f"{key}.scope") if "scope" in table else None,
    )


def _scope(raw: Any, where: str, key: str) -> Scope:
    table = _table(raw, where, key)
    single, many = ("place", "not_place", "party", "not_party"), ("kinds", "levels")
    _known(table, (*single, *many), where, key)
    told: dict[str, Any] = {k: _text(table[k], where, f"{key}.{k}") for k in single if k in table}
    told |= {k: _texts(table[k], where, f"{key}.{k}") for k in many if k in table}
    return Scope(**told)


def _known(table: dict[str, Any], keys: tuple[str, ...], where: str, part: str) -> None:
    unknown = set(table) - set(keys)
    if unknown:
        raise ConfigError(f"{where}: {part}: unknown key {min(unknown)!r}: use {', '.join(keys)}")


def _table(value: Any, where: str, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where}: {key}: is not a table")
    return value


def _text(value: Any, where: str, key: str) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{where}: {key}: {value!r} is not text")
    return value


def _texts(value: Any, where: str, key: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ConfigError(f"{where}: {key}: {value!r} is not a list")
    return tuple(_text(v, where, key) for v in value)


def _number(value: Any, where: str, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConfigError(f"{where}: {key}: {value!r} is not a whole number")
    return value


def _pattern(value: Any, where: str, key: str) -> re.Pattern[str]:
    try:
        return re.compile(_text(value, where, key))
    except re.error as error:
        raise ConfigError(f"{where}: {key}: not a pattern: {error}") from None
