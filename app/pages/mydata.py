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
from projections.views import AuditEntry

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


@router.get("")
def show(desk: Parent, before: str | None = None) -> HTMLResponse:
    """Everything held, and a page of the trail."""
    queries = desk.service.queries
    found = queries.audit(desk.household.household_id, _position(desk, before), _PAGE + 1)
    return desk.page(
        "mydata.html",
        address=address_held(desk),
        doses={kid.child_id: len(queries.doses(kid.child_id)) for kid in desk.kids},
        lines=lines(desk, found[:_PAGE]),
        older=desk.service.positions.seal(found[_PAGE - 1].position, _AUDIT) if len(found) > _PAGE else "",
    )


def lines(desk: Desk, entries: list[AuditEntry]) -> list[Line]:
    """One line for all facts of one kind that one command brought about."""
    alike = groupby(entries, key=lambda entry: (entry.command_id or entry.position, entry.topic, entry.stream))
    return [_line(desk, first, 1 + len(list(others))) for _, others in alike for first in [next(others)]]


def _line(desk: Desk, entry: AuditEntry, times: int) -> Line:
    names = {kid.child_id: kid.handle for kid in desk.kids}
    at = entry.recorded_at.astimezone(WARD_TIME)
    return Line(at, _what(desk, entry), _who(desk, entry), names.get(entry.stream, ""), times)


def _what(desk: Desk, entry: AuditEntry) -> str:
    """The topic in plain words: `child.dose_recorded.v1` is the key `action.child_dose_recorded`."""
    key = f"action.{entry.topic.rpartition('.v')[0].replace('.', '_')}"
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
