"""Writer: the one that changes a register. A batch is one transaction; between batches the file is let go of."""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from dragoman.errors import SkipDocument
from dragoman.model import Document, Engagement, Judgement
from dragoman.reader import Account
from dragoman.resources import Tools
from dragoman.store import computing, intake, joining, judging, people, postings
from dragoman.store.file import Connection, opened, transaction
from dragoman.store.joiner import Joiner
from dragoman.store.rows import put, source_digest, tellings

BATCH = 128  # documents in a transaction: what a kill can lose, against what each transaction costs
WAIT = 60.0  # seconds that a writer waits for readers
PART = 2000  # documents whose accounts are compared at once in a rebuild


@dataclass(frozen=True, slots=True)
class Added:
    """What a batch did to the register. ``merged`` records have more than one account, ``contested`` ones conflicts; both
    count those that the batch touched."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    accounts: int = 0
    merged: int = 0
    contested: int = 0
    aside: tuple[SkipDocument, ...] = ()

    def __add__(self, other: Added) -> Added:
        return Added(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.accounts + other.accounts,
            self.merged + other.merged,
            self.contested + other.contested,
            self.aside + other.aside,
        )


class Writer:
    """Writes to one register file, which is made when it is not there."""

    def __init__(
        self, path: Path | str, tools: Tools, *, joiner: Joiner | None = None, texts: bool = True, wait: float = WAIT
    ) -> None:
        """``texts`` says whether texts are kept, or only their digests and the claims; ``wait`` how long to wait for readers."""
        from dragoman.store.joiner import Merging

        self.path = Path(path)
        self.tools = tools
        self.joiner: Joiner = joiner or Merging(tools)
        self.texts = texts
        self.wait = wait

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with opened(self.path, write=True, wait=self.wait) as con, transaction(con):
            yield con

    def unread(self, documents: Sequence[Document]) -> list[Document]:
        """Those of the documents that the register lacks, or has of another text or version."""
        if not self.path.exists():
            return list(documents)
        with opened(self.path, wait=self.wait) as con:
            known = intake.known(con, [d.source.doc_id for d in documents])
        now = self.tools.version
        return [d for d in documents if known.get(d.source.doc_id) != (source_digest(d), now)]

    def add(self, accounts: Sequence[Account]) -> Added:
        """Put what was read into the register, all of it or nothing; what does not stand in its text is set aside.

        Raises:
            RegisterError: the file cannot be written.
        """
        told: dict[str, intake.Told] = {}
        aside: list[SkipDocument] = []
        for account in accounts:
            try:
                told[account.doc_id] = intake.check(account.document, account.engagements, account.version)
            except SkipDocument as skipped:
                aside.append(skipped)
        with self._changing() as con:
            known = intake.known(con, told)
            fresh = [t for d, t in sorted(told.items()) if known.get(d) != (t.source, t.version)]
            changed = sum(t.doc_id in known for t in fresh)
            touched = self._take(con, fresh) if fresh else (0, 0)
        return Added(
            new=len(fresh) - changed,
            changed=changed,
            unchanged=len(told) - len(fresh),
            accounts=sum(len(t.tellings) for t in fresh),
            merged=touched[0],
            contested=touched[1],
            aside=tuple(aside),
        )

    def _take(self, con: Connection, fresh: Sequence[intake.Told]) -> tuple[int, int]:
        """Facts in, then all that follows from them; returns how many touched records are merged, and contested."""
        doc_ids = [t.doc_id for t in fresh]
        gone = intake.accounts_of(con, doc_ids)
        intake.remove(con, doc_ids)
        intake.store(con, fresh, self.joiner, texts=self.texts)
        new = {t.key: t for x in fresh for t in x.tellings}
        joining.find_links(con, new, self.joiner)
        copied = joining.find_copies(con, doc_ids, doc_ids, self.joiner)
        judged = judging.rebind(con, doc_ids, self.tools.thresholds["rebind"])
        dirty = {*gone, *new, *judged, *intake.accounts_of(con, copied)}
        dirty |= people.update(con, new, gone, self.joiner)
        postings.index(con)
        return self._compute(con, dirty)

    def _compute(self, con: Connection, dirty: Iterable[str]) -> tuple[int, int]:
        """Work the records of all accounts that hang together with ``dirty`` ones out again."""
        keys = joining.affected(con, dirty)
        known = tellings(con, keys)
        judged = judging.active(con, keys)
        copies = joining.copies_of(con, {t.doc_id for t in known.values()})
        named = people.of(con, known)
        was = computing.withdraw(con, keys)
        records = []
        for part, links in joining.components(con, keys, known, judged):
            for act in joining.clusters(part, links, known, judged, self.joiner):
                inside = set(act)
                about = [j for j in judged if j.left in inside or j.right in inside]
                records.append(self.joiner.build([known[k] for k in act], about, copies, named))
        computing.write(con, records, judged)
        people.count(con, {p.person for r in records for p in r.participants} | people.before(was))
        return sum(len(r.accounts) > 1 for r in records), sum(bool(r.conflicts) for r in records)
