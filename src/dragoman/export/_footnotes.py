"""Footnotes: one note a record, ready to cite, in the notes style of the Chicago Manual."""

from __future__ import annotations

import re
from typing import BinaryIO

from dragoman.export import phrases
from dragoman.export.holdings import Holdings
from dragoman.frames import clean
from dragoman.model import AccountRef, Record
from dragoman.resources import Tools
from dragoman.tables.records import conflict_text

SINGLE = str.maketrans('“”"', "‘’’")  # quotation marks within quotation marks


def write(holdings: Holdings, out: BinaryIO) -> None:
    """Markdown footnotes (`[^id]: …`), a blank line between two, so that a text may cite `[^id]`."""
    for record in holdings.records():
        out.write(f"[^{record.id}]: {clean(note(record, holdings.tools))}\n\n".encode())


def note(record: Record, tools: Tools) -> str:
    """What it was, who took part, then the sources; last, in what they contradict one another."""
    where = ", ".join(x for x in (phrases.act(record, tools), phrases.place(record, tools)) if x)
    head = f"{where} ({phrases.when(record)})"
    people = "; ".join(phrases.person(p) for p in record.participants if p.name or p.office)
    parts = [head + (f", with {people}" if people else "") + "."]
    cited = [citation(a) for a in record.accounts if a.copy_of is None]
    parts.append("; ".join(c for c in cited if c) + "." if any(cited) else "No source on file.")
    copies = [a for a in record.accounts if a.copy_of is not None]
    if copies:
        parts.append("Repeated by " + ", ".join(a.outlet or a.url or a.doc_id for a in copies) + ".")
    if record.conflicts:
        parts.append("Accounts differ: " + "; ".join(sorted(conflict_text(c) for c in record.conflicts)) + ".")
    return " ".join(" ".join(parts).split())


def citation(account: AccountRef) -> str:
    """“Title,” Outlet, May 3, 2024, address: what is known of it."""
    title = f"“{quoted(account.title)},”" if account.title else None
    day = phrases.american(account.published) if account.published else None
    words = ", ".join(x for x in (account.outlet, day, account.url) if x)
    return " ".join(x for x in (title, words) if x) or account.doc_id


def quoted(title: str) -> str:
    """A headline within quotation marks: its own become single ones; what Markdown would take for a mark is escaped."""
    single = title.translate(SINGLE)
    return re.sub(r"([\\`*_\[\]<])", r"\\\1", single)
