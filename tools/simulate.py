"""A register of simulated engagements, to measure at scale: ``simulate.py 1000000 big.duckdb``.

Documents of two or three engagements between invented people of real states are written with all their claims and go the way
that read documents go. Above ``BASE`` engagements the register is multiplied in SQL: the same year's acts in other years, by
other people, so that every table has as many rows as reading would have given it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from dragoman.merge import Profile, block_keys, person_keys
from dragoman.merge.people import person_id
from dragoman.model import Document, Engagement, Origin, Participant, Source, When, Where
from dragoman.reader import Account
from dragoman.resources import Tools
from dragoman.store import computing, intake, postings
from dragoman.store.codes import key_of, person_code, person_of
from dragoman.store.file import Connection, opened, transaction
from dragoman.store.rows import number_of, put, tellings
from dragoman.store.write import Writer

BASE = 4_000  # engagements that are written one by one
YEAR, YEARS = 1971, 50  # of the base; how many there are until they begin again, with other people
# Names of the base are written in Greek letters, and each copy of it reads them as other Latin letters: as many people as names.
CONSONANTS, VOWELS = "βγδζθκλμνξπρστφχψ", "αειου"
READ_CONSONANTS, READ_VOWELS = "bcdfghklmnprstvwz", "aeiou"
# Every family name ends so, and each copy reads the end in its own way: no two copies have a name in common.
END, READ_END = "бжщюя", "jqxy"
OUTLETS = ["Reuters", "AP", "AFP", "Xinhua", "TASS", "Anadolu", "Trend", "PTI", "Kyodo News", "EFE"]
OFFICES = ["Foreign Minister", "Defence Minister", "Prime Minister", "President", "Trade Minister", "Chief of Staff"]
VERBS = {
    "meeting": "met with",
    "visit": "paid a visit to see",
    "call": "spoke by telephone with",
    "conference": "joined a conference with",
}
TOPICS = ["diplomatic", "economic", "military", "energy supplies", "culture"]


class World:
    """Invented people, and texts of their doings; ``copy`` is the copy of the base whose people they are."""

    def __init__(self, seed: int, tools: Tools, year: int = YEAR, copy: int = 0) -> None:
        self.chance = random.Random(seed)
        self.year = year
        codes = [s.code for s in tools.states]
        self.names = {s.code: s.names[0] for s in tools.states}
        self.capitals = {s.code: (s.capitals or s.names)[0] for s in tools.states}
        people = random.Random(0)
        self.codes = people.sample(codes, len(codes))
        reading = str.maketrans(*letters(copy)) if copy else {}
        self.people = {
            code: [
                (
                    self._word(people).translate(reading),
                    (self._word(people) + END).translate(reading),
                    people.choice(OFFICES),
                )
                for _ in range(12)
            ]
            for code in self.codes
        }

    @staticmethod
    def _word(chance: random.Random) -> str:
        word = "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(chance.randint(2, 4)))
        return word.capitalize()

    def state(self) -> str:
        """A state; few are met often, most seldom."""
        return self.codes[min(int(self.chance.paretovariate(0.7)) - 1, len(self.codes) - 1)]

    def account(self, number: int, prefix: str) -> Account:
        """A document with two or three engagements."""
        day = date(self.year, 1, 7) + timedelta(
            days=self.chance.randrange(350)
        )  # with all that it may touch in one year
        text, engagements = "", []
        for n in range(self.chance.choice((2, 3))):
            sentence, e = self._sentence(n + 1, day, len(text))
            text += sentence + " "
            engagements.append(e)
        source = Source(f"{prefix}-{number:07}-0000", None, self.chance.choice(OUTLETS), day, f"Talks of {day}")
        return Account(
            source.doc_id,
            None,
            source.outlet,
            day,
            source.title,
            tuple(engagements),
            "simulated",
            Document(source, text),
        )

    def _sentence(self, n: int, day: date, at: int) -> tuple[str, Engagement]:
        host = self.state()
        guest = next(s for s in iter(self.state, None) if s != host)
        kind = self.chance.choice(list(VERBS))
        text = ""
        spans: dict[str, tuple[Origin, ...]] = {}

        def say(words: str, *paths: str) -> None:
            nonlocal text
            for path in paths:
                spans[path] = (Origin("text", at + len(text), at + len(text) + len(words)),)
            text += words

        people = []
        for i, (side, code) in enumerate((("guest", guest), ("host", host))):
            given, family, office = self.chance.choice(self.people[code])
            if i:
                say(" ")
                say(VERBS[kind], "kind", "status")
                say(" ")
            say(self.names[code], f"participants[{i}].party", f"parties[{i}]")
            say(" ")
            say(office, f"participants[{i}].office")
            say(" ")
            say(f"{given} {family}", f"participants[{i}].name")
            people.append(Participant(f"{given} {family}", office, None, code, side, False))
        held = day - timedelta(days=self.chance.randrange(3))
        say(" in ")
        city = self.capitals[host]
        say(city, "place.text", "place.city")
        say(" on ")
        say(held.isoformat(), "date.start")
        say(f" to speak of {self.chance.choice(TOPICS)} and {self.chance.choice(TOPICS)}.")
        spans["evidence"] = (Origin("text", at, at + len(text)),)
        return text, Engagement(
            id=f"e{n}",
            kind=kind,
            status="held",
            salience="main",
            part_of=None,
            date=When(held.isoformat(), None, "day", "text"),
            place=Where(city, city, host, None),
            participants=tuple(people),
            parties=tuple(sorted((host, guest))),
            topics=(self.chance.choice(("diplomatic", "economic", "military")),),
            framework=None,
            sources=(self.chance.choice(OUTLETS),),
            evidence=text,
            spans=spans,
            basis={"sources[0]": "outlet"},
            rules={"kind": "simulated"},
        )


def accounts(world: World, engagements: int, prefix: str = "sim") -> Iterator[Account]:
    """Documents until there are so many engagements."""
    number = made = 0
    while made < engagements:
        found = world.account(number, prefix)
        yield found
        number, made = number + 1, made + len(found.engagements)


TABLES = (
    "documents", "accounts", "blocks", "bands", "links", "mentions", "profiles", "sounds", "components", "records", "entries", "holdings",
    "participations", "persons", "people",
)  # fmt: skip
AT_ONCE = 10  # copies that are made in one statement
SHIFT = 65_536  # keys of a copy differ in their last 16 bits
# SQL over a row of the base and one of ``copies`` (k, ending, tail, year, ahead, greek, latin),
# and @ for a column.
KEY = """regexp_replace(@, '"([0-9a-f]{12})[0-9a-f]{4}"', '"\\1' || tail || '"', 'g')"""
WHO = (
    "list_reduce(w.names, lambda t, n: replace(t, left(n, 13), right(n, 13)), @)"  # each as the old id and the new one
)
REST = f"""translate(replace(regexp_replace(@, '(-[0-9]{{7}}-)0000', '\\1' || tail, 'g'), '{YEAR}-', year || '-'), greek, latin)"""
CODE = f"(@ - @ % {SHIFT} + ending)"
DAYS = "(@ + to_years(ahead))::DATE"


def multiply(con: Connection, times: int, tools: Tools) -> None:
    """The base again in the years after it."""
    every = tellings(con, [key_of(k) for (k,) in con.ask("SELECT key FROM accounts")])
    blocks = intake.block_rows(every.values(), tools)
    months = [b for t in every.values() for b in sorted(block_keys(t, tools))]  # in the order of their rows
    documents = [d for (d,) in con.ask("SELECT doc_id FROM documents")]
    profiles = [
        Profile(*row, founder=(0, "", 0))
        for row in con.ask("SELECT name, party, domain FROM profiles ORDER BY profile")
    ]
    for table in TABLES:
        con.execute(f"CREATE TEMP TABLE base_{table} AS FROM {table}")
    ends = endings(con)
    counts = {
        name: con.one(f"SELECT max({name}) FROM {table}")
        for table, name in (("documents", "number"), ("records", "slot"))
    }
    con.execute("CREATE TEMP TABLE renumbered (copy INTEGER, old UBIGINT, new UBIGINT)")
    con.execute("CREATE TEMP TABLE who (copy INTEGER, old UBIGINT, new UBIGINT, name VARCHAR, new_name VARCHAR)")
    people = founders(con)
    con.execute(
        "CREATE TEMP TABLE copies (k INTEGER, ending INTEGER, tail VARCHAR, year VARCHAR, ahead INTEGER, greek VARCHAR, latin VARCHAR)"
    )
    for start in range(1, times, AT_ONCE):
        some = range(start, min(times, start + AT_ONCE))
        for table in ("copies", "renumbered", "who"):
            con.execute(f"DELETE FROM {table}")
        put(con, "copies", [_copy(k, ends[k]) for k in some])
        for k in some:
            reading = str.maketrans(*letters(k))
            year = f"{YEAR + k % YEARS}-"
            put(
                con,
                "blocks",
                [
                    {
                        "block": number_of(b.replace(f"{YEAR}-", year).translate(reading)),
                        "account": row["account"] // SHIFT * SHIFT + ends[k],
                        "first": _later(row["first"], k % YEARS),
                        "last": _later(row["last"], k % YEARS),
                        "reach": row["reach"],
                    }
                    for b, row in zip(months, blocks, strict=True)
                ],
            )
            others = [replace(p, name=p.name.translate(reading)) for p in profiles]
            named = [(p.key, q.key) for p, q in zip(profiles, others, strict=True)]
            named += [(d, f"{d[:-4]}{ends[k]:04x}") for d in documents]
            put(con, "who", [_who(k, ends[k], *person) for person in people])
            put(con, "renumbered", [{"copy": k, "old": number_of(a), "new": number_of(b)} for a, b in named])
            put(
                con,
                "sounds",
                [{"sound": number_of(s), "profile": number_of(p.key)} for p in others for s in person_keys(p, tools)],
            )
        for sql in statements(counts):
            con.execute(sql)
        print(f"\r{some[-1] + 1} of {times}", end="", flush=True)


def founders(con: Connection) -> list[tuple[int, int, str, int]]:
    """Each person of the base with day, account and place of the mention that gives the id."""
    return con.ask(
        """SELECT person, min((day, account, place))[1], min((day, account, place))[2], min((day, account, place))[3]
        FROM persons JOIN profiles USING (profile) GROUP BY person ORDER BY person"""
    )


def _who(k: int, ending: int, code: int, day: int, account: str, place: int) -> dict[str, object]:
    """A person of the base and who it is in a copy. The id is what reading gives, else each would be renamed, and all that they
    took part in written anew, at the first document that names them again."""
    name = person_id([Profile("", None, "", founder=(day, f"{account[:12]}{ending:04x}", place))])
    return {"copy": k, "old": code, "new": person_code(name), "name": person_of(code), "new_name": name}


def endings(con: Connection) -> list[int]:
    """Last 16 bits that no key of the base has, one for each copy: else a copy's key might be the base's own."""
    keyed = (("accounts", "key"), ("records", "id"), ("people", "id"))
    taken = {code % SHIFT for table, column in keyed for (code,) in con.ask(f"SELECT {column} FROM {table}")}
    taken |= {int(d[-4:], 16) for (d,) in con.ask("SELECT doc_id FROM documents")}
    return [n for n in range(SHIFT) if n not in taken]


def _copy(k: int, ending: int) -> dict[str, object]:
    greek, latin = letters(k)
    return {
        "k": k,
        "ending": ending,
        "tail": f"{ending:04x}",
        "year": str(YEAR + k % YEARS),
        "ahead": k % YEARS,
        "greek": greek,
        "latin": latin,
    }


def _later(day: int, years: int) -> int:
    """The same day so many years later."""
    told = date.fromordinal(day)
    return told.replace(year=told.year + years).toordinal()


def letters(k: int) -> tuple[str, str]:
    """Greek letters and the Latin ones that copy ``k`` reads them as."""
    chance = random.Random(k)
    read = "".join(chance.sample(READ_CONSONANTS, len(CONSONANTS)) + chance.sample(READ_VOWELS, len(VOWELS)))
    read += "".join(READ_END[k // len(READ_END) ** n % len(READ_END)] for n in range(len(END)))
    greek = CONSONANTS + VOWELS + END
    return greek + greek.upper(), read + read.upper()


def statements(counts: Mapping[str, int]) -> Iterator[str]:
    """SQL that puts the copies of all tables in."""
    number, slot = (f"@ + k * {counts[name]}" for name in ("number", "slot"))
    new: dict[str, dict[str, str]] = {
        "documents": {
            "number": number, "code": "new", "doc_id": REST, "published": DAYS, "title": REST, "text": REST,
            "words": "NULL",
        },
        "accounts": {"key": CODE, "document": number, "claims": REST},
        "bands": {"band": "hash(band, k) >> 32", "document": number},
        "links": {"a": CODE, "b": CODE},
        "mentions": {"account": CODE, "document": number, "profile": "new", "day": "@ + ahead * 365", "told": REST},
        "profiles": {
            "profile": "new", "name": REST, "account": "left(b.account, 12) || tail", "day": "@ + ahead * 365",
            "offices": f"list_transform(offices, lambda o: {{'office': o.office, 'since': {REST.replace('@', 'o.since')}, 'until': {REST.replace('@', 'o.until')}}})",
        },
        "components": {"account": CODE, "component": CODE},
        "records": {"slot": slot, "id": CODE, "body": WHO.replace("@", KEY.replace("@", REST))},
        "entries": {
            "under": "coalesce(w.new_name, @)", "slot": slot, "id": CODE, "first_day": DAYS, "last_day": DAYS, "month": "@ + ahead * 12"},
        "holdings": {"slot": slot, "account": CODE, "document": number},
        "participations": {"slot": slot, "person": "w.new", "name": REST},
        "persons": {"profile": "r.new", "person": "w.new"},
        "people": {"id": "w.new", "name": REST, "folded": REST},
    }  # fmt: skip
    named = "LEFT JOIN who w ON w.copy = c.k AND"
    joins = {
        "records": """JOIN (SELECT slot, copy, list(DISTINCT name || new_name) AS names FROM (SELECT slot, person FROM base_participations) p
            JOIN who ON old = person GROUP BY ALL) w ON w.copy = c.k AND w.slot = b.slot""",
        "entries": f"{named} w.name = b.under",
        "participations": f"{named} w.old = b.person",
        "persons": f"{named} w.old = b.person",
        "people": f"{named} w.old = b.id",
    }
    for table, columns in new.items():
        own = next((n for n in ("profile", "code") if n in columns), None)
        renumbered = f" JOIN renumbered r ON r.copy = c.k AND r.old = b.{own}" if own else ""
        joined = f"{renumbered} {joins.get(table, '')}"
        changed = ", ".join(f"{sql.replace('@', f'b.{name}')} AS {name}" for name, sql in columns.items())
        order = f" ORDER BY c.k, b.{next(n for n in columns)}"
        yield f"INSERT INTO {table} SELECT b.* REPLACE ({changed}) FROM base_{table} b CROSS JOIN copies c{joined}{order}"


def main() -> None:
    """Fill the register."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engagements", type=int)
    parser.add_argument("register", type=Path)
    asked = parser.parse_args()
    begun = time.monotonic()
    tools = Tools()
    writer = Writer(asked.register, tools)
    writer.make()
    batch: list[Account] = []
    for account in accounts(World(1, tools), min(asked.engagements, BASE)):
        batch.append(account)
        if len(batch) == 1000:
            assert not writer.add(batch).aside
            batch = []
    writer.add(batch)
    print(f"base {time.monotonic() - begun:.0f} s")
    with opened(asked.register, write=True) as con:
        if asked.engagements > BASE:
            multiply(con, asked.engagements // BASE, tools)
            for name in ("numbers", "slots"):
                con.execute(f"CREATE OR REPLACE SEQUENCE {name} START 10000000 MAXVALUE 2147483647")
        with transaction(con):
            computing.arrange(con, whole=True)
        with transaction(con):
            postings.index(con)
    print(
        f"\n{asked.engagements} engagements, {asked.register.stat().st_size / 1e6:.0f} MB, {time.monotonic() - begun:.0f} s"
    )


if __name__ == "__main__":
    main()
