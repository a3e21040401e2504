"""Settings as declared types, and the file and environment they may come from. Nothing else reads either."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dragoman.errors import ConfigError

FILE = "dragoman.toml"  # read from the working folder where no other file is named
KEY_VARIABLE = "DRAGOMAN_API_KEY"
READERS = ("rules", "llm", "both")


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """How a language model is asked, where one is asked at all.

    Attributes:
        base_url: address of a server that speaks the OpenAI chat-completions form ("http://127.0.0.1:8080/v1").
        model: the model's name on that server.
        price_in: cost of a million tokens sent, in any currency.
        price_out: cost of a million tokens answered.
        max_cost: a run stops before it costs more.
        max_documents: a run stops after so many documents have been sent.
        concurrency: documents asked about at once.
        timeout: seconds that one answer may take.
        retries: further tries after a failure that may pass.
        temperature: 0 for the likeliest answer.
        seed: start of the server's random numbers, where it has any use for it.
        max_tokens: longest answer.
        window: tokens of a document shown at once.
        json_schema: whether the server is asked to hold the answer to a schema.
        cache: file in which answers are kept.
    """

    base_url: str | None = None
    model: str | None = None
    price_in: float = 0.0
    price_out: float = 0.0
    max_cost: float | None = None
    max_documents: int | None = None
    concurrency: int = 4
    timeout: float = 120.0
    retries: int = 5
    temperature: float = 0.0
    seed: int = 0
    max_tokens: int = 8192
    window: int = 4000
    json_schema: bool = True
    cache: str = "dragoman-answers.sqlite"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run may be told.

    Attributes:
        published: date of publication for documents that give none.
        outlet: outlet for documents that give none.
        largest: characters of text above which a document is set aside.
        largest_file: bytes above which a text, page or line is not read at all.
        largest_archive: bytes that an archive may unpack to, all its layers together.
        largest_member: bytes of a member that has to be unpacked whole before it can be read (a zip or Parquet in an archive).
        ratio: how many times its own size a file may unpack to, once that is more than ``largest_file``.
        members: members of an archive, above which the rest is left.
        nesting: how deep archives may lie in one another.
        columns: columns of a table, above which it is no list of documents.
        language: the language that the reader knows; documents in another are set aside; ``any`` reads all.
        keep_pages: whether a register keeps pages and PDFs as they came beside the text that is taken from them.
        reader: rules (the embedded reader), llm (a language model), or both.
        llm: how the language model is asked.
    """

    published: date | None = None
    outlet: str | None = None
    largest: int = 1_000_000
    largest_file: int = 20_000_000
    largest_archive: int = 100_000_000_000
    largest_member: int = 1_000_000_000
    ratio: int = 200
    members: int = 1_000_000
    nesting: int = 5
    columns: int = 1000
    language: str = "en"
    keep_pages: bool = False
    reader: str = "rules"
    llm: ModelSettings = field(default_factory=ModelSettings)


class Secret:
    """A key that shows itself to nobody who does not ask for it."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"


def api_key() -> Secret | None:
    """The key to a hosted model: from the environment (``DRAGOMAN_API_KEY``) and nowhere else."""
    value = os.environ.get(KEY_VARIABLE, "").strip()
    return Secret(value) if value else None


def load(path: Path | None = None, **overrides: Any) -> Settings:
    """Settings from a file, and what the caller sets over them (None counts as not set; ``llm`` is a mapping).

    Args:
        path: a TOML file; without it ``dragoman.toml`` of the working folder is read if there is one.

    Raises:
        ConfigError: the file cannot be read, or keys or values in it are wrong; names the file and every such key.
    """
    source = path or Path(FILE)
    table = _table(source) if path or source.is_file() else {}
    problems: list[str] = []
    own = _known(Settings(), {k: v for k, v in table.items() if k != "llm"}, "", problems)
    model = _known(ModelSettings(), table.get("llm", {}), "llm.", problems)
    if problems:
        raise ConfigError(f"{source}: " + "; ".join(problems))
    model |= {k: v for k, v in dict(overrides.pop("llm", {})).items() if v is not None}
    own |= {k: v for k, v in overrides.items() if v is not None}
    return checked(replace(Settings(llm=ModelSettings(**model)), **own))


def checked(settings: Settings) -> Settings:
    """The settings, if they can be worked with.

    Raises:
        ConfigError: they cannot; says which and what to do.
    """
    llm, wrong = settings.llm, []
    if settings.reader not in READERS:
        wrong.append(f"reader is {settings.reader!r}, not one of {', '.join(READERS)}")
    elif settings.reader != "rules" and not (llm.base_url and llm.model):
        wrong.append(f"reader {settings.reader} needs an address and a model: give --base-url and --model")
    if llm.base_url:
        wrong += _address(llm.base_url)
    for name, least in (("concurrency", 1), ("retries", 0), ("max_tokens", 1), ("window", 100)):
        if getattr(llm, name) < least:
            wrong.append(f"llm.{name} is {getattr(llm, name)}; the least is {least}")
    for name in ("price_in", "price_out", "max_cost", "max_documents"):
        if (getattr(llm, name) or 0) < 0:
            wrong.append(f"llm.{name} is below nothing")
    if llm.timeout <= 0:
        wrong.append("llm.timeout must be more than nothing")
    if llm.max_cost is not None and not (llm.price_in or llm.price_out):
        wrong.append("max_cost needs prices: give --price-in and --price-out, per million tokens")
    if wrong:
        raise ConfigError("; ".join(wrong))
    return settings


def _address(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        return [f"llm.base_url is no address: {error}"]
    if parts.scheme not in {"http", "https"} or not host:
        return ["llm.base_url is no address such as http://127.0.0.1:8080/v1"]
    if parts.username or parts.password or parts.query or parts.fragment:
        return [f"llm.base_url may hold no key and no query; the key goes into {KEY_VARIABLE}"]
    return []


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None


def _known(defaults: Settings | ModelSettings, table: Any, prefix: str, problems: list[str]) -> dict[str, Any]:
    """The keys of a table that are settings and have the right type; the others are told in ``problems``."""
    if not isinstance(table, Mapping):
        problems.append(f"{prefix.rstrip('.')} is no table")
        return {}
    kinds = {f.name: str(f.type) for f in fields(defaults)}
    out: dict[str, Any] = {}
    for key, value in table.items():
        if key not in kinds:
            problems.append(f"{prefix}{key} is no setting" + (_HINT if "key" in key else ""))
        elif not _fits(value, kinds[key]):
            problems.append(f"{prefix}{key} is {type(value).__name__}, not {kinds[key]}")
        else:
            out[key] = float(value) if kinds[key].startswith("float") else value
    return out


_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float), "date": (date,)}
_HINT = f" (a key is read from {KEY_VARIABLE} only)"


def _fits(value: Any, kind: str) -> bool:
    wanted = kind.removesuffix(" | None")
    if isinstance(value, bool):
        return wanted == "bool"
    return isinstance(value, _TYPES.get(wanted, ()))
