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
from dragoman.store.file import Connection
from dragoman.store.rows import drop, number_of, put

Table = Mapping[int, Sequence[Profile]]


def note(con: Connection, new: Iterable[Telling], tools: Tools) -> set[str]:
    """Write the named participants of new tellings down; returns the profiles that they belong to."""
    told = profiles(new, tools)
    documents = {t.key: t.doc_id for t in new}
    rows = []
    for (account, number), p in sorted(told.items()):
        held = p.offices[0] if p.offices else None
        rows.append(
            {
                "account": account,
                "number": number,
                "doc_id": documents[account],
                "profile": p.key,
                "day": p.founder[0],
                "office": held.office if held else None,
                "told": (held.since or None) if held else None,
            }
        )
    put(con, "mentions", rows)
    by_key = {p.key: p for p in told.values()}
    have = con.execute(
        "SELECT key FROM profiles WHERE key IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(by_key)]
    ).fetchall()
    fresh = [by_key[k] for k in sorted(set(by_key) - {k for (k,) in have})]
    put(con, "profiles", [{"key": p.key, "name": p.name, "party": p.party, "domain": p.domain} for p in fresh])
    put(con, "sounds", [{"sound": n, "profile": p.key} for p in fresh for n in sorted(_sounds([p], tools))])
    return set(by_key)


def forget(con: Connection, gone: Sequence[str]) -> set[str]:
    """Take the mentions of accounts out; returns the profiles that they belonged to."""
    rows = con.execute(
        "SELECT DISTINCT profile FROM mentions WHERE account IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(gone)]
    )
    found = {p for (p,) in rows.fetchall()}
    drop(con, "mentions", "account", gone)
    return found


def settle(con: Connection, touched: set[str], tools: Tools) -> set[str]:
    """Say anew who the people behind ``touched`` profiles, and all that share a key with them, are.

    Returns the accounts that name somebody who has another id than before.
    """
    if not touched:
        return set()
    near = _near(con, touched)
    _clear(con, touched)
    table = _table(tools)
    loaded = _load(con, near)
    seeds = {p.key: p for n in near for p in (*loaded[n], *table.get(n, ()))}
    loaded |= _load(con, sorted(_sounds(seeds.values(), tools) - set(loaded)))

    def lookup(key: str) -> Sequence[Profile]:
        n = number_of(key)
        if n not in loaded:
            loaded.update(_load(con, [n]))
        return (*loaded[n], *table.get(n, ()))

    ids = identify(seeds.values(), lookup, tools)
    was = dict(
        con.execute(
            "SELECT profile, person FROM persons WHERE profile IN (SELECT unnest(?::JSON::VARCHAR[]))",
            [sorted({*ids, *touched})],
        ).fetchall()
    )
    drop(con, "persons", "profile", {*ids, *touched})
    put(con, "persons", [{"profile": k, "person": i} for k, i in sorted(ids.items())])
    moved = sorted(k for k in {*ids, *touched} if was.get(k) != ids.get(k))
    rows = con.execute(
        "SELECT DISTINCT account FROM mentions WHERE profile IN (SELECT unnest(?::JSON::VARCHAR[]))", [moved]
    )
    return {account for (account,) in rows.fetchall()}


def _sounds(found: Iterable[Profile], tools: Tools) -> set[int]:
    """Numbers of the keys of profiles."""
    return {number_of(key) for p in found for key in person_keys(p, tools)}


def _near(con: Connection, touched: set[str]) -> list[int]:
    """Keys of the touched profiles, those that are gone among them."""
    rows = con.execute(
        "SELECT DISTINCT sound FROM sounds WHERE profile IN (SELECT unnest(?::JSON::VARCHAR[])) ORDER BY sound",
        [sorted(touched)],
    )
    return [n for (n,) in rows.fetchall()]


def _clear(con: Connection, touched: set[str]) -> None:
    """Take profiles out that nobody mentions any more."""
    rows = con.execute(
        "SELECT DISTINCT profile FROM mentions WHERE profile IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(touched)]
    )
    idle = touched - {p for (p,) in rows.fetchall()}
    drop(con, "profiles", "key", idle)
    drop(con, "sounds", "profile", idle)


def _load(con: Connection, numbers: Sequence[int]) -> dict[int, list[Profile]]:
    """Profiles by the numbers of their keys; offices with their days, without sources."""
    rows = con.execute(
        """WITH wanted AS (SELECT sound, profile FROM sounds WHERE sound IN (SELECT unnest(?::JSON::BIGINT[]))),
        told AS (SELECT m.profile, m.office, min(m.told) AS since, max(m.told) AS until, min((m.day, m.account, m.number)) AS founder
            FROM mentions m WHERE m.profile IN (SELECT profile FROM wanted) GROUP BY m.profile, m.office)
        SELECT w.sound, p.key, p.name, p.party, p.domain, min(t.founder), list((t.office, t.since, t.until) ORDER BY t.office)
        FROM wanted w JOIN profiles p ON p.key = w.profile JOIN told t ON t.profile = p.key
        GROUP BY ALL ORDER BY ALL""",
        [list(numbers)],
    ).fetchall()
    found: dict[int, list[Profile]] = {n: [] for n in numbers}
    for number, _, name, party, domain, founder, offices in rows:
        found[number].append(Profile(name, party, domain, tuple(founder), _held(offices)))
    return found


def _held(offices: Iterable[tuple[str | None, str | None, str | None]]) -> tuple[Held, ...]:
    return tuple(Held(office, since or "", until or "", ()) for office, since, until in offices if office)


@lru_cache(maxsize=4)
def _table(tools: Tools) -> Table:
    """The table of officials by the numbers of their keys."""
    found: defaultdict[int, list[Profile]] = defaultdict(list)
    for p in officials(tools):
        for key in person_keys(p, tools):
            found[number_of(key)].append(p)
    return dict(found)


def named(con: Connection, accounts: Iterable[str]) -> dict[tuple[str, int], str]:
    """Ids of people by account key and number of the participant."""
    rows = con.execute(
        """SELECT m.account, m.number, p.person FROM mentions m JOIN persons p ON p.profile = m.profile
        WHERE m.account IN (SELECT unnest(?::JSON::VARCHAR[]))""",
        [sorted(accounts)],
    )
    return {(account, number): who for account, number, who in rows.fetchall()}


def of_records(con: Connection, accounts: Iterable[str]) -> set[str]:
    """People in the records of these accounts."""
    rows = con.execute(
        """SELECT DISTINCT person FROM participations WHERE person IS NOT NULL AND record IN
        (SELECT record FROM holdings WHERE account IN (SELECT unnest(?::JSON::VARCHAR[])))""",
        [sorted(accounts)],
    )
    return {p for (p,) in rows.fetchall()}


def count(con: Connection, ids: set[str], tools: Tools) -> None:
    """Bring the entries of these people up to date; who takes part in no record has none."""
    wanted = sorted(ids)
    rows = con.execute(
        """SELECT p.person, count(DISTINCT p.record) FROM participations p JOIN records r ON r.id = p.record
        WHERE NOT r.rejected AND p.person IN (SELECT unnest(?::JSON::VARCHAR[])) GROUP BY p.person""",
        [wanted],
    )
    numbers = dict(rows.fetchall())
    drop(con, "people", "id", wanted)
    entries = people(con, numbers, tools, sources=False)
    put(
        con,
        "people",
        [
            {
                "id": p.id,
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
    rows = con.execute(
        f"""SELECT s.person, p.name, p.party, p.domain, m.office, min(m.told), max(m.told),
        {"list(DISTINCT m.doc_id ORDER BY m.doc_id)" if sources else "[]::VARCHAR[]"}
        FROM persons s JOIN profiles p ON p.key = s.profile JOIN mentions m ON m.profile = p.key
        WHERE s.person IN (SELECT unnest(?::JSON::VARCHAR[])) GROUP BY ALL ORDER BY ALL""",
        [sorted(engagements)],
    ).fetchall()
    held: defaultdict[tuple[str, str, str | None, str], list[Held]] = defaultdict(list)
    for who, name, party, domain, office, since, until, documents in rows:
        held[who, name, party, domain] += [Held(office, since or "", until or "", tuple(documents))] if office else []
    parts: defaultdict[str, list[Profile]] = defaultdict(list)
    for (who, name, party, domain), offices in held.items():
        parts[who].append(Profile(name, party, domain, (0, "", 0), tuple(offices)))
    known = con.execute(
        "SELECT person, profile FROM persons WHERE person IN (SELECT unnest(?::JSON::VARCHAR[]))", [sorted(engagements)]
    )
    table = {p.key: p for several in _table(tools).values() for p in several}
    for who, profile in known.fetchall():
        if profile in table:
            parts[who].append(table[profile])
    return [person(who, parts[who], engagements[who]) for who in sorted(engagements) if parts[who]]
