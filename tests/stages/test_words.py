"""Words of the language model as our own: what is remembered of them is what the model's rules say each time."""

from __future__ import annotations

import importlib
import importlib.util
import warnings

import pytest

from dragoman.knowledge.language import MODELS
from dragoman.model import Document, Source
from dragoman.resources import Tools
from dragoman.stages.clean import clean

TEXTS = [
    "There are two envoys in Baku. Let's meet, he said; they're gonna talk, and they ain't done.",
    "The ministers met, and she was meeting them when the talks had begun. That is what he said that day.",
    "That's the deal, but there is more: did they do it? She does, he has to, and it had been agreed.",
]


@pytest.mark.parametrize("text", TEXTS)
def test_remembered_words_are_those_of_the_whole_pipeline(text: str, tools: Tools) -> None:
    doc = clean(Document(Source("a"), text), tools)
    [(_, first, _)] = tools.engine.words([doc])
    [(sentences, again, vectors)] = tools.engine.words([doc])
    assert first == again
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = importlib.import_module(next(m for m in MODELS if importlib.util.find_spec(m))).load()
        parsed = whole(text)
    assert [(t.text, t.pos, t.lemma, t.dep, t.head) for t in again] == [
        (t.text, t.pos_, t.lemma_.lower(), t.dep_, t.head.i) for t in parsed
    ]
    assert [text[s.start : s.end] for s in sentences] == [s.text for s in parsed.sents]
    assert vectors.shape == parsed.tensor.shape


def test_an_empty_document_has_no_words(tools: Tools) -> None:
    [(sentences, tokens, vectors)] = tools.engine.words([clean(Document(Source("a"), " "), tools)])
    assert (sentences, tokens, len(vectors)) == ((), (), 0)
