"""The authority file: which names in accounts are one person's. It grows with reading and depends on no order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations

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


@lru_cache(maxsize=2)
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
    first, second = (tools.variants.parts(p.name)[0][0] for p in (a, b))
    if agreement == 0.8 or agreement == 0 or first != second:
        return False
    # another spelling, or another form of the first name: the office must say so
    return bool(a.domain) and a.domain == b.domain and _years_apart(a, b) <= tools.thresholds["merge.person.office"]


def _one_life(a: Profile, b: Profile, tools: Tools) -> bool:
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
    return _Search(lookup, tools).ids(sorted(seeds, key=lambda p: p.key))


class _Search:
    """One search through the authority file: connected parts of full names, and what a mere part of a name can mean."""

    def __init__(self, lookup: Lookup, tools: Tools) -> None:
        self._lookup, self._tools = lookup, tools
        self._sharing: dict[str, list[Profile]] = {}
        self._firm: dict[str, bool] = {}
        self._parts: dict[str, tuple[Profile, ...]] = {}

    def ids(self, seeds: Iterable[Profile]) -> dict[str, str]:
        loose: dict[str, Profile] = {}
        reached: dict[str, tuple[Profile, ...]] = {}
        for seed in seeds:
            near = [
                seed,
                *self.sharing(seed),
            ]  # a new name can also make another ambiguous, which parts those that it joined
            near += [q for p in near if full(p, self._tools) and not self.firm(p) for q in self.sharing(p)]
            for one in [p for p in near if self.firm(p)]:
                reached |= dict.fromkeys((p.key for p in self.part(one)), self.part(one))
            loose |= {p.key: p for p in near if not self.firm(p)}
        for part in {p[0].key: p for p in reached.values()}.values():
            loose |= {q.key: q for p in part for q in self.sharing(p) if not self.firm(q)}
        out = {key: person_id(part) for key, part in reached.items()}
        for one in loose.values():
            fitting = {person_id(self.part(p)) for p in self.sharing(one) if self._fits(one, p)}
            out[one.key] = fitting.pop() if len(fitting) == 1 else person_id([one])
        return out

    def sharing(self, one: Profile) -> list[Profile]:
        """Other profiles of the party that share a key and whose name agrees at least in part."""
        if one.key not in self._sharing:
            near = (p for key in sorted(person_keys(one, self._tools)) for p in self._lookup(key))
            found = {p.key: p for p in near if p.key != one.key and self._near(one, p)}
            self._sharing[one.key] = [found[k] for k in sorted(found)]
        return self._sharing[one.key]

    def _near(self, one: Profile, other: Profile) -> bool:
        variants = self._tools.variants
        agreement = variants.agreement(one.name, other.name) if one.party == other.party else 0
        return agreement >= 0.8 or (
            agreement > 0 and variants.parts(one.name)[0][0] == variants.parts(other.name)[0][0]
        )

    def firm(self, one: Profile) -> bool:
        """Whether a name stands for itself: it is full, and no two people have fuller names that agree with it."""
        if one.key not in self._firm:
            self._firm[one.key] = full(one, self._tools) and not self._ambiguous(one)
        return self._firm[one.key]

    def _ambiguous(self, one: Profile) -> bool:
        agreement, parts = self._tools.variants.agreement, self._tools.variants.parts
        size = len(parts(one.name))
        fuller = {p.name for p in self.sharing(one) if len(parts(p.name)) > size and agreement(one.name, p.name) == 1}
        return any(not agreement(a, b) for a, b in combinations(sorted(fuller), 2))

    def part(self, one: Profile) -> tuple[Profile, ...]:
        """The connected part of a firm name."""
        if one.key not in self._parts:
            found, ahead = {one.key: one}, [one]
            while ahead:
                here = ahead.pop()
                for other in self.sharing(here):
                    if other.key not in found and self.firm(other) and same_person(here, other, self._tools):
                        found[other.key] = other
                        ahead.append(other)
            part = tuple(found[k] for k in sorted(found))
            self._parts |= dict.fromkeys(found, part)
        return self._parts[one.key]

    def _fits(self, loose: Profile, other: Profile) -> bool:
        """Whether a name that does not stand for itself can mean the person: party, name, office, about that time."""
        if not self.firm(other):
            return False
        if full(loose, self._tools) and self._tools.variants.agreement(loose.name, other.name) != 1:
            return False
        if loose.domain and other.domain != loose.domain:
            return False
        return _years_apart(loose, other) <= self._tools.thresholds["merge.person.office"]


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


@lru_cache(maxsize=2)
def officials_by_key(tools: Tools) -> Mapping[str, Sequence[Profile]]:
    """The table of officials by key of :func:`person_keys`."""
    return index(officials(tools), tools)


def index(found: Iterable[Profile], tools: Tools) -> Mapping[str, list[Profile]]:
    """Profiles by key of :func:`person_keys`."""
    out: dict[str, list[Profile]] = {}
    for p in found:
        for key in person_keys(p, tools):
            out.setdefault(key, []).append(p)
    return out
