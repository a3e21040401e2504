"""The notebook runs as it stands in the docs, from texts to a plot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
TOOL = ROOT / "tools" / "make_notebook.py"


def test_the_notebook_has_the_cells_of_its_maker() -> None:
    assert subprocess.run([sys.executable, str(TOOL), "--check"], check=False).returncode == 0


def test_the_notebook_runs_to_the_plot() -> None:
    """In a process of its own: kernels warn about things that are not ours to mend."""
    code = (
        f"import sys; sys.path.insert(0, {str(TOOL.parent)!r}); import json, make_notebook as m; "
        "print(json.dumps(m.run(m.made())))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    cells = json.loads(done.stdout.splitlines()[-1])["cells"]
    outputs = [o for c in cells if c["cell_type"] == "code" for o in c["outputs"]]
    assert any("image/png" in o.get("data", {}) for o in outputs)
    pages = ["".join(o["data"]["text/html"]) for o in outputs if "text/html" in o.get("data", {})]
    assert any("Register of" in p for p in pages)
    assert any("foreign minister" in p for p in pages)
    assert not any(o["output_type"] == "error" for o in outputs)
    text = (ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8")
    assert any(
        "image/png" in o.get("data", {}) for c in nbformat.reads(text, as_version=4).cells for o in c.get("outputs", [])
    )
