"""Connections to machines that may be reached, every wait of which ends in time. With ``fetch`` the only part that reaches a network.

A machine is reached by the address that was checked: the name is resolved here, every address it has is looked at, and the
connection is made to that address itself, so that a name which says something else a moment later (DNS rebinding) gains nothing.
Certificates are checked against the name.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from dragoman.feeds import addresses

SLICE = 1.0  # seconds after which a wait looks whether it is to end
CONNECT = 15.0  # seconds for one connection


class Refused(Exception):
    """It is not fetched, now or later: says why."""


class Unfit(Refused):
    """What came is not what is read: too long, of another type, sent round in circles. A server may come to its senses."""


class NotPublic(Refused):
    """It is at an address that is not out in the internet."""


class Failed(Exception):
    """It could not be fetched, and may be another time: says why."""


class NoConnection(Failed):
    """Its host could not be reached at all."""


class Stopped(Exception):
    """The run ends."""


Resolve = Callable[[str, int], Iterable[str]]


def resolved(host: str, port: int) -> list[str]:
    """Addresses of a host.

    Raises:
        OSError: it has none.
    """
    return list(dict.fromkeys(str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


class Limit:
    """The time by which an answer must be whole."""

    def __init__(self, until: float, stop: threading.Event) -> None:
        self._until, self._stop = until, stop

    def check(self) -> None:
        """
        Raises:
            Failed: it has passed.
            Stopped: the run ends.
        """
        if self._stop.is_set():
            raise Stopped
        if time.monotonic() > self._until:
            raise Failed("no whole answer in time")

    def slice(self) -> float:
        """Seconds that one wait may take."""
        self.check()
        return max(0.01, min(SLICE, self._until - time.monotonic()))


class Checked(httpcore.NetworkBackend):
    """Connections to addresses that may be reached, and to no others."""

    def __init__(self, resolve: Resolve, private: tuple[str, ...], limit: Limit) -> None:
        self._resolve, self._private, self._limit = resolve, private, limit
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of a host that answers."""
        self._limit.check()
        found = self._addresses(host, port)
        failed: Exception | None = None
        for address in found:
            self._limit.check()
            try:
                stream = self._inner.connect_tcp(address, port, min(CONNECT, timeout or CONNECT), local_address)
                return _Timed(stream, self._limit)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise NoConnection(f"no connection ({type(failed).__name__})")

    def _addresses(self, host: str, port: int) -> list[str]:
        """Addresses of a host, all of which may be reached.

        Raises:
            Failed: it has none.
            Refused: one of them may not be reached.
        """
        try:
            found = list(self._resolve(host, port))
        except (OSError, UnicodeError):
            raise NoConnection("its host is not known") from None
        for text in found:
            try:
                address = ipaddress.ip_address(text)
            except ValueError:
                raise Refused("its host has no address that can be read") from None
            if not addresses.allowed(host, address, self._private):
                raise NotPublic(f"its host {host[:100]} is at {address}, which is not public (allow_private allows it)")
        if not found:
            raise NoConnection("its host is not known")
        return found

    def connect_unix_socket(self, *given: Any, **more: Any) -> httpcore.NetworkStream:
        """Never."""
        raise Refused("sockets of this machine are not reached")

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(min(seconds, self._limit.slice()))


class _Timed(httpcore.NetworkStream):
    """A connection every wait of which ends when the time for the whole answer does."""

    def __init__(self, inner: httpcore.NetworkStream, limit: Limit) -> None:
        self._inner, self._limit = inner, limit

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes as they come."""
        while True:
            try:
                return self._inner.read(max_bytes, self._limit.slice())
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        self._limit.check()
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        """End the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same, encrypted; the certificate must be that of the name that was asked for."""
        self._limit.check()
        return _Timed(
            self._inner.start_tls(ssl_context, server_hostname, min(CONNECT, timeout or CONNECT)), self._limit
        )

    def get_extra_info(self, info: str) -> Any:
        """What the connection tells of itself."""
        return self._inner.get_extra_info(info)
