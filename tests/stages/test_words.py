"""Words of the language model as our own: what is remembered of them is what the model's rules say each time."""

from __future__ import annotations

import warnings

import pytest

from dragoman.knowledge.language import package_of
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
        whole = package_of().load(exclude=["parser", "ner"])
        whole.enable_pipe("senter")
        parsed = whole(text)
    assert [(t.text, t.pos, t.lemma) for t in again] == [(t.text, t.pos_, t.lemma_.lower()) for t in parsed]
    assert [text[s.start : s.end] for s in sentences] == [s.text for s in parsed.sents]
    assert vectors.shape == parsed.tensor.shape


def test_an_empty_document_has_no_words(tools: Tools) -> None:
    [(sentences, tokens, vectors)] = tools.engine.words([clean(Document(Source("a"), " "), tools)])
    assert (sentences, tokens, len(vectors)) == ((), (), 0)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Lt. Gen. Nattarak met Rt. Hon. Dean Barrow. They talked.", 2),
        ("Present were Brig. (Retd.) A. Khan, Adm. B. Roy, Cdre. C. Silva and Sgt. Maj. D. Okello.", 1),
        ("He met Capt. Moussa Diallo, Maj. Awa Sy and Amb. Jean Roux. Mr. Roux left.", 2),
        ("The talks were about the gen. The minister left.", 2),  # in small letters it is a word
        ("He was received by the Governor-Gen. of Belize. She had come from Lima.", 2),
    ],
)
def test_no_sentence_ends_after_an_abbreviation(tools: Tools, text: str, sentences: int) -> None:
    """One list serves the screen and the reader."""
    [(found, _, _)] = tools.engine.words([clean(Document(Source("a"), text), tools)])
    assert [s.of(text) for s in found if s.of(text).strip()] == [
        s.of(text).strip() for s in tools.screen.sentences(text)
    ]
    assert len(found) == sentences


def test_words_are_forgotten_after_the_documents_they_stand_in(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    """What spaCy keeps of the words it meets would grow without end; beyond so many it keeps none."""
    strings = tools.engine._nlp.vocab.strings
    monkeypatch.setattr(tools.engine, "_most", len(strings) - 1)
    made = (clean(Document(Source(str(n)), f"Minister Xa{n}vor Qe{n}lith met Zu{n}man."), tools) for n in range(100))
    before = len(strings)
    assert len(list(tools.engine.words(made))) == 100
    assert len(strings) == before
