"""The outermost layer: what every request and every answer passes, pages and REST alike."""

import logging
import time
import traceback
from http import HTTPStatus
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.handlers import answer_refusal, route_template
from app.problems import InternalError
from app.security import HSTS, MAX_BODY_BYTES, SECURITY_HEADERS, refused_at_the_door

BEHIND_HEADER = "Hagukumi-Behind"
"""Set on a read that could not wait any longer for the write it was to include."""

FRAMES_MAX = 12

access_log = logging.getLogger("hagukumi.access")
error_log = logging.getLogger("hagukumi.error")


class Edge:
    """Gives each request a correlation id, turns bad ones away, adds security headers, writes the access log.

    The log names route templates only: paths and queries hold ids. Errors are logged by type and place, because their
    messages can hold what a family entered.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        try:
            await self._answer(scope, receive, exchange)
        finally:
            exchange.log()

    async def _answer(self, scope: Scope, receive: Receive, exchange: "_Exchange") -> None:
        refusal = refused_at_the_door(scope)
        if refusal is not None:
            await answer_refusal(Request(scope), refusal)(scope, receive, exchange.send)
            return
        try:
            await self._app(scope, _limited(receive), exchange.send)
        except Exception as error:  # noqa: BLE001 - the last place where a mistake can be told without personal data
            error_log.error("%s %s", exchange.correlation_id, _places(error))
            if exchange.status is None:
                await answer_refusal(Request(scope), InternalError())(scope, receive, exchange.send)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._started = time.perf_counter()
        self.correlation_id = uuid4()
        self.status: int | None = None
        scope.setdefault("state", {})["correlation_id"] = self.correlation_id

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._add_headers(message)
        await self._send(message)

    def _add_headers(self, message: Message) -> None:
        raw = message.setdefault("headers", [])
        raw.extend(SECURITY_HEADERS)
        if self._scope["scheme"] == "https":
            raw.append(HSTS)
        headers = MutableHeaders(raw=raw)
        headers.setdefault("cache-control", "no-store")
        headers["x-request-id"] = str(self.correlation_id)
        if self._scope["state"].get("behind"):
            headers[BEHIND_HEADER] = "?1"

    def log(self) -> None:
        milliseconds = (time.perf_counter() - self._started) * 1000
        method, route = self._scope["method"], route_template(self._scope)
        access_log.info("%s %s %s %.1fms %s", method, route, self.status, milliseconds, self.correlation_id)


def _limited(receive: Receive) -> Receive:
    """Stop reading a body that grows too long without having announced its length."""
    length = 0

    async def receive_within_limit() -> Message:
        nonlocal length
        message = await receive()
        length += len(message.get("body", b""))
        if length > MAX_BODY_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return receive_within_limit


def _places(error: BaseException) -> str:
    """The type of an error and where it arose, without its message."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
    return " < ".join([type(error).__name__, *(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))])
