"""What keeps strangers out: the Host header, the headers of answers, the length of questions, and who may write."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.errors import DragomanError
from dragoman.web.options import LONGEST_QUERY, Options

SESSION, SIGNED = "dragoman_session", "dragoman_token"
CSP = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "font-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    )
)  # fmt: skip
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Forbidden(DragomanError):
    """The one who asks may not do this; the message says what is missing."""


class Guard:
    """Refuses a strange Host and an address that is too long before anything else is done, and sets headers on every answer."""

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        """``names`` are host names under which the server may be asked; addresses and localhost always may."""
        self.app = app
        self.names = frozenset(n.lower() for n in names) | {"localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        host = Headers(scope=scope).get("host", "")
        if not self.known(host):
            await _refusal(
                400, "this Host is not served here: ask by address, or start the server with --name", sending
            )
        elif len(scope["query_string"]) + len(scope["raw_path"] or b"") > LONGEST_QUERY:
            await _refusal(414, f"the address is longer than {LONGEST_QUERY} characters", sending)
        else:
            await self.app(scope, receive, sending)

    def known(self, host: str) -> bool:
        """Whether the Host is an address or a name that is served. A page elsewhere that has its name point here (DNS rebinding)
        sends its own name, which is neither."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self.names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


async def _refusal(status: int, words: str, send: Send) -> None:
    body = words.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True, slots=True)
class Gate:
    """Who may write. A browser needs the form's mark (CSRF) that belongs to its session; with a token, also that token."""

    options: Options
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def session(self, request: Request) -> tuple[str, bool]:
        """The browser's session, and whether it is new."""
        found = request.cookies.get(SESSION, "")
        if len(found) == 43 and found.isascii():
            return found, False
        return secrets.token_urlsafe(32), True

    def mark(self, session: str) -> str:
        """What a form of that session carries."""
        return hmac.new(self.secret, session.encode(), hashlib.sha256).hexdigest()

    def signed_in(self, request: Request) -> bool:
        """Whether the one who asks may write, the form's mark apart."""
        if not self.options.writable:
            return False
        if self.options.token is None:
            return True
        return self._same(request.cookies.get(SIGNED, ""), self.pass_of(self.options.token)) or self._bearer(request)

    def pass_of(self, token: str) -> str:
        """What a browser keeps when it has given the token: of use for this run of the server alone."""
        return hmac.new(self.secret, b"token:" + token.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def fits(self, token: str) -> bool:
        """Whether it is the token."""
        return self.options.token is not None and self._same(token, self.options.token)

    def check(self, request: Request, mark: str | None, *, json: bool = False) -> None:
        """Let a write pass. ``json`` says that it came as application/json, which no form of another site can send, so that it needs
        no mark.

        Raises:
            Forbidden: the server is read-only, the token or the form's mark is missing or wrong, or another site sent it.
        """
        if not self.options.writable:
            raise Forbidden("this server is read-only: start it with --write to make judgements")
        self.check_origin(request)
        if self._bearer(request):
            return
        if not self.signed_in(request):
            raise Forbidden("give the token first, at /token or as Authorization: Bearer")
        if json:
            return
        session, new = self.session(request)
        if new or not self._same(mark or "", self.mark(session)):
            raise Forbidden("the form is out of date or came from elsewhere: load the page again and repeat")

    def check_origin(self, request: Request) -> None:
        """
        Raises:
            Forbidden: a page of another site sent the request.
        """
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Forbidden("another site may not write here")
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            raise Forbidden("another site may not write here")

    def _bearer(self, request: Request) -> bool:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and self.fits(token.strip())

    @staticmethod
    def _same(one: str, other: str) -> bool:
        return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
