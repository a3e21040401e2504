"""Every row of the data files: it loads, and each rule matches its examples and not its counter-example."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.errors import DataError
from dragoman.knowledge.cleaning import Rule
from dragoman.knowledge.frames import FrameIndex
from dragoman.knowledge.prompt import Order
from dragoman.model import KINDS, Token
from dragoman.resources import FOLDER, Tools, read_yaml, rows

TOOLS = Tools()
FRAMES = read_yaml("frames.yaml")


@pytest.mark.parametrize("rule", TOOLS.cleaning, ids=lambda r: r.id)
def test_cleaning_rule(rule: Rule) -> None:
    find = rule.pattern.match if rule.does == "dateline" else rule.pattern.search
    assert len(rule.examples) == 2
    assert all(find(example) for example in rule.examples)
    assert not find(rule.counter)


@pytest.mark.parametrize("order", TOOLS.orders.rows, ids=lambda r: r.id)
def test_order(order: Order) -> None:
    assert len(order.examples) == 2
    assert all(order.pattern.search(example) for example in order.examples)
    assert not TOOLS.orders.given_by(order.counter)


def _tokens(text: str) -> tuple[Token, ...]:
    from dragoman.model import Block, CleanText, Document, Piece, Source, Span
    from dragoman.model.span import Origin

    whole = Span(0, len(text))
    clean = CleanText(text, (Piece(whole, Origin("text", 0, len(text))),), (Block("body", whole),))
    _, tokens, _ = next(TOOLS.engine.words([Document(Source("x"), text, clean)]))
    return tokens


@pytest.mark.parametrize("row", FRAMES, ids=lambda r: r["id"])
def test_frame(row: dict[str, object]) -> None:
    assert row["kind"] in KINDS
    index: FrameIndex = TOOLS.frames
    for example in row["examples"]:  # type: ignore[attr-defined]
        assert any(h.frame == row["id"] for h in index.find(_tokens(example))), example
    assert not any(h.frame == row["id"] for h in index.find(_tokens(str(row["counter"]))))


@pytest.mark.parametrize("cue", ["before", "after"])
def test_cues(cue: str) -> None:
    table = read_yaml("attribution.yaml")[cue]
    pattern = getattr(TOOLS.cues, cue)
    assert all(pattern.search(example) for example in table["examples"])
    assert not pattern.search(table["counter"])


def test_codes_are_iso() -> None:
    import pycountry

    iso = {c.alpha_3 for c in pycountry.countries} | {"XKX", "SUN", "YUG", "SCG", "CSK", "DDR", "YMD", "ANT"}
    assert {s.code for s in TOOLS.states} <= iso
    assert {o.country for o in TOOLS.outlets} - {""} <= iso
    assert len({s.code for s in TOOLS.states}) == len(TOOLS.states) > 190


def test_no_organisation_bears_a_state_s_code_or_name(tools: Tools) -> None:
    """A party is one code: NAM is Namibia, not the Non-Aligned Movement."""
    states = {name for s in tools.states for name in (s.code, *s.names, *s.demonyms)}
    assert not [o.party for o in tools.organisations if states & {o.party, *o.names}]


@pytest.mark.parametrize(
    "path", sorted(p for p in FOLDER.glob("*.*") if p.suffix not in {".trie", ".npz"}), ids=lambda p: p.name
)
def test_header_tells_origin_and_licence(path: Path) -> None:
    head = "".join(
        line for line in path.read_text(encoding="utf-8").splitlines(keepends=True)[:25] if line.startswith("#")
    )
    assert "date: 2026" in head
    assert any(w in head for w in ("licence:", "public domain", "CC0"))


def test_a_damaged_row_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.csv").write_text("# head\na,b\n1,2\n3\n", encoding="utf-8")
    monkeypatch.setattr("dragoman.resources.FOLDER", tmp_path)
    with pytest.raises(DataError, match=r"x\.csv:4: 1 fields, not 2"):
        list(rows("x.csv", "a", "b"))


def test_weights_are_the_ones_on_their_card() -> None:
    import hashlib

    for name, digest in TOOLS.network.card["sha256"].items():
        assert hashlib.sha256((FOLDER / "model" / name).read_bytes()).hexdigest() == digest
    assert sum(p.stat().st_size for p in (FOLDER / "model").iterdir()) < 40_000_000
