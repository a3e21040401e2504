"""Accounts of one act each: groups of a connected component, by mean score, under what people have judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from dragoman.merge.link import Link, excluded
from dragoman.merge.prepare import Prepared, prepare
from dragoman.model import Judgement, Telling
from dragoman.resources import Tools

Group = tuple[str, ...]


def components(keys: Iterable[str], edges: Iterable[tuple[str, str]]) -> tuple[Group, ...]:
    """Connected parts of ``keys``, each sorted, in order of their first keys. Edges to unknown keys are ignored."""
    parent = {k: k for k in keys}

    def root(k: str) -> str:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    for a, b in edges:
        if a in parent and b in parent:
            x, y = sorted((root(a), root(b)))
            parent[y] = x
    groups: dict[str, list[str]] = {}
    for k in sorted(parent):
        groups.setdefault(root(k), []).append(k)
    return tuple(sorted(tuple(g) for g in groups.values()))


def cluster(
    tellings: Iterable[Telling | Prepared],
    links: Iterable[Link],
    judgements: Iterable[Judgement],
    tools: Tools,
) -> tuple[Group, ...]:
    """Which of the accounts tell of one act: groups of keys, each sorted, in order of their first keys.

    Groups grow from the best pair on, by the mean score over the pairs between two groups, until none is above the cut. What
    a person has judged the same stays together and what a person has judged different stays apart; the later judgement
    wins over an earlier one that it contradicts. The result depends on the sets alone, not on any order.
    """
    ready = {p.key: p for p in (prepare(t, tools) for t in tellings)}
    scores = {(k.left, k.right): k.score for k in links if k.left in ready and k.right in ready}
    together, apart = _judged(judgements, ready)
    groups = components(ready, together)
    edges = [*scores, *together]
    out: list[Group] = []
    for part in components(ready, edges):
        inside = set(part)
        out += _grown([g for g in groups if g[0] in inside], ready, scores, apart, tools)
    return tuple(sorted(out))


def _judged(
    judgements: Iterable[Judgement], ready: Mapping[str, Prepared]
) -> tuple[list[tuple[str, str]], frozenset[tuple[str, str]]]:
    """Pairs that must be and that must not be one, latest judgements first; what contradicts a later one is left out."""
    standing = [j for j in judgements if j.withdrawn is None and j.verdict in {"same", "different"} and j.right]
    together: list[tuple[str, str]] = []
    apart: set[tuple[str, str]] = set()
    for j in sorted(standing, key=lambda j: (j.at, j.id), reverse=True):
        left, right = sorted((j.left, j.right or ""))
        if left not in ready or right not in ready or left == right:
            continue
        home = {k: g[0] for g in components(ready, together) for k in g}
        if j.verdict == "different":
            if home[left] != home[right]:
                apart.add((left, right))
        elif not any({home[x], home[y]} == {home[left], home[right]} for x, y in apart):
            together.append((left, right))
    return together, frozenset(apart)


def _grown(
    groups: Sequence[Group],
    ready: Mapping[str, Prepared],
    scores: Mapping[tuple[str, str], float],
    apart: frozenset[tuple[str, str]],
    tools: Tools,
) -> list[Group]:
    """Groups of one component merged as long as the best mean is above the cut."""
    cut = tools.thresholds["merge.cut"]
    live = {g[0]: g for g in groups}
    sums: dict[tuple[str, str], float] = {}
    for a, b in combinations(sorted(live), 2):
        total = _total(live[a], live[b], ready, scores, apart, tools)
        if total is not None:
            sums[a, b] = total

    def mean(pair: tuple[str, str]) -> float:
        return sums[pair] / (len(live[pair[0]]) * len(live[pair[1]]))

    while sums:
        best = min(sums, key=lambda pair: (-round(mean(pair), 9), pair))
        if mean(best) < cut:
            break
        a, b = best
        for c in [c for c in live if c not in (a, b)]:
            one, other = sums.pop(_pair(a, c), None), sums.pop(_pair(b, c), None)
            if one is not None and other is not None:
                sums[_pair(a, c)] = one + other
        del sums[best]
        live[a] = tuple(sorted(live[a] + live.pop(b)))
    return sorted(live.values())


def _total(
    one: Group,
    other: Group,
    ready: Mapping[str, Prepared],
    scores: Mapping[tuple[str, str], float],
    apart: frozenset[tuple[str, str]],
    tools: Tools,
) -> float | None:
    """Sum of scores over all pairs between two groups; None where a pair may not be one."""
    total = 0.0
    for a in one:
        for b in other:
            pair = _pair(a, b)
            if pair in apart or (pair not in scores and excluded(ready[a], ready[b], tools)):
                return None
            total += scores.get(pair, tools.thresholds["merge.unlinked"])
    return total


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)
