"""The user's file of feeds: TOML, or an OPML list from a feed reader. All that is wrong in it is told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from dragoman.errors import ConfigError
from dragoman.feeds import addresses
from dragoman.model import KINDS, TOPICS

KIND_OF_FEED = ("feed", "sitemap")
LEAST_EVERY = 60.0  # seconds: nobody's feed is asked more often
_EXAMPLE = 'contact = "mailto:you@example.org"'


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed or a sitemap that is watched.

    Attributes:
        url: its address.
        outlet: who publishes it, for pages that do not say.
        every: seconds between two looks; None for the plan's own.
        kind: feed or sitemap; what comes is looked at, whichever is said.
    """

    url: str
    outlet: str | None = None
    every: float | None = None
    kind: str = "feed"


@dataclass(frozen=True, slots=True)
class Alert:
    """What somebody wants to hear of, and how. All that is asked must hold; what is left empty asks for nothing.

    Attributes:
        name: how it is called.
        parties: codes or names of parties, all of which take part.
        person: words that all stand in the name of one who takes part.
        framework: words that stand in the framework.
        topic: one of the topics.
        kind: one of the kinds.
        file: a file to which a JSON line is appended.
        command: a program and its arguments, given the record as JSON; no shell reads it.
        webhook: an address to which the record is posted as JSON.
    """

    name: str
    parties: tuple[str, ...] = ()
    person: str | None = None
    framework: str | None = None
    topic: str | None = None
    kind: str | None = None
    file: str | None = None
    command: tuple[str, ...] = ()
    webhook: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is watched, and how carefully.

    Attributes:
        feeds: the feeds.
        contact: how the owner of a site reaches whoever runs this; stands in every request.
        alerts: what somebody wants to hear of.
        every: seconds between two looks at a feed.
        delay: seconds between two requests to one host, where its robots.txt does not ask for more.
        fetchers: requests under way at once, to as many hosts.
        entries: entries of a feed that are looked at, the first ones.
        page_size: bytes of a page, unpacked; a larger one is left.
        feed_size: bytes of a feed, unpacked.
        timeout: seconds that one answer may take, as a whole.
        redirects: how often one request may be sent elsewhere.
        tries: requests for one page before it is given up.
        recheck: how often a page is read again when its feed says that it has changed.
        types: content types of pages that are read.
        allow_private: hosts, addresses and networks that may be reached although they are not public.
        keep: days for which the journal keeps single requests.
        folder: where the file lies, from which alerts' files and commands are counted.
    """

    feeds: tuple[Feed, ...] = ()
    contact: str = ""
    alerts: tuple[Alert, ...] = ()
    every: float = 900.0
    delay: float = 5.0
    fetchers: int = 8
    entries: int = 500
    page_size: int = 10_000_000
    feed_size: int = 10_000_000
    timeout: float = 60.0
    redirects: int = 5
    tries: int = 8
    recheck: int = 5
    types: tuple[str, ...] = (
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "application/pdf",
        "application/octet-stream",
    )
    allow_private: tuple[str, ...] = ()
    keep: float = 90.0
    folder: Path = field(default=Path(), compare=False)


def load(path: Path) -> Plan:
    """The plan in a file; one that begins with ``<`` is OPML.

    Raises:
        ConfigError: it cannot be read, or is wrong; names the file and everything that is wrong.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    problems: list[str] = []
    plan = _opml(raw, problems) if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else _toml(raw, problems)
    if problems:
        raise ConfigError(f"{path}: " + "; ".join(problems))
    return replace(plan, folder=path.resolve().parent)


def checked(plan: Plan, source: str) -> Plan:
    """The plan, if it can be worked with.

    Raises:
        ConfigError: it cannot; says all that is missing or wrong.
    """
    wrong = []
    if not plan.contact.strip() or not plan.contact.isprintable() or not plan.contact.isascii():
        wrong.append(f"say how a site's owner reaches you, as {_EXAMPLE}: it stands in every request")
    if not plan.feeds:
        wrong.append("it names no feed")
    for name, least in (("every", LEAST_EVERY), ("delay", 0), ("timeout", 1), ("keep", 1)):
        if not getattr(plan, name) >= least:
            wrong.append(f"{name} is {getattr(plan, name):g}; the least is {least:g}")
    for name in ("fetchers", "entries", "page_size", "feed_size", "tries"):
        if getattr(plan, name) < 1:
            wrong.append(f"{name} is {getattr(plan, name)}; the least is 1")
    for feed in plan.feeds:
        if feed.every is not None and not feed.every >= LEAST_EVERY:
            wrong.append(f"every of {addresses.shown(feed.url)} is {feed.every:g}; the least is {LEAST_EVERY:g}")
    if wrong:
        raise ConfigError(f"{source}: " + "; ".join(wrong))
    return plan


def _toml(raw: bytes, problems: list[str]) -> Plan:
    try:
        table = tomllib.loads(raw.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        problems.append(f"not TOML: {error}")
        return Plan()
    own = {k: v for k, v in table.items() if k not in {"feed", "watch", "feeds", "alerts", "folder"}}
    for name in sorted(table.keys() & {"feeds", "alerts", "folder"}):
        problems.append(f"{name} is no setting; feeds are [[feed]], alerts [[watch]]")
    feeds = [_feed(row, n, problems) for n, row in enumerate(_tables(table, "feed", problems), 1)]
    alerts = [_alert(row, n, problems) for n, row in enumerate(_tables(table, "watch", problems), 1)]
    for name in sorted({a.name for a in alerts if [b.name for b in alerts].count(a.name) > 1}):
        problems.append(f"two [[watch]] are called {name!r}: give each its own name")
    values = _known(Plan, own, "", problems)
    once: dict[str, Feed] = {}
    for feed in feeds:
        once.setdefault(feed.url, feed)
    return replace(Plan(), **values, feeds=tuple(once.values()), alerts=tuple(alerts))


def _tables(table: Mapping[str, Any], name: str, problems: list[str]) -> list[Mapping[str, Any]]:
    rows = table.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(r, Mapping) for r in rows):
        problems.append(f"{name} must be tables: write [[{name}]]")
        return []
    return rows


def _feed(row: Mapping[str, Any], number: int, problems: list[str]) -> Feed:
    where = f"[[feed]] {number}: "
    values = _known(Feed, row, where, problems)
    url = addresses.canonical(values.get("url", ""))
    if url is None:
        problems.append(f"{where}url is no http or https address")
    if values.get("kind", "feed") not in KIND_OF_FEED:
        problems.append(f"{where}kind is {values['kind']!r}, not one of {', '.join(KIND_OF_FEED)}")
    return Feed(**values | {"url": url or ""})


def _alert(row: Mapping[str, Any], number: int, problems: list[str]) -> Alert:
    where = f"[[watch]] {number}: "
    alert = Alert(**{"name": f"watch {number}"} | _known(Alert, row, where, problems))
    if not (alert.parties or alert.person or alert.framework or alert.topic or alert.kind):
        problems.append(f"{where}say what to watch: parties, person, framework, topic or kind")
    if not (alert.file or alert.command or alert.webhook):
        problems.append(f"{where}say where to: file, command or webhook")
    for name, known in (("topic", TOPICS), ("kind", KINDS)):
        if getattr(alert, name) not in (None, *known):
            problems.append(f"{where}{name} {getattr(alert, name)!r} is none of {', '.join(known)}")
    if alert.webhook is not None and addresses.canonical(alert.webhook) is None:
        problems.append(f"{where}webhook is no http or https address")
    if any("\0" in word for word in (*alert.command, alert.file or "")):
        problems.append(f"{where}a NUL can stand in no argument and no name")
    return alert


def _known(kind: type, table: Mapping[str, Any], where: str, problems: list[str]) -> dict[str, Any]:
    """The keys of a table that are settings of ``kind`` and have the right type; the others are told in ``problems``."""
    types = {f.name: str(f.type) for f in fields(kind)}
    out: dict[str, Any] = {}
    for key, value in table.items():
        if key not in types:
            problems.append(f"{where}{key} is no setting")
        elif (found := _fitting(value, types[key])) is None:
            problems.append(f"{where}{key} is {type(value).__name__}, not {types[key]}")
        else:
            out[key] = found
    return out


def _fitting(value: Any, kind: str) -> Any:
    """The value as its setting holds it; None where it has another type."""
    wanted = kind.removesuffix(" | None")
    if wanted.startswith("tuple"):
        return tuple(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else None
    if isinstance(value, bool):
        return None
    if wanted == "float":
        return float(value) if isinstance(value, int | float) else None
    return value if isinstance(value, {"str": str, "int": int}[wanted]) else None


def _opml(raw: bytes, problems: list[str]) -> Plan:
    """Outlines with an ``xmlUrl``, in any depth; the outline's text is the outlet."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        problems.append(f"not OPML: {error}")
        return Plan()
    found: dict[str, Feed] = {}
    if root is None or root.tag != "opml":
        problems.append("an XML file, but no OPML list of feeds")
        return Plan()
    for outline in root.iter("outline"):
        link = outline.get("xmlUrl")
        if link is None:
            continue
        url = addresses.canonical(link)
        if url is None:
            problems.append(f"line {outline.sourceline}: xmlUrl is no http or https address")
        else:
            found.setdefault(url, Feed(url, outline.get("title") or outline.get("text") or None))
    return Plan(feeds=tuple(found.values()))
