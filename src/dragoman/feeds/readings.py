"""Pages that are fetched go into the register, and what they tell to those who asked for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor

import msgspec

from dragoman.errors import RegisterError, StopRun, Unreachable
from dragoman.feeds import alerts, schedule
from dragoman.feeds.deliver import Deliverer, Undelivered
from dragoman.feeds.journal_rows import Again, Letter, Page, Told
from dragoman.feeds.plan import Alert
from dragoman.feeds.settle import Pages, Run
from dragoman.feeds.shelf import Read

BATCH = 32  # pages read at once
PATIENCE = 5.0  # seconds that a page waits for others to be read with
FULL = 500  # pages that wait to be read before no more are fetched
DEADLY = 3  # runs that a page may end before it is set aside
UNANSWERED = 5  # times that a language model is asked about a page in vain before it is set aside
REGISTER_PAUSE = (
    30.0  # seconds until a register that cannot be written, or a model that does not answer, is tried again
)
LETTER_PAUSE, LETTER_TRIES = 60.0, 6


class Readings:
    """Reads what is fetched."""

    def __init__(self, run: Run, pages: Pages, asked: Sequence[Alert]) -> None:
        self._run, self._pages, self._alerts = run, pages, asked
        self._since: float | None = None
        self._not_before = 0.0
        self._failures = 0
        self.trouble = ""
        self.new = 0
        self.aside = 0

    @property
    def full(self) -> bool:
        """Whether so much waits to be read that no more is to be fetched."""
        return self._pages.ready >= FULL

    def due(self, *, idle: bool) -> bool:
        """Whether it is time to read: enough has come, the first page has waited long enough, or nothing else is to be done."""
        now = self._run.clock.now()
        if not self._pages.ready:
            self._since = None
            return False
        self._since = now if self._since is None else self._since
        if now < self._not_before:
            return False
        return idle or self._pages.ready >= BATCH or now - self._since >= PATIENCE

    def read(self) -> None:
        """Read a batch into the register and write letters about it.

        A register that cannot be written keeps the pages waiting, and so does a language model that does not answer.

        Raises:
            StopRun: the reader cannot go on; the pages wait for the next run.
        """
        run = self._run
        rows = _batch(run.journal.to_read(BATCH))
        with run.journal.step():
            for page, _ in rows:
                if page.deaths >= DEADLY:
                    note = f"reading it ended the run {page.deaths} times"
                    run.journal.settled(page.key, "aside", at=run.clock.wall(), note=note)
            run.journal.begin_reading([page.key for page, _ in rows])
        sound = [(page, body) for page, body in rows if page.deaths < DEADLY]
        try:
            done = run.shelf.read(sound)
            told = self._told(done)
        except (RegisterError, Unreachable) as error:
            run.journal.end_reading()
            self._hold(str(error))
            return
        except StopRun:
            run.journal.end_reading()
            raise
        self._write(done, told)
        self._pages.ready = run.journal.number("fetched")
        self._since = None
        if waits := next((read for read in done if read.waits), None):
            self._hold("; ".join(waits.reasons))
        else:
            self._failures, self.trouble = 0, ""

    def _hold(self, reason: str) -> None:
        run = self._run
        self._failures += 1
        pause = schedule.backoff(self._failures, REGISTER_PAUSE, 3600.0, run.chance())
        self._not_before = run.clock.now() + pause
        if not self.trouble:
            run.say(f"{reason}; what is fetched waits, and is tried again")
        self.trouble = reason

    def _told(self, done: Sequence[Read]) -> list[tuple[Alert, Told]]:
        if not self._alerts:
            return []
        records = self._run.shelf.records(d for read in done for d in read.documents)
        return [
            (
                alert,
                Told(r.id, tuple(a.key for a in r.accounts), msgspec.json.encode(r, order="deterministic").decode()),
            )
            for alert, r in alerts.concerned(self._alerts, records)
        ]

    def _write(self, done: Sequence[Read], told: Sequence[tuple[Alert, Told]]) -> None:
        run, wall = self._run, self._run.clock.wall()
        with run.journal.step():
            for read in done:
                note = "; ".join(read.reasons)[:300]
                if read.waits:
                    tries, _ = run.journal.again(read.page.key, at=wall, due=None, answer=Again(200, note))
                    if tries < UNANSWERED:
                        continue
                read.waits = False
                state = "removed" if read.removed else "read" if read.documents else "aside"
                run.journal.settled(read.page.key, state, at=wall, note=note)
                run.journal.count(
                    {"read": "pages read", "aside": "pages set aside", "removed": "pages kept out"}[state]
                )
                self.new += state == "read"
                self.aside += state == "aside"
                if state == "aside":
                    run.say(f"set aside {read.page.url}: {note}")
            for alert, record in told:
                if run.journal.write_letters(alert.name, alerts.ways(alert), record, wall):
                    run.journal.count("alerts")
            run.journal.end_reading()


def _batch(rows: list[tuple[Page, bytes]]) -> list[tuple[Page, bytes]]:
    """Pages to be read together; one with which a run has ended is read alone."""
    if rows and rows[0][0].deaths:
        return rows[:1]
    return [row for row in rows if not row[0].deaths]


class Letters:
    """Tells alerts, each until it has arrived or has been tried often enough."""

    def __init__(self, run: Run, deliverer: Deliverer, asked: Sequence[Alert]) -> None:
        self._run, self._deliverer = run, deliverer
        self._alerts = {a.name: a for a in asked}
        self._under_way: set[int] = set()
        self._tried: set[int] = set()  # by a run that tries once
        self._again_at = 0.0
        self.waiting = 0

    @property
    def busy(self) -> bool:
        """Whether one is being told."""
        return bool(self._under_way)

    def start(self, pool: Executor, done: Callable[[Letter, str | None], None]) -> None:
        """Begin to tell those that are due; ``done`` hears of each, and of why it did not arrive."""
        run = self._run
        now, wall = run.clock.now(), run.clock.wall()
        if now < self._again_at or self._under_way:
            return
        letters = run.journal.letters()
        self.waiting = len(letters)
        pauses = []
        for letter in letters:
            left = schedule.remaining(letter.due, wall, schedule.LONGEST)
            if left or letter.id in self._tried:
                pauses.append(left)
                continue
            alert = self._alerts.get(letter.alert)
            if alert is None:
                run.journal.sent(letter.id)  # nobody asks for it any more
                continue
            self._under_way.add(letter.id)
            pool.submit(_tell, self._deliverer, alert, letter, done)
        self._again_at = now + min([1.0 if not letters else 5.0, *(p for p in pauses if p)])

    def settle(self, letter: Letter, fault: str | None) -> None:
        """A letter has arrived, or has not."""
        run = self._run
        self._under_way.discard(letter.id)
        if fault is None:
            run.journal.sent(letter.id)
            run.journal.count("alerts told")
            return
        pause = schedule.backoff(letter.tries + 1, LETTER_PAUSE, schedule.LONGEST, run.chance())
        if run.journal.unsent(letter.id, due=run.clock.wall() + pause, note=fault) >= LETTER_TRIES:
            run.journal.sent(letter.id)
            run.journal.count("alerts given up")
            run.say(f"alert {letter.alert!r} of {letter.record} is given up after {LETTER_TRIES} tries: {fault}")
        else:
            run.say(f"alert {letter.alert!r} of {letter.record} did not arrive: {fault}")
        if run.once:
            self._tried.add(letter.id)

    def open(self) -> bool:
        """Whether a run that tries once has something left to tell."""
        wall = self._run.clock.wall()
        return self.busy or any(
            letter.id not in self._tried and not schedule.remaining(letter.due, wall, schedule.LONGEST)
            for letter in self._run.journal.letters()
        )


def _tell(deliverer: Deliverer, alert: Alert, letter: Letter, done: Callable[[Letter, str | None], None]) -> None:
    fault: str | None = None
    try:
        deliverer.deliver(alert, letter.way, letter.body)
    except Undelivered as error:
        fault = str(error)
    except Exception as error:
        fault = f"an error of dragoman's own: {type(error).__name__}"
    done(letter, fault)
