"""``dragoman serve``: the register in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from dragoman.commands._register import DEFAULT, Author, File, errors

if TYPE_CHECKING:
    from dragoman.web import Options


def serve(
    register: File = DEFAULT,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Address to listen on; any other than this machine's own lets others read."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    write: Annotated[
        Optional[bool],  # noqa: UP045 (typer reads it at run time)
        typer.Option(
            "--write/--read-only", help="Whether judgements may be made.", show_default="write on this machine alone"
        ),
    ] = None,
    token: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            metavar="WORD", help="What one must know to make judgements; made and told if others can reach the server."
        ),
    ] = None,
    name: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--name", metavar="HOST", help="A host name under which the server is asked, beside its addresses."
        ),
    ] = None,
    compare: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="REGISTER.csv", help="A register made by hand, shown against this one.", show_default=False
        ),
    ] = None,
    author: Author = None,
    mapping: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(metavar="FILE.toml", help="Its mapping, as for `dragoman compare`.", show_default=False),
    ] = None,
) -> None:
    """Show the register in a browser: who met whom, the words behind it, and what to check.

    Everything comes from this machine. Pages only read unless judgements are allowed. Stop with Ctrl-C.
    """
    from dragoman import output
    from dragoman.errors import StopRun
    from dragoman.store.write import author_name
    from dragoman.web import Options
    from dragoman.web.options import loopback

    here = loopback(host)
    writable = here if write is None else write
    made = _new_token() if writable and not here and not token else None
    with errors():
        options = Options(
            register, host, port, writable, token or made, author or author_name(), tuple(name or ()), compare, mapping
        )
        _say(options, here=here, made=made)
        try:
            _run(options)
        except KeyboardInterrupt:
            output.say("dragoman: stopped")
        except OSError as error:
            raise StopRun(f"{host}:{port}: {error.strerror or error}; name another with --port") from None


def _new_token() -> str:
    import secrets

    return secrets.token_urlsafe(18)


def _say(options: Options, *, here: bool, made: str | None) -> None:
    from dragoman import output

    if not here:
        output.say(
            f"dragoman: whoever can reach {options.host} can read this register, and nothing is encrypted on the way"
        )
    if made:
        output.say(f"dragoman: token for judgements, to be given at /token: {made}")
    output.say(f"dragoman: {'pages and judgements' if options.writable else 'pages, read-only'}; Ctrl-C stops")


def _run(options: Options) -> None:
    """Listen until told to stop; requests under way are answered first.

    Raises:
        OSError: the address is taken or is none of this machine's.
    """
    import asyncio
    import socket

    import uvicorn

    from dragoman import output
    from dragoman.web import make_app

    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    app = make_app(options)
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((options.host, options.port))
        shown = f"[{options.host}]" if ":" in options.host else options.host
        output.say(f"dragoman: http://{shown}:{options.port}/")
        config = uvicorn.Config(
            app,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=10,
            limit_concurrency=200,
            h11_max_incomplete_event_size=32_768,
        )
        asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))
