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
    """The running count: of what happened, not of what was meant to.

    ``unsure`` of the cost is for requests that ran out of time: the server may charge for them, so they count in full.
    """

    documents: int = 0  # whose text has left for the server in this run
    answered: int = 0  # of them, those with all their answers
    failed: int = 0  # tried, sent or not, and without an answer
    kept: int = 0  # answered from what is kept
    screened: int = 0  # not worth sending
    requests: int = 0  # that the server was sent
    unanswered: int = 0  # of them, those without an answer that can be used
    unreached: int = 0  # times that there was no connection
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    unsure: float = 0.0


class Sending:
    """One document on its way: counts once as sent, whatever its windows and tries, and once by how it ended. For one thread."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._tried = self._sent = False

    def tried(self) -> None:
        """A request with its text is about to be made."""
        self._tried = True

    def sent(self) -> None:
        """A request with its text has gone out."""
        self._budget.note("requests")
        if not self._sent:
            self._sent = True
            self._budget.note("documents")

    def ended(self, *, answered: bool) -> None:
        """All its answers are there, or it is given up. Another document's answer to the same question counts as kept."""
        if answered:
            self._budget.note("answered" if self._sent else "kept")
        elif self._tried:
            self._budget.note("failed")


class Budget:
    """Counts, and lets a request go only if its dearest outcome is within ``max_cost``. Safe to use from many threads."""

    def __init__(self, settings: ModelSettings) -> None:
        self._s = settings
        self._changed = threading.Condition()
        self._held = 0.0
        self._full = False
        self._admitted = 0
        self._n: dict[str, float] = dict.fromkeys(Usage.__slots__, 0)

    def price(self, tokens_in: int, tokens_out: int) -> float:
        """Cost of so many tokens."""
        return (tokens_in * self._s.price_in + tokens_out * self._s.price_out) / MILLION

    def admit(self) -> Sending:
        """One more document may be sent.

        Raises:
            LimitReached: so many have been let go as the user allows.
        """
        with self._changed:
            most = self._s.max_documents
            if most is not None and self._admitted >= most:
                raise LimitReached(f"--max-documents {most} reached; run again to go on, what was answered is kept")
            self._admitted += 1
        return Sending(self)

    def note(self, name: str) -> None:
        """Count one more of a field of :class:`Usage`."""
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
            self._n["tokens_in"] += tokens_in
            self._n["tokens_out"] += tokens_out
            self._n["cost"] += self.price(tokens_in, tokens_out)
            self._release(held)

    def fail(self, held: float, *, charged: bool, sent: bool = True) -> None:
        """No answer came; ``charged`` where the server may have worked on it all the same, not ``sent`` where it heard nothing."""
        with self._changed:
            self._n["unanswered" if sent else "unreached"] += 1
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
        f"language model: {u.documents:,} documents sent, {u.answered:,} answered, {u.failed:,} without an answer; "
        f"{u.kept:,} answered before, {u.screened:,} not worth sending; "
        f"{u.requests:,} requests"
        + (f", {u.unanswered:,} of them in vain" if u.unanswered else "")
        + (f", {u.unreached:,} times no connection" if u.unreached else "")
        + f", {u.tokens_in:,} tokens in, {u.tokens_out:,} out"
        + (cost if priced else "")
    )
