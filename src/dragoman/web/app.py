"""The application: routes from the table of pages, the same for HTML, JSON and CSV; errors in one shape; writes."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dragoman.errors import JudgementError, NotFound, StopRun, TooCostly
from dragoman.export.csvfile import write_rows
from dragoman.web import asking, rendering
from dragoman.web.api import api_path, described
from dragoman.web.asking import Asked, BadQuestion
from dragoman.web.contexts import Context
from dragoman.web.desk import Busy, Desk
from dragoman.web.options import LONGEST_BODY, Options
from dragoman.web.pages import PAGES, Page
from dragoman.web.security import SESSION, SIGNED, Forbidden, Gate, Guard
from dragoman.web.views import checking
from dragoman.web.writing import grant, wish

STATIC = Path(__file__).parent / "static"
STATUS: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (BadQuestion, HTTPStatus.BAD_REQUEST),
    (JudgementError, HTTPStatus.BAD_REQUEST),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (Busy, HTTPStatus.SERVICE_UNAVAILABLE),
    (TooCostly, HTTPStatus.SERVICE_UNAVAILABLE),
    (StopRun, HTTPStatus.SERVICE_UNAVAILABLE),
)
"""What errors become, the first that fits."""


class Site:
    """The register's pages: what all handlers share."""

    def __init__(self, options: Options) -> None:
        """
        Raises:
            RegisterError: the register is missing or is none.
        """
        self.options = options
        self.desk = Desk(options)
        self.gate = Gate(options)
        self.env = rendering.environment(self.desk.tools)

    def answer(self, page: Page, request: Request) -> tuple[Asked, Context]:
        """The context of a page for the request, from the register or from what was kept.

        Raises:
            DragomanError: the question cannot be answered.
        """
        asked = asking.read(request.query_params.multi_items(), request.path_params, self.desk.tools, own=page.own)
        view = page.view
        if page.name == "compare":
            view = partial(checking.compared, file=self.options.compared, mapping=self.options.mapping)
        return asked, self.desk.ask(lambda register: view(asked, register, self.desk.tools), key=(page.name, asked))

    def html(self, page: Page, request: Request) -> Response:
        """A page as HTML."""
        asked, context = self.answer(page, request)
        return self.rendered(
            page.name, request, {"page": page, "asked": asked, "shown": context, "title": context.title}
        )

    def rendered(self, name: str, request: Request, values: dict[str, Any], status: int = 200) -> Response:
        """A template with what every page has; the browser gets a session if it may write."""
        session, new = self.gate.session(request)
        writes = self.gate.signed_in(request)
        common = {
            "menu": [p for p in PAGES if p.menu], "writable": writes, "options": self.options, "mark": self.gate.mark(session) if writes else "",
            "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""), "page": None, "asked": Asked(), "shown": None,
        }  # fmt: skip
        text = rendering.render(self.env, name, common | values)
        response = Response(rendering.visible(text).encode("utf-8", "replace"), status, media_type="text/html")
        if writes and new:
            response.set_cookie(SESSION, session, httponly=True, samesite="strict")
        return response

    def data(self, page: Page, request: Request) -> Response:
        """A page's facts as JSON, or as CSV."""
        _, context = self.answer(page, request)
        form = request.query_params.get("format", "json")
        if form == "csv":
            out = io.BytesIO()
            head, *rows = context.rows()
            write_rows(head, rows, out)
            name = {"content-disposition": f'attachment; filename="{page.name}.csv"'}
            return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=name)
        if form != "json":
            raise BadQuestion(f"format={asking.short(form)}: choose one of json, csv")
        return Response(rendering.encoded(context), media_type="application/json")


def tagged(response: Response, request: Request) -> Response:
    """The answer with an ETag, or only word that the browser has it already."""
    if response.status_code != HTTPStatus.OK:
        return response
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:20]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    given = {t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")}
    if tag in given:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return response


Handler = Callable[[Request], Awaitable[Response]]


def _reading(make: Callable[[Page, Request], Response], page: Page) -> Handler:
    """A handler that asks the register in another thread, so that slow questions hold up nobody."""

    async def handle(request: Request) -> Response:
        return tagged(await run_in_threadpool(make, page, request), request)

    return handle


async def _fields(request: Request) -> dict[str, list[str]]:
    """Fields of a form, or of a JSON object.

    Raises:
        JudgementError: it is neither, or too long.
    """
    if int(request.headers.get("content-length") or 0) > LONGEST_BODY:
        raise JudgementError(f"{LONGEST_BODY} bytes at most")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise JudgementError(f"{LONGEST_BODY} bytes at most")
    if _is_json(request):
        try:
            found = msgspec.json.decode(body, type=dict[str, str | list[str]])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise JudgementError(f"no JSON object of texts: {error}") from None
        return {name: [value] if isinstance(value, str) else value for name, value in found.items()}
    out: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200):
            out.setdefault(name, []).append(value)
    except ValueError as error:
        raise JudgementError(f"no form: {error}") from None
    return out


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _writing(site: Site) -> list[Route]:
    """Addresses that change the register, and the one at which the token is given."""

    async def judge(request: Request) -> Response:
        given = await _fields(request)
        site.gate.check(request, given.get("mark", [""])[-1])
        made = await run_in_threadpool(grant, site.desk, wish(given))
        back = given.get("back", [""])[-1]
        local = back.startswith("/") and not back.startswith(("//", "/\\"))
        return RedirectResponse(back if local else f"/engagements/{rendering.part(made[0].left)}", HTTPStatus.SEE_OTHER)

    async def api_judge(request: Request) -> Response:
        site.gate.check(request, None, json=_is_json(request))
        made = await run_in_threadpool(grant, site.desk, wish(await _fields(request)))
        return Response(rendering.encoded(made), HTTPStatus.CREATED, media_type="application/json")

    async def token(request: Request) -> Response:
        return site.rendered("token", request, {"title": "Token", "wrong": False})

    async def give_token(request: Request) -> Response:
        site.gate.check_origin(request)
        given = (await _fields(request)).get("token", [""])[-1].strip()
        if not site.gate.fits(given):
            return site.rendered("token", request, {"title": "Token", "wrong": True}, HTTPStatus.FORBIDDEN)
        response = RedirectResponse("/review", HTTPStatus.SEE_OTHER)
        response.set_cookie(SIGNED, site.gate.pass_of(given), httponly=True, samesite="strict")
        return response

    return [
        Route("/judgements", judge, methods=["POST"]),
        Route("/api/judgements", api_judge, methods=["POST"]),
        Route("/token", token, methods=["GET"]),
        Route("/token", give_token, methods=["POST"]),
    ]


def _routes(site: Site) -> list[Route | Mount]:
    async def description(request: Request) -> Response:
        return tagged(Response(rendering.encoded(described()), media_type="application/json"), request)

    async def api(request: Request) -> Response:
        return site.rendered("api", request, {"title": "Data and API", "pages": PAGES})

    async def robots(request: Request) -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    pages = [Route(p.path, _reading(site.html, p), name=p.name) for p in PAGES]
    answers = [Route(api_path(p), _reading(site.data, p), name=f"api-{p.name}") for p in PAGES]
    return [
        Route("/api", api),
        Route("/api/openapi.json", description),
        Route("/robots.txt", robots),
        *_writing(site),
        *answers,
        *pages,
        Mount("/static", StaticFiles(directory=STATIC), name="static"),
    ]


def _failed(site: Site) -> Callable[[Request, Exception], Response]:
    """What an error becomes: one shape under /api, a page elsewhere; nothing of the program's inside."""

    def fail(request: Request, error: Exception) -> Response:
        status, message = _status(error)
        if request.url.path.startswith("/api/"):
            body = {
                "error": {"status": int(status), "code": status.phrase.lower().replace(" ", "_"), "message": message}
            }
            return Response(rendering.encoded(body), status, media_type="application/json")
        return site.rendered(
            "error", request, {"title": status.phrase, "message": message, "status": int(status)}, status
        )

    return fail


def _status(error: Exception) -> tuple[HTTPStatus, str]:
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        told = "There is no such page." if status == HTTPStatus.NOT_FOUND else status.description
        return status, told or status.phrase
    for kind, status in STATUS:
        if isinstance(error, kind):
            return status, str(error)
    return HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; the server's own output says what."


def _loading(site: Site) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Tables are loaded beside the first answers, once the server runs."""

    @asynccontextmanager
    async def run(app: Starlette) -> AsyncIterator[None]:
        threading.Thread(target=site.desk.load, name="tables", daemon=True).start()
        yield

    return run


def make_app(options: Options) -> Starlette:
    """The application for a register.

    Raises:
        RegisterError: the register is missing or is none.
    """
    site = Site(options)
    fail = _failed(site)
    errors: dict[Any, Any] = {kind: fail for kind, _ in STATUS} | {HTTPException: fail, Exception: fail}
    names = (*options.names, options.host)
    return Starlette(
        lifespan=_loading(site),
        routes=_routes(site),
        exception_handlers=errors,
        middleware=[Middleware(Guard, names=names), Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)],
    )
