"""What each of the larger mechanisms is worth: ``python -m training.ablate GOLD.jsonl``.

Each line switches one mechanism off and leaves the rest, the network's weights included, as they are. Use texts of outlets
that the network has not been trained on; a mechanism whose worth the network would make up for if it were trained
without it is told too high, never too low.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from training.tune import annotated, figures

from dragoman.evaluate.gold import load
from dragoman.model import Document
from dragoman.network.again import Acts, as_scored, asked
from dragoman.network.features import Floats
from dragoman.resources import Tools
from dragoman.stages import resolve as people
from dragoman.stages.events import _build
from dragoman.stages.resolve import _people, _roles, resolve

Off = Callable[[Tools], Any]


def cut(**values: float) -> Off:
    """Cuts set to values at which they decide nothing; ``_`` in a name stands for a full stop."""
    changed = {k.replace("__", "."): v for k, v in values.items()}
    return lambda tools: mock.patch.dict(tools.thresholds, changed)


def nothing(owner: Any, name: str, value: Any = None) -> Off:
    """A function that does nothing and returns ``value``."""
    return lambda tools: mock.patch.object(owner, name, return_value=value)


@contextmanager
def without_officials(tools: Tools) -> Iterator[None]:
    """The table of officials knows nobody."""
    with mock.patch.object(type(tools.authority), "states", return_value=frozenset()):
        yield


def untied(tools: Tools) -> Any:
    """The second look is not told what belongs together: whom people stand for, where places lie, who and when stand side by side."""
    said = tools.network.again

    def again(acts: Acts) -> dict[str, Floats]:
        loose = {name: np.zeros_like(tie) for name, tie in acts.ties.items()}
        return said(replace(acts, ties=loose))

    return mock.patch.object(tools.network, "again", side_effect=again)


MECHANISMS: tuple[tuple[str, Off], ...] = (
    ("tours and lists of talks split", cut(split=2)),
    ("visits kept to who travels", nothing(_build.Builder, "_leave_bystanders", None)),
    ("people of one state met together", cut(split__people=0)),
    ("legs of a tour dated each", cut(date__leg=2)),
    ("tellings of one act joined", nothing(_build.Builder, "_same", False)),
    ("acts found with certainty kept apart", cut(told__apart=2)),
    ("background told apart", cut(mention=1.1)),
    ("parties of people weighed with engagements", cut(coherence=0, separate=-1e9)),
    ("a second party filled in", cut(party__second=2)),
    ("held acts are dated", cut(date__none=1)),
    ("hosts' meetings told apart by subject", nothing(_build.Builder, "_subject")),
    ("a meeting belongs to the only fitting visit", nothing(_build.Builder, "_visit")),
    ("later mentions by surname", nothing(_people, "surnames")),
    ("later mentions by office", nothing(_roles, "add_roles")),
    ("table of officials", without_officials),
    ("forms of names", cut(stands_for__form=0)),
    ("lists that run side by side", nothing(people, "respective", {})),
    (
        "ships are nobody",
        lambda tools: mock.patch.object(people, "without_vessels", side_effect=lambda t, names, v: list(names)),
    ),
    ("offices before names", nothing(people, "_leading", {})),
    ("ties between what is looked at again", untied),
    (
        "everything looked at again",
        lambda tools: mock.patch.object(tools.network, "again", side_effect=lambda acts: as_scored(asked(acts))),
    ),
)


def plain(doc: Document) -> Document:
    """The document without what dictionaries say of parties."""
    assert doc.annotation is not None
    return replace(doc, annotation=replace(doc.annotation, parties=()))


def main() -> None:
    """A line of figures with everything, then one without each mechanism."""
    rows, tools = load(Path(sys.argv[1])), Tools()
    np.seterr(all="ignore")
    docs = annotated(rows, tools)
    print(f"{'everything':<46} {figures(rows, [resolve(d, tools) for d in docs], tools)}", flush=True)
    for name, off in MECHANISMS:
        with ExitStack() as stack:
            stack.enter_context(off(tools))
            print(f"{'without: ' + name:<56} {figures(rows, [resolve(d, tools) for d in docs], tools)}", flush=True)
    bare = [resolve(plain(d), tools) for d in docs]
    print(f"{'without: dictionary of parties':<56} {figures(rows, bare, tools)}", flush=True)


if __name__ == "__main__":
    main()
