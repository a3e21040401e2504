"""One visit to a host, in a thread of its own: robots.txt if it is time for it, then the feed or the page. Touches no file."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dragoman.feeds import parse, robots
from dragoman.feeds.fetch import Answer, Failed, Fetcher, NoConnection, NotPublic, Refused, Stopped, Unfit, Wanted
from dragoman.feeds.journal_rows import Request
from dragoman.feeds.plan import Plan
from dragoman.feeds.schedule import Clock, Job

FEED_TYPES = ()  # feeds come under every type there is; what they are is seen from their bytes
ROBOTS_AGAIN = 600.0  # seconds after which a robots.txt that could not be had is asked for again
MOST_RULES = 32_000_000  # characters of robots.txt files that are kept in memory
WORKED, UNCHANGED, AGAIN, REFUSED, STOPPED = "worked", "unchanged", "again", "refused", "stopped"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a feed or page that is visited again."""

    etag: str | None = None
    modified: str | None = None
    hash: str | None = None
    outlet: str | None = None


@dataclass(slots=True)
class Outcome:
    """What a visit came to: one of WORKED, UNCHANGED, AGAIN, REFUSED, STOPPED.

    Attributes:
        job: what was visited.
        result: what it came to.
        answer: the answer, where one came.
        found: what a feed lists; None where it lists the same as before.
        note: why it did not work.
        hash: digest of what came.
        down: whether it is the host that cannot be had, not this page of it.
        unfit: whether something came that is not read.
        delay: seconds for which the host wants to be left alone, by its robots.txt.
        wait: the same, by its answer.
        requests: what was asked, for the journal.
        rules: robots.txt files that were fetched: host, status, text.
    """

    job: Job
    result: str = STOPPED
    answer: Answer | None = None
    found: parse.Found | None = None
    note: str = ""
    hash: str | None = None
    down: bool = False
    unfit: bool = False
    delay: float = 0.0
    wait: float | None = None
    requests: list[Request] = field(default_factory=list)
    rules: list[tuple[str, int | None, bytes]] = field(default_factory=list)


class Unreachable(NoConnection):
    """The host's robots.txt cannot be had, so nothing may be fetched from it for now."""


class Book:
    """The robots.txt files of hosts, for all threads. The ones used last are kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rules: dict[str, tuple[float, robots.Rules]] = {}
        self._size = 0

    def put(self, address: str, rules: robots.Rules, *, age: float = 0.0) -> None:
        """Keep a host's rules, which were fetched ``age`` seconds ago."""
        lasts = robots.LASTS if rules.reachable else ROBOTS_AGAIN
        with self._lock:
            self._drop(address)
            self._rules[address] = (self._clock.now() - age + lasts, rules)
            self._size += len(rules.text)
            while self._size > MOST_RULES:
                self._drop(next(iter(self._rules)))

    def get(self, address: str) -> robots.Rules | None:
        """A host's rules; None where they must be fetched."""
        with self._lock:
            found = self._rules.get(address)
            if found is None:
                return None
            if self._clock.now() >= found[0]:
                self._drop(address)
                return None
            self._rules[address] = self._rules.pop(address)
            return found[1]

    def _drop(self, address: str) -> None:
        gone = self._rules.pop(address, None)
        if gone is not None:
            self._size -= len(gone[1].text)


class Visitor:
    """Visits feeds and pages. Safe to use from many threads."""

    def __init__(self, plan: Plan, fetcher: Fetcher, clock: Clock) -> None:
        self._plan, self._fetcher, self._clock = plan, fetcher, clock
        self.book = Book(clock)

    def visit(self, job: Job, known: Known) -> Outcome:
        """Fetch what a job asks for. Raises nothing: whatever goes wrong is in the outcome."""
        out = Outcome(job)
        begun = self._clock.now()
        try:
            self._visit(job, known, out)
        except Stopped:
            out.result = STOPPED
        except Unfit as error:
            out.result, out.note, out.unfit = AGAIN, str(error), True
        except Refused as error:
            out.result, out.note = REFUSED, str(error)
        except Failed as error:
            out.result, out.note, out.down = AGAIN, str(error), isinstance(error, NoConnection)
        except Exception as error:
            out.result, out.note = AGAIN, f"an error of dragoman's own: {type(error).__name__}"
        if out.result != STOPPED:
            out.requests.append(self._request(job, begun, out))
        return out

    def _request(self, job: Job, begun: float, out: Outcome) -> Request:
        """The request as the journal keeps it."""
        answer = out.answer
        took = self._clock.real(self._clock.now() - begun)
        status, size = (answer.status, len(answer.body)) if answer else (None, 0)
        return Request(self._clock.wall(), job.kind, job.url, status, size, round(took, 3), out.hash, out.note)

    def _visit(self, job: Job, known: Known, out: Outcome) -> None:
        def permit(url: str) -> None:
            rules = self._rules(url, out)
            out.delay = max(out.delay, rules.delay())
            if not rules.reachable:
                raise Unreachable("its robots.txt cannot be had, so nothing is fetched from there for now")
            if not rules.allows(url):
                raise Refused("its robots.txt does not allow it")

        plan, feed = self._plan, job.kind == "feed"
        size, types = (plan.feed_size, FEED_TYPES) if feed else (plan.page_size, plan.types)
        answer = self._fetcher.fetch(Wanted(job.url, size, types, known.etag, known.modified, permit=permit))
        out.answer, out.wait = answer, answer.wait
        if answer.status == 304:
            out.result = UNCHANGED
            return
        if answer.status != 200:
            out.result, out.note = AGAIN, f"the server answers {answer.status}"
            return
        out.hash = hashlib.sha256(answer.body).hexdigest()
        out.result = UNCHANGED if out.hash == known.hash else WORKED
        if feed and out.result == WORKED:
            self._parse(answer, out)

    def _parse(self, answer: Answer, out: Outcome) -> None:
        plan = self._plan
        today = datetime.fromtimestamp(max(self._clock.wall(), 0), UTC).date()
        try:
            out.found = parse.entries(answer.body, answer.url, today=today, most=plan.entries, largest=plan.feed_size)
        except parse.NoFeed as error:
            out.result, out.note = AGAIN, str(error)

    def _rules(self, url: str, out: Outcome) -> robots.Rules:
        """The rules of an address's host, fetched where they are not known."""
        address = robots.address_of(url)
        known = self.book.get(address)
        if known is not None:
            return known
        begun, status, body, note = self._clock.now(), None, b"", ""
        try:
            answer = self._fetcher.fetch(Wanted(address, robots.LARGEST, cut=True))
            status, body = answer.status, answer.body
        except Failed as error:
            note = str(error)
        except NotPublic:
            raise
        except Refused as error:
            note = str(error)  # sent round in circles: who is careful waits until the host knows what it wants
        took = self._clock.real(self._clock.now() - begun)
        out.requests.append(
            Request(self._clock.wall(), "robots", address, status, len(body), round(took, 3), None, note)
        )
        rules = robots.rules_of(status, body)
        self.book.put(address, rules)
        if rules.reachable:
            out.rules.append((address, status, body if status == 200 else b""))
        return rules
