"""Reading by several processes: accounts come out in the order of the documents, the same bytes whatever the number.

A worker is forked from a server that has loaded what reading needs, so that its memory is shared and another is ready at once
(where the system cannot fork, each loads for itself). A worker that dies is replaced, and the documents that were waiting on it
are read again one by one; the one that ends a second worker is set aside. Nothing survives the process that began it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from dragoman.config import Settings
from dragoman.errors import SkipDocument, StopRun
from dragoman.model import Document
from dragoman.reader import Account, Reader

if TYPE_CHECKING:
    from dragoman.readers import AnyReader

AHEAD = 3  # batches in hand for each worker: what bounds memory, against a worker that waits for work
SINGLE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # libraries that would each use all cores

Read = Account | SkipDocument


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents to read together, and what was set aside after them."""

    documents: Sequence[Document]
    after: SkipDocument | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a batch; where a run has to stop, what was read before."""

    read: Sequence[Read]
    stop: StopRun | None = None


def read_batch(documents: Sequence[Document], reader: AnyReader) -> Done:
    """Accounts of a batch; if anything breaks in it, each document by itself, so that only the one at fault is lost."""
    done: list[Read] = []
    try:
        for one in reader.read_many(documents):
            done.append(one)  # noqa: PERF402 (what came before a stop must be kept)
    except StopRun as stop:
        return Done(done, stop)
    except Exception:
        return Done([_alone(doc, reader) for doc in documents])
    return Done(done)


def _alone(doc: Document, reader: AnyReader) -> Read:
    try:
        return next(reader.read_many([doc]))
    except StopRun:
        raise
    except Exception as error:
        return SkipDocument(doc.source.doc_id, f"reading failed: {type(error).__name__}: {error}")


def read_here(batches: Iterable[Batch], reader: AnyReader) -> Generator[tuple[Batch, Done], None, None]:
    """Batches read by this process."""
    for batch in batches:
        yield batch, read_batch(batch.documents, reader) if batch.documents else Done(())


class Workers:
    """Processes that read with the embedded reader; use it as a context manager, whose end ends them."""

    def __init__(
        self, settings: Settings, number: int, work: Callable[[Sequence[Document]], Done] | None = None
    ) -> None:
        """``work`` is what a worker does with a batch, where it is not to read it."""
        self._settings, self._number, self._work = settings, number, work or _work
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        self._context = multiprocessing.get_context(method)
        if method == "forkserver":
            self._context.set_forkserver_preload(["dragoman.warm"])
        self._begin()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *error: object) -> None:
        """Ends the processes when each has done the batch in its hands: one that is cut off while it writes what it has read would leave us
        waiting for the rest. A second Ctrl-C does not wait for them."""
        try:
            self._pool.shutdown(wait=True, cancel_futures=True)
        finally:
            self._leash.close()
            self._held.close()

    def read(self, batches: Iterable[Batch]) -> Iterator[tuple[Batch, Done]]:
        """Batches with what became of them, in order; an error of ``batches`` comes after all that was begun before it."""
        waiting: deque[tuple[Batch, Future[Done] | None]] = deque()
        more = iter(batches)
        broken: BaseException | None = None
        ended = False
        while waiting or not ended:
            while not ended and len(waiting) < self._number * AHEAD:
                try:
                    batch = next(more)
                except StopIteration:
                    ended = True
                except Exception as error:
                    ended, broken = True, error
                else:
                    waiting.append((batch, self._submit(batch.documents)))
            if waiting:
                batch, future = waiting.popleft()
                yield batch, self._outcome(batch, future)
        if broken:
            raise broken

    def _begin(self) -> None:
        """New processes; all of them end when ``_leash`` is let go of."""
        held, self._leash = self._context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            self._number, mp_context=self._context, initializer=_prepare, initargs=(self._settings, held)
        )
        self._held = held

    def _submit(self, documents: Sequence[Document]) -> Future[Done] | None:
        if not documents:
            return None
        try:
            return self._pool.submit(self._work, documents)
        except BrokenProcessPool:
            self._replace()
            return self._pool.submit(self._work, documents)

    def _replace(self) -> None:
        self._leash.close()
        self._held.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._begin()

    def _outcome(self, batch: Batch, future: Future[Done] | None) -> Done:
        if future is None:
            return Done(())
        try:
            return future.result()
        except BrokenProcessPool:
            return self._again(batch.documents)

    def _again(self, documents: Sequence[Document]) -> Done:
        """Documents that were with a worker when one died, read once more, one by one."""
        read: list[Read] = []
        for doc in documents:
            future = self._submit([doc])
            assert future is not None
            try:
                done = future.result()
            except BrokenProcessPool:
                reason = "the process that read it died twice, as when it is killed or memory runs out"
                read.append(SkipDocument(doc.source.doc_id, reason))
                continue
            read.extend(done.read)
            if done.stop:
                return Done(read, done.stop)
        return Done(read)


_reader: Reader | None = None


def _prepare(settings: Settings, held: Connection) -> None:
    """Make this process a worker: one thread, deaf to Ctrl-C (its parent hears it), gone as soon as its parent is or lets go."""
    global _reader
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    ends: list[Any] = [held, *([parent.sentinel] if parent else [])]
    threading.Thread(target=lambda: wait(ends) and os._exit(1), daemon=True).start()
    os.environ.update({**dict.fromkeys(SINGLE, "1"), "TOKENIZERS_PARALLELISM": "false"})
    from dragoman import warm

    _reader = warm.READER
    _reader.settings = settings


def _work(documents: Sequence[Document]) -> Done:
    assert _reader is not None
    done = read_batch(documents, _reader)
    return Done([one if isinstance(one, SkipDocument) else light(one) for one in done.read], done.stop)


def light(account: Account) -> Account:
    """The account without the layers of analysis, which are large."""
    return replace(account, document=replace(account.document, clean=None, annotation=None, findings=None))
