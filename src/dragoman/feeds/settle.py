"""What follows from a visit: pages that a feed lists, bytes to be read, another try later. Writes the journal, fills the schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from dragoman.errors import RegisterError
from dragoman.feeds import addresses, schedule
from dragoman.feeds.journal import DAY, Journal
from dragoman.feeds.journal_rows import Again, FeedState, Got, Page
from dragoman.feeds.parse import Found
from dragoman.feeds.plan import Feed, Plan
from dragoman.feeds.schedule import Clock, Job, Schedule
from dragoman.feeds.shelf import Shelf
from dragoman.feeds.visits import REFUSED, STOPPED, UNCHANGED, WORKED, Known, Outcome

FIRST_PAUSE = 60.0  # seconds after which a page is tried again
HOST_PAUSE, LONGEST_HOST = 30.0, 3600.0  # seconds for which a host that cannot be reached is left alone
PATIENT = 7.0  # days for which a page waits for its host without losing a try
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
SAYS_NO = 4  # times that a server may say no: not there, not for us, not what is read
NO_PAUSE = 1800.0  # seconds after the first of them


@dataclass(slots=True)
class Run:
    """What all parts of a run share. ``once`` looks at each feed once and tries nothing twice."""

    plan: Plan
    journal: Journal
    clock: Clock
    jobs: Schedule
    shelf: Shelf
    say: Callable[[str], None]
    once: bool = False
    failing: dict[str, int] = field(default_factory=dict)  # hosts that could not be reached, and how often in a row

    def chance(self) -> float:
        """A number between 0 and 1."""
        return self.jobs.chance.random()

    def host_settled(self, out: Outcome) -> None:
        """The host is let go of until it may be asked again; one that cannot be reached is left alone longer each time."""
        now, host = self.clock.now(), out.job.host
        self.jobs.done(host, now, max(self.plan.delay, out.delay))
        if out.down:
            self.failing[host] = self.failing.get(host, 0) + 1
            self.jobs.hold(host, now + schedule.backoff(self.failing[host], HOST_PAUSE, LONGEST_HOST, self.chance()))
        else:
            self.failing.pop(host, None)
        if out.wait and out.answer and out.answer.status in PASSING:
            self.jobs.hold(host, now + out.wait)


class Feeds:
    """The feeds of a run, and the sitemaps that an index among them names."""

    def __init__(self, run: Run, pages: Pages) -> None:
        self._run, self._pages = run, pages
        self._feeds = {addresses.key_of(f.url): f for f in run.plan.feeds}
        self._maps: dict[str, Feed] = {}  # under way or queued

    def load(self) -> None:
        """Take up every feed when it is due; with ``once`` now, unless it failed and its time has not come."""
        run = self._run
        now, wall = run.clock.now(), run.clock.wall()
        run.journal.unhide()
        for key, feed in self._feeds.items():
            row = run.journal.feed(key, feed.url)
            longest = schedule.LONGEST_FEED if row.failures else self._every(feed)
            left = schedule.remaining(row.due, wall, longest, since=row.at)
            if run.once and row.failures and left:
                run.say(f"{row.url} failed {row.failures} times and is left alone for {left / 60:.0f} minutes more")
                continue
            run.jobs.add(self._job(key, feed), now + (0 if run.once else left))

    def _job(self, key: str, feed: Feed) -> Job:
        return Job("feed", key, feed.url, addresses.host_of(feed.url))

    def _every(self, feed: Feed) -> float:
        return feed.every or self._run.plan.every

    def of(self, key: str) -> Feed:
        """The feed, or the map of an index, of that key."""
        return self._feeds.get(key) or self._maps[key]

    def known(self, job: Job) -> Known:
        """What is known of the feed from its last visit."""
        row = self._run.journal.feed(job.key, job.url)
        return Known(row.etag, row.modified, self._run.journal.feed_hash(job.key))

    def settle(self, out: Outcome) -> None:
        """Write down what a visit to a feed came to, take up what it lists, and set its next one."""
        run, key = self._run, out.job.key
        feed = self.of(key)
        self._maps.pop(key, None)
        if out.result == STOPPED:
            return
        now, wall = run.clock.now(), run.clock.wall()
        if out.result in (WORKED, UNCHANGED):
            pause = max(self._every(feed) * (0.95 + run.chance() / 10), out.wait or 0.0)
            fresh = self._worked(out, feed, wall, wall + pause)
        else:
            pause, fresh = self._failed(out, feed, wall), []
        for page, url in fresh:
            self._pages.add(page, url, now)
        if out.found:
            self._add_maps(out.found, feed, now)
        if key in self._feeds and not run.once:
            run.jobs.add(out.job, now + pause)

    def _worked(self, out: Outcome, feed: Feed, wall: float, due: float) -> list[tuple[Page, str]]:
        """A feed answered: what it lists and its own state are written together, or neither is."""
        journal, answer, found = self._run.journal, out.answer, out.found
        assert answer is not None
        fresh: list[tuple[Page, str]] = []
        with journal.step():
            for entry in found.entries if found else ():
                mine = replace(entry, outlet=entry.outlet or feed.outlet)
                page = journal.found(mine, out.job.key, wall, recheck=self._run.plan.recheck)
                if page is not None:
                    fresh.append((page, entry.url))
            old = journal.feed(out.job.key, feed.url)
            index = bool(found and found.maps)  # its maps are visited each time, so it must name them each time
            state = FeedState(
                None if index else answer.etag or (old.etag if found is None else None),
                None if index else answer.modified or (old.modified if found is None else None),
                None if index else out.hash or journal.feed_hash(out.job.key),
                len(found.entries) + len(found.maps) if found else None,
                "; ".join(found.faults) if found else old.note,
            )
            journal.feed_worked(out.job.key, at=wall, due=due, status=answer.status, found=state)
        return self._pages.wanted(fresh)

    def _failed(self, out: Outcome, feed: Feed, wall: float) -> float:
        """A feed failed; returns the seconds until its next visit."""
        run, row = self._run, self._run.journal.feed(out.job.key, feed.url)
        status = out.answer.status if out.answer else None
        longest = schedule.LONGEST_FEED
        pause = schedule.backoff(row.failures + 1, self._every(feed), longest, run.chance())
        pause = longest if out.result == REFUSED or status == 410 else max(pause, out.wait or 0.0)
        run.journal.feed_failed(out.job.key, at=wall, due=wall + pause, status=status, note=out.note)
        if not row.failures:
            run.say(f"{addresses.shown(feed.url)}: {out.note}")
        return pause

    def _add_maps(self, found: Found, feed: Feed, now: float) -> None:
        if found.maps and feed.kind == "map":
            self._run.say(f"{addresses.shown(feed.url)}: an index of sitemaps in an index is not followed")
            return
        for url in found.maps:
            key = addresses.key_of(url)
            if key not in self._maps and key not in self._feeds:
                self._maps[key] = Feed(url, feed.outlet, feed.every, "map")
                self._run.jobs.add(self._job(key, self._maps[key]), now)


class Pages:
    """The pages of a run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._queued: set[str] = set()
        self.ready = 0  # pages that are fetched and not read yet

    def load(self) -> None:
        """Take up all pages that wait, those with addresses that are not written down apart: their feeds give them again."""
        run = self._run
        now, wall = run.clock.now(), run.clock.wall()
        run.journal.count_deaths()
        self.ready = run.journal.number("fetched")
        for page in run.journal.waiting():
            left = schedule.remaining(page.due, wall, schedule.LONGEST, since=page.asked)
            if not page.hidden and not (run.once and left):
                self.add(page, page.url, now + left)

    def add(self, page: Page, url: str, at: float) -> None:
        """A page is to be fetched."""
        if page.key not in self._queued:
            self._queued.add(page.key)
            self._run.jobs.add(Job("page", page.key, url, addresses.host_of(url)), at)

    def wanted(self, fresh: list[tuple[Page, str]]) -> list[tuple[Page, str]]:
        """Those of the pages that nobody has removed from the register."""
        if not fresh:
            return []
        try:
            removed = self._run.shelf.removed(page.url for page, _ in fresh)
        except RegisterError:
            removed = set()  # it refuses them itself when they come
        for page, _ in fresh:
            if page.url in removed:
                self._run.journal.settled(
                    page.key, "removed", at=self._run.clock.wall(), note="removed from the register"
                )
        return [(page, url) for page, url in fresh if page.url not in removed]

    def known(self, job: Job) -> Known:
        """What is known of the page from the last time."""
        page = self._run.journal.page(job.key)
        return Known(page.etag, page.modified, page.hash)

    def settle(self, out: Outcome) -> None:
        """Write down what a visit to a page came to."""
        run, key = self._run, out.job.key
        self._queued.discard(key)
        if out.result == STOPPED:
            return
        wall = run.clock.wall()
        with run.journal.step():
            if out.result == UNCHANGED:
                run.journal.unchanged(key)
                run.journal.count("pages unchanged")
            elif out.result == WORKED:
                self._worked(out, wall)
            elif out.result == REFUSED:
                run.journal.settled(key, "refused", at=wall, note=out.note)
            else:
                self._again(out, wall)

    def _worked(self, out: Outcome, wall: float) -> None:
        answer, journal = out.answer, self._run.journal
        assert answer is not None
        assert out.hash is not None
        final = addresses.key_of(answer.url)
        if journal.others(out.job.key, final):
            journal.settled(out.job.key, "same", at=wall, note=f"the same as {addresses.shown(answer.url)}")
            return
        got = Got(answer.body, out.hash, final, answer.etag, answer.modified, answer.content_type)
        journal.fetched(out.job.key, at=wall, got=got)
        journal.count("pages fetched")
        self.ready += 1

    def _again(self, out: Outcome, wall: float) -> None:
        """Another try later, or none: servers that say no are believed soon, and a host that is away loses no page a try."""
        run, page = self._run, self._run.journal.page(out.job.key)
        status = out.answer.status if out.answer else None
        counted = not out.down or abs(wall - page.at) > PATIENT * DAY
        no = out.unfit or (status is not None and status not in PASSING)
        pause = schedule.backoff(page.tries + 1, FIRST_PAUSE, schedule.LONGEST, run.chance())
        if no:  # a site that is being mended says no for an hour to what it has
            pause = max(pause, schedule.backoff(page.noes + 1, NO_PAUSE, schedule.LONGEST, run.chance()))
        pause = max(pause, out.wait or 0.0) if counted else HOST_PAUSE
        tries, noes = run.journal.again(
            page.key, at=wall, due=wall + pause, answer=Again(status, out.note, counted, no)
        )
        if status == 410 or noes >= min(SAYS_NO, run.plan.tries) or tries >= run.plan.tries:
            run.journal.settled(page.key, "failed", at=wall, note=out.note, status=status)
        elif not run.once:
            self._queued.add(page.key)
            run.jobs.add(out.job, run.clock.now() + pause)
