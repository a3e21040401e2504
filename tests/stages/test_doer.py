"""Who does what a verb tells: told by the order of words, tried on sentences as they are read."""

from __future__ import annotations

import pytest

from dragoman.model import Document, Source
from dragoman.resources import Tools
from dragoman.stages.clean import clean
from dragoman.stages.events._doer import doer


@pytest.mark.parametrize(
    ("text", "verb", "who"),
    [
        ("President Ana Ruiz met Foreign Minister Jan Novak in Lima.", "met", "Ruiz"),
        ("After talks with Jan Novak, Foreign Minister Ana Ruiz received Pavel Horak.", "received", "Ruiz"),
        ("Jan Novak, the minister of defence of Latvia, welcomed Ana Ruiz on Monday.", "welcomed", "Novak"),
        ("The Prime Minister of Latvia, Jan Novak, was received by Ana Ruiz.", "received", "Novak"),
        ("Talks with Foreign Minister Jan Novak began in Lima.", "began", None),
        ("Ana Ruiz said the delegation had met Jan Novak.", "met", None),
        ("Ana Ruiz left; the delegation met Jan Novak.", "met", None),
        ("The delegation met Jan Novak and Ana Ruiz.", "met", None),
        ("Jan Novak spoke. A delegation met Ana Ruiz.", "met", None),
        ("Ana Ruiz arrived for a meeting with Jan Novak.", "meeting", None),
    ],
)
def test_who_does_it(tools: Tools, text: str, verb: str, who: str | None) -> None:
    [(_, tokens, _)] = tools.engine.words([clean(Document(Source("a"), text), tools)])
    word = next(i for i, t in enumerate(tokens) if t.text == verb)
    names = ["Ruiz", "Novak", "Horak"]
    named = [(n, [(i - 1, i + 1) for i, t in enumerate(tokens) if t.text == name]) for n, name in enumerate(names)]
    found = doer(tokens, word, named)
    assert (None if found is None else names[found]) == who
