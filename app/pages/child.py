"""Add a child, or put right what was entered (お子さんの登録)."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from aggregates.child.facts import Sex
from app.pages.access import PageRoute, Parent
from app.pages.desk import Desk
from app.pages.forms import Form, Typed, blank
from app.pages.options import sexes
from app.pages.writing import write
from commands.add_child import AddChild
from commands.correct_child import CorrectChild

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_AT = {"birthday_in_future": "born", "birthday_too_early": "born", "dose_before_birth": "born"}


@router.get("/child/new")
def show(desk: Parent) -> HTMLResponse:
    """The empty form."""
    return _page(desk, blank())


@router.post("/child/new", response_model=None)
def add(desk: Parent, form: Typed) -> HTMLResponse | RedirectResponse:
    """Add the child, then show when it is due for what."""
    fields = _fields(desk, form)
    child_id = form.derived_id("child")
    if form.good and write(desk, form, AddChild, {"child_id": child_id, **fields}, at=_AT):
        return desk.go("/", done="added", child=child_id)
    return _page(desk, form)


@router.get("/child/{child_id}")
def show_correction(desk: Parent, child_id: UUID) -> HTMLResponse:
    """What was entered, ready to be put right."""
    kid = desk.about(child_id)
    form = blank(handle=kid.plain_handle, sex=kid.sex)
    form.fill_date("born", kid.born_on)
    return _page(desk, form)


@router.post("/child/{child_id}", response_model=None)
def correct(desk: Parent, child_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Put it right; open dates follow, given doses stay."""
    desk.about(child_id)
    fields = _fields(desk, form)
    if form.good and write(desk, form, CorrectChild, {"child_id": child_id, **fields}, at=_AT):
        return desk.go("/", done="corrected", child=child_id)
    return _page(desk, form)


def _fields(desk: Desk, form: Form) -> dict[str, object]:
    return {
        "handle": form.required("handle", desk.words, "child.e_handle"),
        "born_on": form.date("born", desk.words, "born", desk.today.year),
        "sex": form.choice("sex", list(Sex), desk.words, "child.e_sex"),
    }


def _page(desk: Desk, form: Form) -> HTMLResponse:
    return desk.page("child.html", form, sexes=sexes(desk.words), first=not desk.kids)
