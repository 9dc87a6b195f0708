"""The menu, and the small pages behind it: profile, stopping everything (メニュー)."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from app.pages.access import PageRoute, Parent
from app.pages.banner import banner_of
from app.pages.forms import Typed, blank
from app.pages.writing import write
from commands.change_profile import ChangeProfile
from commands.resume_everything import ResumeEverything
from commands.stop_everything import StopEverything

router = APIRouter(prefix="/menu", route_class=PageRoute, include_in_schema=False)


@router.get("")
def menu(desk: Parent, done: str = "") -> HTMLResponse:
    """Everything that is not home, chart, record or plan."""
    planned = {child_id for child_id, record in desk.records.items() if record.visits}
    return desk.page("menu.html", planned=planned, banner=banner_of(desk, done, None, None))


@router.get("/profile")
def show_profile(desk: Parent) -> HTMLResponse:
    """The own nickname and postal code."""
    return desk.page("profile.html", blank(handle=desk.account.handle, postal_code=desk.account.postal_code))


@router.post("/profile", response_model=None)
def save_profile(desk: Parent, form: Typed) -> HTMLResponse | RedirectResponse:
    """Change them."""
    handle = form.required("handle", desk.words, "register.e_handle")
    postal_code = form.required("postal_code", desk.words, "register.e_postal_code")
    at = {"invalid_postal_code": "postal_code"}
    if form.good and write(desk, form, ChangeProfile, {"handle": handle, "postal_code": postal_code}, at=at):
        return desk.go("/menu", done="profile")
    return desk.page("profile.html", form)


@router.get("/stop")
def show_stop(desk: Parent) -> HTMLResponse:
    """What stopping means, and the button."""
    return desk.page("stop.html", blank())


@router.post("/stop", response_model=None)
def stop(desk: Parent, form: Typed) -> HTMLResponse | RedirectResponse:
    """Stop every kind of mail; no reason is asked."""
    return desk.go("/menu", done="stopped") if write(desk, form, StopEverything) else desk.page("stop.html", form)


@router.post("/resume", response_model=None)
def resume(desk: Parent, form: Typed) -> HTMLResponse | RedirectResponse:
    """Take the service up again."""
    return desk.go("/menu", done="resumed") if write(desk, form, ResumeEverything) else desk.page("stop.html", form)
