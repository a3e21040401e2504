"""What the server is told, as one declared type."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from dragoman.errors import ConfigError

LONGEST_QUERY = 4_000  # characters of an address
LONGEST_WORDS = 300  # characters of one value in it
LONGEST_BODY = 64_000  # bytes of a form or of JSON sent
DEEPEST = 10_000  # records that may be leafed through; filters lead further
READERS = 4  # questions asked of the register at the same time; each uses all cores, so more of them only wait for one another
SECONDS = 8.0  # that one page's questions may take
WAIT = 10.0  # seconds to wait for another process that writes


@dataclass(frozen=True, slots=True)
class Options:
    """How pages are served.

    Attributes:
        register: the register's file.
        host: address that is listened on.
        port: port of it.
        writable: whether judgements may be made.
        token: what one must know to make them; None asks for nothing (loopback only).
        author: who makes them where nobody else is named.
        names: host names under which the server may be asked, beside addresses and localhost.
        compared: a register made by hand to be compared with, and its mapping.
        mapping: see ``dragoman compare``.
    """

    register: Path
    host: str = "127.0.0.1"
    port: int = 8000
    writable: bool = True
    token: str | None = None
    author: str = "unknown"
    names: tuple[str, ...] = ()
    compared: Path | None = None
    mapping: Path | None = None

    def __post_init__(self) -> None:
        if self.writable and not self.token and not loopback(self.host):
            raise ConfigError(
                f"writing at {self.host}, which others can reach, needs a token: give --token, or leave --write out"
            )


def loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
