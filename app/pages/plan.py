"""Choose a day: what can be given then, to which child, and what cannot and why (予定を決める)."""

from datetime import date, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from msgspec import Struct

from app.pages.access import PageRoute, Parent
from app.pages.ahead import Move, moves
from app.pages.desk import Desk
from app.pages.due import Due, Visit, coming, possible_on
from app.pages.forms import Form, Typed
from app.pages.holidays import is_holiday
from app.pages.kids import Kid
from app.pages.options import Option
from app.pages.records import Folder, folder
from app.pages.writing import write
from commands.cancel_visit import CancelVisit
from commands.plan_visit import PlanVisit

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_AHEAD_YEARS = 1
_SATURDAY = 5
_SOON = timedelta(days=365)
"""How far ahead it is told what cannot be given yet."""


class Possible(Struct, frozen=True):
    """What one child can have on the day looked at."""

    kid: Kid
    field: str
    options: list[Option]
    cannot: list[Due]
    first: date | None
    moves: list[Move]


class Planned(Struct, frozen=True):
    """A visit that stands."""

    kid: Kid
    visit: Visit
    what: list[str]


@router.get("/plan", response_model=None)
def show(desk: Parent, request: Request) -> HTMLResponse | RedirectResponse:
    """The question for a day; where one is given, what can be done on it."""
    if not desk.kids:
        return desk.go("/child/new")
    form = Form({name: request.query_params.getlist(name) for name in request.query_params})
    return _page(desk, form, _day(desk, form) if "go-y" in form else None)


@router.post("/plan", response_model=None)
def save(desk: Parent, form: Typed) -> HTMLResponse | RedirectResponse:
    """Plan one visit a child on the day, or show what that changes."""
    day = _day(desk, form)
    if form.value("do") == "preview":
        return _page(desk, form, day)
    chosen = {kid.child_id: _chosen(form, kid) for kid in desk.kids}
    if day and not any(chosen.values()):
        form.problem("can", desk.words("plan.e_none"))
    if form.good and day:
        planned = [child_id for child_id, series in chosen.items() if series and _plan(desk, form, child_id, day, series)]
        if form.good:
            return desk.go("/", done="planned", child=planned[0], of=form.derived_id(planned[0]))
    return _page(desk, form, day)


@router.post("/plan/{child_id}/cancel/{visit_id}", response_model=None)
def cancel(desk: Parent, child_id: UUID, visit_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Give a planned visit up."""
    desk.about(child_id)
    fields = {"child_id": child_id, "visit_id": visit_id}
    if write(desk, form, CancelVisit, fields, command_id=form.derived_id(visit_id)):
        return desk.go("/", done="cancelled", child=child_id)
    return desk.page("failed.html", form)


def field_of(kid: Kid) -> str:
    """The field with what was chosen for one child."""
    return f"p-{kid.child_id}"


def _plan(desk: Desk, form: Form, child_id: UUID, day: date, series: list[str]) -> bool:
    """Plan for one child. What had another day leaves that day; every command has an id that follows from the form."""
    visit_id = form.derived_id(child_id)
    fields = {"child_id": child_id, "visit_id": visit_id, "on": day, "series": tuple(series)}
    planned = write(desk, form, PlanVisit, fields, at={"day_in_past": "go", "day_too_far": "go"}, command_id=visit_id) is not None
    earlier = [visit for visit in folder(desk, desk.about(child_id)).record.visits if visit.visit_id != visit_id]
    return planned and all(_leave(desk, form, child_id, visit, series) for visit in earlier)


def _leave(desk: Desk, form: Form, child_id: UUID, visit: Visit, series: list[str]) -> bool:
    """Take series out of an earlier plan; without any left the plan is given up."""
    rest = tuple(code for code in visit.series if code not in series)
    if rest == visit.series:
        return True
    fields = {"child_id": child_id, "visit_id": visit.visit_id}
    command_id = form.derived_id(visit.visit_id)
    if not rest:
        return write(desk, form, CancelVisit, fields, command_id=command_id) is not None
    return write(desk, form, PlanVisit, {**fields, "on": visit.on, "series": rest}, command_id=command_id) is not None


def _chosen(form: Form, kid: Kid) -> list[str]:
    return form.values(field_of(kid))


def _day(desk: Desk, form: Form) -> date | None:
    day = form.date("go", desk.words, "visit", desk.today.year + _AHEAD_YEARS)
    if day and day < desk.today:
        form.date_problem("go", desk.words("plan.e_past", date=desk.words.date(desk.today)))
    return day


def _page(desk: Desk, form: Form, day: date | None) -> HTMLResponse:
    folders = [folder(desk, kid) for kid in desk.kids]
    if "go-y" not in form:
        form.fill_date("go", None)
        form.fill("go-y", str(desk.today.year))
    looked_at = day if day and (form.good or form.problem_of("can")) else None
    return desk.page(
        "plan.html",
        form,
        day=looked_at,
        possible=[_possible(desk, form, held, looked_at) for held in folders] if looked_at else [],
        note=_day_off(desk, looked_at) if looked_at else "",
        planned=[_planned(held, visit) for held in folders for visit in held.record.visits if visit.on >= desk.today],
    )


def _possible(desk: Desk, form: Form, held: Folder, day: date) -> Possible:
    can = [item for item in possible_on(held.items, day) if not _waits(item, day)]
    if form.value("do") != "preview":
        form.fill(field_of(held.kid), *(item.series for item in can if _suggested(item, day)))
    later = [item for item in held.items if not item.finished and item not in can and _begins_soon(item, day)]
    first = min((item.forecast.earliest for item in later if item.forecast.earliest), default=None)
    ticked = {item.series: day for item in can if form.has(field_of(held.kid), item.series)}
    return Possible(
        kid=held.kid,
        field=field_of(held.kid),
        options=[_option(desk, item, day) for item in can],
        cannot=[item for _, item in coming(later)],
        first=first,
        moves=moves(desk, held, ticked) if ticked else [],
    )


def _suggested(item: Due, day: date) -> bool:
    """Whether a box is ticked beforehand: what the public programme recommends by then and has no other day yet."""
    recommended = item.forecast.recommended
    settled = item.voluntary or item.checkup or item.visit
    return not settled and (recommended is None or recommended <= day)


def _begins_soon(item: Due, day: date) -> bool:
    earliest = item.forecast.earliest
    return earliest is not None and earliest <= day + _SOON


def _waits(item: Due, day: date) -> bool:
    """Whether the family has put this off beyond the day."""
    return item.postponement is not None and item.postponement.until is not None and item.postponement.until > day


def _option(desk: Desk, item: Due, day: date) -> Option:
    words, f = desk.words, item.forecast
    hints = [item.sub] if item.sub else []
    if f.recommended and f.recommended > day:
        hints.append(str(words("badge.recommended_later", date=words.day(f.recommended))))
    elif f.past_due and f.past_due >= words.today:
        hints.append(str(words("postpone.std_until", date=words.day(f.past_due))))
    elif f.latest:
        hints.append(str(words("plan.until_aid" if item.voluntary else "plan.until_free", date=words.day(f.latest))))
    if item.visit:
        hints.append(str(words("plan.planned_already", date=words.day(item.visit.on))))
    return Option(item.series, item.full_name, words.sentences(hints))


def _planned(held: Folder, visit: Visit) -> Planned:
    return Planned(held.kid, visit, [item.full_name for item in held.items if item.series in visit.series])


def _day_off(desk: Desk, day: date) -> str:
    words = desk.words
    if is_holiday(day):
        return str(words("plan.holiday", date=words.day(day)))
    if day.weekday() > _SATURDAY:
        return str(words("plan.sunday", date=words.day(day)))
    return ""
