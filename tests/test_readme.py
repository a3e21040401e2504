"""README's example is what the reader says today."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_example_is_current() -> None:
    spec = importlib.util.spec_from_file_location("readme_example", ROOT / "tools" / "readme_example.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert module.renewed(readme) == readme, "run python tools/readme_example.py"
