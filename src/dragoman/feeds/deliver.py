"""Alerts told: a line in a file, a program with the record on its standard input, a request to an address."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

from dragoman.feeds.fetch import Failed, Fetcher, Refused, Stopped, Wanted
from dragoman.feeds.plan import Alert

SLICE = 0.5  # seconds after which a wait looks whether the run ends
LONGEST_RUN = 60.0  # seconds that a program may take
LARGEST_ANSWER = 100_000  # bytes of an answer to a request that are looked at
SAID = 200  # characters of what a program complains of that are repeated


class Undelivered(Exception):
    """It did not arrive: says why."""


class Deliverer:
    """Tells alerts. Files and programs are counted from ``folder``."""

    def __init__(self, folder: Path, fetcher: Fetcher) -> None:
        self._folder, self._fetcher = folder, fetcher
        self._stop = threading.Event()

    def stop(self) -> None:
        """End what is being told."""
        self._stop.set()

    def deliver(self, alert: Alert, way: str, body: str) -> None:
        """Tell a record, as JSON, in one of the alert's ways.

        Raises:
            Undelivered: it did not arrive.
        """
        if way == "file" and alert.file:
            self._append(self._folder / alert.file, body)
        elif way == "command" and alert.command:
            self._run(alert.command, body)
        elif way == "webhook" and alert.webhook:
            self._post(alert.webhook, body)

    def _append(self, path: Path, body: str) -> None:
        """A whole line or nothing: one write to the end of the file."""
        try:
            number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(number, body.encode("utf-8", "replace") + b"\n")
                os.fsync(number)
            finally:
                os.close(number)
        except OSError as error:
            raise Undelivered(f"{path}: {error.strerror or error}") from None

    def _run(self, command: tuple[str, ...], body: str) -> None:
        try:
            process = subprocess.Popen(
                command, cwd=self._folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                start_new_session=True,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            raise Undelivered(f"{command[0]}: {getattr(error, 'strerror', None) or error}") from None
        with process:
            said = self._waited(process, command[0], body.encode("utf-8", "replace") + b"\n")
        if process.returncode:
            words = " ".join(said.decode("utf-8", "replace").split())[:SAID]
            raise Undelivered(f"{command[0]} ended with {process.returncode}" + (f": {words}" if words else ""))

    def _waited(self, process: subprocess.Popen[bytes], name: str, body: bytes) -> bytes:
        """What a program complains of, when it has ended; it is ended where it takes too long or the run ends."""
        until = time.monotonic() + LONGEST_RUN
        given: bytes | None = body
        while True:
            try:
                return process.communicate(given, timeout=SLICE)[1]
            except subprocess.TimeoutExpired:
                given = None  # it is on its way
                over = time.monotonic() > until
                if over or self._stop.is_set():
                    with suppress(OSError):
                        os.killpg(process.pid, signal.SIGKILL)
                    why = f"took more than {LONGEST_RUN:g} s" if over else "was ended with the run"
                    raise Undelivered(f"{name} {why}") from None

    def _post(self, url: str, body: str) -> None:
        try:
            answer = self._fetcher.fetch(Wanted(url, LARGEST_ANSWER, post=body.encode("utf-8", "replace")))
        except (Failed, Refused) as error:
            raise Undelivered(str(error)) from None
        except Stopped:
            raise Undelivered("the run ends") from None
        if not 200 <= answer.status < 300:
            raise Undelivered(f"the webhook answers {answer.status}")
