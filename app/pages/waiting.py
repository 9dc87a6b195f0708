"""The records that wait on the device until they can be sent (送信待ち).

A script fills the page in; the service knows none of them.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.pages.access import Anyone, PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PATH = "/waiting"


@router.get(PATH)
def show(desk: Anyone) -> HTMLResponse:
    """The empty list. A device keeps this page, and shows it where it has nothing else to show."""
    return desk.page("waiting.html")
