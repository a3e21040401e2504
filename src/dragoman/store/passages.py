"""The stretch of a text that shows why it was found."""

from __future__ import annotations

import re

BEFORE, AFTER = 80, 200  # characters shown before and after the first word found


def passage(text: str, words: str) -> str:
    """A stretch of ``text`` around the place where most of ``words`` stand together, white space made plain."""
    wanted = {w.casefold()[:5] for w in re.findall(r"\w+", words)}  # their beginnings: endings differ
    starts = [m.start() for m in re.finditer(r"\w+", text) if m[0].casefold()[:5] in wanted] or [0]
    at = max(starts, key=lambda s: (sum(s <= other < s + AFTER for other in starts), -s))
    begin, end = max(0, at - BEFORE), min(len(text), at + AFTER)
    cut = " ".join(text[begin:end].split())
    if begin:
        cut = "…" + cut.partition(" ")[2]
    return cut.rpartition(" ")[0] + "…" if end < len(text) else cut
