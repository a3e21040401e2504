"""The status page of a watch: how it goes, as a page and as JSON, on this machine alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dragoman.errors import StopRun
from dragoman.feeds.health import STALE, Health
from dragoman.web.rendering import encoded, visible
from dragoman.web.security import Guard

HERE = "127.0.0.1"
STATIC = Path(__file__).parent / "static"
Look = Callable[[], Health]


def fit(health: Health, now: datetime) -> bool:
    """Whether the run is alive and the register can be filled."""
    said = datetime.fromisoformat(health.at)
    return not health.trouble and abs((now - said).total_seconds()) < STALE


def make_health_app(look: Look) -> Starlette:
    """The application; ``look`` gives the state of the run. Answers 503 where the run is stuck or the register cannot be filled."""
    env = Environment(loader=PackageLoader("dragoman.web"), autoescape=True, undefined=StrictUndefined)
    template = env.get_template("health.html")

    async def page(request: Request) -> Response:
        health = look()
        well = fit(health, datetime.now(UTC))
        text = visible(template.render(h=health, well=well))
        return Response(text.encode("utf-8", "replace"), 200 if well else 503, media_type="text/html")

    async def data(request: Request) -> Response:
        health = look()
        well = fit(health, datetime.now(UTC))
        return Response(encoded({"well": well, "health": health}), 200 if well else 503, media_type="application/json")

    return Starlette(
        routes=[
            Route("/", page),
            Route("/health.json", data),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ],
        middleware=[Middleware(Guard, names=())],
    )


@contextmanager
def served(look: Look, port: int) -> Iterator[int]:
    """The status page at a port of this machine while the ``with`` lasts; 0 takes any. Gives the port.

    Raises:
        StopRun: the port is taken.
    """
    import socket

    import uvicorn

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HERE, port))
        except OSError as error:
            raise StopRun(f"{HERE}:{port}: {error.strerror or error}; name another with --status") from None
        found: int = listening.getsockname()[1]
        config = uvicorn.Config(
            make_health_app(look), log_level="warning", server_header=False, lifespan="off", limit_concurrency=50,
            timeout_graceful_shutdown=2, h11_max_incomplete_event_size=16_384,
        )  # fmt: skip
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="status", daemon=True)
        thread.start()
        try:
            yield found
        finally:
            server.should_exit = True
            with suppress(RuntimeError):
                thread.join(10)
