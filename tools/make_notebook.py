"""Make docs/notebook.ipynb: ``python tools/make_notebook.py`` writes the cells and runs them; ``--check`` only compares the cells."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"

CELLS = (
    ("markdown", """# From a folder of texts to a plot

Who met whom, by year and level, from nothing but texts. Run it from the `docs` folder with the package and its extra `notebook` installed
(`pip install "dragoman[notebook]"`). To use your own texts, change `TEXTS`."""),
    ("code", """import subprocess
import sys
import tempfile
from pathlib import Path

TEXTS = Path("../examples")
FILE = Path(tempfile.mkdtemp()) / "example.duckdb"

done = subprocess.run([sys.executable, "-m", "dragoman", "read", str(TEXTS), "--register", str(FILE), "--quiet"])
assert done.returncode in (0, 1)  # 1: some files were no reports and were set aside"""),
    ("markdown", "The register is one file. Shown by itself, it tells how much it holds and what is newest."),
    ("code", """from dragoman import Filter, Register

register = Register(FILE)
register"""),
    ("markdown", """`engagements()`, `participations()` and `accounts()` give tables: Arrow by default, pandas or polars on request. What a column means
stands in the codebook (`dragoman codebook`), and in the table itself: `register.participations().schema.field("level").metadata`."""),
    ("code", """people = register.participations(frame="pandas")
shown = ["record_id", "start", "kind", "status", "name", "office", "level", "party", "counterparts"]
people.dropna(subset=["name"])[shown].head(8)"""),
    ("markdown", """A level is read from the words of the office: head of state, minister, chief of staff … An engagement counts at the highest level that
takes part. Engagements that were only planned, or called off, are left out."""),
    ("code", """held = register.engagements(Filter(statuses=("held",)), frame="pandas").dropna(subset=["year"])
held["level"] = held["highest_level"].fillna("nobody named").str.replace("_", " ")
by_year = held.astype({"year": int}).groupby(["year", "level"]).size().unstack(fill_value=0)
by_year"""),
    ("code", """%matplotlib inline
import matplotlib.pyplot as plt

axes = by_year.plot.bar(stacked=True, figsize=(8, 4), rot=0)
axes.set_title("Engagements held, by year and highest level")
axes.set_ylabel("engagements")
axes.legend(title=None, bbox_to_anchor=(1.02, 1), loc="upper left", frameon=False)
plt.tight_layout()"""),
    ("markdown", "Who meets whom: pairs of parties."),
    ("code", """from itertools import combinations

import pandas as pd

pairs = [pair for parties in held["parties"] for pair in combinations(sorted(parties), 2)]
pd.Series(pairs, name="engagements").value_counts().head(10)"""),
    ("markdown", "One record whole, with the words that it rests on."),
    ("code", """register.records(limit=1)[0]"""),
    ("markdown", """From here: `dragoman export --format parquet tables/` for other tools, [R](r.md), or `dragoman compare` with a list that you have."""),
)  # fmt: skip


def made() -> nbformat.NotebookNode:
    """The notebook, not yet run. Cells have fixed ids, so that the same cells give the same file."""
    kinds = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    cells = [kinds[kind](source, id=f"cell-{number:02d}") for number, (kind, source) in enumerate(CELLS)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def run(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The same, run from the docs folder."""
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # times of day
        for out in cell.get("outputs", []):
            if "text/html" in out.get("data", {}):
                out["data"].pop("text/plain", None)  # says the same, for an object with its address in memory
    return notebook


def sources(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Kind and source of each cell."""
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def main() -> int:
    if "--check" in sys.argv:
        return int(sources(nbformat.read(NOTEBOOK, as_version=4)) != sources(made()))
    nbformat.write(run(made()), NOTEBOOK)
    return 0


if __name__ == "__main__":
    sys.exit(main())
