"""Gold files and their parts."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dragoman.errors import StopRun

Row = dict[str, Any]


def load(path: Path) -> list[Row]:
    """Lines of a gold or system file.

    Raises:
        StopRun: no such file, or a line that is no JSON object with doc_id; names file and line.
    """
    out: list[Row] = []
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    out.append(_row(line, f"{path}:{number}"))
    except OSError as error:
        raise StopRun(f"{path}: {error.strerror}") from None
    return out


def _row(line: str, where: str) -> Row:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise StopRun(f"{where}: not JSON: {error.msg}") from None
    if not isinstance(row, dict) or "doc_id" not in row or not isinstance(row.get("engagements"), list):
        raise StopRun(f"{where}: not an object with doc_id and engagements")
    return row


def held_out(rows: Iterable[Row]) -> frozenset[str]:
    """The quarter that is not read while rules are written or networks trained: ids of documents.

    Documents of one cluster tell of the same events and stay together: a cluster (or a document by itself) is held out
    when SHA-256 of its smallest id is divisible by four.
    """
    clusters: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        clusters[row.get("cluster") or row["doc_id"]].append(row["doc_id"])
    return frozenset(
        i for ids in clusters.values() if int(hashlib.sha256(min(ids).encode()).hexdigest(), 16) % 4 == 0 for i in ids
    )
