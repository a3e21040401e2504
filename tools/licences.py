"""The licences of the locked packages, as docs/licences.md: what each package's own metadata says, nothing guessed.

python tools/licences.py > docs/licences.md
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements" / "lock.txt"
HEAD = """# Licences of packages

What the locked set (`requirements/lock.txt`) installs, and the licence that each package's own metadata names. Made by
`python tools/licences.py > docs/licences.md` after `make lock` and `make setup`. What dragoman itself carries stands in NOTICE and in
[Data and licences](data.md).

## How the set is kept sound

- Every package is pinned with its hashes, and `make setup` installs with `--require-hashes`: what was tested is what is installed.
- The network's weights are in the package, with their SHA-256 on `card.json`; each file is compared with it when it is loaded, and
  `dragoman doctor` does so on demand. They are ONNX and NumPy arrays without objects; nothing is unpickled, here or anywhere in `src/`.
- Nothing is downloaded at run time: language model, weights and DuckDB's full-text extension come as packages, and DuckDB's own fetching
  of extensions is switched off.
- `make audit` asks a database of known faults about every locked package (`pip-audit`). It needs a package index that has one, as PyPI has;
  behind a mirror without it, it ends with 1 and names the first package that could not be audited (so here, in November 2026: no audit was made).

"""


def locked() -> list[tuple[str, str]]:
    """Names and versions of the locked packages."""
    found = re.findall(r"(?m)^([A-Za-z0-9][\w.-]*)==([^\s\\]+)", LOCK.read_text(encoding="utf-8"))
    return sorted(found, key=lambda pair: pair[0].lower())


def licence(name: str) -> str:
    """The licence that the installed package names: as an expression, by its classifiers, or in its own words."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed here"
    if "License-Expression" in told:
        return str(told["License-Expression"])
    kinds = [
        c.rpartition(" :: ")[2]
        for c in told.get_all("Classifier") or []
        if c.startswith("License :: ") and c.count("::") > 1
    ]
    if kinds:
        return "; ".join(dict.fromkeys(kinds))
    words = " ".join(str(told["License"]) if "License" in told else [])
    return words[:80] if words else "not said"


def page() -> Iterator[str]:
    """Lines of the page."""
    yield HEAD.rstrip("\n")
    rows = [(name, version, licence(name)) for name, version in locked()]
    yield "\n## How often each\n\n| licence | packages |\n| --- | --- |"
    for name, number in sorted(Counter(r[2] for r in rows).items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"| {name.replace('|', '/')} | {number} |"
    yield "\n## All\n\n| package | version | licence |\n| --- | --- | --- |"
    for name, version, words in rows:
        yield f"| {name} | {version} | {words.replace('|', '/')} |"


if __name__ == "__main__":
    sys.stdout.write("\n".join(page()) + "\n")
