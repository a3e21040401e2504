"""The register in a browser: pages, data behind every page, and the API under /api. Asks the register, holds no SQL."""

from __future__ import annotations

from dragoman.web.app import make_app
from dragoman.web.options import Options

__all__ = ["Options", "make_app"]
