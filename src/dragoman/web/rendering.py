"""Templates: HTML from contexts. Everything that is put in is escaped, and shown without characters that turn or hide text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dragoman.compare import Comparison
from dragoman.compare.match import FOUND, VERDICTS, Answer
from dragoman.errors import SkipDocument
from dragoman.model import KINDS, STATUSES, TOPICS
from dragoman.resources import Tools
from dragoman.web.asking import address, short, some_words
from dragoman.web.contexts import Entry
from dragoman.web.marks import GROUPS

# Bidirectional overrides and isolates, other invisible controls: in a name they could make text read as what it is not.
HIDING = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff\ud800-\udfff]"
)
SHOWN_FOR_HIDING = "\ufffd"
WEB = ("http", "https")
FIELDS = (
    "date.start", "date.end", "status", "kind", "place.city", "place.country", "place.venue", "parties", "topics", "framework", "salience",
)  # fmt: skip
"""Fields that a form offers to set; a participant's stand beside the participant."""


def visible(text: str) -> str:
    """The text with every character that turns or hides text replaced by one that shows."""
    return HIDING.sub(SHOWN_FOR_HIDING, text)


def _finalize(value: Any) -> Any:
    """What an expression of a template becomes before it is escaped."""
    if isinstance(value, Markup):
        return value
    return "" if value is None else visible(value) if isinstance(value, str) else value


def part(text: str) -> str:
    """A text as one part of a path."""
    return quote(text.encode("utf-8", "replace"), safe="")


def asked_words(text: str) -> str:
    """A text as a value in the query of an address, as much of it as may be asked for."""
    return part(some_words(text))


def web_address(url: str | None) -> str | None:
    """An address of the web that may be followed; None for any other (javascript:, data:, file: …)."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme.lower() in WEB and parts.netloc else None


def data(value: Any) -> Markup:
    """A value as JSON that may stand inside a script element of type application/json."""
    text = encoded(value).decode("utf-8")
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)


def encoded(value: Any) -> bytes:
    """A context as JSON."""
    return msgspec.json.encode(_sound(msgspec.to_builtins(value, enc_hook=_other)), order="deterministic")


def _other(value: Any) -> Any:
    if isinstance(value, SkipDocument):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _sound(value: Any) -> Any:
    """The same without lone surrogates, which UTF-8 cannot hold."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_sound(k): _sound(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_sound(v) for v in value]
    return value


def environment(tools: Tools) -> Environment:
    """The templates, with what they may use."""
    env = Environment(
        loader=PackageLoader("dragoman.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )

    def party(code: str | None) -> str:
        return tools.state_names.get(code or "", code or "")

    env.filters |= {
        "party": party, "part": part, "web": web_address, "data": data, "short": short, "words": asked_words, "brief": brief, "thousands": thousands, "day": day,
    }  # fmt: skip
    env.globals |= {
        "address": address,
        "GROUPS": GROUPS,
        "KINDS": KINDS,
        "STATUSES": STATUSES,
        "TOPICS": TOPICS,
        "FIELDS": FIELDS,
        "verdicts": VERDICTS,
        "missed": missed,
    }
    return env


def brief(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """What a drawing needs of entries: no evidence, few names."""
    return [
        {
            "id": e.id, "kind": e.kind, "status": e.status, "start": e.start, "end": e.end, "when": e.when, "parties": e.parties,
            "people": [visible(p.name) for p in e.people if p.name][:3], "city": e.city, "part_of": e.part_of,
        }
        for e in entries
    ]  # fmt: skip


def missed(comparison: Comparison) -> list[Answer]:
    """Rows of the hand-made register that nothing answers."""
    return [a for g in comparison.groups for a in g.answers if a.verdict != FOUND]


def thousands(number: int) -> str:
    """A number with its thousands apart."""
    return f"{number:,}".replace(",", "\u2009")


def day(value: date | str | None) -> str:
    """A day as it is written in lists; times are cut to the minute."""
    if value is None:
        return "no date"
    text = str(value)
    return f"{text[:10]} {text[11:16]}" if len(text) > 10 and text[10] == "T" else text


def render(env: Environment, name: str, values: Mapping[str, Any]) -> str:
    """A page as HTML."""
    return env.get_template(f"{name}.html").render(values)
