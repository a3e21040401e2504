"""Lists that tell of which party each name is.

Side by side: "the foreign ministers of Colombia, Costa Rica and Ecuador, A, B and C". By turns, the party first: "his
counterparts of Tunisia, A, of Mauritania, B, and of Libya, C".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeVar

from dragoman.model import Annotation
from dragoman.network.features import word_range
from dragoman.stages.resolve._people import Cluster

Words = tuple[int, int]
T = TypeVar("T")
JOINS = frozenset({",", "and", "&", ";", "the", "of", "from"})
LEADS = frozenset({"of", "from"})  # what stands before each party of a list by turns
REACH = 12  # words between the two lists
STOPS = frozenset({"VERB", "AUX", "PRON", "SCONJ"})  # a clause of its own parts them


def respective(note: Annotation, clusters: Sequence[Cluster], ranked: set[int]) -> dict[int, str]:
    """Parties of people (by number) whose names stand in a list beside one of as many parties, in the same order, or by turns with them.

    ``ranked`` are the words of ranks and forms of address, which may stand before any of the names.
    """
    names = sorted((m, i) for i, c in enumerate(clusters) for m in c.named)
    parties = sorted(
        {
            (w, p.party)
            for p in note.parties
            if p.kind in {"name", "demonym", "organisation"} and (w := word_range(note.tokens, p.span))
        }
    )
    out: dict[int, str] = {}
    of_names = _lists(note, names, ranked)
    for states in _lists(note, parties, set()):
        for people in of_names:
            if len(states) == len(people) and _beside(note, states, people, ranked, names, parties):
                for (_, person), (_, party) in zip(people, states, strict=True):
                    out.setdefault(person, party)
    for person, party in _by_turns(note, names, parties, ranked):
        out.setdefault(person, party)
    return out


def _by_turns(
    note: Annotation, names: Sequence[tuple[Words, int]], parties: Sequence[tuple[Words, str]], ranked: set[int]
) -> list[tuple[int, str]]:
    """People and parties of lists in which "of" leads each party and a comma and a name follow it, two times or more."""
    pairs: list[tuple[Words, tuple[int, str]]] = []
    for words, party in parties:
        following = bisect_left(names, words[1], key=lambda n: n[0][0])
        if _lead(note, words) == words[0] or following == len(names) or note.tokens[words[1]].text != ",":
            continue
        name, person = names[following]
        if _joined(note, words, name, ranked):
            pairs.append(((words[0], name[1]), (person, party)))
    out: list[tuple[int, str]] = []
    ends = {words[1] for words, _ in names}
    for run in _lists(note, pairs, ranked):
        lead = _lead(note, run[0][0])
        if (lead - 1 if lead and note.tokens[lead - 1].text == "," else lead) in ends:
            continue  # "A of Saint Lucia, B of Grenada": there the name comes first
        people, states = ({value[k] for _, value in run} for k in (0, 1))
        if len(people) == len(states) == len(run):
            out += [value for _, value in run]
    return out


def _lead(note: Annotation, words: Words) -> int:
    """Where "of", "from" or that and an article before a party begins; the party's own first word where none stands there."""
    at = words[0]
    if at and note.tokens[at - 1].text.lower() == "the":
        at -= 1
    return at - 1 if at and note.tokens[at - 1].text.lower() in LEADS else words[0]


def _lists(note: Annotation, items: Sequence[tuple[Words, T]], also: set[int]) -> list[list[tuple[Words, T]]]:
    """Runs of two items or more, all different, with nothing between them but what joins a list and the words of ``also``."""
    runs: list[list[tuple[Words, T]]] = []
    for item in items:
        if runs and _joined(note, runs[-1][-1][0], item[0], also):
            runs[-1].append(item)
        else:
            runs.append([item])
    return [run for run in runs if 1 < len(run) == len({value for _, value in run})]


def _joined(note: Annotation, left: Words, right: Words, also: set[int]) -> bool:
    """Whether two stretches of one sentence are neighbours in a list."""
    between = range(left[1], right[0])
    joins = len(between) > 0 and all(note.tokens[i].text.lower() in JOINS or i in also for i in between)
    return joins and note.tokens[left[0]].sentence == note.tokens[right[0]].sentence


def _beside(
    note: Annotation,
    states: Sequence[tuple[Words, str]],
    people: Sequence[tuple[Words, int]],
    ranked: set[int],
    names: Sequence[tuple[Words, int]],
    parties: Sequence[tuple[Words, str]],
) -> bool:
    """Whether the two lists stand side by side in a sentence: a few words between, no clause, and no other name or party."""
    tokens = note.tokens
    spans = [w for w, _ in states], [w for w, _ in people]
    first, last = sorted(spans)
    start, end = first[-1][1], last[0][0]
    if (
        not 0 < end - start - sum(i in ranked for i in range(start, end)) <= REACH
        or tokens[start].sentence != tokens[end].sentence
    ):
        return False
    between = range(start, end)
    if any(tokens[i].pos in STOPS or tokens[i].text in {";", "."} for i in between):
        return False
    others = [w for w, _ in (*names, *parties)]
    return not any(start <= a < end for a, _ in others)
