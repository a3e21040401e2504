"""Settings from a file: all that is wrong is told at once, with file and key."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from dragoman.config import KEY_VARIABLE, ModelSettings, Secret, Settings, api_key, load
from dragoman.errors import ConfigError

DOCS = Path(__file__).parents[1] / "docs"


def test_a_file_sets_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text("published = 2024-05-03\nlargest = 5\n[llm]\nprice_in = 1\njson_schema = false\n", encoding="utf-8")
    assert load(path, outlet="X", llm={"price_out": 2.0, "model": None}) == Settings(
        published=date(2024, 5, 3),
        outlet="X",
        largest=5,
        llm=ModelSettings(price_in=1.0, price_out=2.0, json_schema=False),
    )


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('color = 1\nlargest = "x"\n[llm]\napi_key = "k"\nseed = true\n', encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load(path)
    for part in (
        str(path),
        "color is no setting",
        "largest is str, not int",
        f"llm.api_key is no setting (a key is read from {KEY_VARIABLE}",
        "llm.seed is bool",
    ):
        assert part in str(error.value)


@pytest.mark.parametrize("text", ["= 3", "\xff", "llm = 3"])
def test_what_is_no_settings_file_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"s\.toml"):
        load(path)


@pytest.mark.parametrize(
    "llm",
    [
        {"concurrency": 0},
        {"retries": -1},
        {"window": 5},
        {"timeout": 0.0},
        {"price_in": -1.0},
        {"base_url": "http://[x"},
    ],
)
def test_what_cannot_be_worked_with_is_told(tmp_path: Path, llm: dict[str, object]) -> None:
    path = tmp_path / "s.toml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match=next(iter(llm))):
        load(path, llm=llm)


def test_the_key_comes_from_the_environment_and_hides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    assert api_key() is None
    monkeypatch.setenv(KEY_VARIABLE, " sk-1 \n")
    key = api_key()
    assert isinstance(key, Secret)
    assert key.reveal() == "sk-1"
    assert "sk-1" not in f"{key!r} {key}"


def test_every_setting_of_the_model_has_its_entry() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    for field in dataclasses.fields(ModelSettings):
        assert f"| `llm.{field.name}` |" in text, field.name
