"""The stages in their order, and the one loop that runs them over documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice

from dragoman.model import Document
from dragoman.resources import Tools

Stage = Callable[[Document, Tools], Document]


@dataclass(frozen=True, slots=True)
class StageEntry:
    """A row of the table: ``target`` is module and function, ``needs`` and ``adds`` name layers of Document."""

    name: str
    target: str
    needs: tuple[str, ...]
    adds: str

    def load(self) -> Stage:
        """The stage's function."""
        module, _, function = self.target.partition(":")
        stage: Stage = getattr(import_module(module), function)
        return stage


STAGES = (
    StageEntry("clean", "dragoman.stages.clean:clean", (), "clean"),
    StageEntry("annotate", "dragoman.stages.annotate:annotate", ("clean",), "annotation"),
    StageEntry("resolve", "dragoman.stages.resolve:resolve", ("clean", "annotation"), "findings"),
    StageEntry("events", "dragoman.stages.events:find_events", ("clean", "annotation", "findings"), "engagements"),
    StageEntry("attribution", "dragoman.stages.attribution:attribute", ("annotation", "engagements"), "engagements"),
)
SCREEN = "dragoman.stages.screen"  # decides what is read at all
BATCH = 32  # documents screened at once
MANY = "annotate_many"  # the batch form of the stage "annotate", which is faster over several documents


def run_document(doc: Document, tools: Tools) -> Document:
    """One document through all stages."""
    return next(run_batch([doc], tools))


def run_batch(docs: Iterable[Document], tools: Tools) -> Iterator[Document]:
    """Documents through all stages, in order; results do not depend on what else is in the batch.

    What the screen says cannot tell of an act goes through none of them.
    """
    screen = import_module(SCREEN)
    waiting = iter(docs)
    while batch := list(islice(waiting, BATCH)):
        wanted = [screen.worth_reading(doc, tools) for doc in batch]
        read = _read((d for d, w in zip(batch, wanted, strict=True) if w), tools)
        for doc, worth in zip(batch, wanted, strict=True):
            yield next(read) if worth else screen.passed_over(doc)


def _read(docs: Iterable[Document], tools: Tools) -> Iterator[Document]:
    stages = [(s, s.load()) for s in STAGES]
    before = [(s, f) for s, f in stages if s.name == "clean"]
    after = [(s, f) for s, f in stages if s.name not in {"clean", "annotate"}]
    many = getattr(import_module("dragoman.stages.annotate"), MANY)
    for doc in many((_through(d, before, tools) for d in docs), tools):
        yield _through(doc, after, tools)


def _through(doc: Document, stages: Iterable[tuple[StageEntry, Stage]], tools: Tools) -> Document:
    for entry, stage in stages:
        missing = [layer for layer in entry.needs if getattr(doc, layer) is None]
        if missing:
            raise RuntimeError(f"stage {entry.name} needs {', '.join(missing)}")
        doc = stage(doc, tools)
        if getattr(doc, entry.adds) is None:
            raise RuntimeError(f"stage {entry.name} added no {entry.adds}")
    return doc
