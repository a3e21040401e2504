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
    """The language of a text, as :func:`language_of` tells it.

    Raises:
        SkipDocument: every part looked at is surely in another one than ``language``; says which.
    """
    found = language_of(text, language)
    if found not in (None, language) and language != ANY:
        raise SkipDocument(location, f"its language is {found}, not {language}")
    return found


def language_of(text: str, language: str) -> str | None:
    """``language`` where a text may be in that, else the likeliest (with ``any`` always); None where there is too little to tell."""
    other = None
    for window in _windows(text):
        if sum(map(str.isalpha, window)) < LEAST:
            continue
        ranked = _identifier().rank(window)
        if dict(ranked).get(language, 0.0) > RULED_OUT:
            return language
        other = other or str(ranked[0][0])
        if language == ANY:
            break
    return other


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
