"""A register made by hand against one read by machine: what is found, missed, lacking, and what contradicts."""

from __future__ import annotations

from dragoman.compare.acts import Act, acts_of_records, load_acts
from dragoman.compare.mapping import Mapping, load_mapping
from dragoman.compare.match import Comparison, compare
from dragoman.compare.rows import Row, load_rows

__all__ = [
    "Act", "Comparison", "Mapping", "Row", "acts_of_records", "compare", "load_acts", "load_mapping", "load_rows",
]  # fmt: skip
