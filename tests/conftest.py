"""What tests share: one set of tools and one reader for the whole run, and where the shared folder lies, if it does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from dragoman.reader import Reader
from dragoman.resources import Tools

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
STATUS = pytest.StashKey[int]()


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


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[STATUS] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends the process when all has been reported, as `dragoman batch` does: threads of Daft's native engine, where a test has
    used it, may abort it while Python takes itself down, whatever the tests said."""
    if "daft" in sys.modules and STATUS in config.stash:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash[STATUS])
