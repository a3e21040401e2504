"""A chat-completions server on this machine for tests: it answers as it is told, and fails as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dragoman.llm.client import Clock


@dataclass(frozen=True)
class Fault:
    """What the server does instead of answering: a status with a body, a body in parts, silence, or a dropped connection."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    stall: bool = False


Answer = str | Fault


class Stub(ThreadingHTTPServer):
    """Answers each request by ``answer(body, number)``; keeps what it was sent."""

    daemon_threads = True

    def __init__(self, answer: Callable[[dict[str, Any], int], Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.finish = "stop"
        self.released = threading.Event()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: Stub
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.requests.append(body)
            self.server.headers.append(dict(self.headers.items()))
            number = len(self.server.requests)
        answer = self.server.answer(body, number) if self.path == "/v1/chat/completions" else Fault(404)
        if isinstance(answer, Fault):
            self._fail(answer)
            return
        choice = {"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": self.server.finish}
        self._send(
            200,
            json.dumps({"choices": [choice], "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}).encode(),
            {},
        )

    def _fail(self, fault: Fault) -> None:
        if fault.stall:
            self.server.released.wait(10)
        if fault.drop or fault.stall:
            self.close_connection = True
            return
        self._send(fault.status, fault.body, fault.headers)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in (
            {"Content-Type": "application/json", "Content-Length": str(len(body))} | dict(headers)
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""


@contextmanager
def serving(answer: Callable[[dict[str, Any], int], Answer]) -> Iterator[Stub]:
    """A running server."""
    stub = Stub(answer)
    thread = threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.released.set()
        stub.shutdown()
        stub.server_close()
        thread.join()


@dataclass
class FakeTime:
    """A clock that moves only when somebody sleeps, and remembers how long they slept."""

    at: float = 1_700_000_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def clock(self) -> Clock:
        return Clock(now=self.now, wall=self.now, sleep=self.sleep, chance=lambda: 0.5)
