"""Input made to break a reader: each gives a clear line, in bounded time and memory, and what stands beside it is read.

Limits are lowered here so that small inputs meet them; docs/reliability.md tells what the real sizes did.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import tarfile
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.model import Document
from dragoman.stages.ingest import of_bytes, read

GOOD = b'{"text": "They met in Rome."}\n'
ARTICLE = (
    "<p>The minister of defence met his colleague from Peru in the capital on Friday to speak of training.</p>" * 3
)


def everything(path: Path, **settings: int) -> tuple[list[str], list[str]]:
    """Texts and what was told."""
    found = list(read(str(path), Settings(**settings)))  # type: ignore[arg-type]
    return [d.text for d in found if isinstance(d, Document)], [str(s) for s in found if isinstance(s, SkipDocument)]


def page(body: str, head: str = "") -> list[Document | SkipDocument]:
    html = f"<!doctype html><html><head>{head}</head><body><article>{ARTICLE}{body}</article></body></html>"
    content = html.encode("utf-8", "surrogatepass")
    return list(of_bytes(content, url="http://x.example/", content_type="text/html", settings=Settings()))


def bomb(size: int) -> bytes:
    return b'{"text": "' + b"a" * size + b'"}\n'


def zip_of(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "settings", "message"),
    [
        ("a.jsonl.gz", gzip.compress(GOOD + bomb(10**6) * 3), {"ratio": 100}, "more than 100 times its size"),
        (
            "a.jsonl.gz",
            gzip.compress(GOOD + bomb(10**6) * 3),
            {"ratio": 10**6, "largest_archive": 10**6},
            "more than 1,000,000 bytes",
        ),
        ("a.jsonl.gz", gzip.compress(gzip.compress(GOOD + bomb(10**6))), {}, "its kind"),
        ("a.jsonl.gz.gz", gzip.compress(gzip.compress(GOOD + bomb(10**6) * 9)), {"ratio": 100}, "more than 100 times"),
        (
            "a.zip",
            zip_of(("a.jsonl", GOOD), ("b.jsonl", bomb(10**6) * 3)),
            {"ratio": 100},
            "more than 100 times its size",
        ),
        ("a.zip", zip_of(("a.jsonl", GOOD), ("b.txt", b"a" * 10**6)), {}, "more than the limit|more than 200 times"),
        (
            "a.zip",
            zip_of(("a.jsonl", GOOD), *((f"{i}.txt", b"") for i in range(50))),
            {"members": 20},
            "more than 20 members",
        ),
        (
            "a.zip",
            zip_of(("a.jsonl", GOOD), ("b.zip", zip_of(("b.txt", b"a" * 10**6)))),
            {"largest_member": 500},
            "more than the limit of 500",
        ),
    ],
)
def test_bombs(tmp_path: Path, name: str, content: bytes, settings: dict[str, int], message: str) -> None:
    if message == "its kind":  # two layers under a name that tells of one: no document, and no crash
        message = "not UTF-8|not JSON"
    (tmp_path / name).write_bytes(content)
    tracemalloc.start()
    texts, told = everything(tmp_path / name, **{"largest_file": 200_000, **settings})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert re.search(message, " ".join(told)), told
    assert "They met in Rome." in texts or "not " in message
    assert peak < 20_000_000


def test_a_zip_within_itself_without_end(tmp_path: Path) -> None:
    content = GOOD
    name = "a.jsonl"
    for depth in range(12):
        content, name = zip_of((name, content)), f"{depth}.zip"
    (tmp_path / "a.zip").write_bytes(content)
    texts, told = everything(tmp_path / "a.zip")
    assert texts == []
    assert len(told) == 1
    assert "more than 5 archives deep" in told[0]


def test_members_that_share_their_bytes(tmp_path: Path) -> None:
    """A directory that names one packed member thousands of times (Fifield's bomb)."""
    plain = zip_of(("a.jsonl", bomb(50_000)))
    at = plain.index(b"PK\x01\x02")
    entry, end = plain[at : plain.index(b"PK\x05\x06")], bytearray(plain[plain.index(b"PK\x05\x06") :])
    count = 2000
    end[8:12] = count.to_bytes(2, "little") * 2
    end[12:16] = (len(entry) * count).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(plain[:at] + entry * count + end)
    texts, told = everything(tmp_path / "a.zip", largest_file=100_000, ratio=20)
    assert len(texts) < count
    assert "more than 20 times its size" in told[-1] or "damaged" in told[-1]


def test_a_directory_too_large_is_not_read(tmp_path: Path) -> None:
    content = bytearray(zip_of(("a.jsonl", GOOD), *((f"{i:0200}.txt", b"") for i in range(200))))
    (tmp_path / "a.zip").write_bytes(content)
    texts, told = everything(tmp_path / "a.zip", members=5)
    assert texts == []
    assert "more than 5 members" in told[0]


def test_locked_and_strange_members(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.jsonl", GOOD)
        archive.writestr(zipfile.ZipInfo("b.txt"), b"x", zipfile.ZIP_LZMA)
    content = out.getvalue().replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01", 1)
    (tmp_path / "a.zip").write_bytes(content)
    _, told = everything(tmp_path / "a.zip")
    (tmp_path / "b.zip").write_bytes(
        content.replace(b"PK\x01\x02\x14\x03\x14\x00\x01", b"PK\x01\x02\x14\x03\x14\x00\x20", 1)
    )
    assert "patched data" in everything(tmp_path / "b.zip")[1][0]  # found by tools/fuzz.py
    assert "a.zip!a.jsonl: it is locked with a password" in told[0]
    assert "a.zip!b.txt: it is packed in a way that is not read" in told[1]


def header(name: str, size: int, kind: bytes = b"0") -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize(
    "member",
    [
        header("././@PaxHeader", 8**11 - 1, tarfile.XHDTYPE) + b"\0" * 1024,  # 8 GB of names
        header("././@LongLink", 8**11 - 1, tarfile.GNUTYPE_LONGNAME) + b"\0" * 1024,
        header("a.txt", -5) + b"\0" * 1024,  # the next member lies before this one
        header("a.txt", 10**14) + b"text",
        header("a.txt", 5)[:300],
        b"\xff" * 2048,
    ],
)
def test_lengths_that_a_tar_claims(tmp_path: Path, member: bytes) -> None:
    good = header("a.jsonl", len(GOOD)) + GOOD + b"\0" * (512 - len(GOOD))
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(good + member))
    tracemalloc.start()
    texts, told = everything(tmp_path / "a.tar.gz", largest_file=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert texts == ["They met in Rome."]
    assert told
    assert peak < 10_000_000


def test_a_tar_of_holes(tmp_path: Path) -> None:
    """A GNU sparse file: a terabyte of nothing in 512 bytes."""
    info = bytearray(header("a.jsonl", 0, tarfile.GNUTYPE_SPARSE))
    info[386:398], info[398:410] = b"00000000000\0", b"00000000000\0"
    info[482] = 0
    info[483:495] = b"\x80" + (10**12).to_bytes(11, "big")
    info[148:156] = b" " * 8
    info[148:156] = b"%06o\0 " % sum(info)
    good = header("b.jsonl", len(GOOD)) + GOOD + b"\0" * (512 - len(GOOD))
    (tmp_path / "a.tar").write_bytes(bytes(info) + good + b"\0" * 1024)
    assert everything(tmp_path / "a.tar") == (["They met in Rome."], [])


ENTITIES = (
    '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e SYSTEM "file:///etc/passwd">]>'
)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    (tmp_path / "a.xhtml").write_text(
        f'<?xml version="1.0"?>{ENTITIES}<html xmlns="http://www.w3.org/1999/xhtml"><body><article>{ARTICLE}<p>They said &d; and &e; to all of them.</p></article></body></html>',
        encoding="utf-8",
    )
    [text], _ = everything(tmp_path / "a.xhtml")
    assert "lollol" not in text
    assert "root:" not in text
    assert len(text) < 1000


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul", "blockquote", "span"])
def test_nested_a_hundred_thousand_deep(tag: str) -> None:
    [found] = page(f"<{tag}>" * 20_000 + "x" + f"</{tag}>" * 20_000)
    assert isinstance(found, Document)
    assert "met his colleague" in found.text


def test_pages_of_too_many_tags_are_set_aside() -> None:
    [found] = page("<p>" * 60_000)
    assert isinstance(found, SkipDocument)
    assert "more than 50,000 tags" in found.reason


@pytest.mark.parametrize(
    "body",
    [
        "<p>NUL \x00\x00 in it.</p>",
        "<p>Half \ud800 of a character.</p>",
        "<p>Right \u202eot tfel\u202c and \u2066isolates\u2069 and \ufeff marks.</p>",
        "<p>&#0; &#xD800; &#x110000; &#99999999999999999999; &bogus; &amp</p>",
        "<!-- " + "-" * 5000,
        "<![CDATA[ x ]]> <? php ?> <% asp %>",
        "<p " + "a=b " * 5000 + ">x</p>",
        "<script>" + "var a = '</p>';" * 500,
        '<script type="application/ld+json">' + "[" * 50_000 + "</script>",
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":' + "9" * 6000 + "}</script>",
        '<meta property="article:published_time" content="99999-99-99T99:99"><time datetime="٢٠٢٤-٠١-٠١">x</time>',
        "<p>" + "\u0300" * 20_000 + "</p>",
        "<p>" + "x" * 200_000 + "</p>",
        "<a href='javascript:x" + "%" * 5000 + "'>x</a>",
    ],
)
def test_odd_pages(body: str) -> None:
    [found] = page(body)
    assert isinstance(found, (Document, SkipDocument))
    if isinstance(found, Document):
        assert "met his colleague" in found.text
        assert not any("\ud800" <= c <= "\udfff" for c in found.text)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"text": ' + b"[" * 100_000 + b"}", "nested too deep"),
        (b'{"text": "x", "n": ' + b"9" * 5000 + b"}", "a number in it is too long"),
        (b'{"text": "x", "title": ["a"]}', "its title is list"),
        (b'{"text": "x", "url": {"a": 1}}', "its url is dict"),
        (b'{"text": "x", "published": "2024-13-45"}', "month must be"),
        (b'{"text": "x", "published": [1]}', "published is"),
        (b'{"text": "x", "published": NaN}', "published is"),
        (b'{"text": "' + b"x" * 100_000 + b'"}', "the line is longer"),
        (b"\x00" * 1000, "not JSON"),
        (b'{"text": "\\u0000"}', None),
        (b'{"text": "Half \\ud800 of it"}', None),
        (b'{"text": "x", "published": 1e999, "doc_id": 7, "outlet": true}', "published is"),
    ],
)
def test_json_lines(tmp_path: Path, line: bytes, message: str | None) -> None:
    (tmp_path / "a.jsonl").write_bytes(GOOD + line + b"\n" + GOOD)
    texts, told = everything(tmp_path / "a.jsonl", largest_file=50_000 if b"xxx" in line else 20_000_000)
    assert len(texts) == (2 if message else 3)
    assert not message or message in told[0], told
    assert not message or "a.jsonl:2: " in told[0]


def test_a_table_of_a_million_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text," + ",".join(f"c{i}" for i in range(100_000)) + "\nx\n", encoding="utf-8")
    assert "100,001 columns are more than the limit of 1,000" in everything(tmp_path / "a.csv")[1][0]


def test_a_parquet_that_says_one_long_value_a_thousand_times(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    values = pa.array(["a" * 2_000_000]).dictionary_encode()
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 2000, pa.int32()), values.dictionary)
    pq.write_table(pa.table({"text": column.cast(pa.dictionary(pa.int32(), pa.string()))}), tmp_path / "a.parquet")
    before = pa.total_allocated_bytes()
    found = read(str(tmp_path / "a.parquet"), Settings())
    assert "characters are more than the limit" in str(next(found))
    assert pa.total_allocated_bytes() - before < 100_000_000
    found.close()  # type: ignore[attr-defined]


def test_links_that_go_round(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.jsonl").write_bytes(GOOD)
    for name in ("one", "two", "three"):
        (tmp_path / "a" / name).symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a" / "self.txt").symlink_to(tmp_path / "a" / "self.txt")
    (tmp_path / "a" / "none.txt").symlink_to(tmp_path / "nothing")
    os.mkfifo(tmp_path / "a" / "pipe.txt")
    assert everything(tmp_path / "a") == (["They met in Rome."], [])
    assert everything(Path(f"{tmp_path}/**/*.jsonl")) == (["They met in Rome."], [])
    assert "not a regular file" in everything(tmp_path / "a" / "pipe.txt")[1][0]
    assert "there is no such file" in everything(tmp_path / "a" / "self.txt")[1][0]


def pdf(*objects: bytes) -> bytes:
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % o for o in offsets)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(out))  # fmt: skip


def stream(data: bytes, extra: bytes = b"", *, packed: bool = False) -> bytes:
    data, extra = (zlib.compress(data), extra + b"/Filter/FlateDecode") if packed else (data, extra)
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (extra, len(data), data)


def one_page(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>" + resources + b">>>>",
               content, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", *more)  # fmt: skip


def forms(depth: int, width: int) -> bytes:
    """Forms that draw the next one several times: width to the power of depth."""
    made = [
        stream(
            b" /X Do" * width, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (7 + k)
        )
        for k in range(depth)
    ]
    last = stream(
        b"BT /F1 9 Tf 10 10 Td (hello) Tj ET",
        b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 5 0 R>>>>",
    )
    return one_page(stream(b"/X Do " * width), *made, last, resources=b"/XObject<</X 6 0 R>>")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (one_page(stream(b" " * 20_000_000, packed=True)), "LimitReached"),
        (
            one_page(stream(b"BT /F1 9 Tf " + b"(a) Tj " * 400_000 + b"ET", packed=True)),
            "not a PDF that can be read|no text",
        ),
        (forms(8, 10), "no text|not a PDF|"),
        (one_page(stream(b"[" * 100_000 + b"] TJ")), "not a PDF that can be read"),
        (pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>"), "cyclic"),
        (
            pdf(
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Count 600/Kids[" + b"3 0 R " * 600 + b"]>>",
                b"<</Type/Page/Parent 2 0 R>>",
            ),
            "PDF",
        ),
        (pdf(b"<</Type/Catalog/Pages " + b"<</A " * 5000 + b"1" + b">>" * 5000 + b">>"), "PDF"),
        (one_page(stream(b"BT (x) Tj ET"))[:-60], "not a PDF that can be read"),
        (b"%PDF-1.4\n" + b"x" * 1000, "not a PDF that can be read"),
        (b"PK\x03\x04", "not a PDF that can be read"),
    ],
)
def test_pdfs(tmp_path: Path, content: bytes, message: str, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    texts, told = everything(tmp_path / "a.pdf")
    assert len(texts) + len(told) == 1
    assert re.search(message, " ".join(told)), told
    assert capfd.readouterr() == ("", "")


def test_yaml_front_matter_that_grows(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)
    ]
    (tmp_path / "a.md").write_text(
        "---\n" + "\n".join([*lines, "title: *a11"]) + "\n---\nThey met.\n", encoding="utf-8"
    )
    assert "its title is list" in everything(tmp_path / "a.md")[1][0]
    (tmp_path / "b.md").write_text("---\ntitle: " + "[" * 4_000 + "\n---\nThey met.\n", encoding="utf-8")
    assert "not YAML" in everything(tmp_path / "b.md")[1][0]


def test_lines_of_a_document_survive_a_round(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "a\x00b\u202ec\ud800d"}) + "\n", encoding="utf-8")
    assert everything(tmp_path / "a.jsonl")[0] == ["a\x00b\u202ec\ud800d"]
