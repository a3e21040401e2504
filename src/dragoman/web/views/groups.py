"""Person, party, pair: what many records say of one or two."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from dragoman.resources import Tools
from dragoman.store.read import Register
from dragoman.store.shapes import Filter
from dragoman.web.asking import Asked, party_code
from dragoman.web.contexts import Grid
from dragoman.web.overviews import Gap, PartyShown, PersonShown
from dragoman.web.views.shared import entries, grid, rhythm, shares

NEWEST = 15
MOST = 20  # topics, frameworks, partners
LONGEST_GAPS = 5
LEVELS = 7  # levels told apart in one chart; the others are counted together
OTHER = "other"
GAP = 30  # days from which a stretch without records is a gap


def person(asked: Asked, register: Register, tools: Tools) -> PersonShown:
    """The person of that id or name.

    Raises:
        NotFound: there is nobody, or there are several.
    """
    somebody = register.person(asked.of_path("id"))
    where = replace(asked.where, person=somebody.id)
    total = register.count(where)
    diary = register.records(where, sort=asked.sort, limit=asked.per_page, offset=asked.offset)
    return PersonShown(
        title=somebody.name,
        person=somebody,
        rhythm=rhythm(register.rhythm(where)),
        total=total,
        diary=entries(diary),
        counterparts=register.counterparts(somebody.id, asked.where),
        page=asked.page,
        further=asked.offset + len(diary) < total,
    )


def party(asked: Asked, register: Register, tools: Tools) -> PartyShown:
    """One party."""
    return _shown((party_code(asked.of_path("code"), tools),), asked, register, tools)


def pair(asked: Asked, register: Register, tools: Tools) -> PartyShown:
    """Two parties, in alphabetical order."""
    codes = sorted({party_code(asked.of_path(name), tools) for name in ("code", "other")})
    return _shown(tuple(codes), asked, register, tools)


def _shown(codes: tuple[str, ...], asked: Asked, register: Register, tools: Tools) -> PartyShown:
    where = replace(asked.where, parties=codes)
    alone = codes[0] if len(codes) == 1 else None
    counted = register.narrowing(where, fields=("kind", "topic", "framework", "party"), limit=MOST, people=False)
    total = sum(number for _, number in counted.get("kind", ()))
    partners = [s for s in counted.get("party", ()) if s[0] not in codes]
    return PartyShown(
        title=" – ".join(tools.state_names.get(c, c) for c in codes),
        parties=codes,
        total=total,
        rhythm=rhythm(register.rhythm(where)),
        levels=levels(register, where, tools),
        topics=shares(counted.get("topic", ())),
        frameworks=shares(counted.get("framework", ())),
        gaps=gaps(register.days(replace(where, statuses=("held",)))),
        partners=shares(partners),
        people=register.active_people(where, party=alone, limit=15),
        newest=entries(register.records(where, sort="-date", limit=NEWEST)),
    )


def levels(register: Register, where: Filter, tools: Tools) -> Grid:
    """Appearances of office-holders of the parties by year and level."""
    counted = [(year, level, n) for year, office, n in register.offices(where) if (level := tools.levels.of(office))]
    often = Counter[str]()
    for _, level, n in counted:
        often[level] += n
    kept = {level for level, _ in often.most_common(LEVELS)}
    names = sorted(kept, key=lambda level: (tools.levels.rank[level], level))
    return grid(
        [(year, level if level in kept else OTHER, n) for year, level, n in counted], [*names, OTHER], filled="year"
    )


def gaps(days: Sequence[date]) -> tuple[Gap, ...]:
    """The longest stretches between days, at least GAP long."""
    found = [(b - a, a, b) for a, b in itertools.pairwise(days) if (b - a).days >= GAP]
    longest = sorted(found, key=lambda g: (-g[0], g[1]))[:LONGEST_GAPS]
    return tuple(Gap(a.isoformat(), b.isoformat(), length.days) for length, a, b in longest)
