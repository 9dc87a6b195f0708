"""Who is calling: the account behind a session token."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.problems import Unauthenticated
from app.security import clear_session_cookie, session_token
from app.service import Service


def service_of(request: Request) -> Service:
    """The service that this app belongs to."""
    service: Service = request.app.state.service
    return service


async def _serving(request: Request) -> Service:
    """Nothing waits here, so that it is not worth the way to another thread, which a plain function would take."""
    return service_of(request)


Serving = Annotated[Service, Depends(_serving)]


async def signed_in(request: Request) -> UUID:
    """The account whose session the request carries. A session seen a moment ago is found without leaving the loop.

    Raises:
        Unauthenticated: There is no such session, or not any more.
    """
    token = session_token(request)
    if token is None:
        raise Unauthenticated
    sessions = service_of(request).sessions
    account_id = sessions.remembered(token) or await run_in_threadpool(sessions.session_account, token)
    if account_id is None:
        raise Unauthenticated
    return account_id


Me = Annotated[UUID, Depends(signed_in)]


class _Ending:
    """The end of the session that a request came with."""

    def __init__(self, request: Request, response: Response, service: Serving) -> None:
        self._request = request
        self._response = response
        self._service = service

    def end(self) -> None:
        """Sign out, and take the cookie back."""
        token = session_token(self._request)
        if token is not None:
            self._service.sessions.sign_out(token)
        clear_session_cookie(self._request, self._response)


Ending = Annotated[_Ending, Depends()]
