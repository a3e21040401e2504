"""What the register's tests share: real news as read, registers filled with it, and what stands in one as bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from dragoman.config import Settings
from dragoman.evaluate.gold import held_out, load
from dragoman.model import Document
from dragoman.reader import Account, Reader
from dragoman.stages import ingest
from dragoman.store.read import Register
from dragoman.store.rows import encode
from dragoman.store.write import Writer

GOLD = Path(__file__).parents[2] / "gold" / "dev_news.jsonl"
Fill = Callable[..., Writer]


def told(account: Account) -> Account:
    """The account without the layers that the register does not keep."""
    return replace(account, document=replace(account.document, clean=None, annotation=None, findings=None, trail=()))


@pytest.fixture(scope="session")
def gold_news() -> list[Document]:
    """Documents of the news that tell of acts which others of them tell of too, and some more."""
    every = load(GOLD)
    unread = held_out(every)
    rows = [r for r in every if r["doc_id"] not in unread]
    wanted = [r["doc_id"] for r in rows if r["cluster"]][:36] + [r["doc_id"] for r in rows if not r["cluster"]][:12]
    found = {d.source.doc_id: d for d in ingest.read(str(GOLD), Settings()) if isinstance(d, Document)}
    return [found[name] for name in wanted]


@pytest.fixture(scope="session")
def news(gold_news: list[Document]) -> list[Document]:
    """The same, of every fifth of which nobody knows when it was published."""
    return [replace(d, source=replace(d.source, published=None)) if n % 5 == 0 else d for n, d in enumerate(gold_news)]


@pytest.fixture(scope="session")
def accounts(news: list[Document], reader: Reader) -> list[Account]:
    """The same as read."""
    return [told(a) for a in reader.read_many(news)]


@pytest.fixture
def fill(tmp_path: Path, reader: Reader) -> Fill:
    """A register filled with accounts, ``size`` of them at a time."""

    def make(found: Sequence[Account], *, size: int = 1000, name: str = "a", texts: bool = True) -> Writer:
        writer = Writer(tmp_path / f"{name}.duckdb", reader.tools, texts=texts)
        writer.make()
        for start in range(0, len(found), size):
            writer.add(found[start : start + size])
        return writer

    return make


def contents(path: Path) -> list[str]:
    """All that a register tells, as lines: records, people, documents, judgements."""
    register = Register(path)
    with register.held():
        return [
            *(encode(r) for r in register.each(sort="id")),
            *sorted(msgspec.json.encode(p).decode() for p in register.people()),
            *(msgspec.json.encode(d).decode() for d in register.documents()),
            *(msgspec.json.encode(j).decode() for j in register.judgements()),
        ]
