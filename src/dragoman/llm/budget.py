"""What a run has sent, what that costs, and the limits it may not pass."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from dragoman.config import ModelSettings
from dragoman.errors import StopRun

MILLION = 1_000_000


class LimitReached(StopRun):
    """A limit that the user set is reached; what was answered is kept."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The running count.

    ``unsure`` of the cost is for requests that ran out of time: the server may charge for them, so they count in full.
    """

    documents: int = 0  # sent in this run
    kept: int = 0  # answered from what was kept of earlier runs
    screened: int = 0  # not worth sending
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    unsure: float = 0.0


class Budget:
    """Counts, and lets a request go only if its dearest outcome is within ``max_cost``. Safe to use from many threads."""

    def __init__(self, settings: ModelSettings) -> None:
        self._s = settings
        self._changed = threading.Condition()
        self._held = 0.0
        self._full = False
        self._n: dict[str, float] = dict.fromkeys(Usage.__slots__, 0)

    def price(self, tokens_in: int, tokens_out: int) -> float:
        """Cost of so many tokens."""
        return (tokens_in * self._s.price_in + tokens_out * self._s.price_out) / MILLION

    def admit(self) -> None:
        """Count one more document as sent.

        Raises:
            LimitReached: so many have been sent as the user allows.
        """
        with self._changed:
            most = self._s.max_documents
            if most is not None and self._n["documents"] >= most:
                raise LimitReached(f"--max-documents {most} reached; run again to go on, what was answered is kept")
            self._n["documents"] += 1

    def note(self, name: str) -> None:
        """Count one more document as ``kept`` or ``screened``."""
        with self._changed:
            self._n[name] += 1

    def open(self, tokens_in: int) -> float:
        """Set aside the most that a request can cost, waiting for requests under way if that decides it.

        Raises:
            LimitReached: it might cost more than is left.
        """
        most = self.price(tokens_in, self._s.max_tokens)
        limit = self._s.max_cost
        with self._changed:
            while limit is not None and self._spent() + self._held + most > limit:
                if self._full or self._held <= 0:
                    self._full = True
                    self._changed.notify_all()
                    raise LimitReached(
                        f"--max-cost {limit:g} reached: {self._spent():.4f} spent and the next request may cost {most:.4f}; "
                        "run again to go on, what was answered is kept"
                    )
                self._changed.wait()
            self._held += most
        return most

    def close(self, held: float, tokens_in: int, tokens_out: int) -> None:
        """An answer came: what it cost stands in place of what was set aside."""
        with self._changed:
            self._n["requests"] += 1
            self._n["tokens_in"] += tokens_in
            self._n["tokens_out"] += tokens_out
            self._n["cost"] += self.price(tokens_in, tokens_out)
            self._release(held)

    def fail(self, held: float, *, charged: bool) -> None:
        """No answer came; ``charged`` where the server may have worked on it all the same."""
        with self._changed:
            self._n["requests"] += 1
            self._n["unsure"] += held if charged else 0.0
            self._release(held)

    @property
    def usage(self) -> Usage:
        """The count so far."""
        with self._changed:
            whole = {k: v if k in {"cost", "unsure"} else int(v) for k, v in self._n.items()}
        return Usage(**whole)  # type: ignore[arg-type]

    def _spent(self) -> float:
        return self._n["cost"] + self._n["unsure"]

    def _release(self, held: float) -> None:
        self._held = max(0.0, self._held - held)
        self._changed.notify_all()


def usage_line(u: Usage, *, priced: bool) -> str:
    """The count in one line."""
    cost = f", cost {u.cost + u.unsure:.4f}" + (f" (of it {u.unsure:.4f} unsure)" if u.unsure else "")
    return (
        f"language model: {u.documents} documents sent, {u.kept} answered before, {u.screened} not worth sending; "
        f"{u.requests} requests, {u.tokens_in:,} tokens in, {u.tokens_out:,} out" + (cost if priced else "")
    )
