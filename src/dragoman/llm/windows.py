"""A document as a model is shown it: numbered sentences, in one window or in several that overlap. No sentence is left out unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import Template

from dragoman.model import Document, Span
from dragoman.resources import Tools

OVERLAP = 0.15  # share of a window's tokens that the next one shows again
Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Window:
    """What one request shows: sentences ``first`` to ``last`` (counted from 1), the clean text they cover, the messages."""

    first: int
    last: int
    span: Span
    messages: tuple[Message, Message]

    def tokens(self, tools: Tools) -> int:
        """Length of the messages by the packaged tokenizer: an approximation of any other's."""
        return sum(tools.pieces.count(m["content"]) for m in self.messages)


def orders_in(doc: Document, tools: Tools) -> tuple[Span, ...]:
    """Sentences that give orders to whoever reads by machine."""
    assert doc.annotation is not None
    assert doc.clean is not None
    return tuple(s for s in doc.annotation.sentences if tools.orders.given_by(s.of(doc.clean.text)))


def windows(doc: Document, tools: Tools, size: int, barred: Sequence[Span] = ()) -> tuple[Window, ...]:
    """The windows of an annotated document, in order; every sentence is in one of them at least.

    Args:
        doc: the document.
        tools: prompt and tokenizer.
        size: tokens of sentences in a window; a longer sentence has a window of its own.
        barred: sentences of which only the number is shown.
    """
    assert doc.annotation is not None
    assert doc.clean is not None
    sentences = doc.annotation.sentences
    lines = [
        f"[{n}] {tools.prompt.withheld if s in barred else ' '.join(s.of(doc.clean.text).split())}"
        for n, s in enumerate(sentences, 1)
    ]
    return tuple(
        Window(a + 1, b, Span(sentences[a].start, sentences[b - 1].end), _messages(doc, tools, lines, a, b))
        for a, b in _cuts([tools.pieces.count(line) for line in lines], size)
    )


def _cuts(lengths: Sequence[int], size: int) -> Iterator[tuple[int, int]]:
    """First and one past the last sentence of each window: as many as fit, the next beginning ``OVERLAP`` earlier."""
    start = 0
    while start < len(lengths):
        end, total = start, 0
        while end < len(lengths) and (end == start or total + lengths[end] <= size):
            total += lengths[end]
            end += 1
        yield start, end
        if end == len(lengths):
            return
        start = _back(lengths, start, end, size)


def _back(lengths: Sequence[int], start: int, end: int, size: int) -> int:
    """Where the next window begins: as far back as the overlap allows and leaves room for the sentence at ``end``."""
    room = min(size * OVERLAP, size - lengths[end])
    back, shown = end, 0
    while back - 1 > start and shown + lengths[back - 1] <= room:
        back -= 1
        shown += lengths[back]
    return back


def _messages(doc: Document, tools: Tools, lines: Sequence[str], first: int, end: int) -> tuple[Message, Message]:
    assert doc.annotation is not None
    anchor = doc.annotation.anchor
    shown = Template(tools.prompt.document).substitute(
        published=anchor.isoformat() if anchor else "not known",
        outlet=" ".join((doc.source.outlet or "not known").split()),
        first=first + 1,
        last=end,
        total=len(lines),
        sentences="\n".join(lines[first:end]),
    )
    return {"role": "system", "content": tools.prompt.system}, {"role": "user", "content": shown}
