"""The file of feeds: what it may say, and all that is wrong with one told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.errors import ConfigError
from dragoman.feeds.plan import Alert, Feed, Plan, checked, load

WHOLE = """
contact = "mailto:ann@example.org"
every = 1800
allow_private = ["10.0.0.0/8"]

[[feed]]
url = "https://a.example/rss"
outlet = "A"

[[feed]]
url = "https://b.example/sitemap.xml"
kind = "sitemap"
every = 3600

[[feed]]
url = "https://a.example/rss#again"

[[watch]]
name = "east"
parties = ["AZE", "Turkey"]
command = ["./tell", "--loud"]
"""


def write(folder: Path, text: str, name: str = "feeds.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_plan(tmp_path: Path) -> None:
    plan = checked(load(write(tmp_path, WHOLE)), "feeds.toml")
    assert plan.feeds == (
        Feed("https://a.example/rss", "A"),
        Feed("https://b.example/sitemap.xml", None, 3600.0, "sitemap"),
    )
    assert plan.alerts == (Alert("east", ("AZE", "Turkey"), command=("./tell", "--loud")),)
    assert (plan.every, plan.allow_private, plan.folder) == (1800.0, ("10.0.0.0/8",), tmp_path)


def test_opml(tmp_path: Path) -> None:
    outlines = '<outline text="World"><outline text="A" xmlUrl="https://a.example/rss"/></outline><outline title="B" xmlUrl="http://b.example/"/>'
    path = write(tmp_path, f'<?xml version="1.0"?><opml version="2.0"><body>{outlines}</body></opml>', "list.opml")
    assert load(path).feeds == (Feed("https://a.example/rss", "A"), Feed("http://b.example/", "B"))
    with pytest.raises(ConfigError, match="reaches you"):
        checked(load(path), str(path))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("feed = 3", "must be tables"),
        ("[[feed]]\nurl = 'javascript:alert(1)'", "1: url is no http or https address"),
        ("[[feed]]\noutlet = 'x'", "1: url is no http"),
        ("[[feed]]\nurl = 'http://a.example'\nkind = 'page'", "kind is 'page'"),
        ("[[feed]]\nurl = 'http://a.example'\ncolour = 'red'", "colour is no setting"),
        ("every = 'often'", "every is str, not float"),
        ("every = true", "every is bool, not float"),
        ("[[watch]]\nname = 'x'\ntopic = 'cyber'", "say where to"),
        ("[[watch]]\nname = 'x'\nfile = 'y'", "say what to watch"),
        ("[[watch]]\nperson = 'x'\nfile = 'y'\ntopic = 'weather'", "topic 'weather' is none of"),
        ("[[watch]]\nperson = 'x'\ncommand = 'rm -rf /'", "command is str, not tuple"),
        ("[[watch]]\nperson = 'x'\nwebhook = 'file:///x'", "webhook is no http"),
        ("[[watch]]\nname = 'x'\nperson = 'x'\nfile = 'y'\n[[watch]]\nname = 'x'\nperson = 'x'\nfile = 'y'", "two"),
        ("[[feeds]]\nurl = 'http://a.example'", "feeds are [[feed]]"),
        ("not toml", "not TOML"),
        ("<rss/>", "no OPML"),
        ("<opml><outline xmlUrl='ftp://x'/></opml>", "line 1"),
        ("<<<", "OPML"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        load(path)
    assert told in str(error.value)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (Plan((Feed("http://a.example/"),)), "reaches you"),
        (Plan((Feed("http://a.example/"),), contact="a\r\nX: y"), "reaches you"),
        (Plan(contact="mailto:a@example.org"), "names no feed"),
        (Plan((Feed("http://a.example/", every=1.0),), contact="mailto:a@example.org"), "least is 60"),
        (Plan((Feed("http://a.example/"),), contact="x", every=float("nan")), "every is nan"),
        (Plan((Feed("http://a.example/"),), contact="x", fetchers=0), "fetchers is 0"),
    ],
)
def test_what_cannot_be_worked_with_is_told(plan: Plan, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        checked(plan, "feeds.toml")


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "none.toml")


def test_entities_of_an_opml_file_are_left(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret", "secret.txt")
    text = f'<!DOCTYPE opml [<!ENTITY x SYSTEM "file://{secret}">]><opml><outline text="&x;" xmlUrl="http://a.example/&x;"/></opml>'
    assert "secret" not in str(load(write(tmp_path, text)))
