"""Exports: the part of a register that is asked for, as bytes or files. One module a format, this table of them."""

from __future__ import annotations

from dragoman.export._footnotes import note as footnote
from dragoman.export.formats import FORMATS, Format, export
from dragoman.export.holdings import Holdings, in_memory

__all__ = ["FORMATS", "Format", "Holdings", "export", "footnote", "in_memory"]
