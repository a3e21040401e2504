"""In which language a document is written, so that another one than the reader's is set aside instead of read as nonsense."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dragoman.errors import SkipDocument

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ANY = "any"
WINDOW = 600  # characters looked at in one place
PLACES = 3  # the beginning, the middle, the end: a text in two languages holds the reader's, too
LEAST = 40  # letters below which no language is told
RULED_OUT = 1e-6  # the library's probability of a language below which it is another. English lines full of foreign names had 5e-4
# and more, a sentence in another language 5e-11 and less.


def check(text: str, location: str, language: str) -> str | None:
    """The language of a text: ``language`` where it may be that, with ``any`` the likeliest; None where too little tells.

    Raises:
        SkipDocument: every part looked at is surely in another one; says which.
    """
    other = None
    for window in _windows(text):
        if sum(map(str.isalpha, window)) < LEAST:
            continue
        ranked = _identifier().rank(window)
        if language == ANY:
            return str(ranked[0][0])
        if dict(ranked).get(language, 0.0) > RULED_OUT:
            return language
        other = other or ranked[0][0]
    if other:
        raise SkipDocument(location, f"its language is {other}, not {language}")
    return None


def _windows(text: str) -> list[str]:
    """Stretches from several places of a text; the whole of a short one."""
    text = text.strip()
    if len(text) <= WINDOW * PLACES:
        return [text[a : a + WINDOW] for a in range(0, len(text), WINDOW)]
    step = (len(text) - WINDOW) // (PLACES - 1)
    return [text[k * step : k * step + WINDOW] for k in range(PLACES)]


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
