"""What loads when: importing the package and asking for help must stay quick."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("spacy", "numpy", "onnxruntime", "pyarrow", "duckdb", "trafilatura", "pandas")


@pytest.mark.parametrize(
    "call", ["import dragoman", "import dragoman.cli", "from dragoman import Settings, SkipDocument"]
)
def test_nothing_heavy_is_loaded(call: str) -> None:
    code = f"import sys; {call}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_are_there() -> None:
    import dragoman

    for name in dragoman.__all__:
        assert getattr(dragoman, name) is not None
    with pytest.raises(AttributeError):
        dragoman.nothing  # noqa: B018


def test_stages_are_the_ones_we_know() -> None:
    from dragoman.pipeline import STAGES

    assert [(s.name, s.needs, s.adds) for s in STAGES] == [
        ("clean", (), "clean"),
        ("annotate", ("clean",), "annotation"),
        ("resolve", ("clean", "annotation"), "findings"),
        ("events", ("clean", "annotation", "findings"), "engagements"),
        ("attribution", ("annotation", "engagements"), "engagements"),
    ]
    assert all(callable(s.load()) for s in STAGES)
