"""One document's questions: what is asked, what is kept of it already, what it costs, and the answers as records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dragoman.config import ModelSettings
from dragoman.errors import NoAnswer, SkipDocument
from dragoman.llm.answer import MalformedAnswer, Told, parse
from dragoman.llm.budget import Sending
from dragoman.llm.cache import Answers, key_of
from dragoman.llm.client import Client, Refused, Unanswered, request_of
from dragoman.llm.facts import Facts
from dragoman.llm.ground import Dropped, ground
from dragoman.llm.join import joined
from dragoman.llm.windows import Window, orders_in, windows
from dragoman.model import Document, Span, StageRecord
from dragoman.resources import Tools

TRIES = 2  # times that an answer which cannot be read is asked for, the second time with another seed


@dataclass(frozen=True, slots=True)
class Question:
    """One window of a document as a request; ``answer`` is there if it was kept of an earlier run."""

    window: Window
    request: dict[str, Any]
    key: str
    tokens: int
    answer: str | None


@dataclass(frozen=True, slots=True)
class Questions:
    """All that is asked about one document."""

    doc: Document
    barred: tuple[Span, ...]
    items: tuple[Question, ...]

    @property
    def open(self) -> tuple[Question, ...]:
        """Those without an answer."""
        return tuple(q for q in self.items if q.answer is None)


def questions(doc: Document, tools: Tools, settings: ModelSettings, answers: Answers | None) -> Questions:
    """What is to be asked about an annotated document."""
    barred = orders_in(doc, tools)
    items = []
    for window in windows(doc, tools, settings.window, barred):
        request = request_of(settings, window.messages)
        key = key_of(request, tools.prompt.version)
        items.append(Question(window, request, key, window.tokens(tools), answers.get(key) if answers else None))
    return Questions(doc, barred, tuple(items))


class Desk:
    """Where questions are put: the client, the answers that are kept, and the settings. Safe to use from many threads."""

    def __init__(self, client: Client, answers: Answers, settings: ModelSettings, prompt: int) -> None:
        self._client, self._answers, self._settings, self._prompt = client, answers, settings, prompt

    def ask(self, asked: Questions, sending: Sending) -> Questions:
        """The questions with all their answers; each new answer is kept as soon as it has come.

        Raises:
            SkipDocument: an answer did not come (:class:`NoAnswer`), was cut off, or could not be read.
            StopRun: as the client and the store of answers say.
        """
        answered = False
        try:
            doc_id = asked.doc.source.doc_id
            items = tuple(q if q.answer is not None else self._answered(q, doc_id, sending) for q in asked.items)
            answered = True
        finally:
            sending.ended(answered=answered)
        return replace(asked, items=items)

    def _answered(self, q: Question, doc_id: str, sending: Sending) -> Question:
        """The question with its answer; who asks the same at the same time waits for the one answer."""
        with self._answers.alone(q.key):
            text = self._answers.get(q.key)
            if text is None:
                new = self._new(q, doc_id, sending)
                text = self._answers.put(q.key, doc_id, self._settings.model or "", self._prompt, new)
        return replace(q, answer=text)

    def _new(self, q: Question, doc_id: str, sending: Sending) -> str:
        """An answer of the server's that can be read."""
        why = ""
        for number in range(TRIES):
            request = q.request if number == 0 else request_of(self._settings, q.window.messages, another=number)
            try:
                completion = self._client.complete(request, q.tokens, sending)
                if not completion.whole:
                    most = f"{self._settings.max_tokens:,} tokens; raise llm.max_tokens"
                    raise SkipDocument(doc_id, f"the model's answer was cut off at {most}")
                parse(completion.text)
            except Unanswered as unanswered:
                raise NoAnswer(doc_id, f"the language model gave no answer {unanswered}") from None
            except Refused as refused:
                raise SkipDocument(doc_id, f"the language model gave no answer: {refused}") from None
            except MalformedAnswer as malformed:
                why = str(malformed)
                continue
            return completion.text
        raise SkipDocument(doc_id, f"the language model's answer cannot be read: {why}")


def told(asked: Questions, tools: Tools, model: str) -> tuple[Document, tuple[Dropped, ...]]:
    """The document with the engagements that its answers tell and its words bear out, and what was dropped of them."""
    facts = Facts(asked.doc, tools, asked.barred)
    found = [ground(_parsed(q), facts, model, q.window.span) for q in asked.items]
    dropped = tuple(d for one in found for d in one.dropped)
    notes = [model, f"{len(asked.items)} questions", f"{len(dropped)} values dropped", *map(_said, dropped)]
    if asked.barred:
        notes.insert(2, f"{len(asked.barred)} sentences withheld: they give orders to whoever reads")
    done = replace(
        asked.doc,
        engagements=joined([one.engagements for one in found]),
        trail=(*asked.doc.trail, StageRecord("llm", tuple(notes))),
    )
    return done, dropped


def _parsed(q: Question) -> tuple[Told, ...]:
    assert q.answer is not None
    return parse(q.answer)


def _said(dropped: Dropped) -> str:
    return f"{dropped.path} {dropped.value[:80]!r}: {dropped.why}"
