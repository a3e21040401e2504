"""Is everything here that dragoman needs, whole and as it should be? Each check says what it found and what to do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman import __version__
from dragoman.errors import DragomanError, RegisterError

if TYPE_CHECKING:
    from dragoman.resources import Tools
    from dragoman.store.read import Register

WELL, NOTE, WRONG = "well", "note", "wrong"
SAMPLE = 500  # documents and records of a register that are looked at one by one
ROOM = 1_000_000_000  # bytes of disk below which a register has little room to grow
PYTHON = (3, 11)
TRIED = "TOKYO, March 9 (Kyodo) -- Japanese Foreign Minister Haruki Onodera spoke by telephone with his Indian counterpart Arvind Raghavan on Wednesday, the Foreign Ministry said."


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is (WELL, NOTE or WRONG), what was found, and what to do about it."""

    name: str
    state: str
    found: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be looked at; without a file of feeds or settings those are left out."""

    register: Path
    feeds: Path | None = None
    settings: Path | None = None


def checks(asked: Asked) -> Iterator[Check]:
    """All checks, one after another. None raises."""
    from dragoman.resources import Tools

    tools = Tools()
    for name, look in (
        ("installation", _installation),
        ("data", lambda: _data(tools)),
        ("language model", lambda: _language(tools)),
        ("network", lambda: _network(tools)),
        ("reading", lambda: _reading(tools)),
        ("full-text search", _full_text),
        ("settings", lambda: _settings(asked.settings)),
        ("register", lambda: _register(asked.register, tools)),
        ("disk", lambda: _disk(asked.register)),
        ("feeds", lambda: _feeds(asked, tools)),
    ):
        yield from _guarded(name, look)


def _guarded(name: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from look()
    except DragomanError as error:
        yield Check(name, WRONG, str(error), "see what it says")
    except Exception as error:
        yield Check(name, WRONG, f"{type(error).__name__}: {error}"[:300], "install again: `make setup`")


def _installation() -> Iterator[Check]:
    python = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        yield Check("installation", WRONG, f"Python {python}", "dragoman needs Python 3.11 or newer")
    lacking = list(_lacking())
    if lacking:
        yield Check("installation", WRONG, "; ".join(lacking), "install again: `make setup`")
    else:
        yield Check("installation", WELL, f"dragoman {__version__}, Python {python}, all it depends on is here")


def _lacking() -> Iterator[str]:
    """What the package depends on and is not there, or in another version."""
    from packaging.requirements import InvalidRequirement, Requirement

    for line in metadata.requires("dragoman") or ():
        try:
            needs = Requirement(line)
        except InvalidRequirement:
            continue
        if needs.marker is not None and not needs.marker.evaluate({"extra": ""}):
            continue
        try:
            have = metadata.version(needs.name)
        except metadata.PackageNotFoundError:
            yield f"{needs.name} is missing"
            continue
        if not needs.specifier.contains(have, prereleases=True):
            yield f"{needs.name} is {have}, not {needs.specifier}"


def _data(tools: Tools) -> Iterator[Check]:
    yield Check("data", WELL, f"{len(tools.states)} states, {len(tools.outlets)} outlets; version {tools.version}")


def _language(tools: Tools) -> Iterator[Check]:
    yield Check("language model", WELL, tools.engine.name)


def _network(tools: Tools) -> Iterator[Check]:
    yield Check("network", WELL, f"{tools.network.name}, all files as its card says")


def _reading(tools: Tools) -> Iterator[Check]:
    """A sentence that is read must give what it tells."""
    from dragoman.reader import Reader

    reader = Reader()
    reader.tools = tools
    told = reader.read(TRIED, published=date(2022, 3, 9)).engagements
    if [(e.kind, e.parties) for e in told] == [("call", ("IND", "JPN"))]:
        yield Check("reading", WELL, "a sentence about a call gives the call")
    else:
        yield Check(
            "reading", WRONG, f"a sentence about a call gives {[e.kind for e in told]}", "install again: `make setup`"
        )


def _full_text() -> Iterator[Check]:
    from dragoman.store import postings

    if postings.extension() is None:
        yield Check("full-text search", NOTE, postings.MISSING, "install duckdb-extension-fts of DuckDB's version")
    else:
        yield Check("full-text search", WELL, "DuckDB's extension fts is here")


def _settings(path: Path | None) -> Iterator[Check]:
    from dragoman.config import FILE, load

    settings = load(path)
    where = path or (Path(FILE) if Path(FILE).is_file() else None)
    sent = f"; texts go to {settings.llm.base_url}" if settings.reader != "rules" else "; no text leaves this machine"
    yield Check("settings", WELL, f"{where or 'defaults'}, reader {settings.reader}{sent}")


def _register(path: Path, tools: Tools) -> Iterator[Check]:
    from dragoman.store.read import Register

    if not path.exists():
        yield Check("register", NOTE, f"there is none at {path}", f"`dragoman read PATH… --register {path}` makes one")
        return
    try:
        register = Register(path, tools=tools)
    except RegisterError as error:
        yield Check("register", WRONG, str(error), "see what it says")
        return
    with register.held():
        now = register.totals()
        faults = list(_faults(register))
    size = path.stat().st_size
    told = (
        f"{path}: {now.documents:,} documents, {now.records:,} engagements, {now.people:,} people, {size / 1e6:,.0f} MB"
    )
    if faults:
        yield Check(
            "register",
            WRONG,
            f"{told}; " + "; ".join(faults[:5]),
            f"`dragoman rebuild --register {path}`, else read again",
        )
    else:
        yield Check("register", WELL, told)
    if now.unbound:
        yield Check(
            "register", NOTE, f"{now.unbound} judgements wait for their account", "`dragoman history` lists them"
        )


def _faults(register: Register) -> Iterator[str]:
    """What does not agree in a register: texts and their digests, records and their accounts, claims and the words they stand on."""
    from dragoman.store.claims import fault
    from dragoman.store.rows import text_digest

    documents = {d.doc_id: d for d in register.documents(limit=SAMPLE)}
    for doc in documents.values():
        if doc.text is not None and text_digest(doc.text) != doc.digest:
            yield f"the text of {doc.doc_id} is not the one that was read"
        if doc.page and sha256(register.page(doc.doc_id)).hexdigest() != doc.original:
            yield f"the page of {doc.doc_id} is not the one that was read"
    for record in register.records(limit=SAMPLE):
        tellings = {t.key for t in register.tellings(record.id)}
        if tellings != {a.key for a in record.accounts}:
            yield f"record {record.id} and its accounts do not agree"
        for claim in register.claims(record.id):
            source = documents.get(claim.doc_id)
            if source is not None and source.text is not None:
                wrong = fault(claim, {"text": source.text, "title": source.title or ""})
                if wrong:
                    yield f"a claim of {claim.doc_id} does not stand in its text ({wrong})"


def _disk(register: Path) -> Iterator[Check]:
    folder = register.resolve().parent
    if not folder.is_dir():
        yield Check("disk", WRONG, f"there is no folder {folder}", "make it, or name another register")
        return
    free = shutil.disk_usage(folder).free
    size = register.stat().st_size if register.exists() else 0
    told = f"{free / 1e9:,.1f} GB free in {folder}"
    if free < max(ROOM, size):
        yield Check("disk", NOTE, told, "make room: a register that is rewritten needs its own size once more")
    else:
        yield Check("disk", WELL, told)


def _feeds(asked: Asked, tools: Tools) -> Iterator[Check]:
    """The file of feeds, what its alerts call, and how the last watch went. Nothing is fetched."""
    from dragoman.feeds import alerts
    from dragoman.feeds.plan import checked, load

    if asked.feeds is None:
        return
    plan = checked(load(asked.feeds), str(asked.feeds))
    alerts.settled(plan.alerts, tools.party, str(asked.feeds))
    for alert in plan.alerts:
        program = alert.command[0] if alert.command else None
        if program and shutil.which(program) is None and not (plan.folder / program).exists():
            yield Check("feeds", WRONG, f"[[watch]] {alert.name!r}: no program {program}", "name it with its path")
        if alert.file and not (plan.folder / alert.file).parent.is_dir():
            yield Check("feeds", WRONG, f"[[watch]] {alert.name!r}: no folder for {alert.file}", "make it")
    yield Check(
        "feeds", WELL, f"{asked.feeds}: {len(plan.feeds)} feeds, {len(plan.alerts)} alerts, contact {plan.contact}"
    )
    yield from _journal(asked)


def _journal(asked: Asked) -> Iterator[Check]:
    from dragoman.feeds.journal import Journal, beside

    path = beside(asked.register)
    if not path.exists():
        yield Check(
            "feeds", NOTE, "they were not watched yet", f"`dragoman watch {asked.feeds} --register {asked.register}`"
        )
        return
    journal = Journal(path)
    try:
        states, failing = journal.states(), journal.failing()
    finally:
        journal.close()
    told = ", ".join(f"{number:,} {state}" for state, number in states.items() if number) or "none"
    yield Check("feeds", WELL, f"pages so far: {told}")
    for url, failures, note in failing[:10]:
        yield Check(
            "feeds", NOTE, f"{url} failed {failures} times: {note}", "look whether it has moved, or take it out"
        )
