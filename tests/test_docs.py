"""What is documented and what is there are the same things."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import typer.main

from dragoman.cli import app
from dragoman.config import Settings
from dragoman.model import Engagement
from dragoman.resources import FOLDER
from dragoman.stages.ingest import CONTAINERS, PACKINGS, READERS

DOCS = Path(__file__).parents[1] / "docs"


def test_every_command_and_option_has_its_entry() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        section = text.partition(f"## dragoman {name}\n")[2].partition("\n## ")[0]
        assert section, f"no section on {name}"
        for parameter in command.params:
            for option in [o for o in parameter.opts if o.startswith("-") and o not in {"--help", "-h"}]:
                assert f"`{option}`" in section, f"{name} {option}"


def test_every_field_has_its_entry() -> None:
    text = (DOCS / "records.md").read_text(encoding="utf-8")
    for field in dataclasses.fields(Engagement):
        assert f"| `{field.name}` |" in text, field.name


def test_every_setting_has_its_entry() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    for field in dataclasses.fields(Settings):
        assert f"| `{field.name}` |" in text, field.name


def test_every_container_and_data_file_has_its_entry() -> None:
    commands = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert all(f"`{suffix}`" in commands for suffix in (*READERS, *CONTAINERS, *PACKINGS))
    data = (DOCS / "data.md").read_text(encoding="utf-8")
    assert all(f"`{p.name}`" in data for p in FOLDER.glob("*.*"))


def test_every_page_is_in_the_menu() -> None:
    import yaml

    menu = (DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(menu)["strict"] is True
    for page in DOCS.rglob("*.md"):
        assert page.relative_to(DOCS).as_posix() in menu, page
