"""Sheets that training reports are written on."""

from __future__ import annotations

from pathlib import Path

import pytest

sheet = pytest.importorskip("training.sheet", reason="ours to have: training/ is not beside the tests")

GOOD = """=== t-1 | 2011-05-03 | Antara | Ministers meet
JAKARTA - Indonesia's defence minister, Gen. (ret.) Budi Santoso, received Mr Tom Baxter of Australia on Monday.
---
e1 meeting held main
when 2011-05-02 text
where JAKARTA | Jakarta | IDN
who Budi Santoso | defence minister | Gen. (ret.) | IDN | host | head
who Tom Baxter | - | - | AUS | guest
parties AUS IDN
about military
says Antara
ev received Mr Tom Baxter of Australia on Monday
"""


def read(tmp_path: Path, text: str) -> list[object]:
    path = tmp_path / "sheet.txt"
    path.write_text(text, encoding="utf-8")
    return list(sheet.read(path))


def test_a_report_becomes_a_gold_line(tmp_path: Path) -> None:
    [row] = read(tmp_path, GOOD)
    assert isinstance(row, dict)
    [e] = row["engagements"]
    assert (e["kind"], e["status"], e["parties"]) == ("meeting", "held", ["AUS", "IDN"])
    assert e["date"] == {"start": "2011-05-02", "end": None, "precision": "day", "basis": "text"}
    assert [(p["name"], p["rank"], p["head"]) for p in e["participants"]] == [
        ("Budi Santoso", "Gen. (ret.)", True),
        ("Tom Baxter", None, False),
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("e1 meeting", "e1 parade", "sheet.txt:4: 'parade' is not one of"),
        ("when 2011-05-02 text", "when 2011-05-02", "sheet.txt:5: a date needs its basis"),
        (
            "Mr Tom Baxter of Australia on Monday\n",
            "words of nobody\n",
            "sheet.txt:1: t-1 e1: evidence is not in the text",
        ),
        ("who Tom Baxter", "who Tim Baker", "'Tim Baker' is not in the text"),
        ("parties AUS IDN", "parties IDN", "AUS takes part and is not among the parties"),
    ],
)
def test_a_fault_names_file_line_and_reason(old: str, new: str, fault: str, tmp_path: Path) -> None:
    text = (
        GOOD.replace(old, new)
        if old.startswith("e1") or "Mr" not in old
        else GOOD.replace("ev received " + old, "ev " + new)
    )
    [found] = read(tmp_path, text)
    assert isinstance(found, str)
    assert fault in found
