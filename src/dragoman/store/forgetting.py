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
from dragoman.store.codes import NUMBER, TEXT, among, codes_of, key_of, one_of, person_code
from dragoman.store.file import Connection, attaching, opened
from dragoman.store.marks import Name, cut, parts_of
from dragoman.store.rows import drop, put, told_by

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
    mine = intake.accounts_of(con, intake.numbers_of(con, doc_ids).values())
    slots = con.ask(f"SELECT DISTINCT slot FROM holdings WHERE {one_of('account')}", [codes_of(mine)])
    rows = con.ask(f"SELECT account FROM holdings WHERE {one_of('slot', NUMBER)}", [[slot for (slot,) in slots]])
    return {key_of(account) for (account,) in rows} - set(mine)


def documents_of(con: Connection, doc_ids: Sequence[str]) -> list[tuple[str, str | None, str]]:
    """Ids, addresses and digests of texts of documents."""
    numbers = intake.numbers_of(con, doc_ids).values()
    rows = con.ask(f"SELECT doc_id, url, digest FROM documents WHERE {among('number', numbers)} ORDER BY doc_id")
    return [(doc_id, url, digest) for doc_id, url, digest in rows]


def drop_judgements(con: Connection, doc_ids: Sequence[str]) -> None:
    """Take out what people said of accounts of these documents."""
    rows = con.ask(
        "SELECT DISTINCT judgement FROM anchors WHERE doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(doc_ids)]
    )
    ids = [j for (j,) in rows]
    drop(con, "anchors", "judgement", ids, TEXT)
    drop(con, "judgements", "id", ids, TEXT)


def naming(con: Connection, names: Sequence[Name], known: marks.Marks) -> list[str]:
    """Documents in which somebody of these names takes part, or whose title, text or address names them in full."""
    longest = sorted({max(folded(n.text), key=len) for n in names if len(folded(n.text)) > 1})
    given = "concat_ws(' ', title, text, quoted, url)"
    rows = con.ask(
        f"""SELECT doc_id, {given} FROM documents
        WHERE list_bool_or([contains(lower(strip_accents({given})), w) FOR w IN ?::JSON::VARCHAR[]])""",
        [longest],
    )
    named = {doc_id for doc_id, words in rows if any(True for _ in known.names_in(words))}
    return sorted({*named, *intake.names_of(con, _taking_part(con, known)).values()})


def _taking_part(con: Connection, known: marks.Marks) -> set[int]:
    """Numbers of the documents that name a participant who is marked."""
    shown = con.ask("SELECT DISTINCT p.name, p.party, h.document FROM participations p JOIN holdings h USING (slot)")
    told = con.ask("SELECT DISTINCT p.name, p.party, m.document FROM profiles p JOIN mentions m USING (profile)")
    return {number for name, party, number in (*shown, *told) if name and known.is_of(name, party)}


def names_of(con: Connection, person: str) -> list[Name]:
    """All spellings under which somebody stands in the register, with the party."""
    code = person_code(person)
    rows = con.ask(
        """SELECT DISTINCT p.name, p.party FROM persons s JOIN profiles p USING (profile) WHERE s.person = ?
        UNION SELECT DISTINCT name, party FROM participations WHERE person = ?""",
        [code, code],
    )
    return [Name(name, party) for name, party in sorted(rows, key=str) if name]


def as_told(con: Connection, doc_ids: Sequence[str]) -> list[intake.Told]:
    """Documents as they are stored, ready to be stored again."""
    return [_as_told(con, number) for _, number in sorted(intake.numbers_of(con, doc_ids).items())]


def _as_told(con: Connection, number: int) -> intake.Told:
    columns = "doc_id, url, outlet, published, title, text, length, digest, source, version, signature"
    [row] = con.ask(f"SELECT {columns} FROM documents WHERE {among('number', [number])}")
    doc_id, url, outlet, published, title, text, length, digest, source, version, signature = row
    accounts = sorted(told_by(con, [number]), key=lambda t: t.place)
    return intake.Told(
        Document(Source(doc_id, url, outlet, published, title), text or ""),
        version,
        tuple(t.telling() for t in accounts),
        tuple(t.claims for t in accounts),
        source,
        text is None,
        intake.Facts(length, digest, bytes(signature)),
    )


def scrub(con: Connection, doc_ids: Sequence[str], names: Sequence[Name]) -> None:
    """Cut names out of what people said of these documents; a judgement whose field or value holds one goes."""
    parts = parts_of(folded(n.text) for n in names)
    rows = con.ask(
        """SELECT DISTINCT j.id, j.field, j.value, j.reason FROM judgements j JOIN anchors a ON a.judgement = j.id
        WHERE a.doc_id IN (SELECT unnest(?::JSON::VARCHAR[]))""",
        [sorted(doc_ids)],
    )
    gone = [i for i, field, value, _ in rows if any(w and cut(w, parts) != w for w in (field, value))]
    drop(con, "anchors", "judgement", gone, TEXT)
    drop(con, "judgements", "id", gone, TEXT)
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
            con.execute(attaching(fresh, "fresh"))
            con.execute(f'COPY FROM DATABASE "{name}" TO fresh')
            con.execute("DETACH fresh")
            os.replace(fresh, path)  # while the file is still held, so that nobody writes to the old one meanwhile
    finally:
        fresh.unlink(missing_ok=True)
        fresh.with_name(fresh.name + ".wal").unlink(missing_ok=True)
