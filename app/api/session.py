"""Signing in and out."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from app.api import API
from app.api.body import Answer, Body
from app.api.caller import Ending, Me, Serving
from app.api.openapi import ALWAYS, SIGNED_IN, problems, reads
from app.api.writing import json_only
from app.problems import BodyTooLarge, CrossSite, MalformedJson, UnsupportedMediaType
from app.security import (
    device_mark,
    require_same_origin,
    set_device_cookie,
    set_session_cookie,
)
from commands.command import Line, Secret
from commands.refusals import TooManyAttempts, WrongCredentials

router = APIRouter(prefix=f"{API}/session", tags=["session"])


class Delivery(StrEnum):
    """How the session reaches the client."""

    COOKIE = "cookie"
    TOKEN = "token"  # noqa: S105 - the name of a way, no secret


class SignInIn(Body):
    """Login id and password, as they were issued or chosen."""

    login_id: Line
    password: Secret
    delivery: Annotated[Delivery, Field(description="`cookie` for browsers; `token` for programs, to be sent as Bearer.")] = (
        Delivery.COOKIE
    )


class SessionOut(Answer):
    """A session. `token` is told only where it was asked for, so that scripts in a browser never see it."""

    account_id: UUID
    expires_at: datetime
    token: str | None = None


class WhoAmI(Answer):
    """Who is signed in."""

    account_id: UUID


@router.post(
    "",
    status_code=201,
    dependencies=[Depends(json_only)],
    responses=problems(*ALWAYS, WrongCredentials, TooManyAttempts, CrossSite, MalformedJson, BodyTooLarge, UnsupportedMediaType),
)
def post_session(body: SignInIn, request: Request, response: Response, service: Serving) -> SessionOut:
    """Sign in. Nothing in the answer tells whether a login id exists."""
    if body.delivery is Delivery.COOKIE:
        require_same_origin(request)
    address = request.client.host if request.client else ""
    signed = service.sessions.sign_in(
        body.login_id, body.password.get_secret_value(), source=address, device=device_mark(request)
    )
    if body.delivery is Delivery.TOKEN:
        return SessionOut(account_id=signed.account_id, expires_at=signed.expires_at, token=signed.token)
    left = signed.expires_at - datetime.now(UTC)
    set_session_cookie(request, response, signed.token, int(left.total_seconds()))
    set_device_cookie(request, response, signed.device)
    return SessionOut(account_id=signed.account_id, expires_at=signed.expires_at)


@router.get("", responses=reads())
def get_session(me: Me) -> WhoAmI:
    """Who is signed in."""
    return WhoAmI(account_id=me)


@router.delete("", status_code=204, responses=problems(*ALWAYS, *SIGNED_IN, CrossSite))
def delete_session(_: Me, ending: Ending) -> None:
    """Sign out. The session ends everywhere within half a minute."""
    ending.end()
