"""The one module that reaches a network: a request to a chat-completions server, tried again where that may help.

Bounded in every way: tries, waiting, time and size of an answer. The key goes into one header and into no message.
"""

from __future__ import annotations

import ipaddress
import json
import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx
import tenacity

from dragoman import __version__
from dragoman.config import KEY_VARIABLE, ModelSettings, Secret
from dragoman.errors import StopRun, Unreachable
from dragoman.llm.budget import Budget, Sending
from dragoman.llm.schema import response_format

LARGEST = 8_000_000  # bytes of one response
LETTERS_A_TOKEN = 3  # where a server does not say how long its answer was
LONGEST_WAIT = 120.0  # seconds between two tries, whatever the server asks for
GIVE_UP = 3  # requests in a row, with all their tries, that fail before the server counts as gone
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_OPTIONAL = ("response_format", "seed", "temperature")  # fields that a server may not know


class Refused(Exception):
    """The server will not answer this request, now or later."""


class Unanswered(Refused):
    """All tries failed; another time the server may answer."""


class _Failed(Exception):
    """A try that came to nothing and may be made again; not ``sent`` where there was no connection."""

    def __init__(self, reason: str, *, wait: float | None = None, charged: bool = False, sent: bool = True) -> None:
        super().__init__(reason)
        self.wait, self.charged, self.sent = wait, charged, sent


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer; ``whole`` is False where the server cut it off at the longest length."""

    text: str
    whole: bool


@dataclass(slots=True)
class Clock:
    """Time as the client sees it; tests bring their own. Without ``sleep`` a pause ends when the client is told to stop."""

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] | None = None
    chance: Callable[[], float] = random.random


class Client:
    """Asks one server for one model's answers. Safe to use from many threads."""

    def __init__(
        self,
        settings: ModelSettings,
        budget: Budget,
        *,
        key: Secret | None = None,
        told: Callable[[str], None] = lambda message: None,
        clock: Clock | None = None,
    ) -> None:
        """``told`` hears what the server made the client leave out of its requests."""
        assert settings.base_url
        self._s, self._budget, self._key, self._told = settings, budget, key, told
        self._clock = clock or Clock()
        self._lock = threading.Lock()
        self._unknown: dict[str, str] = {}  # fields that the server does not know, and what stands in their place
        self._failed = 0
        self._why = ""  # the last of them did
        self._heard = False  # whether the server has answered anything yet
        self._over = threading.Event()
        headers = {"User-Agent": f"dragoman/{__version__}"}
        if key:
            headers["Authorization"] = f"Bearer {key.reveal()}"
        self._http = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(settings.timeout, connect=min(10.0, settings.timeout)),
            limits=httpx.Limits(max_connections=settings.concurrency),
            trust_env=not is_loopback(settings.base_url),  # no proxy between here and this machine
        )
        self._url = settings.base_url.rstrip("/") + "/chat/completions"

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def begin(self) -> None:
        """Go on, also after a stop, and give a server that was gone one more chance."""
        self._over.clear()
        with self._lock:
            self._failed = min(self._failed, GIVE_UP - 1)

    def stop(self) -> None:
        """Try nothing again: what is under way comes to its end."""
        self._over.set()

    def complete(self, request: dict[str, Any], tokens: int, sending: Sending | None = None) -> Completion:
        """The answer to a request of about so many tokens; ``sending`` hears what becomes of it.

        Raises:
            Unanswered: all tries failed; says why.
            Refused: the server will not have this request; says why.
            StopRun: the server is gone, or wants another key, address or model; or a limit is reached.
        """
        if self._gone():
            raise self._unreachable()
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Failed),
            stop=self._given_up,
            wait=self._wait,
            before_sleep=self._say_so,
            sleep=self._clock.sleep or self._pause,
            reraise=True,
        )
        try:
            answer = retrying(self._paid, request, tokens, sending or Sending(self._budget))
        except _Failed as failed:
            with self._lock:
                self._failed, self._why = self._failed + 1, str(failed)
            if self._gone():
                raise self._unreachable() from None
            raise Unanswered(f"after {retrying.statistics['attempt_number']} tries: {failed}") from None
        with self._lock:
            self._failed, self._heard = 0, True
        return answer

    def _gone(self) -> bool:
        """Whether so many requests in a row have failed that the server counts as gone."""
        with self._lock:
            return self._failed >= GIVE_UP

    def _unreachable(self) -> Unreachable:
        return Unreachable(f"the server at {self._s.base_url} does not answer: {self._why}; what was answered is kept")

    def _given_up(self, state: tenacity.RetryCallState) -> bool:
        """Whether no other try is made: there were enough, the server is gone, or the run is over."""
        return state.attempt_number > self._s.retries or self._gone() or self._over.is_set()

    def _pause(self, seconds: float) -> None:
        self._over.wait(seconds)

    def _say_so(self, state: tenacity.RetryCallState) -> None:
        """A server that has never answered yet may not run at all: say so before all tries are made."""
        failed = state.outcome.exception() if state.outcome else None
        with self._lock:
            new, self._heard = not self._heard, True
        if new:
            self._told(f"the server at {self._s.base_url}: {failed}; trying again")

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """What the server asks for, else twice as long each time; never all at the same moment."""
        failed = state.outcome.exception() if state.outcome else None
        asked = failed.wait if isinstance(failed, _Failed) else None
        base = min(LONGEST_WAIT, asked if asked is not None else 2.0 ** (state.attempt_number - 1))
        return base * (1 + self._clock.chance() / 4) if asked is not None else base * (0.5 + self._clock.chance() / 2)

    def _paid(self, request: dict[str, Any], tokens: int, sending: Sending) -> Completion:
        """One try, set off against the budget."""
        held = self._budget.open(tokens)
        sending.tried()
        try:
            answer, used = self._adapted(request, sending)
        except _Failed as failed:
            self._budget.fail(held, charged=failed.charged, sent=failed.sent)
            raise
        except BaseException:
            self._budget.fail(held, charged=False)
            raise
        out = used.get("completion_tokens", len(answer.text) // LETTERS_A_TOKEN)
        self._budget.close(held, used.get("prompt_tokens", tokens), out)
        return answer

    def _adapted(self, request: dict[str, Any], sending: Sending) -> tuple[Completion, dict[str, int]]:
        """One try; where the server does not know a field, once more without it."""
        while True:
            body = {self._unknown.get(k, k): v for k, v in request.items() if self._unknown.get(k, k)}
            status, headers, text = self._send(body, sending)
            if status not in {400, 422} or not self._learn(body, text):
                return self._answer(status, headers, text)

    def _learn(self, body: dict[str, Any], complaint: str) -> bool:
        """Whether a complaint names a field of the request that can be done without, for good."""
        names = {"response_format": ("response_format", "json_schema", "grammar", "guided")}
        for name in _OPTIONAL:
            if name in body and any(word in complaint for word in names.get(name, (name,))):
                return self._leave_out(name, "")
        if "max_tokens" in body and "max_completion_tokens" in complaint:
            return self._leave_out("max_tokens", "max_completion_tokens")
        return False

    def _leave_out(self, name: str, instead: str) -> bool:
        with self._lock:
            new = name not in self._unknown
            self._unknown[name] = instead
        if new:
            self._told(f"the server does not take {name}; " + (f"{instead} is sent" if instead else "it is left out"))
        return True

    def _send(self, body: dict[str, Any], sending: Sending) -> tuple[int, httpx.Headers, str]:
        begun, sent = self._clock.now(), True
        try:
            with self._http.stream("POST", self._url, json=body) as response:
                return response.status_code, response.headers, self._read(response.iter_bytes(), begun)
        except (httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ConnectError, httpx.ProxyError) as error:
            sent = False
            late = " in time" if isinstance(error, httpx.TimeoutException) else ""
            raise _Failed(f"no connection{late}", sent=False) from None
        except httpx.ReadTimeout:
            raise _Failed(f"no answer within {self._s.timeout:g} s", charged=True) from None
        except httpx.HTTPError as error:
            raise _Failed(f"the connection failed ({type(error).__name__})") from None
        finally:
            if sent:
                sending.sent()

    def _read(self, parts: Iterable[bytes], begun: float) -> str:
        """The body, within its limits of size and time."""
        whole = bytearray()
        for part in parts:
            whole += part
            if len(whole) > LARGEST:
                raise Refused(f"the response is longer than {LARGEST:,} bytes")
            if self._clock.now() - begun > self._s.timeout:
                raise _Failed(f"no whole answer within {self._s.timeout:g} s", charged=True)
        return whole.decode("utf-8", "replace")

    def _answer(self, status: int, headers: httpx.Headers, text: str) -> tuple[Completion, dict[str, int]]:
        if status in _PASSING:
            said = f"the server says {status}{_phrase(status)}"
            raise _Failed(said, wait=retry_after(headers.get("Retry-After"), self._clock.wall()))
        if status in {401, 403}:
            raise StopRun(
                f"the server at {self._s.base_url} refuses the key ({status}); it is read from {KEY_VARIABLE}"
            )
        if status == 404:
            raise StopRun(f"the server at {self._s.base_url} knows no such address or model ({self._s.model})")
        if status >= 300:
            raise Refused(f"the server says {status}: {self._told_of(text)}")
        return _completion(text)

    def _told_of(self, text: str) -> str:
        """The beginning of a server's message, fit to be printed, without the key."""
        if self._key:
            text = text.replace(self._key.reveal(), "…")
        return " ".join("".join(c if c.isprintable() else " " for c in text[:400]).split())[:200] or "nothing more"


def _completion(text: str) -> tuple[Completion, dict[str, int]]:
    try:
        body = json.loads(text)
        choice = body["choices"][0]
        content = choice["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise _Failed("the response is no chat completion", charged=True) from None
    if not isinstance(content, str):
        raise _Failed("the response holds no text", charged=True)
    used = body.get("usage")
    counts = {k: v for k, v in (used if isinstance(used, dict) else {}).items() if type(v) is int and v >= 0}
    return Completion(content, choice.get("finish_reason") != "length"), counts


def request_of(settings: ModelSettings, messages: Iterable[dict[str, str]], *, another: int = 0) -> dict[str, Any]:
    """The body of a request; ``another`` asks again with another seed."""
    body: dict[str, Any] = {
        "model": settings.model,
        "messages": list(messages),
        "temperature": settings.temperature,
        "seed": settings.seed + another,
        "max_tokens": settings.max_tokens,
    }
    return body | ({"response_format": response_format()} if settings.json_schema else {})


def _phrase(status: int) -> str:
    """What a status stands for, where the standard has a word for it."""
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for: a number or a date; None where it says nothing that can be read."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
