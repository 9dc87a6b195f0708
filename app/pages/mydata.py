"""My data: what is held, and who did what (私のデータ)."""

from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from msgspec import Struct

from app.pages.access import PageRoute, Parent
from app.pages.desk import Desk
from app.pages.keep import address_held
from app.positions import SealBroken
from projections.views import AuditEntry, StaffView

router = APIRouter(prefix="/menu/data", route_class=PageRoute, include_in_schema=False)
WARD_TIME = ZoneInfo("Asia/Tokyo")
_AUDIT = "audit"
_PAGE = 30


class Line(Struct, frozen=True):
    """One line of the trail."""

    at: datetime
    what: str
    who: str
    about: str
    times: int = 1


class View(Struct, frozen=True):
    """One view of personal data by staff: when, by whom, whose data, and what for."""

    at: datetime
    who: str
    about: str
    why: str


@router.get("")
def show(desk: Parent, before: str | None = None) -> HTMLResponse:
    """Everything held, and a page of the trail."""
    queries = desk.service.queries
    found = queries.audit(desk.household.household_id, _position(desk, before), _PAGE + 1)
    return desk.page(
        "mydata.html",
        address=address_held(desk),
        doses={kid.child_id: len(queries.doses(kid.child_id)) for kid in desk.kids},
        inquiries=len(queries.inquiries(desk.me)),
        views=views_of(desk, queries.staff_views(desk.me)),
        lines=lines(desk, found[:_PAGE]),
        older=desk.service.positions.seal(found[_PAGE - 1].position, _AUDIT) if len(found) > _PAGE else "",
    )


def views_of(desk: Desk, views: list[StaffView]) -> list[View]:
    """Every view by staff in the reader's words. Members of staff are told apart by the beginning of their id on the roster."""
    names = {kid.child_id: kid.handle for kid in desk.kids} | {desk.me: str(desk.words("actor.you"))}
    return [
        View(
            view.recorded_at.astimezone(WARD_TIME),
            f"{desk.words(f'actor.{view.role}')} {str(view.actor)[:8] if view.actor else ''}".strip(),
            names.get(view.subject, ""),
            _why(desk, view.purpose),
        )
        for view in views
    ]


def _why(desk: Desk, purpose: str) -> str:
    key = f"purpose.{purpose}"
    return str(desk.words(key)) if desk.words.has(key) else purpose


def lines(desk: Desk, entries: list[AuditEntry]) -> list[Line]:
    """One line for all facts of one kind that one command brought about."""
    alike = groupby(entries, key=lambda entry: (entry.command_id or entry.position, entry.topic, entry.stream))
    return [_line(desk, first, 1 + len(list(others))) for _, others in alike for first in [next(others)]]


def _line(desk: Desk, entry: AuditEntry, times: int) -> Line:
    names = {kid.child_id: kid.handle for kid in desk.kids}
    at = entry.recorded_at.astimezone(WARD_TIME)
    return Line(at, what_happened(desk, entry.topic), _who(desk, entry), names.get(entry.stream, ""), times)


def what_happened(desk: Desk, topic: str) -> str:
    """The topic in plain words: `child.dose_recorded.v1` is the key `action.child_dose_recorded`."""
    key = f"action.{topic.rpartition('.v')[0].replace('.', '_')}"
    return str(desk.words(key if desk.words.has(key) else "action.other"))


def _who(desk: Desk, entry: AuditEntry) -> str:
    if entry.role == "guardian":
        return str(desk.words("actor.you" if entry.actor == desk.me else "actor.guardian"))
    return str(desk.words(f"actor.{entry.role}"))


def _position(desk: Desk, sealed: str | None) -> int | None:
    try:
        return desk.service.positions.open(sealed, _AUDIT) if sealed else None
    except SealBroken:
        return None
