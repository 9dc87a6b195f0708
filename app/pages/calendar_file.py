"""Planned visits as a file that every calendar reads (iCalendar, RFC 5545)."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from app.pages.access import PageRoute, Parent
from app.pages.desk import Desk
from app.pages.due import Visit
from app.pages.furigana import plain
from app.pages.records import Folder, folder

router = APIRouter(prefix="/calendar", route_class=PageRoute, include_in_schema=False)
MEDIA_TYPE = "text/calendar; charset=utf-8"
_LINE_OCTETS_MAX = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@router.get("/{child_id}.ics")
def show(desk: Parent, child_id: UUID) -> Response:
    """The planned visits of one child."""
    held = folder(desk, desk.about(child_id))
    lines = "".join(f"{_folded(line)}\r\n" for line in _calendar(desk, held))
    headers = {"Content-Disposition": 'attachment; filename="hagukumi.ics"'}
    return Response(lines, media_type=MEDIA_TYPE, headers=headers)


def _calendar(desk: Desk, held: Folder) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hagukumi//Hagukumi//JA")
    for visit in held.record.visits:
        yield from _event(desk, held, visit)
    yield "END:VCALENDAR"


def _event(desk: Desk, held: Folder, visit: Visit) -> Iterator[str]:
    words = desk.words
    vaccines = words.join([item.full_name for item in held.items if item.series in visit.series])
    told = "\n".join([words("home.bring").striptags(), words("common.label").striptags()])
    yield "BEGIN:VEVENT"
    yield f"UID:{visit.visit_id}@hagukumi"
    yield f"DTSTAMP:{_day(desk.today)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_day(visit.on)}"
    yield f"DTEND;VALUE=DATE:{_day(visit.on + timedelta(days=1))}"
    yield f"SUMMARY:{_escaped(f'{held.kid.handle} {vaccines}')}"
    yield f"DESCRIPTION:{_escaped(told)}"
    yield "END:VEVENT"


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")


def _escaped(text: str) -> str:
    return plain(text).translate(_ESCAPED)


def _folded(line: str) -> str:
    """Lines have at most 75 octets; longer ones go on after a blank, and no character is cut in two."""
    rows, row = [], ""
    for letter in line:
        if len(f"{row}{letter}".encode()) > _LINE_OCTETS_MAX:
            rows.append(row)
            row = " "
        row += letter
    return "\r\n".join([*rows, row])
