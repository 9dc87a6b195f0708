"""What was shown on a day, and what another edition makes of what is known now (ある日に表示していた予定)."""

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from aggregates.refusal import NotFound, Refusal
from app.pages.access import PageRoute, Parent
from app.pages.chart import sections
from app.pages.desk import Desk
from app.pages.forms import Form
from app.pages.records import Folder, folder_of, record_of
from app.pages.writing import refusal_text
from app.past import PastSchedule
from schedule.japan import Edition

router = APIRouter(prefix="/chart/{child_id}/past", route_class=PageRoute, include_in_schema=False)


@router.get("", response_model=None)
def show(desk: Parent, request: Request, child_id: UUID, edition: str = "") -> HTMLResponse | RedirectResponse:
    """The question for a day; where one is given, what was shown at its end. Today's schedule is that of the chart."""
    desk.about(child_id)
    form = Form({name: request.query_params.getlist(name) for name in request.query_params})
    past = _under(desk, form, child_id, edition) if edition else _shown_on(desk, form, child_id) if "on-y" in form else None
    if past and not edition and past.then.day == desk.today:
        return desk.go(f"/chart/{child_id}")
    others = _other_editions(desk, edition)
    held = _turned_back(desk, past) if past else None
    return desk.page(
        "past.html", form, past=past, under=bool(edition), held=held, sections=sections(held) if held else [], editions=others
    )


def _shown_on(desk: Desk, form: Form, child_id: UUID) -> PastSchedule | None:
    day = form.date("on", desk.words, "past", desk.today.year)
    if day is None:
        return None
    return _asked(desk, partial(form.date_problem, "on"), partial(desk.service.past.shown_on, desk.me, child_id, day))


def _under(desk: Desk, form: Form, child_id: UUID, content_hash: str) -> PastSchedule | None:
    return _asked(desk, partial(form.problem, ""), partial(desk.service.past.under, desk.me, child_id, content_hash))


def _asked(desk: Desk, problem: Callable[[Markup], None], ask: Callable[[], PastSchedule]) -> PastSchedule | None:
    """What is asked for; None where it cannot be had, which the form then says."""
    try:
        return ask()
    except NotFound:
        raise
    except Refusal as refusal:
        problem(refusal_text(refusal, desk))
        return None


def _other_editions(desk: Desk, asked: str) -> list[Edition]:
    """Those that were in force before, but for the one asked for."""
    known = {asked, desk.service.edition.content_hash}
    return [edition for edition in desk.service.past.editions() if edition.content_hash not in known]


def _turned_back(desk: Desk, past: PastSchedule) -> Folder:
    """The child as it was known; ages, days left and words on the page are those of that day."""
    day: date = past.then.day
    desk.turn_back(day, past.edition)
    kid = msgspec.structs.replace(desk.about(past.child.child_id), born_on=past.then.child.born_on)
    return folder_of(desk, kid, record_of(past.view, day))
