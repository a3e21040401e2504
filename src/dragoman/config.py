"""Settings as a declared type. Nothing else reads the environment or a settings file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run may be told.

    Attributes:
        published: date of publication for documents that give none.
        outlet: outlet for documents that give none.
        largest: characters of text above which a document is set aside.
        largest_file: bytes above which a text or page is not opened at all.
    """

    published: date | None = None
    outlet: str | None = None
    largest: int = 1_000_000
    largest_file: int = 20_000_000
