"""What tests share: one set of tools and one reader for the whole run, and where the shared folder lies, if it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.reader import Reader
from dragoman.resources import Tools

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def tools() -> Tools:
    return Tools()


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("ours to have: ../shared is not here")
    return SHARED
