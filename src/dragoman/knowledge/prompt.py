"""What a language model is asked, and the sentences that it is not shown: data/prompt.yaml and data/orders.yaml, ready for use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """The instructions, the form in which a document is shown, and the usual length of an answer in tokens."""

    version: int
    system: str
    document: str
    withheld: str
    answer_tokens: int


@dataclass(frozen=True, slots=True)
class Order:
    """A row of data/orders.yaml."""

    id: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...]
    counter: str


class Orders:
    """Tells sentences that give orders to whoever reads the text by machine."""

    def __init__(self, rows: Iterable[Order]) -> None:
        self.rows = tuple(rows)

    def given_by(self, sentence: str) -> bool:
        """Whether a sentence gives such an order."""
        return any(r.pattern.search(sentence) for r in self.rows)
