"""Sessions of pages: opened with login id and password, kept in cookies out of reach of scripts."""

from datetime import UTC, datetime

from fastapi import Request, Response

from app.pages.desk import Desk
from app.security import clear_session_cookie, device_mark, session_token, set_device_cookie, set_session_cookie
from commands.identity.sessions import SessionToken


def open_session(desk: Desk, login_id: str, password: str) -> SessionToken:
    """Open a session.

    Raises:
        WrongCredentials: Login id and password do not belong together.
        TooManyAttempts: Too many wrong ones came before.
    """
    request = desk.request
    source = request.client.host if request.client else ""
    return desk.service.sessions.sign_in(login_id, password, source=source, device=device_mark(request))


def hand_over(request: Request, response: Response, session: SessionToken) -> None:
    """Give the session to the browser."""
    left = session.expires_at - datetime.now(UTC)
    set_session_cookie(request, response, session.token, int(left.total_seconds()))
    set_device_cookie(request, response, session.device)


def end_session(desk: Desk, response: Response) -> None:
    """End the session here and everywhere."""
    token = session_token(desk.request)
    if token is not None:
        desk.service.sessions.sign_out(token)
    clear_session_cookie(desk.request, response)
