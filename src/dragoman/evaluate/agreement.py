"""How far two readers agree on the same documents, and where they do not: what ``--reader both`` tells at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dragoman import codec
from dragoman.evaluate import scores
from dragoman.evaluate.alpha import Coded
from dragoman.evaluate.same import Record, pair
from dragoman.evaluate.scores import FIELDS, Score
from dragoman.reader import Account
from dragoman.store.doubts import Difference

COLUMNS = 4  # figures in a line


class Agreement:
    """Takes in documents one by one; holds counts, not documents.

    The embedded reader stands where a gold file would: precision and recall are of the language model's records by it, and
    F1, which is the same both ways round, is the agreement on what happened at all.
    """

    def __init__(self, told: Callable[[Mapping[str, Any]], None] | None = None) -> None:
        """``told`` hears every disagreement as a row of :func:`disagreements`."""
        self._score, self._coded, self._told = Score(), Coded(), told

    def add(self, own: Account, second: Account) -> None:
        """One document as the embedded reader and the language model have it."""
        first, other = codec.account(own.document, own.version), codec.account(second.document, second.version)
        scores.add(self._score, first, other)
        self._coded.add(first, other)
        if self._told:
            for row in disagreements(first, other):
                self._told(row)

    def lines(self) -> Iterator[str]:
        """The figures for people to read."""
        s = self._score
        if not s.documents:
            yield "agreement: no document was read by both"
            return
        yield f"agreement of the two readers over {s.documents} documents that both read:"
        yield f"  records: {s.found} of both, {s.missed} of the rules only, {s.invented} of the model only (F1 {s.f1:.3f})"
        told = [(n, s.field_f1(n)) for n in FIELDS]
        cells = [f"{n} {'-' if v is None else f'{v:.3f}'}" for n, v in told]
        for i in range(0, len(cells), COLUMNS):
            yield "  " + "  ".join(f"{c:<22}" for c in cells[i : i + COLUMNS]).rstrip()
        alphas = "  ".join(f"{k} {'-' if v is None else f'{v:.3f}'}" for k, v in self._coded.alphas().items())
        yield f"  Krippendorff's alpha  {alphas}"


def disagreements(own: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Records of one document on which two readers differ: one row a pair, with the fields, and both records in full.

    A record that only one reader has stands alone, with no fields. Where both have it, ``fields`` are those of the measure.
    """
    mine, theirs = _main(own), _main(second)
    pairs = pair(mine, theirs)
    for i, j in pairs:
        fields = _differing(mine[i], theirs[j])
        if fields:
            yield _row(own, fields, mine[i], theirs[j])
    for i, record in enumerate(mine):
        if i not in {a for a, _ in pairs}:
            yield _row(own, [], record, None)
    for j, record in enumerate(theirs):
        if j not in {b for _, b in pairs}:
            yield _row(own, [], None, record)


def differences(row: Mapping[str, Any]) -> Iterator[Difference]:
    """A row of :func:`disagreements` value by value, as the register keeps it: what is kept is the language model's."""
    own, second = row["rules"], row["llm"]
    if own is None or second is None:
        one = second or own
        words = f"{one['kind']} {', '.join(one['parties'])}: {one['evidence']}"
        yield Difference(None if own else second["id"], None, None if own else words, words if own else None)
        return
    for name in row["fields"]:
        yield Difference(second["id"], name, value(second, name), value(own, name))


def value(record: Record, name: str) -> str:
    """What a record has for a field of the measure, for people to read; empty where it has nothing."""
    place, date, parts = record["place"] or {}, record["date"] or {}, record["participants"]
    whole = {
        "parties": ", ".join(record["parties"]),
        "date": "/".join(d for d in (date.get("start"), date.get("end")) if d),
        "place country": place.get("country"),
        "place city": place.get("city"),
        "people": ", ".join(p["name"] for p in parts if p["name"]),
        "people+party": ", ".join(f"{p['name']} ({p['party'] or '?'})" for p in parts if p["name"]),
        "topics": ", ".join(record["topics"]),
        "sources": " → ".join(record["sources"]),
        "part of": record["part_of"],
    }
    if name in ("office", "rank", "side", "head"):
        return "; ".join(f"{p['name']}: {p[name]}" for p in parts if p["name"] and p[name])
    return str((whole[name] if name in whole else record[name]) or "")


def _main(account: Mapping[str, Any]) -> list[Record]:
    return [e for e in account["engagements"] if e["salience"] == "main"]


def _differing(a: Record, b: Record) -> list[str]:
    one = Score()
    scores.add(one, {"doc_id": "", "engagements": [a]}, {"engagements": [b]})
    return [n for n in FIELDS if one.size[n] != 2 * one.hit[n]]


def _row(account: Mapping[str, Any], fields: list[str], own: Record | None, second: Record | None) -> dict[str, Any]:
    about = {k: account[k] for k in ("doc_id", "url", "outlet", "published", "title")}
    return about | {"fields": fields, "rules": own, "llm": second}
