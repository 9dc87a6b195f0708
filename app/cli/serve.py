"""`hagukumi serve`: the whole service in one process tree, or one part of it for production."""

import logging
import os
import signal
import socket
import time
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
import uvicorn
from starlette.types import ASGIApp

from app.database import database
from app.greeting import greeting
from app.settings import Settings, load_settings

_SHUTDOWN_SECONDS = 3
_BEAT_SECONDS = 15


class Part(StrEnum):
    """What production runs as processes of their own."""

    API = "api"
    PROJECTOR = "projector"
    NOTIFIER = "notifier"


class PortTaken(RuntimeError):
    """Another program listens where the service should."""


def serve(
    only: Annotated[
        Part | None, typer.Option(help="Run one part alone, on databases that `hagukumi migrate` has prepared.")
    ] = None,
) -> None:
    """Run the service until Ctrl-C or SIGTERM; without DATABASE_URL it brings its own Postgres."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _leave)
    with ExitStack() as running:
        _run(load_settings(), only, running)


class _Server(uvicorn.Server):
    """Says where the service is once it can be reached there."""

    def __init__(self, asgi: ASGIApp, settings: Settings, greeting: str) -> None:
        super().__init__(
            uvicorn.Config(
                asgi,
                log_config=None,
                access_log=False,  # addresses and ids of families are nobody's business
                server_header=False,
                forwarded_allow_ips=settings.trusted_proxies,
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            )
        )
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        typer.echo(self._greeting)


def _run(settings: Settings, only: Part | None, running: ExitStack) -> None:
    from app.composition import build_service
    from eventstore.database import migrate

    new_key = not settings.key_encryption_key.exists()
    door = running.enter_context(_door(settings)) if only in {None, Part.API} else None
    conninfo = running.enter_context(database(settings))
    if only is None:
        migrate(conninfo)
    service = build_service(settings, conninfo)
    running.callback(service.stop)
    service.start_background(only.value if only else None)
    if door:
        place = f"http://{settings.host}:{door.getsockname()[1]}"
        _Server(service.asgi, settings, greeting(settings, place, service.greeting, new_key=new_key)).run(sockets=[door])
    else:
        _beat(settings.data_dir / "alive")


def _beat(sign: Path) -> NoReturn:
    """Nothing is left to do here but to show that the process lives, which compose.yaml looks at."""
    sign.parent.mkdir(parents=True, exist_ok=True)
    while True:
        sign.touch()
        time.sleep(_BEAT_SECONDS)


def _door(settings: Settings) -> socket.socket:
    """Listen before anything else is started, so that a taken port is told at once."""
    try:
        door = socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise PortTaken(
            f"Cannot listen on {settings.host}:{settings.port} ({reason}). HAGUKUMI_PORT names another port."
        ) from error
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited by connections; else answers in two parts wait 40 ms
    return door


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Unwind all that was started; being asked to end is no failure."""
    raise SystemExit(0)
