"""annotate: sentences, words, and every mention that words alone can give, dictionary's, rules' and network's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from dragoman.model import KINDS, Annotation, CleanText, DateFound, Document, Mention, Span, StageRecord, Trigger
from dragoman.network import layout
from dragoman.network.features import Floats, Inputs, windows, word_features
from dragoman.resources import Tools
from dragoman.stages.annotate._dates import find_dates, find_lastings
from dragoman.stages.annotate._places import in_their_day, settled_places

HEAD = 400  # characters of a text in which it says when it was written
PRINTED = 3  # days after a dateline's within which a text appears
BATCH = 32  # documents parsed at once
TRIGGER_FLOOR = 0.05  # below this no word is worth keeping as a trigger; the stage events sets the real cut


def annotate(doc: Document, tools: Tools) -> Document:
    """Adds the annotation of one document."""
    return next(annotate_many([doc], tools))


def annotate_many(docs: Iterable[Document], tools: Tools) -> Iterator[Document]:
    """Adds annotations, many documents to a batch; the result does not depend on the batches."""
    batch: list[Document] = []
    for doc in docs:
        batch.append(doc)
        if len(batch) == BATCH:
            yield from _batch(batch, tools)
            batch = []
    if batch:
        yield from _batch(batch, tools)


def _batch(batch: list[Document], tools: Tools) -> Iterator[Document]:
    notes = list(observe_many(batch, tools))
    asked = [network_inputs(note, tools) for note in notes if note.tokens]
    read = tools.network.encode_many(asked) if asked else iter(())
    for doc, note in zip(batch, notes, strict=True):
        yield replace(
            doc,
            annotation=_tagged(note, next(read), _block_starts(doc, note), tools) if note.tokens else note,
            trail=(*doc.trail, StageRecord("annotate", (note.engine,))),
        )


def observe_many(docs: Iterable[Document], tools: Tools) -> Iterator[Annotation]:
    """Annotations without the network's part: what spaCy, dictionaries and rules say."""
    pending = list(docs)
    for doc, (sentences, tokens, tensor) in zip(pending, tools.engine.words(pending), strict=True):
        assert doc.clean is not None
        text = doc.clean.text
        anchor, basis = anchor_of(doc, tools.stamps)
        parties, places = tools.gazetteer.both(text)
        places = settled_places(doc.clean, tokens, places, parties, tools.place_words)
        places, parties = in_their_day(places, parties, anchor, tools.former)
        yield Annotation(
            engine=tools.engine.name,
            sentences=sentences,
            tokens=tokens,
            dates=find_dates(text, anchor, written_on(doc.clean, anchor)),
            lastings=find_lastings(text),
            places=places,
            parties=parties,
            titles=tools.titles.find(text),
            anchor=anchor,
            anchor_basis=basis,
            tensor=tensor,
        )


def anchor_of(doc: Document, stamps: frozenset[str]) -> tuple[date | None, str | None]:
    """The date that relative words count from, and where it comes from.

    Its metadata, its header, its first lines, or a line that begins with words of ``stamps`` ("Published: 10/11/2021").
    """
    if doc.source.published:
        return doc.source.published, "published"
    if doc.clean is None:
        return None, None
    if doc.clean.header_date:
        return doc.clean.header_date, "header"
    if first := next((d for d in _days(doc.clean.text) if d.span.start < HEAD), None):
        return date.fromisoformat(first.start), "dateline"
    for day in _days(doc.text):  # lines with such words are no part of the clean text
        before = doc.text[: day.span.start].rpartition("\n")[2].strip(" \t:,|").lower()
        if before in stamps:
            return date.fromisoformat(day.start), "stamp"
    return None, None


def written_on(clean: CleanText, anchor: date | None) -> date | None:
    """The day that the dateline names ("PARIS, June 13 -", "ABERDEEN, Tuesday. –"), where it is one of the last before the anchor."""
    head = next((b.span for b in clean.blocks if b.kind == "dateline"), None)
    if anchor is None or head is None:
        return None
    days = (date.fromisoformat(d.start) for d in find_dates(head.of(clean.text), anchor) if d.precision == "day")
    return next((day for day in days if 0 < (anchor - day).days <= PRINTED), None)


def _days(text: str) -> Iterator[DateFound]:
    """The days that a text names in full."""
    return (d for d in find_dates(text, None) if d.precision == "day" and not d.relative and d.end is None)


def network_inputs(note: Annotation, tools: Tools) -> Inputs:
    """What the network takes in for one document."""
    pieces, window, position = windows(tools.pieces.of([t.text for t in note.tokens]))
    features = word_features(
        note.tokens, dates=note.dates, places=note.places, parties=note.parties, titles=note.titles
    )
    hot = np.zeros((len(note.tokens), len(KINDS)), dtype=np.float32)
    for hit in tools.frames.find(note.tokens):
        hot[hit.word, KINDS.index(hit.kind)] = 1
    return Inputs(pieces, window, position, features, np.concatenate([hot, note.tensor], axis=1, dtype=np.float32))


def _block_starts(doc: Document, note: Annotation) -> frozenset[int]:
    """Words that begin a block of the text."""
    starts = [t.span.start for t in note.tokens]
    return frozenset(bisect_left(starts, b.span.start) for b in doc.clean.blocks) if doc.clean else frozenset()


def _tagged(
    note: Annotation, read: tuple[Floats, Floats, Floats], block_starts: frozenset[int], tools: Tools
) -> Annotation:
    """The network's vectors, tagged mentions (none of which runs over a block's end) and triggers added."""
    vectors, tags, trigger = read
    mentions = [
        Mention(kind, Span(note.tokens[a].span.start, note.tokens[b - 1].span.end), (a, b), score)
        for k, kind in enumerate(layout.TAGS)
        for a, b, score in runs(tags[:, k], block_starts)
    ]
    triggers = []
    for word in np.nonzero(1 - trigger[:, 0] > TRIGGER_FLOOR)[0]:
        best = int(trigger[word, 1:].argmax())
        triggers.append(Trigger(int(word), KINDS[best], float(1 - trigger[word, 0])))
    return replace(
        note,
        engine=f"{note.engine}; {tools.network.name}",
        mentions=tuple(sorted(mentions, key=lambda m: (m.span, m.kind))),
        triggers=tuple(triggers),
        vectors=vectors,
    )


def runs(probabilities: Floats, breaks: frozenset[int] = frozenset()) -> Iterator[tuple[int, int, float]]:
    """Stretches of words that one tag's probabilities (none, begins, goes on) [n, 3] make: start, end, mean score.

    A stretch ends before a word of ``breaks``.
    """
    best = probabilities.argmax(-1)
    start = None
    for i, value in enumerate([*best.tolist(), 0]):
        if start is not None and (value != 2 or i in breaks):
            yield start, i, round(float(1 - probabilities[start:i, 0].mean()), 3)
            start = None
        if value == 1 or (value == 2 and start is None):
            start = i
