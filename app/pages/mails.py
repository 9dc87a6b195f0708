"""Which mails were sent and which were not, and why (なぜ届いたか・なぜ届かなかったか)."""

from datetime import date
from itertools import groupby, islice
from types import MappingProxyType
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from msgspec import Struct

from app.pages.access import PageRoute, Parent
from app.pages.desk import Desk
from notifier.explain import Line, explain_account

router = APIRouter(route_class=PageRoute, include_in_schema=False)
WARD_TIME = ZoneInfo("Asia/Tokyo")
_SHOWN_MAX = 60
_TOO_LATE = "too late"
_NAMES_A_REASON = frozenset({"suppressed", "withheld", "withdrawn"})
_SIGNS = MappingProxyType(
    {"accepted": "●"} | dict.fromkeys(("bounced", "failed", "unknown"), "▲") | dict.fromkeys((*_NAMES_A_REASON, _TOO_LATE), "×")
)
_TO_COME = "□"
_WISHED_AS = MappingProxyType({"checkup": "checkups", "notice": "notices", "inquiry_answered": "notices"})
_UNASKED = frozenset({"address_confirmation", "address_question"})


class Told(Struct, frozen=True):
    """One thing that was told or not, with all vaccines that it was about."""

    on: date
    handle: str
    what: Markup
    vaccines: list[str]
    sign: str
    arrived: bool
    end: Markup
    why: Markup | None


@router.get("/menu/mail/sent")
def show(desk: Parent) -> HTMLResponse:
    """The newest first."""
    return desk.page("mails.html", told=told(desk))


def told(desk: Desk, most: int | None = _SHOWN_MAX) -> list[Told]:
    """What has had its day, all of it where no `most` is named; what is still to come stands on the page of the settings."""
    queries = desk.service.queries
    with queries.pool.connection() as connection:
        lines = explain_account(connection, queries.schema(), desk.me)
    newest = sorted((line for line in lines if _had_its_day(desk, line)), key=lambda line: _together(desk, line), reverse=True)
    shown = (_told(desk, list(alike)) for _, alike in groupby(newest, key=lambda line: _together(desk, line)))
    return list(islice(shown, most))


def _had_its_day(desk: Desk, line: Line) -> bool:
    """What is still to come is told elsewhere, and what was over before there was an address to send to is nobody's question."""
    if line.message_id is not None:
        return True
    confirmed_on = desk.account.confirmed_on
    return confirmed_on is not None and confirmed_on <= line.due_on <= desk.today


def _together(desk: Desk, line: Line) -> tuple[date, str, str, str]:
    verdict, because = line.verdict(desk.today)
    return _day(line), str(line.child_id), line.kind, f"{verdict} {because if verdict in _NAMES_A_REASON else ''}"


def _told(desk: Desk, lines: list[Line]) -> Told:
    first = lines[0]
    verdict, because = first.verdict(desk.today)
    kids = {kid.child_id: kid.handle for kid in desk.kids}
    return Told(
        on=_day(first),
        handle=kids.get(first.child_id, ""),
        what=_words(desk, "mail_kind", first.kind),
        vaccines=[desk.names.series(line.series) for line in lines if line.series],
        arrived=verdict == "accepted",
        sign=_SIGNS.get(verdict, _TO_COME),
        end=_words(desk, "mail_end", verdict.replace(" ", "_")),
        why=_why(desk, first.kind, verdict, because),
    )


def _why(desk: Desk, kind: str, verdict: str, because: str) -> Markup | None:
    """Why it was not sent, or else the wish that it follows from; a question about the address itself follows from none."""
    if verdict in _NAMES_A_REASON:
        return _words(desk, "mail_not", because)
    if verdict == _TOO_LATE or kind in _UNASKED:
        return None
    return desk.words("mail.wished", wish=desk.words(f"mail.wish_{_WISHED_AS.get(kind, 'vaccinations')}"))


def _day(line: Line) -> date:
    return line.settled_at.astimezone(WARD_TIME).date() if line.settled_at else line.due_on


def _words(desk: Desk, section: str, code: str) -> Markup:
    return desk.words(f"{section}.{code}" if desk.words.has(f"{section}.{code}") else f"{section}.other")
