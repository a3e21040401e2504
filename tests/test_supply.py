"""What comes from elsewhere: licences told, weights as their card says, nothing unpickled."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from tools.licences import locked

from dragoman.errors import StopRun
from dragoman.network.runtime import ENCODER, HEADS, TOKENIZER, WORDS, verify
from dragoman.resources import MODEL

ROOT = Path(__file__).parents[1]
UNPICKLERS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle", "torch"}


def test_every_locked_package_has_its_licence_on_the_page() -> None:
    text = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    assert len(locked()) > 50
    for name, version in locked():
        assert f"| {name} | {version} | " in text, f"{name} {version}: python tools/licences.py > docs/licences.md"


def test_nothing_is_unpickled() -> None:
    """No module that unpickles is imported anywhere in the package, and no array with objects is loaded."""
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant), path
                assert node.value.value is False, path
            assert not {n.partition(".")[0] for n in names} & UNPICKLERS, path


@pytest.mark.parametrize("name", [ENCODER, WORDS, HEADS, TOKENIZER])
def test_weights_that_are_not_the_ones_on_their_card_are_told(tmp_path: Path, name: str) -> None:
    card = json.loads((MODEL / "card.json").read_text(encoding="utf-8"))
    verify(MODEL, card)
    for file in MODEL.iterdir():
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / name).unlink()
    body = bytearray((MODEL / name).read_bytes())
    body[1000] ^= 1
    (tmp_path / name).write_bytes(body)
    with pytest.raises(StopRun, match=f"damaged: .*{name}"):
        verify(tmp_path, card)
