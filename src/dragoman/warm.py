"""A reader that has loaded what reading needs: imported by the server that workers are forked from, and by nothing else.

What may hold threads or locks (sessions of ONNX Runtime) is left to each worker.
"""

from __future__ import annotations

import contextlib
import os
import sys

from dragoman.errors import StopRun

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
sys.modules.setdefault("torch", None)  # type: ignore[arg-type]  # spaCy loads it where it finds it: 200 MB, for nothing

from dragoman.pipeline import STAGES  # noqa: E402 (what is said above must be said before NumPy loads)
from dragoman.reader import Reader  # noqa: E402

READER = Reader(threads=1)
for _entry in STAGES:
    _entry.load()
with contextlib.suppress(StopRun):  # told by the worker that reads first
    READER.tools.load()
