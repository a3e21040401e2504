"""One open file for all who read within a process, let go of as soon as another process waits to write.

Opening a register of a million engagements costs more than most questions, and what was read of it is forgotten when it is
closed. So a server keeps it open between questions; a command, which asks once, opens it by itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dragoman.store.file import Connection, connected, plainly, writer_waits

IDLE = 2.0  # seconds without a question after which the file is closed
LOOK = 0.05  # seconds between looks for somebody who waits


class Pool:
    """Lends connections to one open file. Each who has one sees the same state, as nobody can write while the file is open."""

    def __init__(self, path: Path, *, wait: float = 10.0) -> None:
        """``wait`` is how many seconds to try while another process writes."""
        self.path = path
        self.wait = wait
        self._lock = threading.Condition()
        self._open: Connection | None = None
        self._users = 0
        self._used = 0.0

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """A connection of one's own.

        Raises:
            RegisterError: the file cannot be opened in time, or is no register.
        """
        with plainly(self.path):
            mine = self._take()
            try:
                yield mine
            finally:
                mine.raw.close()
                self._give_back()

    def _take(self) -> Connection:
        with self._lock:
            if self._open is not None and writer_waits(self.path):
                self._lock.wait_for(lambda: self._users == 0, timeout=self.wait)
                self._close()
            if self._open is None:
                self._open = connected(self.path, wait=self.wait)
                threading.Thread(target=self._watch, args=(self._open,), daemon=True).start()
            mine = Connection(self._open.raw.cursor())
            self._users += 1
            return mine

    def _give_back(self) -> None:
        with self._lock:
            self._users -= 1
            self._used = time.monotonic()
            self._lock.notify_all()

    def close(self) -> None:
        """Close the file, once nobody reads."""
        with self._lock:
            self._lock.wait_for(lambda: self._users == 0)
            self._close()

    def _close(self) -> None:
        if self._open is not None and self._users == 0:
            self._open.raw.close()
            self._open = None

    def _watch(self, mine: Connection) -> None:
        """Close the file when it is no longer used, or another process waits for it."""
        while True:
            time.sleep(LOOK)
            with self._lock:
                if self._open is not mine:
                    return
                if self._users == 0 and (time.monotonic() - self._used > IDLE or writer_waits(self.path)):
                    self._close()
                    return
