"""Words of texts: an inverted table that grows with each batch, and the ranking of what holds the words asked for.

DuckDB's full-text extension gives the stems. Its own index is not used: it has to be made anew after each change, and a
query reads all of it (docs/decisions/008-full-text-search.md). A posting is a word's documents in one segment; every batch makes
a segment of the level that its size calls for, and ``WIDTH`` segments of a level become one of the next, so that a posting is
written a few times at most.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from dragoman.store.file import Connection

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[tuple[int], np.dtype[np.int32]]
    Scores = np.ndarray[tuple[int], np.dtype[np.float64]]

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


@dataclass(frozen=True, slots=True)
class Ranked:
    """Documents that hold all of some words, by number, and how well each fits; in no order."""

    numbers: Numbers
    scores: Scores

    def __len__(self) -> int:
        return len(self.numbers)

    def best(self, most: int) -> dict[int, float]:
        """The best of them with their scores, best first; of equal ones the one read last."""
        import numpy as np

        kept = np.arange(len(self))
        if 0 < most < len(self):
            least = np.partition(self.scores, len(self) - most)[len(self) - most]
            kept = np.flatnonzero(self.scores >= least)
        kept = kept[np.lexsort((-self.numbers[kept], -self.scores[kept]))][:most]
        return dict(zip(self.numbers[kept].tolist(), self.scores[kept].tolist(), strict=True))

    def within(self, numbers: Numbers) -> Ranked:
        """Those of them that are among ``numbers``."""
        import numpy as np

        kept = np.isin(self.numbers, np.asarray(numbers))
        return Ranked(self.numbers[kept], self.scores[kept])


def ranked(con: Connection, words: str) -> Ranked:
    """The documents that hold all of the words, scored by BM25.

    Documents whose words are not in postings yet are looked through as they are, and come after the others; all are where the
    extension is missing. How rare a word is, is counted over postings as they stand, those of documents that are gone too.
    """
    import numpy as np

    wanted = _words(con, words)
    stemmed = load(con)
    indexed, mean, there = con.ask("SELECT count(words), coalesce(avg(words), 1), count(*) FROM documents")[0]
    found = _scored(con, wanted, indexed, mean) if stemmed else _nothing()
    if stemmed and indexed == there:
        return found
    plain = f"lower(strip_accents({SEARCHED}))"
    scanned = con.ask(
        f"""SELECT number FROM documents d WHERE {"d.words IS NULL AND" if stemmed else ""}
        len(list_filter(?::JSON::VARCHAR[], lambda w: contains({plain}, w))) = {max(1, len(wanted))}""",
        [wanted],
    )
    numbers = np.array([n for (n,) in scanned], np.int32)
    return Ranked(
        np.concatenate([found.numbers, numbers]), np.concatenate([found.scores, np.zeros(len(numbers), np.float64)])
    )


def _nothing() -> Ranked:
    import numpy as np

    return Ranked(np.zeros(0, np.int32), np.zeros(0, np.float64))


def _words(con: Connection, words: str) -> list[str]:
    """The words that are asked for, each once, as ``WORDS`` has them."""
    if words.isascii():  # the pattern's letters of all alphabets take DuckDB longer to prepare than most questions
        return sorted(set(re.findall("[0-9a-z]+", words.lower())))
    found: list[str] = con.one(f"SELECT list_distinct({WORDS.format('?::VARCHAR')})", [words])
    return sorted(found)


def _scored(con: Connection, words: list[str], indexed: int, mean: float) -> Ranked:
    """The documents whose postings have all the words' stems. They are reckoned with outside of DuckDB: there a list of
    half a million takes ten times as long to be taken apart, scored and joined."""
    import numpy as np

    terms = sorted({t for (t,) in con.ask("SELECT stem(unnest(?::JSON::VARCHAR[]), 'english')", [words])})
    if not terms or not all(con.ask("SELECT 1 FROM postings WHERE term = ? LIMIT 1", [t]) for t in terms):
        return _nothing()
    found: Ranked | None = None
    for term in terms:  # one after another, so that no more than two lists are held at once
        docs, counts, lengths = _postings(con, term)
        idf = math.log(1 + (max(indexed, len(docs)) - len(docs) + 0.5) / (len(docs) + 0.5))
        scores = idf * (K1 + 1) * counts / (counts + (K1 * (1 - B) + K1 * B / mean * lengths))
        if found is None:
            found = Ranked(docs, scores)
            continue
        order = np.argsort(docs, kind="stable")
        at = order[np.searchsorted(docs, found.numbers, sorter=order).clip(max=len(docs) - 1)]
        both = docs[at] == found.numbers
        found = Ranked(found.numbers[both], found.scores[both] + scores[at[both]])
    assert found is not None
    gone = con.ask("SELECT number FROM gone")
    if gone:
        there = ~np.isin(found.numbers, np.array([n for (n,) in gone], np.int32))
        found = Ranked(found.numbers[there], found.scores[there])
    return found


def _postings(con: Connection, term: str) -> list[Numbers]:
    """Documents that hold the term, how often it stands in each, and how many words each has."""
    import numpy as np

    table = con.execute("SELECT docs, counts, lengths FROM postings WHERE term = ?", [term]).to_arrow_table()
    return [np.concatenate([part.flatten().to_numpy() for part in column.chunks]) for column in table.columns]
