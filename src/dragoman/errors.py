"""All errors of dragoman.

::

    DragomanError
    ├── SkipDocument      this document cannot be read; the run goes on
    │   └── NoAnswer      nor was it: who should have read it did not answer, and may another time
    ├── StopRun           the run cannot go on
    │   ├── ConfigError   a setting is wrong; names file and key
    │   ├── Unreachable   nor does a server answer that it needs; another time it may
    │   └── RegisterError the register cannot be opened, written or asked; says what to do
    │       ├── NotFound  it holds no such record, person or document, or several
    │       └── TooCostly a question took longer than it may
    ├── JudgementError    a person's judgement that cannot be; says what can
    └── DataError         a packaged data file is damaged; names file and line
"""

from __future__ import annotations


class DragomanError(Exception):
    """Anything that dragoman itself raises."""


class SkipDocument(DragomanError):
    """One document cannot be read.

    Args:
        location: file, and line where there is one ("feed.jsonl:12").
        reason: what is wrong, in words that tell what to do.
    """

    def __init__(self, location: str, reason: str) -> None:
        super().__init__(f"{location}: {reason}")
        self.location = location
        self.reason = reason

    def __reduce__(self) -> tuple[type[SkipDocument], tuple[str, str]]:
        return type(self), (self.location, self.reason)


class NoAnswer(SkipDocument):
    """A document that was not read for want of an answer: nothing is wrong with it, and it is to be tried another time."""


class StopRun(DragomanError):
    """The run cannot go on; what was done is kept."""


class Unreachable(StopRun):
    """A server that the run needs does not answer. A run that lasts may wait for it."""


class ConfigError(StopRun):
    """A setting is wrong."""


class RegisterError(StopRun):
    """The register cannot be opened, written or asked; the message says what to do."""


class NotFound(RegisterError):
    """The register holds no such record, person or document, or more than one of them."""


class TooCostly(RegisterError):
    """A question to the register took longer than it may, and was stopped."""


class JudgementError(DragomanError):
    """A person's judgement that cannot be: no such field, or a value that it cannot hold."""


class DataError(DragomanError):
    """A data file of the package is damaged."""
