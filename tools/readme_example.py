"""Put one example's text and what is read from it on README's first screen: ``python tools/readme_example.py``."""

from __future__ import annotations

import sys
from pathlib import Path

from dragoman.config import Settings
from dragoman.model import Document
from dragoman.pretty import account_lines
from dragoman.reader import Reader
from dragoman.stages import ingest

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "02_agency_call.md"
BEGIN, END = "<!-- example: made by tools/readme_example.py -->", "<!-- end of example -->"


def section() -> str:
    """The example as Markdown: the text, then the records."""
    [doc] = [d for d in ingest.read(str(EXAMPLE), Settings()) if isinstance(d, Document)]
    account = next(Reader().read_many([doc]))
    records = "\n".join(account_lines(account)).rstrip()
    text = "\n".join(f"> {line}".rstrip() for line in doc.text.strip().split("\n"))
    return f"{BEGIN}\n{text}\n\n```\n{records}\n```\n{END}"


def renewed(readme: str) -> str:
    """README with the example as it is read now."""
    head, _, rest = readme.partition(BEGIN)
    return head + section() + rest.partition(END)[2]


def main() -> None:
    path = ROOT / "README.md"
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
