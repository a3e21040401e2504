"""The language model as a reader: documents in, accounts out, with the interface of :class:`dragoman.reader.Reader`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Self

from dragoman.config import Settings, api_key
from dragoman.errors import SkipDocument, StopRun
from dragoman.llm.asking import Desk, Questions, questions, told
from dragoman.llm.budget import Budget, Sending, Usage, usage_line
from dragoman.llm.cache import Answers
from dragoman.llm.client import Client, Clock, is_loopback
from dragoman.model import Document, StageRecord
from dragoman.reader import Account
from dragoman.resources import Tools
from dragoman.stages.annotate import observe_many
from dragoman.stages.clean import clean
from dragoman.stages.screen import worth_reading

BATCH = 32  # documents prepared at once
NOT_SENT = "not worth sending"  # what the trail of a document says that the screen held back


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would send, before anything is sent. Tokens are those of the packaged tokenizer, so about right for any other."""

    documents: int
    screened: int
    kept: int
    sent: int
    tokens_in: int
    tokens_out: int
    cost: float
    priced: bool = False

    def lines(self) -> Iterator[str]:
        """The estimate for people to read."""
        yield f"documents           {self.documents:>12,}"
        yield f"not worth sending   {self.screened:>12,}"
        yield f"answered before     {self.kept:>12,}"
        yield f"to be sent          {self.sent:>12,}"
        yield f"tokens in, about    {self.tokens_in:>12,}"
        yield f"tokens out, about   {self.tokens_out:>12,}"
        yield f"cost, about         {f'{self.cost:,.4f}' if self.priced else 'give --price-in and --price-out':>12}"


class ModelReader:
    """Reads texts with a language model, held to the words. Opens nothing and sends nothing before it reads first.

    Use it as a context manager, or call :meth:`close`.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        tools: Tools | None = None,
        say: Callable[[str], None] = lambda message: None,
        count: Callable[[str], None] = lambda message: None,
        clock: Clock | None = None,
    ) -> None:
        """``say`` hears what the user must know (where the texts go, what a server does not take), ``count`` the running count."""
        self.settings, self.tools = settings, tools or Tools()
        self.dropped: Counter[tuple[str, str]] = Counter()
        self._llm, self._say, self._count = settings.llm, say, count
        self._budget = Budget(self._llm)
        self._clock = clock
        self._answers: Answers | None = None
        self._client: Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections and the file of answers; says what was dropped on the way."""
        if self.dropped:
            told = "; ".join(f"{n} × {field} {why}" for (field, why), n in self.dropped.most_common())
            self._count(f"held to the words: {self.dropped.total()} values dropped: {told}")
            self.dropped.clear()
        for held in (self._client, self._answers):
            if held is not None:
                held.close()
        self._client = self._answers = None

    @property
    def usage(self) -> Usage:
        """The running count."""
        return self._budget.usage

    @property
    def name(self) -> str:
        """What records name as their reader."""
        return f"llm {self._llm.model} prompt {self.tools.prompt.version}"

    @property
    def version(self) -> str:
        """What a record was made with: package, data, model and prompt."""
        return f"{self.tools.version} {self.name}"

    def read_many(self, documents: Iterable[Document]) -> Iterator[Account | SkipDocument]:
        """Accounts of documents, in order; a document that got no answer is a SkipDocument in its place.

        Raises:
            StopRun: a limit is reached, or the server is gone; accounts of all documents before have been given.
        """
        waiting = iter(documents)
        while batch := list(islice(waiting, BATCH)):
            yield from self._batch(batch)

    def estimate(self, documents: Iterable[Document]) -> Estimate:
        """What reading documents would cost. Sends nothing and writes nothing."""
        total = Estimate(0, 0, 0, 0, 0, 0, 0.0)
        path = Path(self._llm.cache)
        if self._answers is None and path.is_file():
            self._answers = Answers(path)
        for doc in documents:
            total = replace(total, documents=total.documents + 1)
            asked = self._questions(next(self._prepared([doc])))
            if asked is None:
                total = replace(total, screened=total.screened + 1)
            elif not asked.open:
                total = replace(total, kept=total.kept + 1)
            else:
                tokens = sum(q.tokens for q in asked.open)
                total = replace(
                    total,
                    sent=total.sent + 1,
                    tokens_in=total.tokens_in + tokens,
                    tokens_out=total.tokens_out + self.tools.prompt.answer_tokens * len(asked.open),
                )
        cost = self._budget.price(total.tokens_in, total.tokens_out)
        return replace(total, cost=cost, priced=bool(self._llm.price_in or self._llm.price_out))

    # -- a batch ---------------------------------------------------------------------------------------------------
    def _batch(self, batch: list[Document]) -> Iterator[Account | SkipDocument]:
        """Accounts of some documents; what is under way when a run stops comes to its end and is kept."""
        client, answers = self._opened()
        client.begin()
        desk = Desk(client, answers, self._llm, self.tools.prompt.version)
        pool = ThreadPoolExecutor(self._llm.concurrency)
        try:
            jobs, stop = self._begun(batch, lambda asked, sending: pool.submit(desk.ask, asked, sending))
            for doc, job in jobs:
                yield self._account(doc, job)
            if stop:
                raise stop
        except StopRun:
            raise
        except BaseException:
            client.stop()  # nobody waits for what has failed so far
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            self._count(usage_line(self.usage, priced=bool(self._llm.price_in or self._llm.price_out)))

    def _begun(
        self, batch: list[Document], begin: Callable[[Questions, Sending], Future[Questions]]
    ) -> tuple[list[tuple[Document, Future[Questions] | None]], StopRun | None]:
        """The documents with the work on each (None where there is none), and the limit that was reached, if one was."""
        jobs: list[tuple[Document, Future[Questions] | None]] = []
        for doc in self._prepared(batch):
            asked = self._questions(doc)
            if asked is None:
                self._budget.note("screened")
                jobs.append((doc, None))
                continue
            try:
                sending = self._budget.admit() if asked.open else Sending(self._budget)
            except StopRun as reached:
                return jobs, reached
            jobs.append((doc, begin(asked, sending)))
        return jobs, None

    def _opened(self) -> tuple[Client, Answers]:
        if self._answers is None:
            self._answers = Answers(Path(self._llm.cache))
        if self._client is None:
            url = self._llm.base_url or ""
            if not is_loopback(url):
                open_line = " in the clear, for the address is not https" if not url.startswith("https:") else ""
                self._say(f"texts are sent to {url}{open_line}")
            self._client = Client(self._llm, self._budget, key=api_key(), told=self._say, clock=self._clock)
        return self._client, self._answers

    def _prepared(self, docs: Iterable[Document]) -> Iterator[Document]:
        """Documents cleaned and annotated, without the network's part."""
        cleaned = [clean(doc, self.tools) for doc in docs]
        for doc, note in zip(cleaned, observe_many(cleaned, self.tools), strict=True):
            yield replace(doc, annotation=note, trail=(*doc.trail, StageRecord("annotate", (note.engine,))))

    def _questions(self, doc: Document) -> Questions | None:
        if not worth_reading(doc, self.tools):
            return None
        return questions(doc, self.tools, self._llm, self._answers)

    def _account(self, doc: Document, job: Future[Questions] | None) -> Account | SkipDocument:
        if job is None:
            done = replace(doc, engagements=(), trail=(*doc.trail, StageRecord("llm", (NOT_SENT,))))
        else:
            try:
                done, dropped = told(job.result(), self.tools, self.name)
            except SkipDocument as skipped:
                return skipped
            self.dropped.update((d.path.partition(".")[2].partition("[")[0], d.why) for d in dropped)
        return Account.of(done, self.version)
