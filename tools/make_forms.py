"""Makes data/forms.npz, counts of what forms the names of each state's office-holders take.

From the table of officials and from the people of the texts written for training, whose states their records tell. Run it
after a change of either: `make forms`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from dragoman.knowledge.forms import NameForms
from dragoman.resources import FORMS, Tools

WRITTEN = Path(__file__).parents[1] / "training" / "data"


def written() -> Iterator[tuple[str, str]]:
    """Name and party of each person of a training text, once a text."""
    for path in sorted(WRITTEN.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            people = {p["name"]: p["party"] for e in json.loads(line)["engagements"] for p in e["participants"]}
            yield from ((name, party) for name, party in people.items() if name and party)


def main() -> None:
    tools = Tools()
    states = {s.code for s in tools.states}
    forms = NameForms.counted((n, s) for n, s in (*tools.officials_by_state, *written()) if s in states)
    forms.write(FORMS)
    print(f"{len(forms):,} pieces of names, {FORMS.stat().st_size:,} bytes in {FORMS.name}")


if __name__ == "__main__":
    main()
