"""Other documents from one: its states, capitals, cities, people and outlet changed for others, in text and gold alike.

A small training set names few people and states; a network learns them by heart. In a changed copy only the wording can
tell who took part.
"""

from __future__ import annotations

import json
import random
import re
from typing import Any

from dragoman.knowledge.naming import cities
from dragoman.resources import State, Tools

Row = dict[str, Any]


class Changer:
    """Makes changed copies of gold lines."""

    def __init__(self, tools: Tools) -> None:
        self._states = {s.code: s for s in tools.states if s.demonyms and s.capitals and len(s.code) == 3}
        self._people: dict[str, list[str]] = {}
        for row in tools._officials:
            if len(row["name"].split()) in (2, 3) and "." not in row["name"]:
                self._people.setdefault(row["country"], []).append(row["name"])
        self._outlets: dict[str, list[str]] = {}
        for outlet in tools.outlets:
            self._outlets.setdefault(outlet.country, []).append(outlet.name)
        self._outlet_country = tools.outlet_country
        self._cities: dict[str, list[str]] = {}
        for name, places in cities(tools.name_parts)[0].items():
            if " " not in name:
                self._cities.setdefault(places[0][0], []).append(name)

    def copy(self, row: Row, seed: int) -> Row:
        """A changed copy of ``row``; the same seed gives the same copy."""
        rng = random.Random(f"{row['doc_id']} {seed}")
        parties = sorted({p for e in row["engagements"] for p in e["parties"] if p in self._states})
        pool = sorted(c for c in self._states if c not in parties and self._people.get(c))
        states = dict(zip(parties, rng.sample(pool, len(parties)), strict=True)) if len(parties) < len(pool) else {}
        words: dict[str, str] = {}
        for old, new in states.items():
            self._state_words(self._states[old], self._states[new], words)
        self._places(row, states, words, rng)
        self._names(row, states, words, rng)
        self._outlet(row, states, words, rng)
        return self._apply(row, states, words)

    def _state_words(self, old: State, new: State, words: dict[str, str]) -> None:
        for group in ("demonyms", "capitals", "names"):
            target = getattr(new, group)
            for i, word in enumerate(getattr(old, group)):
                words[word] = target[min(i, len(target) - 1)] if group != "demonyms" or i else target[0]

    def _places(self, row: Row, states: dict[str, str], words: dict[str, str], rng: random.Random) -> None:
        for e in row["engagements"]:
            place = e["place"] or {}
            city, new = place.get("city"), states.get(place.get("country") or "")
            if city and new and city not in words and self._cities.get(new):
                words[city] = rng.choice(self._cities[new])

    def _names(self, row: Row, states: dict[str, str], words: dict[str, str], rng: random.Random) -> None:
        seen: dict[str, str] = {}
        for e in row["engagements"]:
            for p in e["participants"]:
                name = p["name"]
                if not name or name in seen or len(name.split()) < 2:
                    continue
                source = self._people.get(states.get(p["party"], p["party"])) or self._people["KEN"]
                seen[name] = rng.choice(source)
                old, new = name.split(), seen[name].split()
                words[name] = seen[name]
                for part, other in ((old[-1], new[-1]), (old[0], new[0])):
                    if len(part) > 2 and part not in words and part[0].isupper():
                        words[part] = other

    def _outlet(self, row: Row, states: dict[str, str], words: dict[str, str], rng: random.Random) -> None:
        outlet = row["outlet"]
        if outlet:
            country = states.get(self._outlet_country(outlet) or "")
            if country and self._outlets.get(country):
                words[outlet] = rng.choice(self._outlets[country])

    def _apply(self, row: Row, states: dict[str, str], words: dict[str, str]) -> Row:
        pattern = (
            re.compile(
                r"(?<!\w)(?:" + "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) + r")(?!\w)"
            )
            if words
            else None
        )

        def change(value: Any, key: str = "") -> Any:
            if isinstance(value, dict):
                return {k: change(v, k) for k, v in value.items()}
            if isinstance(value, list):
                return [change(v, key) for v in value]
            if isinstance(value, str):
                if key in {"party", "parties", "country"}:
                    return states.get(value, value)
                if key in {
                    "doc_id",
                    "published",
                    "start",
                    "end",
                    "kind",
                    "status",
                    "side",
                    "topics",
                    "id",
                    "part_of",
                    "cluster",
                }:
                    return value
                return pattern.sub(lambda m: words[m[0]], value) if pattern else value
            return value

        out: Row = change(json.loads(json.dumps(row)))
        for e in out["engagements"]:
            e["parties"] = sorted(e["parties"])
        return out
