"""The authority file in the register: mentions gathered into profiles, profiles into people; only what is touched is worked out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from dragoman.knowledge.names import folded
from dragoman.merge import Profile, identify, officials, person, person_keys, profiles
from dragoman.merge.people import Held
from dragoman.model import Person, Telling
from dragoman.resources import Tools
from dragoman.store.codes import TEXT, code_of, codes_of, key_of, of_these, one_of, person_code, person_of
from dragoman.store.file import Connection
from dragoman.store.intake import names_of
from dragoman.store.rows import Row, drop, number_of, put

ROUNDS = 2  # in which profiles that may be reached are fetched together, before they are fetched one by one
Table = Mapping[int, Sequence[Profile]]


def note(con: Connection, new: Iterable[Telling], documents: Mapping[str, int], tools: Tools) -> set[int]:
    """Write the named participants of new tellings down; returns the profiles that they belong to.

    ``documents`` gives the numbers of the tellings' documents by id.
    """
    told = profiles(new, tools)
    numbers = {t.key: documents[t.doc_id] for t in new}
    rows = []
    for (account, place), p in sorted(told.items()):
        held = p.offices[0] if p.offices else None
        rows.append(
            {
                "account": code_of(account),
                "place": place,
                "document": numbers[account],
                "profile": number_of(p.key),
                "day": p.founder[0],
                "office": held.office if held else None,
                "told": (held.since or None) if held else None,
            }
        )
    put(con, "mentions", rows)
    by_number = {number_of(p.key): p for p in told.values()}
    have = con.ask(f"SELECT profile FROM profiles WHERE {one_of('profile')}", [sorted(by_number)])
    fresh = sorted(set(by_number) - {n for (n,) in have})
    put(con, "profiles", [_row(n, by_number[n]) for n in fresh])
    put(con, "sounds", [{"sound": s, "profile": n} for n in fresh for s in sorted(_sounds([by_number[n]], tools))])
    return set(by_number)


def _row(number: int, p: Profile) -> Row:
    """A row of profiles; what hangs on mentions is filled in by :func:`_renew`."""
    day, account, place = p.founder
    named = {"profile": number, "name": p.name, "party": p.party, "domain": p.domain}
    return {**named, "day": day, "account": account, "place": place, "offices": []}


def forget(con: Connection, gone: Iterable[str]) -> set[int]:
    """Take the mentions of accounts out; returns the profiles that they belonged to."""
    keys = codes_of(gone)
    if not keys:
        return set()
    rows = con.ask(f"SELECT DISTINCT profile FROM mentions WHERE {one_of('account')}", [keys])
    if rows:
        drop(con, "mentions", "account", keys)
    return {p for (p,) in rows}


def settle(con: Connection, touched: set[int], tools: Tools) -> set[str]:
    """Say anew who the people behind ``touched`` profiles, and all that share a key with them, are.

    Returns the accounts that name somebody who has another id than before.
    """
    if not touched:
        return set()
    rows = con.ask(f"SELECT DISTINCT sound FROM sounds WHERE {one_of('profile')}", [sorted(touched)])
    near = {n for (n,) in rows}
    _renew(con, touched)
    table = _table(tools)
    loaded = _load(con, near)
    seeds = {p.key: p for n in near for p in (*loaded[n], *table.get(n, ()))}
    for _ in range(ROUNDS):
        known = {p.key: p for several in loaded.values() for p in several} | seeds
        loaded |= _load(con, _sounds(known.values(), tools) - set(loaded))

    def lookup(key: str) -> Sequence[Profile]:
        n = number_of(key)
        if n not in loaded:
            loaded.update(_load(con, {n}))
        return (*loaded[n], *table.get(n, ()))

    found = {number_of(key): person_code(who) for key, who in identify(seeds.values(), lookup, tools).items()}
    every = sorted({*found, *touched})
    was = dict(con.ask(f"SELECT profile, person FROM persons WHERE {one_of('profile')}", [every]))
    moved = [n for n in every if was.get(n) != found.get(n)]
    drop(con, "persons", "profile", moved)
    put(con, "persons", [{"profile": n, "person": found[n]} for n in moved if n in found])
    accounts = con.ask(f"SELECT DISTINCT account FROM mentions WHERE {one_of('profile')}", [moved])
    return {key_of(account) for (account,) in accounts}


def _renew(con: Connection, touched: set[int]) -> None:
    """Bring offices and earliest mention of the touched profiles up to date; take those out that nobody mentions any more."""
    mentions = con.ask(
        f"""SELECT profile, min((day, account, place)), office, min(told), max(told) FROM mentions
        WHERE {one_of("profile")} GROUP BY profile, office ORDER BY profile, office""",
        [sorted(touched)],
    )
    founders: dict[int, tuple[int, str, int]] = {}
    offices: defaultdict[int, list[Row]] = defaultdict(list)
    for number, (day, account, place), office, since, until in mentions:
        founder = (day, key_of(account), place)
        founders[number] = min(founders.get(number, founder), founder)
        offices[number] += [{"office": office, "since": since, "until": until}] if office else []
    named = con.ask(f"SELECT profile, name, party, domain FROM profiles WHERE {one_of('profile')}", [sorted(touched)])
    drop(con, "profiles", "profile", touched)
    drop(con, "sounds", "profile", touched - set(founders))
    rows = [_row(n, Profile(name, party, domain, founders[n])) for n, name, party, domain in named if n in founders]
    put(con, "profiles", [row | {"offices": offices[row["profile"]]} for row in rows])


def _sounds(found: Iterable[Profile], tools: Tools) -> set[int]:
    """Numbers of the keys of profiles."""
    return {number_of(key) for p in found for key in person_keys(p, tools)}


def _load(con: Connection, numbers: set[int]) -> dict[int, list[Profile]]:
    """Profiles by the numbers of their keys; offices with their days, without sources."""
    found: dict[int, list[Profile]] = {n: [] for n in numbers}
    if not numbers:
        return found
    rows = con.ask(
        f"""SELECT s.sound, p.name, p.party, p.domain, p.day, p.account, p.place, p.offices
        FROM sounds s JOIN profiles p ON p.profile = s.profile WHERE {one_of("s.sound")} ORDER BY s.sound, s.profile""",
        [sorted(numbers)],
    )
    for sound, name, party, domain, day, account, place, offices in rows:
        held = tuple(Held(o["office"], o["since"] or "", o["until"] or "", ()) for o in offices)
        found[sound].append(Profile(name, party, domain, (day, account, place), held))
    return found


@lru_cache(maxsize=4)
def _table(tools: Tools) -> Table:
    """The table of officials by the numbers of their keys."""
    found: defaultdict[int, list[Profile]] = defaultdict(list)
    for p in officials(tools):
        for key in person_keys(p, tools):
            found[number_of(key)].append(p)
    return dict(found)


def load(tools: Tools) -> None:
    """Load the table of officials, which the first question about people would wait for."""
    _officials(tools)


@lru_cache(maxsize=4)
def _officials(tools: Tools) -> Mapping[int, Profile]:
    """The table of officials by the numbers of their profiles."""
    return {number_of(p.key): p for p in officials(tools)}


def named(con: Connection, accounts: Iterable[str]) -> dict[tuple[str, int], str]:
    """Ids of people by account key and number of the participant."""
    rows = con.ask(
        f"""SELECT m.account, m.place, p.person FROM mentions m JOIN persons p ON p.profile = m.profile
        WHERE {one_of("m.account")}""",
        [codes_of(accounts)],
    )
    return {(key_of(account), place): person_of(who) for account, place, who in rows}


def count(con: Connection, ids: set[str], tools: Tools) -> None:
    """Bring the entries of these people up to date; who takes part in no record has none."""
    wanted = sorted(map(person_code, ids))
    rows = con.ask(
        f"SELECT under, count(*) FROM entries WHERE NOT rejected AND {one_of('under', TEXT)} GROUP BY under",
        [sorted(ids)],
    )
    numbers = dict(rows)
    drop(con, "people", "id", wanted)
    entries = people(con, numbers, tools, sources=False)
    put(
        con,
        "people",
        [
            {
                "id": person_code(p.id),
                "name": p.name,
                "folded": spelled(p.names),
                "party": next(iter(p.parties), None),
                "engagements": p.engagements,
            }
            for p in entries
        ],
    )


def spelled(names: Iterable[str]) -> str:
    """Folded parts of each spelling, for finding: "| joe biden | joseph r biden |"."""
    return " | ".join(["", *sorted({" ".join(folded(n)) for n in names}), ""])


def people(con: Connection, engagements: Mapping[str, int], tools: Tools, *, sources: bool = True) -> list[Person]:
    """Entries of the authority file by id; without ``sources`` their tenures name none, which is quicker."""
    sql, values = of_these("person", {person_code(who) for who in engagements})
    of = dict(con.ask(f"SELECT profile, person FROM persons WHERE {sql}", values))
    sql, values = of_these("profile", of)
    rows = con.ask(f"SELECT profile, name, party, domain, offices FROM profiles WHERE {sql}", values)
    told = {number: row for number, *row in rows}
    documents = _documents(con, sorted(of)) if sources else {}
    table = _officials(tools)
    parts: defaultdict[str, list[Profile]] = defaultdict(list)
    for number, code in sorted(of.items()):
        if number in table:
            parts[person_of(code)].append(table[number])
        elif number in told:
            name, party, domain, offices = told[number]
            held = [
                Held(o["office"], o["since"] or "", o["until"] or "", documents.get((number, o["office"]), ()))
                for o in offices
            ]
            parts[person_of(code)].append(Profile(name, party, domain, (0, "", 0), tuple(held)))
    return [person(who, parts[who], engagements[who]) for who in sorted(engagements) if parts[who]]


def _documents(con: Connection, numbers: Sequence[int]) -> dict[tuple[int, str], tuple[str, ...]]:
    """Documents that give an office to the holder of a profile."""
    sql, values = of_these("profile", numbers)
    rows = con.ask(
        f"SELECT DISTINCT profile, office, document FROM mentions WHERE office IS NOT NULL AND {sql}", values
    )
    ids = names_of(con, {document for _, _, document in rows})
    found: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for profile, office, document in rows:
        found[profile, office].add(ids[document])
    return {which: tuple(sorted(documents)) for which, documents in found.items()}
