"""The desk where the register is handed out: several read at once, and one writes while nobody reads."""

from __future__ import annotations

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

from dragoman.errors import StopRun
from dragoman.resources import Tools
from dragoman.store import people
from dragoman.store.pool import Pool
from dragoman.store.read import Register
from dragoman.web.options import READERS, SECONDS, WAIT, Options

T = TypeVar("T")
KEPT = 256  # answers kept while the register's file stays as it is
PATIENCE = 15.0  # seconds that a request waits for its turn


class Busy(StopRun):
    """Too many ask at once; the message says to try again."""


class Desk:
    """Asks questions of one register from many threads.

    A file that a process has open for reading cannot be opened for writing by it too; so a writer first takes all
    readers' places.
    """

    def __init__(self, options: Options) -> None:
        """
        Raises:
            RegisterError: the file is missing or no register.
        """
        self.options = options
        self.tools = Tools()
        self._places: queue.LifoQueue[Register] = queue.LifoQueue()
        self._pool = Pool(options.register, wait=WAIT)
        for _ in range(READERS):
            self._places.put(Register(options.register, wait=WAIT, limit=SECONDS, tools=self.tools, pool=self._pool))
        self._writing = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._keeping = threading.Lock()
        self._stamp: Hashable = None

    def load(self) -> None:
        """Load the tables that pages need beside the register, so that the first to ask for them need not wait."""
        people.load(self.tools)
        self.tools.coordinates.load()

    def ask(self, question: Callable[[Register], T], *, key: Hashable = None) -> T:
        """The answer to a question, within one state of the file; with ``key`` it is kept until the file changes.

        Raises:
            Busy: no place came free in time.
            RegisterError: what the question raises.
        """
        stamp = self._seen()
        if key is not None:
            with self._keeping:
                if (stamp, key) in self._kept:
                    self._kept.move_to_end((stamp, key))
                    return self._kept[stamp, key]  # type: ignore[no-any-return]
        with self._place() as register, register.held() as still:
            answer = question(still)
        if key is not None:
            with self._keeping:
                self._kept[stamp, key] = answer
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return answer

    def _seen(self) -> Hashable:
        """What tells one state of the file from another; answers to an older one are let go of."""
        parts = []
        for name in (self.options.register, self.options.register.with_name(self.options.register.name + ".wal")):
            try:
                found = name.stat()
                parts.append((found.st_ino, found.st_size, found.st_mtime_ns))
            except OSError:
                parts.append((0, 0, 0))
        stamp = tuple(parts)
        with self._keeping:
            if stamp != self._stamp:
                self._stamp = stamp
                self._kept.clear()
        return stamp

    @contextmanager
    def _place(self) -> Iterator[Register]:
        try:
            register = self._places.get(timeout=PATIENCE)
        except queue.Empty:
            raise Busy("too many are asking at once; try again in a moment") from None
        try:
            yield register
        finally:
            self._places.put(register)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Nobody of this process reads within.

        Raises:
            Busy: readers did not finish in time.
        """
        with self._writing, ExitStack() as stack:
            for _ in range(READERS):
                stack.enter_context(self._place())
            self._pool.close()
            yield
