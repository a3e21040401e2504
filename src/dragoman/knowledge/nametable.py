"""All names of parties and places as one table that is ready when it is read: a trie of the package marisa-trie.

The file is a line of JSON, the trie's own bytes, for each name the number of its entry, and the entries, one a line.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import marisa_trie

from dragoman.errors import DataError
from dragoman.knowledge.naming import Entry

FORMAT = 1
NUMBER = "H"  # of an entry: two bytes, least first
MARK, BETWEEN = "\t", ","  # between the values of an entry; between the countries of its cities


class NameTable:
    """Names with their entries, asked by what a text begins with."""

    def __init__(
        self,
        trie: marisa_trie.Trie,
        numbers: Sequence[int],
        entries: Sequence[str],
        *,
        first: str,
        longest: int,
        stamp: str,
    ) -> None:
        """``numbers`` gives for each key of the trie its place in ``entries``.

        ``first`` holds all characters that a name begins with, ``longest`` the longest name's length; ``stamp`` says what the
        table was made from.
        """
        self._trie, self._numbers, self._entries = trie, numbers, entries
        self.first, self.longest, self.stamp = first, longest, stamp

    @classmethod
    def made(cls, names: Mapping[str, Entry], stamp: str) -> NameTable:
        """The table of these names.

        Raises:
            DataError: a name begins with what is no letter or digit, where no search would find it.
        """
        wrong = next((n for n in names if not (n[:1].isalnum() or n[:1] == "_")), None)
        if wrong is not None:
            raise DataError(f"the name {wrong!r} does not begin with a letter or digit")
        trie = marisa_trie.Trie(names)
        entries = sorted({_packed(e) for e in names.values()})
        place = {packed: i for i, packed in enumerate(entries)}
        numbers = array(NUMBER, [0]) * len(names)
        for name, entry in names.items():
            numbers[trie[name]] = place[_packed(entry)]
        first = "".join(sorted({name[0] for name in names}))
        return cls(trie, numbers, entries, first=first, longest=max(map(len, names), default=0), stamp=stamp)

    @classmethod
    def read(cls, path: Path) -> NameTable | None:
        """The table in a file; None if there is no file, or one of another format."""
        if not path.is_file():
            return None
        head, _, body = path.read_bytes().partition(b"\n")
        row = json.loads(head)
        if row["format"] != FORMAT:
            return None
        numbers = array(NUMBER)
        begin, end = row["trie"], row["trie"] + row["names"] * numbers.itemsize
        numbers.frombytes(body[begin:end])
        trie = marisa_trie.Trie().frombytes(body[:begin])
        about = {k: row[k] for k in ("first", "longest", "stamp")}
        return cls(trie, _swapped(numbers), body[end:].decode().split("\n"), **about)

    def write(self, path: Path) -> None:
        """Put the table into a file."""
        trie = self._trie.tobytes()
        head: dict[str, object] = {"format": FORMAT, "trie": len(trie), "names": len(self._trie)}
        head |= {"first": self.first, "longest": self.longest, "stamp": self.stamp}
        numbers = _swapped(array(NUMBER, self._numbers)).tobytes()
        path.write_bytes(json.dumps(head).encode() + b"\n" + trie + numbers + "\n".join(self._entries).encode())

    def names(self) -> dict[str, Entry]:
        """Everything in the table."""
        return {name: self.entry(name) for name in self._trie}

    def beginnings(self) -> re.Pattern[str]:
        """Where in a text a name may begin: at a word that begins as some name does."""
        return re.compile(rf"(?<!\w)[{re.escape(self.first)}]")

    def begins(self, text: str) -> list[str]:
        """All names that ``text`` begins with, the shortest first."""
        found: list[str] = self._trie.prefixes(text)
        return found

    def entry(self, name: str) -> Entry:
        """What a name of the table may mean."""
        return _unpacked(self._entries[self._numbers[self._trie[name]]])


def _swapped(numbers: array[int]) -> array[int]:
    """The numbers in the byte order of the file, which is that of nearly every machine."""
    import sys

    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _packed(entry: Entry) -> str:
    values = (entry.party or "", entry.party_kind, entry.country or "", entry.place_kind, "1" if entry.city else "")
    return MARK.join((*values, BETWEEN.join(entry.places), entry.seat or ""))


@cache
def _unpacked(packed: str) -> Entry:
    party, party_kind, country, place_kind, city, places, seat = packed.split(MARK)
    countries = tuple(places.split(BETWEEN)) if places else ()
    return Entry(party or None, party_kind, country or None, place_kind, bool(city), countries, seat or None)
