"""GraphML: people and parties, and the dated engagements between them, for network tools."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Any, BinaryIO

from dragoman.export.holdings import Holdings
from dragoman.model import Participation, Record
from dragoman.resources import Tools
from dragoman.tables.days import first_day, last_day

if TYPE_CHECKING:
    import networkx as nx

_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold


def write(holdings: Holdings, out: BinaryIO) -> None:
    """A multigraph. Nodes: `kind` person or party. Edges: `relation` met (people of two parties), engaged (parties), stands_for."""
    import networkx as nx

    nx.write_graphml(graph(holdings), out, encoding="utf-8", named_key_ids=True)


def graph(holdings: Holdings) -> nx.MultiGraph[str]:
    """The graph itself. Nodes and edges come in the order of the records."""
    import networkx as nx

    made: nx.MultiGraph[str] = nx.MultiGraph(name="dragoman")
    for record in holdings.records():
        _add(made, record, holdings.tools)
    return made


def _add(made: nx.MultiGraph[str], record: Record, tools: Tools) -> None:
    about = _about(record)
    for party in record.parties:
        _party(made, party, tools)
    for a, b in combinations(sorted(record.parties), 2):
        made.add_edge(f"party:{a}", f"party:{b}", key=f"{record.id}:{a}:{b}", relation="engaged", **about)
    people = [p for p in record.participants if p.name]
    for p in people:
        _person(made, p, record, tools)
    for p, q in combinations(sorted(people, key=_id), 2):
        if p.party != q.party:
            made.add_edge(_id(p), _id(q), key=f"{record.id}:{_id(p)}:{_id(q)}", relation="met", **about)


def _id(p: Participation) -> str:
    return _safe(f"person:{p.person or f'{p.name}|{p.party}'}")


def _party(made: nx.MultiGraph[str], party: str, tools: Tools) -> None:
    made.add_node(
        _safe(f"party:{party}"), kind="party", label=_safe(tools.state_names.get(party, party)), party=_safe(party)
    )


def _person(made: nx.MultiGraph[str], p: Participation, record: Record, tools: Tools) -> None:
    """A person's node, with the office last read, and the edge to the party, dated by the records seen."""
    node, day = _id(p), record.date.start or ""
    made.add_node(node, kind="person", label=_safe(p.name or ""), party=_safe(p.party or ""))
    if p.office:
        made.nodes[node]["office"] = _safe(p.office)
        made.nodes[node]["level"] = tools.levels.of(p.office) or ""
    if not p.party:
        return
    _party(made, p.party, tools)
    home, key = _safe(f"party:{p.party}"), f"stands_for:{node}:{p.party}"
    seen = made.edges[node, home, key] if made.has_edge(node, home, key) else {}
    days = [d for d in (seen.get("start"), seen.get("end"), day) if d]
    made.add_edge(node, home, key=key, relation="stands_for", start=min(days, default=""), end=max(days, default=""))


def _about(record: Record) -> dict[str, Any]:
    first, last = first_day(record.date), last_day(record.date)
    place = record.place
    told = {
        "record": record.id,
        "kind": record.kind,
        "status": record.status,
        "start": first.isoformat() if first else "",
        "end": last.isoformat() if last else "",
        "precision": record.date.precision or "",
        "country": (place.country if place else None) or "",
        "topics": "; ".join(record.topics),
        "accounts": len(record.accounts),
    }
    return {k: _safe(v) if isinstance(v, str) else v for k, v in told.items()}


def _safe(text: str) -> str:
    return _FORBIDDEN.sub("�", text)
