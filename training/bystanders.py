"""People whom a training text names and the gold does not: those who take part in nothing, which the network is to learn.

Reading has no use for the language model's entities; here they tell who else is named.
"""

from __future__ import annotations

import warnings
from typing import Any

from dragoman.knowledge.language import as_printed, package_of
from dragoman.model import Annotation, Document, Span
from dragoman.network.features import word_range
from dragoman.network.pairs import Words, title_words, trimmed

PERSON = "PERSON"  # OntoNotes' label, as spaCy's English models give it


class Bystanders:
    """The entity model of the language model that reading builds on."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._nlp: Any = package_of().load(exclude=["parser", "tagger", "attribute_ruler", "lemmatizer"])

    def of(self, doc: Document, note: Annotation) -> list[Words]:
        """Word ranges of what the entity model takes for people in each paragraph, without ranks before them."""
        assert doc.clean is not None
        heads = title_words(note)
        small = self._nlp.Defaults.stop_words
        out: list[Words] = []
        for block in doc.clean.blocks:
            at = block.span.start
            for entity in self._nlp(as_printed(block.span.of(doc.clean.text), small)).ents:
                if entity.label_ == PERSON:
                    words = word_range(note.tokens, Span(at + entity.start_char, at + entity.end_char))
                    if words and (bare := trimmed(note, words, heads))[0] < bare[1]:
                        out.append(bare)
        return out
