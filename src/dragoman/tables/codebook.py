"""The codebook: every table and column of the exports, from the declarations that write them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from dragoman.resources import Tools
from dragoman.tables import TABLES
from dragoman.tables.column import TYPES


def entries(tools: Tools) -> list[dict[str, Any]]:
    """One entry a column: table, column, type, meaning, allowed values."""
    return [
        {
            "table": t.name,
            "column": c.name,
            "type": TYPES[c.type],
            "meaning": c.meaning,
            "allowed": list(c.choices(tools)),
        }
        for t in TABLES
        for c in t.columns
    ]


def as_json(tools: Tools) -> str:
    """Tables with what they are, the formats that have them, and their columns."""
    tables = [
        {
            "table": t.name,
            "about": t.about,
            "formats": list(t.formats),
            "columns": [{k: v for k, v in e.items() if k != "table"} for e in entries(tools) if e["table"] == t.name],
        }
        for t in TABLES
    ]
    return json.dumps({"tables": tables, "levels": levels(tools)}, ensure_ascii=False, indent=1) + "\n"


def levels(tools: Tools) -> list[dict[str, Any]]:
    """Levels of office by precedence."""
    ranked = sorted(tools.levels.all, key=lambda level: (level.rank, level.name))
    return [{"level": x.name, "rank": x.rank, "about": x.about, "sector": x.sector} for x in ranked]


def as_csv(tools: Tools) -> str:
    """One row a column; allowed values parted by `; `."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow(["table", "column", "type", "meaning", "allowed"])
    for e in entries(tools):
        sheet.writerow([e["table"], e["column"], e["type"], e["meaning"], "; ".join(e["allowed"])])
    return out.getvalue()


def as_markdown(tools: Tools) -> str:
    """A section a table, and the levels of office."""
    parts = ["# Codebook\n"]
    for table in TABLES:
        parts.append(f"\n## {table.name}\n\n{table.about} In: {', '.join(table.formats)}.\n")
        parts.append("\n| column | type | meaning | allowed values |\n| --- | --- | --- | --- |\n")
        for c in table.columns:
            allowed = ", ".join(f"`{v}`" for v in c.choices(tools))
            parts.append(f"| `{c.name}` | {TYPES[c.type]} | {_cell(c.meaning)} | {allowed} |\n")
    parts.append("\n## Levels of office\n\n| level | rank | what | PLOVER sector |\n| --- | --- | --- | --- |\n")
    parts += [f"| `{x['level']}` | {x['rank']} | {x['about']} | {x['sector']} |\n" for x in levels(tools)]
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


WRITERS = {"md": as_markdown, "csv": as_csv, "json": as_json}
"""Forms of the codebook."""
