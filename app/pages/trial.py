"""Birthday and sex give a schedule; nothing is stored, and nothing stands in an address (登録しないで試す)."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from aggregates.child.facts import Sex
from aggregates.child.profile import require_birthday
from aggregates.refusal import Refusal
from app.pages.access import Anyone, PageRoute
from app.pages.chart import sections
from app.pages.desk import Desk
from app.pages.due import Record
from app.pages.forms import Form, Typed, blank
from app.pages.kids import Kid
from app.pages.options import sexes
from app.pages.records import Folder, folder_of, on_day
from app.pages.writing import refusal_text
from projections.engine import engine_with
from schedule.contract import ForecastRequest

router = APIRouter(prefix="/try", route_class=PageRoute, include_in_schema=False)
_NOBODY = UUID(int=0)


@router.get("")
def show(desk: Anyone) -> HTMLResponse:
    """The question."""
    return desk.page("try.html", blank(), sexes=sexes(desk.words), held=None)


@router.post("")
def answer(desk: Anyone, form: Typed) -> HTMLResponse:
    """The schedule of a child that was never given anything."""
    born_on = form.date("born", desk.words, "born", desk.today.year)
    sex = form.choice("sex", list(Sex), desk.words, "child.e_sex")
    if born_on:
        _check(desk, form, born_on)
    held = _held(desk, born_on, sex) if form.good and born_on else None
    return desk.page("try.html", form, sexes=sexes(desk.words), held=held, sections=sections(held) if held else [])


def _check(desk: Desk, form: Form, born_on: date) -> None:
    try:
        require_birthday(born_on, desk.today)
    except Refusal as refusal:
        form.date_problem("born", refusal_text(refusal, desk))


def _held(desk: Desk, born_on: date, sex: str) -> Folder:
    request = ForecastRequest(id="try", assessment_date=desk.today, rule_date=desk.today, birth_date=born_on, sex=sex)
    forecasts = on_day(engine_with(desk.edition).forecast(request), desk.today)
    kid = Kid(_NOBODY, "", "", born_on, sex, "c1", moved_out=False, version=0)
    return folder_of(desk, kid, Record(forecasts))
