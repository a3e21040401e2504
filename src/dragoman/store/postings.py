"""Words of texts: an inverted table that grows with each batch, and the ranking of what holds the words asked for.

DuckDB's full-text extension gives the stems. Its own index is not used: it has to be made anew after each change, and a
query reads all of it (docs/decisions/008-full-text-search.md). A posting is a word's documents in one segment; every batch makes
a segment, and ``WIDTH`` segments of a level become one of the next, so that a posting is written a few times at most.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from dragoman.store.file import Connection

WIDTH = 8  # segments of a level before they are joined
K1, B = 1.2, 0.75  # BM25's usual constants
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
    segment = con.execute("SELECT coalesce(max(segment), 0) + 1 FROM postings").fetchone()[0]
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE found AS
        WITH waiting AS (SELECT number, {WORDS.format(SEARCHED)} AS words FROM documents d WHERE words IS NULL),
        each AS (SELECT number, unnest(words) AS word FROM waiting)
        SELECT number, stem(word, 'english') AS term, count(*)::INTEGER AS n FROM each WHERE length(word) <= {LONGEST} GROUP BY ALL"""
    )
    con.execute(
        """INSERT INTO postings SELECT term, 0, ?, list(number ORDER BY number), list(n ORDER BY number)
        FROM found GROUP BY term ORDER BY term""",
        [segment],
    )
    con.execute(
        """UPDATE documents SET words = coalesce((SELECT sum(n) FROM found f WHERE f.number = documents.number), 0)
        WHERE words IS NULL"""
    )
    con.execute("DROP TABLE found")
    _compact(con)


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
            """INSERT INTO postings SELECT term, level + 1, ?, flatten(list(docs ORDER BY segment)), flatten(list(counts ORDER BY segment))
            FROM postings WHERE level = ? GROUP BY term, level ORDER BY term""",
            [newest, level],
        )
        con.execute("DELETE FROM postings WHERE level = ?", [level])
        level += 1


def ranked(con: Connection) -> str:
    """SQL that gives doc_id and score of the documents which hold all words of a parameter, by BM25.

    Documents whose words are not in postings yet are looked through as they are, after the others; all are where the
    extension is missing.
    """
    plain = f"lower(strip_accents({SEARCHED}))"
    scanned = f"""SELECT d.doc_id, 0.0 AS score FROM documents d, asked WHERE {{}} len(asked.words) > 0
        AND len(list_filter(asked.words, lambda w: contains({plain}, w))) = len(asked.words)"""
    asked = f"asked AS (SELECT list_distinct({WORDS.format('?::VARCHAR')}) AS words)"
    if not load(con):
        return f"WITH {asked} {scanned.format('')}"
    return f"WITH {asked}, {_BM25} SELECT doc_id, score FROM scored UNION ALL {scanned.format('d.words IS NULL AND')}"


_BM25 = f"""terms AS (SELECT DISTINCT stem(unnest(words), 'english') AS term FROM asked),
hits AS (SELECT term, unnest(docs) AS number, unnest(counts) AS n FROM postings WHERE term IN (FROM terms)),
live AS (SELECT h.term, h.number, h.n, d.doc_id, d.words FROM hits h JOIN documents d USING (number)),
size AS (SELECT count(words) AS docs, avg(words) AS mean FROM documents),
weight AS (SELECT term, ln(1 + (any_value(size.docs) - count(*) + 0.5) / (count(*) + 0.5)) AS idf FROM live, size GROUP BY term),
scored AS (
    SELECT doc_id, sum(idf * n * {K1 + 1} / (n + {K1} * (1 - {B} + {B} * live.words / size.mean))) AS score
    FROM live JOIN weight USING (term), size GROUP BY doc_id HAVING count(*) = (SELECT count(*) FROM terms))"""
