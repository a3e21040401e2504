"""Rows of a hand-made register, read by a mapping; a row that cannot be read is set aside with its line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dragoman.compare.acts import day
from dragoman.compare.mapping import Group, Mapping
from dragoman.errors import SkipDocument, StopRun
from dragoman.evaluate.same import tokens
from dragoman.resources import Tools


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what it says took place, of whom or to where, and when."""

    line: int
    id: str
    group: Group
    kind: str
    start: date
    end: date
    person: str
    surname: str
    country: str
    place: str
    remarks: str


def load_rows(path: Path, mapping: Mapping, tools: Tools) -> Iterator[Row | SkipDocument]:
    """Rows in the order of the file; rows of no group are left out.

    Raises:
        StopRun: no such file, not UTF-8, or a column that the mapping names and the file lacks.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            needed = {mapping.columns[k] for k in ("start", "country")}
            missing = needed - set(reader.fieldnames or ())
            if missing:
                raise StopRun(
                    f"{path}: no column {min(missing)!r}; it has {', '.join(reader.fieldnames or ()) or 'none'}: "
                    "name the columns in a mapping (--mapping FILE.toml)"
                )
            for raw in reader:
                row = _row(raw, reader.line_num, f"{path}:{reader.line_num}", mapping, tools)
                if row:
                    yield row
    except OSError as error:
        raise StopRun(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise StopRun(f"{path}: is not UTF-8 text") from None
    except csv.Error as error:
        raise StopRun(f"{path}: not CSV: {error}") from None


def _row(raw: dict[str, str], line: int, where: str, mapping: Mapping, tools: Tools) -> Row | SkipDocument | None:
    group = mapping.group(raw)
    if group is None:
        return None
    cell = {name: (raw.get(column) or "").strip() for name, column in mapping.columns.items()}
    start = day(cell["start"])
    if start is None:
        return SkipDocument(where, f"start {cell['start']!r} is no day (YYYY-MM-DD)")
    country = tools.party(cell["country"])
    if country is None:
        return SkipDocument(where, f"country {cell['country']!r} is no code and no name that is known")
    if group.needs == "person" and not surname(cell["person"], mapping.drop):
        return SkipDocument(where, "names no person")
    return Row(
        line, cell["id"] or str(line), group, cell["kind"], start, day(cell["end"]) or start, cell["person"],
        surname(cell["person"], mapping.drop), country, cell["place"], cell["remarks"],
    )  # fmt: skip


def surname(person: str, drop: tuple[str, ...]) -> str:
    """The last part of a name that is no suffix and no initial, folded; empty where there is none."""
    words = "|".join(re.escape(w) for w in drop)
    parts = [w for w in tokens(re.sub(rf"\b(?:{words})\b\.?", " ", person, flags=re.I)) if len(w) > 1]
    return parts[-1] if parts else ""
