"""A register of simulated engagements, to measure at scale: ``simulate.py 1000000 big.duckdb``.

Documents of two or three engagements between invented people of real states are written with all their claims and go the way
that read documents go. Above ``BASE`` engagements the register is multiplied in SQL: the same year's acts in other years, by
other people, so that every table has as many rows as reading would have given it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from dragoman.merge import Profile, block_keys, person_keys
from dragoman.model import Document, Engagement, Origin, Participant, Source, When, Where
from dragoman.reader import Account
from dragoman.resources import Tools
from dragoman.store import postings
from dragoman.store.file import Connection, opened, transaction
from dragoman.store.rows import number_of, put, tellings
from dragoman.store.write import Writer

BASE = 4_000  # engagements that are written one by one
YEAR, YEARS = 1971, 50  # of the base; how many there are until they begin again, with other people
# Names of the base are written in Greek letters, and each copy of it reads them as other Latin letters: as many people as names.
CONSONANTS, VOWELS = "βγδζθκλμνξπρστφχψ", "αειου"
READ_CONSONANTS, READ_VOWELS = "bcdfghklmnprstvwz", "aeiou"
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
                (self._word(people).translate(reading), self._word(people).translate(reading), people.choice(OFFICES))
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
        day = date(self.year, 1, 1) + timedelta(days=self.chance.randrange(360))
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


KEY = """regexp_replace({}, '"([0-9a-f]{{12}})[0-9a-f]{{4}}"', '"\\1{key}"', 'g')"""
REST = """translate(replace(regexp_replace({}, '(-[0-9]{{7}}-)0000', '\\1{key}', 'g'), '{base}-', '{year}-'), '{greek}', '{latin}')"""
WHO = """regexp_replace({}, '"p([0-9a-f]{{8}})[0-9a-f]{{4}}"', '"p\\1{key}"', 'g')"""


def multiply(con: Connection, times: int, tools: Tools) -> None:
    """The base again in the years after it."""
    keys = [k for (k,) in con.ask("SELECT key FROM accounts")]
    months = {k: sorted(block_keys(t, tools)) for k, t in tellings(con, keys).items()}
    profiles = [
        Profile(*row, founder=(0, "", 0)) for row in con.ask("SELECT name, party, domain FROM profiles ORDER BY number")
    ]
    count = con.one("SELECT count(*) FROM documents")
    for table in (
        "documents",
        "accounts",
        "blocks",
        "bands",
        "links",
        "mentions",
        "profiles",
        "sounds",
        "components",
        "records",
        "holdings",
        "participations",
        "persons",
        "people",
    ):
        con.execute(f"CREATE TEMP TABLE base_{table} AS FROM {table}")
    for k in range(1, times):
        year, reading = str(YEAR + k % YEARS), str.maketrans(*letters(k))
        blocks = [
            {
                "block": number_of(b.replace(f"{YEAR}-", f"{year}-").translate(reading)),
                "account": key[:12] + f"{k:04x}",
            }
            for key, found in months.items()
            for b in found
        ]
        put(con, "blocks", blocks)
        others = [replace(p, name=p.name.translate(reading)) for p in profiles]
        numbers = [{"old": number_of(p.key), "new": number_of(q.key)} for p, q in zip(profiles, others, strict=True)]
        con.execute("CREATE OR REPLACE TEMP TABLE renumbered (old BIGINT, new BIGINT)")
        put(con, "renumbered", numbers)
        _copy(con, k, int(count))
        put(
            con,
            "sounds",
            [{"sound": number_of(s), "profile": number_of(p.key)} for p in others for s in person_keys(p, tools)],
        )
        print(f"\r{k + 1} of {times}", end="", flush=True)


def letters(k: int) -> tuple[str, str]:
    """Greek letters and the Latin ones that copy ``k`` reads them as."""
    chance = random.Random(k)
    read = "".join(chance.sample(READ_CONSONANTS, len(CONSONANTS)) + chance.sample(READ_VOWELS, len(VOWELS)))
    greek = CONSONANTS + VOWELS
    return greek + greek.upper(), read + read.upper()


def _copy(con: Connection, k: int, count: int) -> None:
    """One year more."""
    names = {
        "key": f"{k:04x}",
        "base": str(YEAR),
        "year": str(YEAR + k % YEARS),
        "greek": letters(k)[0],
        "latin": letters(k)[1],
    }

    def of(pattern: str, column: str) -> str:
        return pattern.format(column, **names)

    def key(column: str) -> str:
        return f"left({column}, 12) || '{names['key']}'"

    def days(column: str) -> str:
        return f"({column} + INTERVAL {k % YEARS} YEAR)::DATE"

    rest = lambda column: of(REST, column)  # noqa: E731
    who = f"left({{}}, 9) || '{names['key']}'"
    statements = [
        f"""INSERT INTO documents SELECT * REPLACE ({rest("doc_id")} AS doc_id, {days("published")} AS published, {rest("title")} AS title,
        {rest("text")} AS text, number + {k * count} AS number, NULL AS words) FROM base_documents""",
        f"""INSERT INTO accounts SELECT * REPLACE ({key("key")} AS key, {rest("doc_id")} AS doc_id, list_transform(claims, lambda c:
        {{'field': c.field, 'value': {rest("c.value")}, 'spans': c.spans, 'basis': c.basis, 'rule': c.rule}}) AS claims) FROM base_accounts""",
        f"INSERT INTO bands SELECT (hash(band, {k}) >> 1)::BIGINT, {rest('doc_id')} FROM base_bands",
        f"INSERT INTO links SELECT * REPLACE ({key('a')} AS a, {key('b')} AS b) FROM base_links",
        f"INSERT INTO mentions SELECT m.* REPLACE ({key('account')} AS account, {rest('doc_id')} AS doc_id, renumbered.new AS profile, day + {k % YEARS * 365} AS day, {rest('told')} AS told) FROM base_mentions m JOIN renumbered ON old = m.profile",
        f"""INSERT INTO profiles SELECT p.* REPLACE (renumbered.new AS number, {rest("name")} AS name, {key("account")} AS account,
        day + {k % YEARS * 365} AS day, list_transform(offices, lambda o: {{'office': o.office, 'since': {rest("o.since")},
        'until': {rest("o.until")}}}) AS offices) FROM base_profiles p JOIN renumbered ON old = p.number""",
        f"INSERT INTO components SELECT {key('account')}, {key('component')} FROM base_components",
        f"INSERT INTO records SELECT * REPLACE ({key('id')} AS id, {days('first_day')} AS first_day, {days('last_day')} AS last_day, {of(WHO, of(KEY, rest('body')))} AS body) FROM base_records",
        f"INSERT INTO holdings SELECT {key('record')}, {key('account')}, {rest('doc_id')} FROM base_holdings",
        f"""INSERT INTO participations SELECT * REPLACE ({key("record")} AS record, {who.format("person")} AS person, {rest("name")} AS name,
        list_transform(names, lambda n: {rest("n")}) AS names, list_transform(accounts, lambda a: {key("a")}) AS accounts) FROM base_participations""",
        f"INSERT INTO persons SELECT renumbered.new, {who.format('person')} FROM base_persons JOIN renumbered ON old = profile",
        f"INSERT INTO people SELECT * REPLACE ({who.format('id')} AS id, {rest('name')} AS name, {rest('folded')} AS folded) FROM base_people",
    ]
    for sql in statements:
        con.execute(sql)


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
            con.execute("CREATE OR REPLACE SEQUENCE numbers START 10000000 MAXVALUE 2147483647")
        with transaction(con):
            postings.index(con)
    print(
        f"\n{asked.engagements} engagements, {asked.register.stat().st_size / 1e6:.0f} MB, {time.monotonic() - begun:.0f} s"
    )


if __name__ == "__main__":
    main()
