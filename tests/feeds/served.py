"""A server that says what it is told to, byte by byte, on this machine alone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Talk = Callable[[bytes, socket.socket], None]


@contextmanager
def served(talk: Talk) -> Iterator[int]:
    """The port at which ``talk`` is called with each request and its connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threads: list[threading.Thread] = []

        def one(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                connection.settimeout(20)
                head = b""
                while b"\r\n\r\n" not in head and (more := connection.recv(65536)):
                    head += more
                talk(head, connection)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threads.append(threading.Thread(target=one, args=(listening.accept()[0],), daemon=True))
                    threads[-1].start()

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def answer(
    body: bytes = b"well", *, status: str = "200 OK", kind: str = "text/html", more: str = "", length: int | None = None
) -> bytes:
    """A whole answer; ``length`` lies about its length."""
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n{more}\r\n".encode() + body


def saying(said: bytes) -> Talk:
    """A talk that says one thing."""
    return lambda head, connection: connection.sendall(said)
