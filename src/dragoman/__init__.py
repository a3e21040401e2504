"""dragoman: from the news to a sourced register of who met whom.

>>> from dragoman import Reader
>>> account = Reader().read("Talks were held in Oslo …", published=date(2024, 5, 3))  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.errors import DragomanError, SkipDocument, StopRun
    from dragoman.model import Document, Engagement, Source
    from dragoman.reader import Account, Reader
    from dragoman.store.read import Register
    from dragoman.store.shapes import Filter

__version__ = "0.1.0"

_WHERE = {
    "Account": "dragoman.reader",
    "Document": "dragoman.model",
    "DragomanError": "dragoman.errors",
    "Engagement": "dragoman.model",
    "Filter": "dragoman.store.shapes",
    "Reader": "dragoman.reader",
    "Register": "dragoman.store.read",
    "Settings": "dragoman.config",
    "SkipDocument": "dragoman.errors",
    "Source": "dragoman.model",
    "StopRun": "dragoman.errors",
}
__all__ = [
    "Account",
    "Document",
    "DragomanError",
    "Engagement",
    "Filter",
    "Reader",
    "Register",
    "Settings",
    "SkipDocument",
    "Source",
    "StopRun",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Public names, imported when first used: ``import dragoman`` itself loads nothing heavy."""
    if name not in _WHERE:
        raise AttributeError(f"module 'dragoman' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_WHERE[name]), name)
