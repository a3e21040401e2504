"""Voices: who is said to say something, from cue words and what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dragoman.knowledge.cues import Cues
from dragoman.model import Annotation, Document, Span, Token

REACH = 14  # words that a voice may be long
_INSIDE = frozenset(["of", "the", "and", "for", "in", "to", "on", "s", "'s", "’s", "&", "at"])
_PRONOUNS = frozenset(["he", "she", "it", "they", "who", "we", "i", "you"])


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who is cited: ``kind`` is body, person or agency."""

    span: Span
    text: str
    kind: str
    sentence: int


def voices(doc: Document, cues: Cues) -> list[Voice]:
    """Every voice of the document, in order of text."""
    assert doc.annotation is not None
    assert doc.clean is not None
    note, text = doc.annotation, doc.clean.text
    starts = {t.span.start: i for i, t in enumerate(note.tokens)}
    ends = {t.span.end: i for i, t in enumerate(note.tokens)}
    found: dict[Span, Voice] = {}
    for match in cues.before.finditer(text):
        i = starts.get(match.start())
        if i is not None and (voice := _left(doc, note, i, cues)):
            found.setdefault(voice.span, voice)
    for match in cues.after.finditer(text):
        i = ends.get(match.end())
        if i is not None and (voice := _right(doc, note, i + 1, cues)):
            found.setdefault(voice.span, voice)
    return sorted(found.values(), key=lambda v: v.span)


def _person_at(doc: Document, i: int) -> Span | None:
    assert doc.findings is not None
    for person in doc.findings.people:
        if any(a <= i < b for a, b in (*person.named, *person.by_role)):
            return person.name
    return None


def _left(doc: Document, note: Annotation, cue: int, cues: Cues) -> Voice | None:
    """The subject that ends right before the cue, over auxiliaries, adverbs and an apposition in commas."""
    i = cue - 1
    sentence = note.tokens[cue].sentence
    while i >= 0 and note.tokens[i].sentence == sentence and note.tokens[i].pos in {"AUX", "ADV"}:
        i -= 1
    if i >= 0 and note.tokens[i].text == "," and note.tokens[i].sentence == sentence:
        j = i - 1
        while j >= 0 and i - j < REACH and note.tokens[j].text != "," and note.tokens[j].sentence == sentence:
            j -= 1
        if j > 0 and note.tokens[j].text == ",":
            outer = _named(doc, note, j - 1)
            if outer:
                return outer
        i -= 1
    if i < 0 or note.tokens[i].sentence != sentence:
        return None
    return _named(doc, note, i) or _phrase_ending(doc, note, i, cues)


def _named(doc: Document, note: Annotation, i: int) -> Voice | None:
    person = _person_at(doc, i)
    if person is None:
        return None
    assert doc.clean is not None
    return Voice(person, person.of(doc.clean.text), "person", note.tokens[i].sentence)


def _right(doc: Document, note: Annotation, i: int, cues: Cues) -> Voice | None:
    """What follows the cue: a person named within a few words, else a phrase with an institution's noun."""
    tokens = note.tokens
    if i >= len(tokens):
        return None
    end = i
    while end < len(tokens) and tokens[end].sentence == tokens[i].sentence and end - i < REACH:
        if tokens[end].text in {",", ".", ";", ":", "(", "“", '"', "–", "—"} and end > i:
            break
        end += 1
    for k in range(i, end):
        if (voice := _named(doc, note, k)) is not None:
            return voice
    return _phrase_ending(doc, note, end - 1, cues, first=i)


def _phrase_ending(doc: Document, note: Annotation, last: int, cues: Cues, first: int = 0) -> Voice | None:
    """The noun phrase that ends at ``last`` if an institution's noun (or "sources") is in it."""
    assert doc.clean is not None
    tokens = note.tokens
    a = last
    while a >= first and last - a < REACH and _in_phrase(tokens[a]) and tokens[a].sentence == tokens[last].sentence:
        a -= 1
    words = list(range(a + 1, last + 1))
    while words and (
        tokens[words[0]].pos in {"DET", "ADP", "CCONJ", "PRON", "PART"} or not tokens[words[0]].text[0].isalnum()
    ):
        words.pop(0)
    while words and tokens[words[-1]].pos in {"ADP", "DET", "CCONJ", "PUNCT"} and tokens[words[-1]].text != ")":
        words.pop()
    heads = [i for i in words if tokens[i].lemma in cues.bodies or tokens[i].text.lower() in cues.bodies | cues.people]
    agency = [i for i in words if tokens[i].text.isupper() and len(tokens[i].text) > 1]
    if not words or not (heads or (agency and len(words) <= 3)):
        return None
    if tokens[words[0]].text.lower() in _PRONOUNS:
        return None
    span = Span(tokens[words[0]].span.start, tokens[words[-1]].span.end)
    return Voice(span, span.of(doc.clean.text), "body", tokens[last].sentence)


def _in_phrase(token: Token) -> bool:
    return (
        token.pos in {"NOUN", "PROPN", "ADJ", "DET", "NUM"}
        or token.text.lower() in _INSIDE
        or token.text in {"(", ")", "-", "–"}
    )


def agencies(doc: Document, outlet_of: Any) -> Iterator[Voice]:
    """Agencies named in the dateline, in a closing signature, or as reporting ("Kabar reports")."""
    assert doc.annotation is not None
    assert doc.clean is not None
    text = doc.clean.text
    for block in doc.clean.blocks:
        if block.kind == "dateline":
            for match in re.finditer(r"\(([^()\n]{2,60})\)|/([^/\n]{2,30})/", block.span.of(text)):
                for part in re.split(r"\s*/\s*|\s+-\s+|,\s*", match[1] or match[2]):
                    if outlet_of(part.strip()):
                        yield _voice(doc, block.span.start + match.start(), part.strip())
            tail = re.search(r",?\s([A-Z][\w.-]+)\s*[-–—:]+\s*$", block.span.of(text))
            if tail and outlet_of(tail[1]):
                yield _voice(doc, block.span.start + tail.start(1), tail[1])
    lines = [b for b in doc.clean.blocks if b.kind in {"body", "byline"}]
    for block in lines[-3:]:
        end = re.search(r"(?:^|[-–—―(.]\s*)([A-Z][\w.’' -]{1,24}?)\s*[).]?\s*$", block.span.of(text)[-40:])
        if end and outlet_of(end[1].strip()):
            yield _voice(doc, block.span.end - len(block.span.of(text)[-40:]) + end.start(1), end[1].strip())
    for match in re.finditer(
        r"\b([A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3})(?: news agency| agency)? (?:reports|reported|informs|wrote|learned)\b",
        text,
    ):
        if outlet_of(match[1]):
            yield _voice(doc, match.start(1), match[1])


def _voice(doc: Document, start: int, name: str) -> Voice:
    assert doc.clean is not None
    at = doc.clean.text.find(name, max(0, start - 1))
    at = at if at >= 0 else start
    return Voice(Span(at, at + len(name)), name, "agency", -1)
