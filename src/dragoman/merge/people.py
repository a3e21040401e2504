"""The authority file: which names in accounts are one person's. It grows with reading and depends on no order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dragoman.knowledge.names import PARTICLES
from dragoman.merge.prepare import Prepared, prepare, span_of, words
from dragoman.model import Person, Telling, Tenure
from dragoman.resources import Tools

TABLE = "officials.csv"  # how the table of officials is named as a source
LATE = date.max.toordinal()


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """An office that an account, or the table of officials, gives somebody: first and last day told, ISO, and by whom."""

    office: str
    since: str
    until: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """All that is told under one spelling of a name for one party and over one domain of office.

    ``founder`` is (day, account key, number) of its earliest telling; of a row of the table of officials, day 0 and its digest.
    """

    name: str
    party: str | None
    domain: str
    founder: tuple[int, str, int]
    offices: tuple[Held, ...] = ()
    official: bool = False

    @property
    def key(self) -> str:
        """What tells it from others; does not change when it is told again."""
        return "|".join((self.name, self.party or "", self.domain, "official" if self.official else ""))


def profiles(tellings: Iterable[Telling | Prepared], tools: Tools) -> dict[tuple[str, int], Profile]:
    """A profile of one telling for each named participant, by account key and number of the participant."""
    out = {}
    for p in (prepare(t, tools) for t in tellings):
        published = p.telling.published
        when = p.engagement.date.start or (published.isoformat() if published else "")
        for n in p.people:
            told = p.engagement.participants[n.index]
            founder = (p.published if p.published is not None else LATE, p.key, n.index)
            held = (Held(told.office, when, when, (p.telling.doc_id,)),) if told.office else ()
            out[p.key, n.index] = Profile(n.name, n.party, domain_of(told.office, tools), founder, held)
    return out


def domain_of(office: str | None, tools: Tools) -> str:
    """What an office is over, as in data/domains.yaml, sorted and joined; empty where its words do not say."""
    return "+".join(sorted({tools.domains[w] for w in words(office, tools) if w in tools.domains}))


def joined(found: Iterable[Profile]) -> dict[str, Profile]:
    """Profiles by key, those of one key put together."""
    groups: dict[str, list[Profile]] = {}
    for p in found:
        groups.setdefault(p.key, []).append(p)
    return {key: _joined(groups[key]) for key in sorted(groups)}


def _joined(group: Sequence[Profile]) -> Profile:
    one = group[0]
    founder = min(p.founder for p in group)
    offices = _spans(h for p in group for h in p.offices)
    return Profile(one.name, one.party, one.domain, founder, offices, one.official)


def _spans(held: Iterable[Held]) -> tuple[Held, ...]:
    """One stretch for each wording of an office."""
    by_office: dict[str, list[Held]] = {}
    for h in held:
        by_office.setdefault(h.office, []).append(h)
    return tuple(
        Held(
            office,
            min((h.since for h in some if h.since), default=""),
            max((h.until for h in some if h.until), default=""),
            tuple(sorted({s for h in some for s in h.sources})),
        )
        for office, some in sorted(by_office.items())
    )


def officials(tools: Tools) -> tuple[Profile, ...]:
    """The table of officials as profiles."""
    out = []
    for row in tools.officials:
        if row["country"]:
            digest = hashlib.sha256(f"{row['country']}|{row['name']}".encode()).hexdigest()[:12]
            held = Held(row["office"], row["since"], row["until"], (TABLE,))
            domain = domain_of(row["office"], tools)
            out.append(Profile(row["name"], row["country"], domain, (0, digest, 0), (held,), official=True))
    return tuple(joined(out).values())


def person_keys(profile: Profile, tools: Tools) -> frozenset[str]:
    """Keys that the profile shares with any that may be the same person: party and a part of the name as it sounds."""
    return frozenset(f"{profile.party or '?'}|{part}" for part in tools.variants.family(profile.name))


def full(profile: Profile, tools: Tools) -> bool:
    """Whether the name has more than one part that says something."""
    return len([p for p in tools.variants.parts(profile.name) if p not in PARTICLES]) > 1


def same_person(a: Profile, b: Profile, tools: Tools) -> bool:
    """Whether two full names are one person's: spellings of one name, the same party, careers that one life can hold."""
    if a.party != b.party or (a.party is None and a.name != b.name):
        return False
    agreement = tools.variants.agreement(a.name, b.name)
    if agreement == 1:
        return _one_life(a, b, tools)
    if 0 < agreement < 0.8 and tools.variants.parts(a.name)[0][0] == tools.variants.parts(b.name)[0][0]:
        return bool(a.domain) and a.domain == b.domain and _years_apart(a, b) <= tools.thresholds["merge.person.office"]
    return False


def _one_life(a: Profile, b: Profile, tools: Tools) -> bool:
    if _years_apart(a, b) > tools.thresholds["merge.person.years"]:
        return False
    mine, theirs = set(a.domain.split("+")), set(b.domain.split("+"))
    if mine & theirs:
        return True
    return not any(
        (mine & one and theirs & other) or (mine & other and theirs & one) for one, other in tools.rival_careers
    )


def _years_apart(a: Profile, b: Profile) -> float:
    first, second = _stretch(a), _stretch(b)
    if first is None or second is None:
        return 0.0
    return max(0, first[0] - second[1], second[0] - first[1]) / 365.25


def _stretch(p: Profile) -> tuple[int, int] | None:
    days = [span_of(day) for h in p.offices for day in (h.since, h.until) if day]
    if days:
        return min(d[0] for d in days), max(d[1] for d in days)
    return (p.founder[0], p.founder[0]) if 0 < p.founder[0] < LATE else None


Lookup = Callable[[str], Iterable[Profile]]


def identify(seeds: Iterable[Profile], lookup: Lookup, tools: Tools) -> dict[str, str]:
    """Ids of people for profiles that are new or have changed, and for those that they touch.

    Args:
        seeds: profiles that are new or have changed.
        lookup: profiles, seeds among them and officials too, that have a key (:func:`person_keys`).
        tools: the data files.

    Returns:
        Profile key to id of the person. The same for a profile whichever seeds it was reached from, so that a register can be
        brought up to date piece by piece.
    """
    parts: dict[str, tuple[Profile, ...]] = {}
    lone: dict[str, Profile] = {}
    for seed in sorted(seeds, key=lambda p: p.key):
        if full(seed, tools):
            lone |= _reach(seed, parts, lookup, tools)
        else:
            lone[seed.key] = seed
    out = {key: person_id(part) for key, part in parts.items()}
    for single in lone.values():
        fitting = _fitting(single, parts, lookup, tools)
        out[single.key] = fitting.pop() if len(fitting) == 1 else person_id([single])
    return out | {key: person_id(part) for key, part in parts.items()}


def _reach(seed: Profile, parts: dict[str, tuple[Profile, ...]], lookup: Lookup, tools: Tools) -> dict[str, Profile]:
    """Adds the connected part of a full name to ``parts``; gives the names of one part that share a key with it."""
    if seed.key in parts:
        return {}
    found, ahead, lone = {seed.key: seed}, [seed], {}
    while ahead:
        one = ahead.pop()
        for other in _sharing(one, lookup, tools):
            if not full(other, tools):
                lone[other.key] = other
            elif other.key not in found and same_person(one, other, tools):
                found[other.key] = other
                ahead.append(other)
    part = tuple(found[k] for k in sorted(found))
    parts |= dict.fromkeys(found, part)
    return lone


def _sharing(one: Profile, lookup: Lookup, tools: Tools) -> list[Profile]:
    return list({p.key: p for key in sorted(person_keys(one, tools)) for p in lookup(key)}.values())


def _fitting(single: Profile, parts: dict[str, tuple[Profile, ...]], lookup: Lookup, tools: Tools) -> set[str]:
    """Ids of the people whom a name of one part can mean: same party and name, an office over the same, about that time."""
    near = tools.thresholds["merge.person.office"]
    out = set()
    for other in _sharing(single, lookup, tools):
        if not full(other, tools) or not tools.variants.agreement(single.name, other.name):
            continue
        if single.domain and other.domain != single.domain:
            continue
        if _years_apart(single, other) > near:
            continue
        _reach(other, parts, lookup, tools)
        out.add(person_id(parts[other.key]))
    return out


def person_id(part: Sequence[Profile]) -> str:
    """Id from the row of the table of officials, else from the earliest telling: later ones do not change it."""
    _, key, number = min(p.founder for p in part)
    return "p" + hashlib.sha256(f"{key}|{number}".encode()).hexdigest()[:12]


def person(name: str, part: Sequence[Profile], engagements: int) -> Person:
    """The entry of the authority file with the id ``name`` for all profiles that have it."""
    spellings = sorted({p.name for p in part})
    told = [p for p in part if not p.official] or list(part)
    fullest = max(sorted({p.name for p in told}), key=lambda n: len(n.split()))
    offices = _spans(h for p in part for h in p.offices)
    party = next((p.party for p in part if p.party), None)
    return Person(
        id=name,
        name=fullest,
        names=tuple(spellings),
        parties=(party,) if party else (),
        tenures=tuple(
            sorted(
                (Tenure(h.office, party, h.since or None, h.until or None, h.sources) for h in offices),
                key=lambda t: (t.since or "", t.office),
            )
        ),
        engagements=engagements,
    )


def index(found: Iterable[Profile], tools: Tools) -> Mapping[str, list[Profile]]:
    """Profiles by key of :func:`person_keys`."""
    out: dict[str, list[Profile]] = {}
    for p in found:
        for key in person_keys(p, tools):
            out.setdefault(key, []).append(p)
    return out
