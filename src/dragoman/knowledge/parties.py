"""The code of a party from its code or one of its names."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.utils import default_process


class PartyNames:
    """Codes by every code and name of the tables; where two parties share a name the first keeps it."""

    def __init__(self, parties: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        self._codes: dict[str, str] = {}
        for code, names in parties:
            for name in (code, *names):
                self._codes.setdefault(_plain(name), code)

    def code(self, words: str) -> str | None:
        """The code of the party of that code or name, in any case; None where there is none."""
        return self._codes.get(_plain(words))


def _plain(name: str) -> str:
    words = default_process(name).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)
