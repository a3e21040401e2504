"""How well accounts of one act are put together: B-cubed over gold engagements that were found, and conflicts shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from dragoman import codec
from dragoman.evaluate.gold import Row
from dragoman.evaluate.same import pair, people, tokens
from dragoman.merge import latest_day
from dragoman.model import Record, Telling

Place = tuple[str, str]  # document, the engagement's id in it


@dataclass(frozen=True, slots=True)
class Merging:
    """Figures of merging.

    ``contradictory`` are clusters with a known contradiction, ``shown`` those of them with a conflict in some record;
    ``plain`` are records of two accounts or more none of which the gold says anything of that would be a conflict, and
    ``false`` those of them that show one all the same.
    """

    found: int
    gold: int
    precision: float
    recall: float
    several: int
    recall_several: float
    contradictory: int
    shown: int
    plain: int
    false: int

    @property
    def f1(self) -> float:
        """B-cubed F1."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def tellings(rows: Iterable[Row]) -> tuple[Telling, ...]:
    """Accounts of documents in the guide's form; their keys are the document's id and the engagement's in it."""
    return tuple(t for row in rows for t in _told(row))


def _told(row: Row) -> list[Telling]:
    engagements = [codec.read_engagement(e) for e in row["engagements"]]
    return [
        Telling(
            key=f"{row['doc_id']}:{e.id}",
            doc_id=row["doc_id"],
            outlet=row.get("outlet"),
            url=row.get("url"),
            title=row.get("title"),
            published=date.fromisoformat(row["published"]) if row.get("published") else None,
            engagement=e,
            day=latest_day(engagements),
        )
        for e in engagements
    ]


def register_line(record: Record) -> dict[str, Any]:
    """A record as the scorer of merging reads it."""
    return {
        "id": record.id,
        "accounts": [{"doc_id": a.doc_id, "id": a.local_id} for a in record.accounts],
        "conflicts": [
            {"field": c.field, "values": {v: list(k) for v, k in c.values.items()}} for c in record.conflicts
        ],
    }


def figures(gold: Sequence[Row], answers: Mapping[str, Row], records: Iterable[Record]) -> Merging:
    """Figures of ``records``, which were made of ``answers`` (document id to what was read) to the documents of ``gold``."""
    kept = list(records)
    home = {(a.doc_id, a.local_id): r.id for r in kept for a in r.accounts}
    contested = {r.id for r in kept if r.conflicts}
    truth = _truth(gold, answers, home)
    by_truth, by_system = _groups(truth), _groups({k: home[k] for k in truth})
    shared = {k: len(by_truth[truth[k]] & by_system[home[k]]) for k in truth}
    several = [k for k in truth if len(by_truth[truth[k]]) > 1]
    clusters = _clusters(gold, answers, home)
    contradictory = {d["cluster"] for d in gold if d.get("cluster") and d.get("conflict")}
    plain = _plain(gold, truth, home)
    return Merging(
        found=len(truth),
        gold=sum(len(d["engagements"]) for d in gold),
        precision=_mean(shared[k] / len(by_system[home[k]]) for k in truth),
        recall=_mean(shared[k] / len(by_truth[truth[k]]) for k in truth),
        several=len(several),
        recall_several=_mean(shared[k] / len(by_truth[truth[k]]) for k in several),
        contradictory=len(contradictory),
        shown=sum(bool(clusters[c] & contested) for c in contradictory),
        plain=len(plain),
        false=len(plain & contested),
    )


def line(name: str, m: Merging) -> str:
    """One line for people."""
    return (
        f"{name}: found {m.found} of {m.gold}; B-cubed P {m.precision:.3f} R {m.recall:.3f} F1 {m.f1:.3f}; "
        f"R on events told more than once {m.recall_several:.3f} ({m.several}); "
        f"contradictions shown {m.shown} of {m.contradictory}; conflicts where there is none {m.false} of {m.plain}"
    )


def _truth(gold: Sequence[Row], answers: Mapping[str, Row], home: Mapping[Place, str]) -> dict[Place, str]:
    """The event of each account that answers a gold engagement and stands in a record."""
    out: dict[Place, str] = {}
    for d in gold:
        told = answers[d["doc_id"]]["engagements"] if d["doc_id"] in answers else []
        for i, j in pair(d["engagements"], told):
            place = (d["doc_id"], told[j]["id"])
            if place in home:
                out[place] = d["engagements"][i]["event"]
    return out


def _groups(of: Mapping[Place, str]) -> dict[str, set[Place]]:
    out: dict[str, set[Place]] = defaultdict(set)
    for place, name in of.items():
        out[name].add(place)
    return out


def _clusters(gold: Sequence[Row], answers: Mapping[str, Row], home: Mapping[Place, str]) -> dict[str, set[str]]:
    """Records of the documents of each cluster."""
    out: dict[str, set[str]] = defaultdict(set)
    for d in gold:
        if d.get("cluster") and d["doc_id"] in answers:
            out[d["cluster"]] |= {
                h for e in answers[d["doc_id"]]["engagements"] if (h := home.get((d["doc_id"], e["id"])))
            }
    return out


def _plain(gold: Sequence[Row], truth: Mapping[Place, str], home: Mapping[Place, str]) -> set[str]:
    """Records of several accounts of one event on whose day, city, country, status and people its gold accounts agree."""
    said: dict[str, list[Row]] = defaultdict(list)
    for d in gold:
        for e in d["engagements"]:
            said[e["event"]].append(e)
    events: dict[str, list[str]] = defaultdict(list)
    for place, event in truth.items():
        events[home[place]].append(event)
    return {r for r, told in events.items() if len(told) > 1 and len(set(told)) == 1 and _agree(said[told[0]])}


def _agree(accounts: Sequence[Row]) -> bool:
    places = [e.get("place") or {} for e in accounts]
    facts = {
        (e["date"]["start"], e["date"]["end"], where.get("city"), where.get("country"), e["status"])
        for e, where in zip(accounts, places, strict=True)
    }
    return len(facts) == 1 and not any(_other_people(a, b) for a, b in combinations(accounts, 2))


def _other_people(a: Row, b: Row) -> bool:
    """Both name people of a party, and no name of one shares a part with one of the other."""
    for party in a["parties"]:
        mine, theirs = ([p["name"] for p in people(e) if p.get("party") == party] for e in (a, b))
        if mine and theirs and not any({*tokens(x)} & {*tokens(y)} for x in mine for y in theirs):
            return True
    return False


def _mean(values: Iterable[float]) -> float:
    some = list(values)
    return sum(some) / len(some) if some else 0.0
