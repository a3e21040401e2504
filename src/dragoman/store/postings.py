"""Words of texts: an inverted table that grows with each batch, and the ranking of what holds the words asked for.

DuckDB's full-text extension gives the stems. Its own index is not used: it has to be made anew after each change, and a
query reads all of it (docs/decisions/008-full-text-search.md). A posting is a word's documents in one segment; every batch makes
a segment of the level that its size calls for, and ``WIDTH`` segments of a level become one of the next, so that a posting is
written a few times at most.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import duckdb

from dragoman.store.file import Connection

WIDTH = 8  # segments of a level before they are joined
LOWEST = 128  # documents of a segment of the lowest level, about; of the next, WIDTH times as many
K1, B = 1.2, 0.75  # BM25's usual constants
LOOSE = 1000  # documents that are gone before postings are cleared of them
LONGEST = 64  # letters of a word; longer ones are no words
WORDS = "regexp_extract_all(lower(strip_accents({})), '[\\p{{L}}\\p{{N}}]+')"
SEARCHED = "concat_ws(' ', d.title, d.text, d.quoted)"
MISSING = "the DuckDB extension fts is not here: words are looked for as they are written, in every text (pip install duckdb-extension-fts)"


def extension() -> Path | None:
    """The extension's file for this DuckDB, or None."""
    try:
        import duckdb_extension_fts
    except ImportError:
        return None
    file = Path(duckdb_extension_fts.__file__).parent / "extensions" / f"v{duckdb.__version__}" / "fts.duckdb_extension"
    return file if file.exists() else None


def load(con: Connection) -> bool:
    """Make the extension's functions available; False where it is missing. Nothing is fetched."""
    file = extension()
    if file is None:
        return False
    try:
        con.raw.load_extension(str(file))
    except duckdb.Error:
        return False
    return True


def index(con: Connection) -> None:
    """Put the words of documents that have none in postings there; without the extension they wait for it."""
    if not con.execute("SELECT 1 FROM documents WHERE words IS NULL LIMIT 1").fetchone() or not load(con):
        return
    segment = con.one("SELECT coalesce(max(segment), 0) + 1 FROM postings")
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE found AS
        WITH waiting AS (SELECT number, {WORDS.format(SEARCHED)} AS words FROM documents d WHERE words IS NULL),
        each AS (SELECT number, unnest(words) AS word FROM waiting)
        SELECT number, stem(word, 'english') AS term, count(*)::INTEGER AS n FROM each WHERE length(word) <= {LONGEST} GROUP BY ALL"""
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE long AS SELECT number, sum(n)::INTEGER AS words FROM found GROUP BY number"
    )
    con.execute(
        """INSERT INTO postings SELECT term, ?, ?, list(number ORDER BY number), list(n ORDER BY number), list(words ORDER BY number)
        FROM found JOIN long USING (number) GROUP BY term ORDER BY term""",
        [_level(con.one("SELECT count(*) FROM long")), segment],
    )
    con.execute(
        "UPDATE documents SET words = coalesce((SELECT l.words FROM long l WHERE l.number = documents.number), 0) WHERE words IS NULL"
    )
    con.execute("DROP TABLE found")
    con.execute("DROP TABLE long")
    _compact(con)
    _clear(con)


def _level(documents: int) -> int:
    """Level of a segment: a few documents must not be joined with all that were indexed at once when the register was made anew."""
    level = 0
    while documents >= LOWEST * WIDTH:
        documents, level = documents // WIDTH, level + 1
    return level


def _compact(con: Connection) -> None:
    """Join the segments of each level that has ``WIDTH`` of them, the lowest level first."""
    level = 0
    while True:
        many, newest = con.execute(
            "SELECT count(DISTINCT segment), max(segment) FROM postings WHERE level = ?", [level]
        ).fetchone()
        if many < WIDTH:
            return
        con.execute(
            """INSERT INTO postings SELECT term, level + 1, ?, flatten(list(docs ORDER BY segment)), flatten(list(counts ORDER BY segment)),
            flatten(list(lengths ORDER BY segment)) FROM postings WHERE level = ? GROUP BY term, level ORDER BY term""",
            [newest, level],
        )
        con.execute("DELETE FROM postings WHERE level = ?", [level])
        level += 1


def _clear(con: Connection) -> None:
    """Do so once the documents that are gone are a quarter of all."""
    dead, there = con.execute("SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM documents)").fetchone()
    if dead >= LOOSE and dead >= there // 4:
        clear(con)


def clear(con: Connection) -> None:
    """Write postings anew without the documents that are gone."""
    con.execute(
        """CREATE OR REPLACE TEMP TABLE kept AS SELECT term, level, segment, list(number ORDER BY number) AS docs, list(n ORDER BY number) AS counts,
        list(words ORDER BY number) AS lengths FROM (SELECT term, level, segment, unnest(docs) AS number, unnest(counts) AS n,
        unnest(lengths) AS words FROM postings) WHERE number NOT IN (FROM gone) GROUP BY term, level, segment ORDER BY level, segment, term"""
    )
    con.execute("DELETE FROM postings")
    con.execute("INSERT INTO postings BY NAME FROM kept")
    con.execute("DELETE FROM gone")
    con.execute("DROP TABLE kept")


def ranked(con: Connection, words: str) -> tuple[str, list[Any]]:
    """SQL, with its parameters, that gives number and score of the documents which hold all of the words, by BM25.

    Documents whose words are not in postings yet are looked through as they are, after the others; all are where the
    extension is missing. How rare a word is, is counted over postings as they stand, those of documents that are gone too.
    """
    plain = f"lower(strip_accents({SEARCHED}))"
    [(found,)] = con.ask(f"SELECT list_distinct({WORDS.format('?::VARCHAR')})", [words])
    scanned = f"""SELECT number, 0e0 AS score FROM documents d WHERE {{}}
        len(list_filter(?::JSON::VARCHAR[], lambda w: contains({plain}, w))) = {max(1, len(found))}"""
    if not load(con):
        return scanned.format(""), [found]
    terms = sorted({t for (t,) in con.ask("SELECT stem(unnest(?::JSON::VARCHAR[]), 'english')", [found])})
    waiting = scanned.format("d.words IS NULL AND")
    return f"{_scored(con, terms)} UNION ALL ({waiting})", [*terms, found]


def _scored(con: Connection, terms: list[str]) -> str:
    """SQL for the documents whose postings have all terms, which are its parameters; a part for each term, put together."""
    docs, mean = con.ask("SELECT count(words), coalesce(avg(words), 1) FROM documents")[0]
    held = dict(
        con.ask(
            "SELECT term, sum(len(docs)) FROM postings WHERE term IN (SELECT unnest(?::JSON::VARCHAR[])) GROUP BY term",
            [terms],
        )
    )
    if not all(t in held for t in terms) or not terms:
        return "(SELECT 0 AS number, 0e0 AS score WHERE false " + "AND ? IS NOT NULL " * len(terms) + ")"
    live = " WHERE number NOT IN (FROM gone)" if con.one("SELECT count(*) FROM gone") else ""
    parts = []
    for term in terms:
        idf = math.log(1 + (max(docs, held[term]) - held[term] + 0.5) / (held[term] + 0.5))
        long = f"{K1 * (1 - B):e} + {K1 * B / mean:.15e} * words"  # with an exponent: else it is reckoned in decimals, ten times slower
        parts.append(
            f"""SELECT number, {idf * (K1 + 1):.15e} * n / (n + {long}) AS score FROM (SELECT unnest(docs) AS number,
            unnest(counts) AS n, unnest(lengths) AS words FROM postings WHERE term = ?){live}"""
        )
    if len(parts) == 1:
        return f"({parts[0]})"
    every = " UNION ALL ".join(parts)
    return f"(SELECT number, sum(score) AS score FROM ({every}) GROUP BY number HAVING count(*) = {len(parts)})"
