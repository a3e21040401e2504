"""Something is removed from a register for good: a document, or a person from all documents that name them.

What is kept is that something was removed, when, by whom and why, and marks by which it is known when it comes again
(:mod:`dragoman.store.marks`). The file is written anew afterwards, since a database does not overwrite what it deletes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dragoman.knowledge.names import folded
from dragoman.model import Document, Source
from dragoman.store import intake, marks
from dragoman.store.file import Connection, opened
from dragoman.store.marks import Name, cut, parts_of
from dragoman.store.rows import drop, put, read_claims, read_telling

FRESH = ".fresh"  # ends the name of the file while it is written anew


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed: id of the removal, documents that are gone, documents that somebody was taken out of, and their addresses."""

    id: str
    documents: tuple[str, ...]
    changed: tuple[str, ...]
    urls: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Who removes something, when, and why."""

    id: str
    said: str
    author: str
    reason: str


def note(con: Connection, what: str, why: Reason, accounts: Iterable[str]) -> None:
    """Write down that something was removed, and which accounts' records lost it."""
    put(con, "removals", [{"id": why.id, "what": what, "said": why.said, "author": why.author, "reason": why.reason}])
    put(con, "removed_from", [{"removal": why.id, "account": key} for key in sorted(set(accounts))])


def beside(con: Connection, doc_ids: Sequence[str]) -> set[str]:
    """Accounts of other documents in the records to which these documents belong."""
    mine = set(intake.accounts_of(con, doc_ids))
    rows = con.ask(
        """SELECT account FROM holdings WHERE record IN
        (SELECT record FROM holdings WHERE account IN (SELECT unnest(?::JSON::VARCHAR[])))""",
        [sorted(mine)],
    )
    return {key for (key,) in rows} - mine


def documents_of(con: Connection, doc_ids: Sequence[str]) -> list[tuple[str, str | None, str]]:
    """Ids, addresses and digests of texts of documents."""
    rows = con.ask(
        "SELECT doc_id, url, digest FROM documents WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[])) ORDER BY doc_id",
        [sorted(doc_ids)],
    )
    return [(doc_id, url, digest) for doc_id, url, digest in rows]


def drop_judgements(con: Connection, doc_ids: Sequence[str]) -> None:
    """Take out what people said of accounts of these documents."""
    rows = con.ask(
        "SELECT DISTINCT judgement FROM anchors WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(doc_ids)]
    )
    ids = [j for (j,) in rows]
    drop(con, "anchors", "judgement", ids)
    drop(con, "judgements", "id", ids)


def naming(con: Connection, names: Sequence[Name], known: marks.Marks) -> list[str]:
    """Documents in which somebody of these names takes part, or whose title or text names them in full."""
    found = {doc_id for doc_id, _ in _participants(con, known)}
    longest = sorted({max(folded(n.text), key=len) for n in names if len(folded(n.text)) > 1})
    rows = con.ask(
        """SELECT doc_id, concat_ws(' ', title, text, quoted, url) FROM documents d
        WHERE list_bool_or([contains(lower(strip_accents(concat_ws(' ', title, text, quoted, url))), w) FOR w IN ?::JSON::VARCHAR[]])""",
        [longest],
    )
    found |= {doc_id for doc_id, words in rows if any(True for _ in known.names_in(words))}
    return sorted(found)


def _participants(con: Connection, known: marks.Marks) -> set[tuple[str, Name]]:
    """Documents and names of participants that are marked."""
    rows = con.ask(
        "SELECT DISTINCT p.name, p.party, h.doc_id FROM participations p JOIN holdings h ON h.record = p.record WHERE p.name IS NOT NULL"
    )
    told = con.ask("SELECT DISTINCT p.name, p.party, m.doc_id FROM profiles p JOIN mentions m ON m.profile = p.number")
    return {(doc_id, Name(name, party)) for name, party, doc_id in (*rows, *told) if known.is_of(name, party)}


def names_of(con: Connection, person: str) -> list[Name]:
    """All spellings under which somebody stands in the register, with the party."""
    rows = con.ask(
        """SELECT DISTINCT p.name, p.party FROM persons s JOIN profiles p ON p.number = s.profile WHERE s.person = ?
        UNION SELECT DISTINCT unnest(list_append(names, name)), party FROM participations WHERE person = ?""",
        [person, person],
    )
    return [Name(name, party) for name, party in rows if name]


def as_told(con: Connection, doc_ids: Sequence[str]) -> list[intake.Told]:
    """Documents as they are stored, ready to be stored again."""
    out = []
    for doc_id in doc_ids:
        [row] = con.ask(
            """SELECT url, outlet, published, title, text, length, digest, source, version, signature FROM documents WHERE doc_id = ?""",
            [doc_id],
        )
        url, outlet, published, title, text, length, digest, source, version, signature = row
        rows = con.ask(
            """SELECT a.key, a.doc_id, a.voices, a.claims, d.version, d.outlet, d.url, d.title, d.published, a.day
            FROM accounts a JOIN documents d ON d.doc_id = a.doc_id WHERE a.doc_id = ? ORDER BY a.place""",
            [doc_id],
        )
        document = Document(Source(doc_id, url, outlet, published, title), text or "")
        tellings, claims = tuple(map(read_telling, rows)), tuple(map(read_claims, rows))
        facts = intake.Facts(length, digest, bytes(signature))
        out.append(intake.Told(document, version, tellings, claims, source, text is None, facts))
    return out


def scrub(con: Connection, doc_ids: Sequence[str], names: Sequence[Name]) -> None:
    """Cut names out of what people said of these documents; a judgement whose field or value holds one goes."""
    parts = parts_of(folded(n.text) for n in names)
    rows = con.ask(
        """SELECT DISTINCT j.id, j.field, j.value, j.reason FROM judgements j JOIN anchors a ON a.judgement = j.id
        WHERE a.doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))""",
        [sorted(doc_ids)],
    )
    gone = [i for i, field, value, _ in rows if any(w and cut(w, parts) != w for w in (field, value))]
    drop(con, "anchors", "judgement", gone)
    drop(con, "judgements", "id", gone)
    for i, _, _, reason in rows:
        if i not in gone and cut(reason, parts) != reason:
            con.execute("UPDATE judgements SET reason = ? WHERE id = ?", [cut(reason, parts), i])
    for judgement, side, evidence in con.ask(
        "SELECT judgement, side, evidence FROM anchors WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))",
        [sorted(doc_ids)],
    ):
        if cut(evidence, parts) != evidence:
            con.execute(
                "UPDATE anchors SET evidence = ? WHERE judgement = ? AND side = ?",
                [cut(evidence, parts), judgement, side],
            )


def purge_postings(con: Connection) -> None:
    """Take the words of documents that are there no more out of the postings, which else only pass them over."""
    con.execute(
        """CREATE OR REPLACE TEMP TABLE kept AS
        WITH each AS (SELECT term, level, segment, unnest(docs) AS number, unnest(counts) AS n FROM postings)
        SELECT term, level, segment, list(number ORDER BY number) AS docs, list(n ORDER BY number) AS counts
        FROM each WHERE number IN (SELECT number FROM documents) GROUP BY ALL"""
    )
    con.execute("DELETE FROM postings")
    con.execute("INSERT INTO postings BY NAME SELECT * FROM kept ORDER BY level, segment, term")
    con.execute("DROP TABLE kept")


def write_anew(path: Path, wait: float) -> None:
    """Write the file anew, without what was deleted from it; it is replaced when the new one is whole.

    Raises:
        RegisterError: there is no room; the register is as it was, what was removed is out of it, but its bytes may still lie in the file.
    """
    fresh = path.with_name(path.name + FRESH)
    fresh.unlink(missing_ok=True)
    try:
        with opened(path, write=True, wait=wait) as con:
            name = con.one("SELECT current_database()")
            con.execute(f"ATTACH '{str(fresh).replace(chr(39), chr(39) * 2)}' AS fresh")
            con.execute(f'COPY FROM DATABASE "{name}" TO fresh')
            con.execute("DETACH fresh")
            os.replace(fresh, path)  # while the file is still held, so that nobody writes to the old one meanwhile
    finally:
        fresh.unlink(missing_ok=True)
        fresh.with_name(fresh.name + ".wal").unlink(missing_ok=True)
