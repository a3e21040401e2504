"""attribution: the chain of who says so, nearest to the engagement first, the outlet last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dragoman.model import Document, Engagement, Origin, StageRecord
from dragoman.resources import Tools, plain
from dragoman.stages.attribution._voices import Voice, agencies, voices


def attribute(doc: Document, tools: Tools) -> Document:
    """Fills ``sources`` of every engagement; judges nothing of what they say."""
    assert doc.engagements is not None
    assert doc.annotation is not None
    if not doc.engagements:
        return replace(doc, trail=(*doc.trail, StageRecord("attribution")))
    outlet = doc.source.outlet
    cited = [v for v in voices(doc, tools.cues) if not (outlet and _same(v.text, outlet, tools))]
    named = [v for v in agencies(doc, tools.outlet) if not _part_of_another(doc, v, cited)]
    carriers = _distinct([v for v in named if not (outlet and _same(v.text, outlet, tools))], tools)
    cited = [v for v in cited if not any(_same(v.text, c.text, tools) for c in carriers)]
    engagements = tuple(_attributed(doc, e, _chain(doc, e, cited), carriers) for e in doc.engagements)
    return replace(doc, engagements=engagements, trail=(*doc.trail, StageRecord("attribution")))


def _part_of_another(doc: Document, agency: Voice, cited: Sequence[Voice]) -> bool:
    """Whether an outlet's name is only the end of an institution's ("the Ministry of Foreign Affairs reported")."""
    assert doc.clean is not None
    of_something = doc.clean.text[: agency.span.start].endswith(" of ")
    return of_something and any(v.span.covers(agency.span) and v.span != agency.span for v in cited)


def _chain(doc: Document, engagement: Engagement, cited: Sequence[Voice]) -> list[Voice]:
    """The voice of the engagement's own sentence or of the ones beside it, else the first institution of the document."""
    if not cited:
        return []
    sentence = _sentence(doc, engagement)
    for reach in (0, 1):
        near = [v for v in cited if abs(v.sentence - sentence) <= reach]
        if near:
            return near[:1]
    return [next((v for v in cited if v.kind == "body"), cited[0])]


def _sentence(doc: Document, engagement: Engagement) -> int:
    assert doc.annotation is not None
    assert doc.clean is not None
    origin = engagement.spans["kind"][0]
    word = (doc.text if origin.field == "text" else doc.source.title or "")[origin.start : origin.end]
    for as_given in (
        True,
        False,
    ):  # nearly all words are as they were given: those with this one's letters are looked at first
        for token in doc.annotation.tokens:
            if (token.text == word) == as_given and origin in doc.clean.origins(token.span):
                return token.sentence
    return 0


def _attributed(doc: Document, e: Engagement, chain: Sequence[Voice], carriers: Sequence[Voice]) -> Engagement:
    assert doc.clean is not None
    spans: dict[str, tuple[Origin, ...]] = dict(e.spans)
    basis = dict(e.basis)
    names: list[str] = []
    for voice in (*chain, *carriers):
        spans[f"sources[{len(names)}]"] = doc.clean.origins(voice.span)
        names.append(voice.text)
    if doc.source.outlet:
        basis[f"sources[{len(names)}]"] = "outlet"
        names.append(doc.source.outlet)
    return replace(e, sources=tuple(names), spans=dict(sorted(spans.items())), basis=dict(sorted(basis.items())))


def _distinct(found: Sequence[Voice], tools: Tools) -> list[Voice]:
    out: list[Voice] = []
    for voice in found:
        if not any(_same(voice.text, o.text, tools) for o in out):
            out.append(voice)
    return out[:2]


def _same(a: str, b: str, tools: Tools) -> bool:
    """Whether two names are one outlet's."""
    left, right = tools.outlet(a), tools.outlet(b)
    return plain(a) == plain(b) or (left is not None and left == right)
