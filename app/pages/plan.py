"""Choose a day: what can be given then, to which child, and what cannot and why (予定を決める)."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from msgspec import Struct

from app.pages.access import PageRoute, Parent
from app.pages.desk import Desk
from app.pages.due import Visit
from app.pages.forms import Form, Typed
from app.pages.holidays import is_day_off, is_holiday
from app.pages.kids import Kid
from app.pages.otherdays import compared
from app.pages.possible import field_of, possible
from app.pages.records import Folder, folder
from app.pages.writing import write
from commands.cancel_visit import CancelVisit
from commands.plan_visit import PlanVisit

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_AHEAD_YEARS = 1


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


def leave_visits(desk: Desk, form: Form, held: Folder, series: Collection[str], *, but: UUID | None = None) -> bool:
    """Take series out of every plan that stands, save one; a plan without any left is given up.

    Of a visit whose day has passed nothing is taken: what did become of the rest will be asked.
    """
    visits = [visit for visit in held.record.visits if visit.visit_id != but and set(visit.series) & set(series)]
    return all(_leave(desk, form, held.kid, visit, series) for visit in visits)


def _plan(desk: Desk, form: Form, child_id: UUID, day: date, series: list[str]) -> bool:
    """Plan for one child. What had another day leaves that day; every command has an id that follows from the form."""
    visit_id = form.derived_id(child_id)
    fields = {"child_id": child_id, "visit_id": visit_id, "on": day, "series": tuple(series)}
    planned = write(desk, form, PlanVisit, fields, at={"day_in_past": "go", "day_too_far": "go"}, command_id=visit_id) is not None
    return planned and leave_visits(desk, form, folder(desk, desk.about(child_id)), series, but=visit_id)


def _leave(desk: Desk, form: Form, kid: Kid, visit: Visit, series: Collection[str]) -> bool:
    rest = tuple(code for code in visit.series if code not in series)
    fields = {"child_id": kid.child_id, "visit_id": visit.visit_id}
    command_id = form.derived_id(visit.visit_id)
    if not rest:
        return write(desk, form, CancelVisit, fields, command_id=command_id) is not None
    if visit.on < desk.today:
        return True
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
        form.fill("go-y", str(desk.today.year))
        form.fill_date("go", None)
    looked_at = day if day and (form.good or form.problem_of("can")) else None
    return desk.page(
        "plan.html",
        form,
        day=looked_at,
        possible=[possible(desk, form, held, looked_at) for held in folders] if looked_at else [],
        compared=compared(desk, folders, looked_at),
        note=_day_off(desk, looked_at) if looked_at else "",
        planned=[_planned(held, visit) for held in folders for visit in held.record.visits if visit.on >= desk.today],
    )


def _planned(held: Folder, visit: Visit) -> Planned:
    return Planned(held.kid, visit, [item.full_name for item in held.items if item.series in visit.series])


def _day_off(desk: Desk, day: date) -> str:
    words = desk.words
    if is_holiday(day):
        return str(words("plan.holiday", date=words.day(day)))
    return str(words("plan.sunday", date=words.day(day))) if is_day_off(day) else ""
