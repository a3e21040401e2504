"""Recorded answers, and the documents they are about, cleaned and annotated once for all tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dragoman.config import ModelSettings, Settings
from dragoman.evaluate.gold import load
from dragoman.model import Document
from dragoman.resources import Tools
from dragoman.stages.annotate import observe_many
from dragoman.stages.clean import clean
from dragoman.stages.ingest._common import document

ROOT = Path(__file__).parents[2]
FEW = 6
RECORDED = ROOT / "tests" / "data" / "llm" / "answers_dev_news.jsonl"


@dataclass(frozen=True)
class Case:
    """A document of the development news with its gold row and the recorded answer."""

    row: dict[str, Any]
    doc: Document
    answer: str


def prepared(docs: list[Document], tools: Tools) -> Iterator[Document]:
    """Documents cleaned and annotated without the network."""
    cleaned = [clean(d, tools) for d in docs]
    for doc, note in zip(cleaned, observe_many(cleaned, tools), strict=True):
        yield replace(doc, annotation=note)


def given(row: dict[str, Any]) -> Document:
    """The document of a gold row, without its answers."""
    return document({k: v for k, v in row.items() if k != "engagements"}, row["doc_id"], Settings())


def recorded_cases(tools: Tools, most: int | None = None) -> list[Case]:
    """Documents with a recorded answer, the first ``most`` of them that tell of something."""
    answers = {r["doc_id"]: r["answer"] for r in map(json.loads, RECORDED.read_text(encoding="utf-8").splitlines())}
    rows = [r for r in load(ROOT / "gold" / "dev_news.jsonl") if r["doc_id"] in answers]
    if most is not None:
        rows = [r for r in rows if r["engagements"]][:most]
    docs = prepared([given(r) for r in rows], tools)
    return [Case(row, doc, answers[row["doc_id"]]) for row, doc in zip(rows, docs, strict=True)]


@pytest.fixture(scope="session")
def cases(tools: Tools) -> list[Case]:
    """All of them."""
    return recorded_cases(tools)


@pytest.fixture(scope="session")
def few(tools: Tools) -> list[Case]:
    """Some, for what does not depend on how many there are."""
    return recorded_cases(tools, FEW)


@pytest.fixture
def settings(tmp_path: Path) -> ModelSettings:
    return ModelSettings(base_url="http://127.0.0.1:1/v1", model="m", cache=str(tmp_path / "answers.sqlite"))
