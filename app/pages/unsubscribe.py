"""The way out that every letter carries (RFC 8058)."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.pages.access import Anyone, PageRoute
from app.pages.desk import Desk
from app.pages.forms import Typed, blank
from app.pages.writing import write
from commands.unsubscribe import Unsubscribe

router = APIRouter(route_class=PageRoute, include_in_schema=False)


def _by_token(request: Request) -> Desk:
    """Mail programs press the button from elsewhere; the token alone says whose mail it is, and any session is left aside."""
    return Desk(request)


ByToken: TypeAlias = Annotated[Desk, Depends(_by_token)]


@router.get("/mail/unsubscribe/{token}")
def show(desk: Anyone, token: str) -> HTMLResponse:
    """The page behind the link in the mail. Opening it changes nothing: scanners of mail open links too."""
    return desk.page("unsubscribe.html", blank(), token=token)


@router.post("/mail/unsubscribe/{token}")
def unsubscribe(desk: ByToken, token: str, form: Typed) -> HTMLResponse:
    """The button was pressed, here or in the mail program. The answer is no redirection, which RFC 8058 forbids."""
    write(desk, form, Unsubscribe, {"token": token})
    return desk.page("unsubscribed.html")
