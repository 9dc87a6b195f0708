"""Every dose of one child, to choose the one that is to be corrected (接種歴)."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.pages.access import PageRoute, Parent
from app.pages.records import folder

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/record/{child_id}/doses")
def show(desk: Parent, child_id: UUID) -> HTMLResponse:
    """The doses, the latest first; those of unknown day at the end."""
    doses = folder(desk, desk.about(child_id)).record.doses
    latest_first = sorted(doses, key=lambda dose: dose.given_on or date.min, reverse=True)
    return desk.page("doses.html", doses=latest_first)
