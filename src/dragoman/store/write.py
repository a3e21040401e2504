"""Writer: the one that changes a register. A batch is one transaction; between batches the file is let go of."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from dragoman.errors import NotFound, SkipDocument
from dragoman.merge import build
from dragoman.model import Document, Judgement
from dragoman.reader import Account
from dragoman.resources import Tools
from dragoman.stages.ingest._common import digest
from dragoman.store import computing, doubts, forgetting, intake, joining, judging, marks, pages, people, postings
from dragoman.store.doubts import Difference
from dragoman.store.file import Connection, opened, transaction
from dragoman.store.forgetting import Removed
from dragoman.store.hiding import hidden
from dragoman.store.rows import put, source_digest, tellings, told_by
from dragoman.store.verdicts import Verdict

BATCH = 1024  # documents in a transaction at most: what memory holds, against what each transaction costs
WAIT = 60.0  # seconds that a writer waits for readers
PART = 2000  # documents that a rebuild takes at once
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a batch's documents."""

    new: int
    changed: int
    unchanged: int
    aside: tuple[SkipDocument, ...]


class Writer:
    """Writes to one register file, which is made when it is not there. ``batch`` is how many documents to give it at once."""

    batch = BATCH

    def __init__(
        self,
        path: Path | str,
        tools: Tools,
        *,
        texts: bool | None = None,
        wait: float = WAIT,
        differing: MutableMapping[str, list[Difference]] | None = None,
    ) -> None:
        """
        Args:
            path: the register's file.
            tools: the data files.
            texts: whether texts are kept, or only their digests and the claims; None goes on as the register began.
            wait: how many seconds to wait for readers.
            differing: by document, in what a second reader differs; taken out when the document is added.
        """
        self.path = Path(path)
        self.tools = tools
        self.texts = texts
        self.wait = wait
        self.refused: set[str] = set()  # documents that came again although they were removed
        self.differing = {} if differing is None else differing

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with opened(self.path, write=True, wait=self.wait) as con, transaction(con):
            yield con

    def make(self) -> None:
        """Make the file, or bring it up to the newest schema, so that what is wrong with it shows before anything is read.

        Raises:
            RegisterError: it cannot be made or written.
        """
        with opened(self.path, write=True, wait=self.wait):
            pass

    def unread(self, documents: Sequence[Document], version: str | None = None) -> list[Document]:
        """Those of the documents that the register lacks, or has of another text or version, and that nobody has removed."""
        if not self.path.exists():
            return list(documents)
        with opened(self.path, wait=self.wait) as con:
            known = intake.known(con, [d.source.doc_id for d in documents])
            gone = marks.read(con)
        now = version or self.tools.version
        self.refused |= {d.source.doc_id for d in documents if gone.refuses(d)}
        fresh = [d for d in documents if d.source.doc_id not in self.refused]
        return [d for d in fresh if known.get(d.source.doc_id) != (source_digest(d), now)]

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
            gone = marks.read(con)
            self.refused |= {d for d, t in told.items() if gone.refuses(t.document)}
            told = {d: hidden(t, gone) for d, t in told.items() if d not in self.refused}
            known = intake.known(con, told)
            fresh = [t for d, t in sorted(told.items()) if known.get(d) != (t.source, t.version)]
            changed = sum(t.doc_id in known for t in fresh)
            if fresh:
                self._take(con, fresh, changed)
        for doc_id in told:
            self.differing.pop(doc_id, None)
        return Added(len(fresh) - changed, changed, len(told) - len(fresh), tuple(aside))

    def _take(self, con: Connection, fresh: Sequence[intake.Told], changed: int) -> None:
        """Facts in, then all that follows from them."""
        doc_ids = [t.doc_id for t in fresh]
        before = intake.numbers_of(con, doc_ids)
        gone = intake.accounts_of(con, before.values())
        touched = people.forget(con, gone)
        intake.remove(con, before)
        reading = self._noted(con, "read", fresh[0].version, {"new": len(fresh) - changed, "changed": changed})
        numbers = intake.store(con, fresh, reading, self.tools, texts=self._keeps_texts(con))
        new = {t.key: t for x in fresh for t in x.tellings}
        doubts.keep(con, {numbers[x.doc_id]: x for x in fresh}, self.differing)
        joining.find_links(con, new, self.tools)
        copied = joining.find_copies(con, numbers, doc_ids, self.tools)
        judged = judging.rebind(con, doc_ids, self.tools.thresholds["rebind"])
        touched |= people.note(con, list(new.values()), numbers, self.tools)
        renamed = people.settle(con, touched, self.tools)
        postings.index(con)
        others = intake.accounts_of(con, intake.numbers_of(con, copied).values())
        self._compute(con, {*gone, *new, *judged, *renamed, *others})

    def _noted(self, con: Connection, what: str, version: str, detail: dict[str, int]) -> int:
        """Put a line into the trail; returns its number."""
        number = int(con.one("SELECT coalesce(max(number), 0) + 1 FROM trail"))
        said = datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
        put(
            con,
            "trail",
            [{"number": number, "said": said, "what": what, "version": version, "detail": json.dumps(detail)}],
        )
        return number

    def _keeps_texts(self, con: Connection) -> bool:
        """Whether the register keeps texts; what the writer was told holds from then on."""
        if self.texts is None:
            return not con.one("SELECT count(*) FROM meta WHERE name = 'texts'")
        con.execute("DELETE FROM meta WHERE name = 'texts'")
        if not self.texts:
            con.execute("INSERT INTO meta VALUES ('texts', 'left out')")
        return self.texts

    def _compute(self, con: Connection, dirty: Iterable[str]) -> None:
        """Work the records of all accounts that hang together with ``dirty`` ones out again."""
        keys = joining.affected(con, dirty)
        known = tellings(con, keys)
        judged = judging.active(con, keys)
        documents = intake.numbers_of(con, {t.doc_id for t in known.values()})
        copies = joining.copies_of(con, documents)
        named = people.named(con, known)
        before = computing.withdraw(con, keys)
        records = []
        for part, links in joining.components(con, keys, known, judged):
            for act in joining.clusters(part, links, known, judged, self.tools):
                inside = set(act)
                about = [j for j in judged if j.left in inside or j.right in inside]
                records.append(build([known[k] for k in act], about, copies, named, self.tools))
        computing.write(con, records, judged, intake.visits(con, known), documents)
        people.count(con, before | {p.person for r in records for p in r.participants if p.person}, self.tools)
        computing.arrange(con)

    def forget_documents(self, doc_ids: Sequence[str], *, author: str, reason: str) -> Removed:
        """Remove documents for good, with all that they told and all that was said of it. They are not read in again.

        Raises:
            RegisterError: the file cannot be written.
        """
        with self._changing() as con:
            why = self._why(con, author, reason, doc_ids)
            found = forgetting.documents_of(con, doc_ids)
            ids = [doc_id for doc_id, _, _ in found]
            forgetting.note(con, "document", why, forgetting.beside(con, ids))
            marks.mark_documents(con, why.id, found)
            forgetting.drop_judgements(con, ids)
            numbers = intake.numbers_of(con, ids)
            gone = intake.accounts_of(con, numbers.values())
            touched = people.forget(con, gone)
            intake.remove(con, numbers)
            copied = joining.find_copies(con, {}, ids, self.tools)
            renamed = people.settle(con, touched, self.tools)
            others = intake.accounts_of(con, intake.numbers_of(con, copied).values())
            self._compute(con, {*gone, *renamed, *others})
            postings.clear(con)
        forgetting.write_anew(self.path, self.wait)
        return Removed(why.id, tuple(ids), (), tuple(url for _, url, _ in found if url))

    def forget_person(self, person: str, *, author: str, reason: str) -> Removed:
        """Remove somebody, given by id, for good: from every act, quote, title and text. Their spellings are known when they come again.

        Raises:
            RegisterError: the file cannot be written.
        """
        with self._changing() as con:
            names = forgetting.names_of(con, person)
            why = self._why(con, author, reason, [n.text for n in names])
            marks.mark_names(con, why.id, names)
            known = marks.read(con)
            ids = forgetting.naming(con, names, known)
            had = forgetting.as_told(con, ids)
            told = [hidden(t, known) for t in had]
            urls = [h.document.source.url for h, t in zip(had, told, strict=True) if not t.document.source.url]
            if told:
                self._take(con, told, len(told))
            pages.remove_naming(con, known)
            mine = intake.accounts_of(con, intake.numbers_of(con, ids).values())
            forgetting.note(con, "person", why, mine)
            forgetting.scrub(con, ids, names)
            self._compute(con, mine)
            postings.clear(con)
        forgetting.write_anew(self.path, self.wait)
        return Removed(why.id, (), tuple(ids), tuple(u for u in urls if u), tuple(sorted({n.text for n in names})))

    def _why(self, con: Connection, author: str, reason: str, what: Sequence[str]) -> forgetting.Reason:
        at = self._now(con)
        return forgetting.Reason("x" + digest(author, at, *sorted(what))[:8], at, author, reason)

    def judge(self, words: Sequence[Verdict], *, author: str, reason: str) -> tuple[Judgement, ...]:
        """Keep what a person says, and work out again what it touches. Judgements of one call share the beginning of their ids.

        Raises:
            JudgementError: a correction that its record cannot take; nothing is kept.
            RegisterError: the file cannot be written.
        """
        with self._changing() as con:
            at = self._now(con)
            group = digest(author, at, *(repr(w) for w in words))[:8]
            said = tuple(
                Judgement(f"{group}-{n}", w.verdict, w.left, w.right, w.field, w.value, author, reason, at)
                for n, w in enumerate(words, 1)
            )
            judging.add(con, said)
            self._compute(con, {k for j in said for k in (j.left, j.right) if k})
        return said

    def undo(self, name: str, *, author: str) -> tuple[Judgement, ...]:
        """Withdraw a judgement by its id, or all of one call by the beginning that they share; they stay on record.

        Raises:
            NotFound: there is none of that name that is not withdrawn already.
        """
        with self._changing() as con:
            found = judging.read(
                con, where="j.withdrawn IS NULL AND (j.id = ? OR starts_with(j.id, ? || '-'))", values=[name, name]
            )
            if not found:
                raise NotFound(f"no judgement {name!r} that holds; `dragoman history ID` shows them")
            at = self._now(con)
            judging.undo(con, [j.id for j in found], at=at, by=author)
            self._compute(con, {k for j in found for k in (j.left, j.right) if k})
        return tuple(replace(j, withdrawn=at, withdrawn_by=author) for j in found)

    def _now(self, con: Connection) -> str:
        """This second, or the one after the last judgement: of two contrary judgements the later holds, so none may be as late."""
        now = datetime.now(UTC).replace(microsecond=0)
        last = con.one("SELECT max(greatest(said, withdrawn)) FROM judgements")
        if last:
            now = max(now, datetime.fromisoformat(last) + timedelta(seconds=1))
        return now.isoformat().replace("+00:00", "Z")

    def rebuild(self) -> None:
        """Drop all that is computed and work it out again from documents, claims and judgements.

        Raises:
            RegisterError: the file cannot be written; it stays as it was.
        """
        with self._changing() as con:
            self._noted(con, "rebuild", self.tools.version, {"documents": con.one("SELECT count(*) FROM documents")})
            for table in (*computing.FOUND, *computing.COMPUTED):
                con.execute(f"DELETE FROM {table}")
            documents = con.ask("SELECT doc_id, number FROM documents ORDER BY doc_id")
            for some in batched(documents, PART):
                self._find(con, dict(some))
            for some in batched(documents, PART):
                self._compute(con, intake.accounts_of(con, [number for _, number in some]))
            computing.arrange(con, whole=True)
            postings.index(con)

    def _find(self, con: Connection, documents: Mapping[str, int]) -> None:
        """Links, copies and people of documents, by id and number, among themselves and with those before them."""
        new = {t.key: t.telling() for t in told_by(con, documents.values())}
        put(con, "blocks", intake.block_rows(new.values(), self.tools))
        intake.band_again(con, {documents[t.doc_id] for t in new.values()})
        joining.find_links(con, new, self.tools)
        joining.find_copies(con, documents, documents, self.tools)
        people.settle(con, people.note(con, list(new.values()), documents, self.tools), self.tools)


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Stretches of ``size`` items."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def author_name() -> str:
    """The login name, for judgements whose author is not given."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
