"""Fuzzing: texts and files of the read gold, mutated without end, through ingest, clean and the whole reader.

    python tools/fuzz.py SEEDS.jsonl --minutes 30 [--seed N] [--only ingest|clean|code]

Seeds are JSON lines with a text (``python -m training.split read SEEDS.jsonl`` writes the part of the gold that may be
read). Nothing may raise, no span may lie outside the text, every quote must be what stands at its offsets, and memory
must stay flat. Hypothesis makes the mutations and shrinks what fails to the least that still does; the run then ends
with it. What was found so far is kept as cases in tests/.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from dragoman import Reader
from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document, Source
from dragoman.stages.clean import clean
from dragoman.stages.ingest import read_item
from dragoman.stages.ingest._item import Budget, Item
from dragoman.store.intake import check

AWKWARD = [
    "\x00", "\ud800", "\udfff", "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\u0300", "\u2028", "\r", "\r\n", "\x85", "\x0b", "İ", "ß", "ﬁ", "𝔘", "👩‍👩‍👧", "٢٠٢٤", "２０２４",
    "&amp;", "&nbsp;", "&#0;", "&#xD800;", "&#99999999;", "&", "<", "</p>", "<p>", "<!--", "]]>", "<script>", "{", "}", "[", "((((", "))))", "“", "”", "''", "--", "—", "…", "/", "\\",
    " date 2024-12-03 403\n", "2024-02-30", "31 February", "May 99", "0/0/00", "1/1/1", "Monday to ", "last ", "on the 31st ", "Photo: ", "(AP Photo)", "Read also:\n",
    "BAKU, May 3 (AA) -- ", "Meeting.The ", "andTurkey ", "Jordan ", "Dr. ", "Gen. ", "President of ", "Minister ", " met ", " visited ", " and ", ", ", "of the ", "capital of ", "9" * 50, "A" * 50, "\n\n", "\t",
]  # fmt: skip
KINDS = (
    "a.txt",
    "a.md",
    "a.html",
    "a.jsonl",
    "a.csv",
    "a.tsv",
    "a.pdf",
    "a.parquet",
    "a.warc",
    "a.jsonl.gz",
    "a.zip",
    "a.tar",
    "a.tar.gz",
    "a.warc.gz",
)
EXAMPLES = 200  # tried before the clock is looked at
SMALL = Settings(largest_file=2_000_000, largest=200_000, language="any")


def edits(longest: int) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    """Changes: where (as a share of the length), what is put there or how much is taken away, said again or moved."""
    where = st.floats(0, 1)
    return st.lists(
        st.one_of(
            st.tuples(st.just("put"), where, st.sampled_from(AWKWARD), st.integers(1, 4)),
            st.tuples(st.just("put"), where, st.text(max_size=6), st.just(1)),
            st.tuples(st.just("cut"), where, st.integers(1, 200)),
            st.tuples(st.just("again"), where, st.integers(1, 60), st.integers(1, 8)),
            st.tuples(st.just("move"), where, where, st.integers(1, 80)),
            st.tuples(st.just("case"), where, st.integers(1, 80)),
        ),
        max_size=longest,
    )


def changed(text: str, changes: list[tuple[Any, ...]]) -> str:
    """The text with the changes made in turn."""
    for kind, where, *rest in changes:
        at = int(where * len(text))
        if kind == "put":
            text = text[:at] + rest[0] * rest[1] + text[at:]
        elif kind == "cut":
            text = text[:at] + text[at + rest[0] :]
        elif kind == "again":
            text = text[:at] + text[at : at + rest[0]] * rest[1] + text[at:]
        elif kind == "move":
            part, text = text[at : at + rest[1]], text[:at] + text[at + rest[1] :]
            to = int(rest[0] * len(text))
            text = text[:to] + part + text[to:]
        else:
            text = text[:at] + text[at : at + rest[0]].swapcase() + text[at + rest[0] :]
    return text


def packed(name: str, text: str) -> bytes:
    """A file of that name that holds the text."""
    plain = text.encode("utf-8", "surrogatepass")
    line = json.dumps({"text": text, "title": text[:50], "published": "2024-05-03"}).encode() + b"\n"
    page = f"<!doctype html><html><head><title>{text[:40]}</title></head><body><p>{text}</p></body></html>".encode(
        "utf-8", "surrogatepass"
    )
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x.example/\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (len(http), http)
    )
    if name == "a.parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        out = io.BytesIO()
        pq.write_table(pa.table({"text": [plain.decode("utf-8", "replace")]}), out)
        return out.getvalue()
    if name == "a.zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.jsonl", line)
            archive.writestr("b.html", page)
        return out.getvalue()
    if name.startswith("a.tar"):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz" if name.endswith("gz") else "w") as tar:
            info = tarfile.TarInfo("a.jsonl")
            info.size = len(line)
            tar.addfile(info, io.BytesIO(line))
        return out.getvalue()
    stream = b"BT /F1 9 Tf 10 10 Td (" + plain[:300].replace(b")", b"") + b") Tj ET"
    pdf = (b"%%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]"
           b"/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n4 0 obj\n<</Length %d>>stream\n%s\nendstream\nendobj\n5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n"
           b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n0\n%%%%EOF" % (len(stream), stream))  # fmt: skip
    table = {".txt": plain, ".md": b"---\noutlet: X\npublished: 2024-05-03\n---\n" + plain, ".html": page, ".jsonl": line, ".csv": b"title,text\na,\"" + plain.replace(b'"', b'""') + b"\"\n",
             ".tsv": b"title\ttext\na\t" + plain.replace(b"\t", b" ") + b"\n", ".pdf": pdf, ".warc": record * 2}  # fmt: skip
    content = table[Path(name.removesuffix(".gz")).suffix]
    return gzip.compress(content, 1) if name.endswith(".gz") else content


def try_ingest(name: str, text: str, flips: list[tuple[float, int]], cut: float) -> None:
    """A file with bytes changed and its end cut off: documents or reasons, nothing else."""
    raw = bytearray(packed(name, text))
    for where, value in flips:
        if raw:
            raw[min(int(where * len(raw)), len(raw) - 1)] = value
    content = bytes(raw[: int(cut * len(raw)) + 1])
    for found in read_item(Item(name, name, io.BytesIO(content), Budget(name, len(content), SMALL)), SMALL):
        assert isinstance(found, (Document, SkipDocument))
        if isinstance(found, SkipDocument):
            assert not found.reason.startswith("reading failed"), found


def try_clean(text: str, title: str | None, tools: Any) -> None:
    """Clean text whose every character stands where its piece says."""
    doc = clean(Document(Source("x", title=title), text), tools)
    assert doc.clean is not None
    at = 0
    for piece in doc.clean.pieces:
        assert piece.clean.start >= at
        assert not doc.clean.text[at : piece.clean.start].strip()
        whole = doc.given(piece.origin.field)
        assert 0 <= piece.origin.start < piece.origin.end <= len(whole)
        assert not piece.copied or piece.clean.of(doc.clean.text) == whole[piece.origin.start : piece.origin.end]
        at = piece.clean.end


def try_code(text: str, reader: Reader) -> None:
    """Records whose every claim stands in the text as it says, and the same ones when it is read again."""
    from dragoman.run import storable

    doc = storable(Document(Source("x", outlet="Trend"), text))
    [account] = reader.read_many([doc])
    check(doc, account.engagements, "0")
    for engagement in account.engagements:
        for origins in engagement.spans.values():
            for o in origins:
                assert 0 <= o.start < o.end <= len(doc.given(o.field))
    account.to_json().encode("utf-8")


def memory() -> int:
    """Resident bytes of this process."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


def rounds(texts: list[str]) -> dict[str, Callable[[int, int], None]]:
    """What may be fuzzed: each takes a seed and a number of examples."""
    reader = Reader()
    mutated = st.builds(lambda k, e: changed(texts[k], e), st.integers(0, len(texts) - 1), edits(8))
    pieces = st.lists(st.sampled_from(AWKWARD), max_size=40).map("".join)
    flips = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6)

    def round_of(test: Callable[..., None], *strategies: st.SearchStrategy[Any]) -> Callable[[int, int], None]:
        def run(number: int, examples: int) -> None:
            ways = settings(
                max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
            )
            seed(number)(ways(given(*strategies)(test)))()

        return run

    return {
        "ingest": round_of(lambda n, t, f, c: try_ingest(n, t, f, c), st.sampled_from(KINDS), st.one_of(mutated, pieces), flips, st.sampled_from([1.0, 1.0, 0.99, 0.5])),
        "clean": round_of(lambda t, h: try_clean(t, h, reader.tools), st.one_of(mutated, pieces), st.one_of(st.none(), pieces)),
        "code": round_of(lambda t: try_code(t, reader), st.one_of(mutated, pieces)),
    }  # fmt: skip


def main() -> None:
    """Fuzz until the time is up; a failure ends it with its least case."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("seeds", type=Path)
    options.add_argument("--minutes", type=float, default=30.0)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options.add_argument("--only", choices=("ingest", "clean", "code"))
    o = options.parse_args()
    texts = [str(json.loads(line)["text"])[:4000] for line in o.seeds.read_text(encoding="utf-8").splitlines()]
    todo = {name: run for name, run in rounds(texts).items() if o.only in (None, name)}
    done, begun, number, level = dict.fromkeys(todo, 0), time.monotonic(), o.seed, 0
    said = begun
    while time.monotonic() - begun < o.minutes * 60:
        for name, run in todo.items():
            examples = EXAMPLES // 10 if name == "code" else EXAMPLES
            run(number, examples)
            done[name] += examples
        number += 1
        level = level or (memory() if time.monotonic() - begun > 60 else 0)
        if time.monotonic() - said > 60:
            said = time.monotonic()
            print(f"{(said - begun) / 60:5.1f} min, {done}, {memory() / 1e6:.0f} MB", flush=True)
    growth = memory() - level if level else 0
    print(
        f"{(time.monotonic() - begun) / 60:.1f} minutes from seed {o.seed}: {done}; nothing found; memory {memory() / 1e6:.0f} MB, {growth / 1e6:+.0f} MB since the first minute"
    )
    sys.exit(0)


if __name__ == "__main__":
    main()
