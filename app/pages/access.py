"""Who may see a page: anybody, or a guardian who is signed in."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import psycopg
from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from psycopg_pool import PoolTimeout

from aggregates.refusal import NotFound
from app.handlers import RETRY_AFTER_SECONDS
from app.pages.desk import Desk, LeftHousehold, service_of
from app.pages.failures import failure
from app.pages.forms import typed_form
from app.pages.signin_form import interrupted
from app.security import require_same_origin, session_token
from commands.refusals import StoreUnavailable
from eventstore import errors

AWAY = (psycopg.OperationalError, PoolTimeout, errors.StoreUnavailable, StoreUnavailable)
"""How it shows that the database does not answer."""


ACCOUNT_HEADER = "Hagukumi-Account"
"""A record that waited on a device names its account here, lest it be sent in the name of whoever is signed in by then."""


class SignInNeeded(Exception):
    """This page is for guardians, and nobody is signed in."""


async def _account_of(request: Request) -> UUID | None:
    token = session_token(request)
    if token is None:
        return None
    sessions = service_of(request).sessions
    return sessions.remembered(token) or await run_in_threadpool(sessions.session_account, token)


async def anyone(request: Request) -> Desk:
    """A page for everybody, signed in or not. Forms must come from our own pages."""
    require_same_origin(request)
    return Desk(request, await _account_of(request))


async def parent(request: Request) -> Desk:
    """A page for guardians.

    Raises:
        SignInNeeded: Nobody is signed in, or not any more, or another than the request was made for.
    """
    desk = await anyone(request)
    if not desk.signed_in or request.headers.get(ACCOUNT_HEADER, str(desk.me)) != str(desk.me):
        raise SignInNeeded
    return desk


Anyone: TypeAlias = Annotated[Desk, Depends(anyone)]
Parent: TypeAlias = Annotated[Desk, Depends(parent)]


class PageRoute(APIRoute):
    """A page that loses nothing typed: neither where a session has run out, nor where the database is away."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of FastAPI, with the sign-in page and the page for bad times behind it."""
        handle = super().get_route_handler()

        async def handle_with_care(request: Request) -> Response:
            try:
                return await handle(request)
            except SignInNeeded:
                return await _sign_in_first(request)
            except LeftHousehold as left:
                return await run_in_threadpool(_outside, left.desk)
            except AWAY:
                return await _send_again(request)

        return handle_with_care


def _outside(desk: Desk) -> Response:
    """To whoever was removed, pages of the family are like none, but for the ways that are left."""
    response = desk.page("left.html")
    response.status_code = NotFound.status
    return response


async def _send_again(request: Request) -> Response:
    typed = await typed_form(request) if request.method == "POST" else None
    response = failure(request, StoreUnavailable.status, StoreUnavailable.code, typed)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


async def _sign_in_first(request: Request) -> Response:
    desk = Desk(request)
    if request.method != "POST":
        query = f"?{request.url.query}" if request.url.query else ""
        return desk.go("/signin", then=request.url.path + query)
    typed = await typed_form(request)
    return await run_in_threadpool(interrupted, desk, request.url.path, typed)
