"""Alerts told: a line in a file, a program with the record on its standard input, a request to an address."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from dragoman.errors import ConfigError
from dragoman.feeds.fetch import Failed, Fetcher, Refused, Wanted
from dragoman.feeds.plan import Alert

LONGEST_RUN = 60.0  # seconds that a program may take
LARGEST_ANSWER = 100_000  # bytes of an answer to a request that are looked at
SAID = 200  # characters of what a program complains of that are repeated


class Undelivered(Exception):
    """It did not arrive: says why."""


class Deliverer:
    """Tells alerts. Files and programs are counted from ``folder``."""

    def __init__(self, folder: Path, fetcher: Fetcher) -> None:
        self._folder, self._fetcher = folder, fetcher

    def check(self, alert: Alert) -> None:
        """
        Raises:
            ConfigError: the alert's file lies in no folder.
        """
        if alert.file and not (self._folder / alert.file).parent.is_dir():
            raise ConfigError(f"[[watch]] {alert.name!r}: there is no folder {(self._folder / alert.file).parent}")

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
            try:
                _, said = process.communicate(body.encode("utf-8", "replace") + b"\n", timeout=LONGEST_RUN)
            except subprocess.TimeoutExpired:
                with suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
                raise Undelivered(f"{command[0]} took more than {LONGEST_RUN:g} s") from None
        if process.returncode:
            words = " ".join(said.decode("utf-8", "replace").split())[:SAID]
            raise Undelivered(f"{command[0]} ended with {process.returncode}" + (f": {words}" if words else ""))

    def _post(self, url: str, body: str) -> None:
        try:
            answer = self._fetcher.fetch(Wanted(url, LARGEST_ANSWER, post=body.encode("utf-8", "replace")))
        except (Failed, Refused) as error:
            raise Undelivered(str(error)) from None
        if not 200 <= answer.status < 300:
            raise Undelivered(f"the webhook answers {answer.status}")
