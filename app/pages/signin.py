"""Sign in and out. What was typed before a session ran out is carried along (ログイン)."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from app.pages.access import Anyone, PageRoute
from app.pages.desk import Desk
from app.pages.forms import Form, Typed, blank
from app.pages.sessions import end_session, hand_over, open_session
from app.pages.signin_form import KEPT, kept, own_path, sign_in_page
from commands.refusals import TooManyAttempts, WrongCredentials

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/signin")
def show(desk: Anyone, done: str = "", then: str = "") -> HTMLResponse:
    """The sign-in page."""
    return sign_in_page(desk, blank(then=then), done=done)


@router.post("/signin", response_model=None)
def sign_in(desk: Anyone, form: Typed) -> HTMLResponse | RedirectResponse:
    """Open a session, then go on where it was needed."""
    login_id = form.required("login_id", desk.words, "signin.e_login_id")
    password = form.required("password", desk.words, "signin.e_password")
    if not form.good:
        return sign_in_page(desk, form)
    try:
        session = open_session(desk, login_id, password)
    except WrongCredentials:
        form.problem("login_id", desk.words("signin.e_wrong"))
    except TooManyAttempts:
        form.problem("login_id", desk.words("signin.e_many"))
    else:
        response = _onward(desk, form)
        hand_over(desk.request, response, session)
        return response
    return sign_in_page(desk, form)


@router.post("/signout")
def sign_out(desk: Anyone) -> RedirectResponse:
    """End the session."""
    response = desk.go("/signin", done="signed_out")
    end_session(desk, response)
    return response


def _onward(desk: Desk, form: Form) -> HTMLResponse | RedirectResponse:
    then, waiting = own_path(form.value("then")), kept(form)
    if waiting:
        return desk.page("resume.html", then=then, kept=[(name.removeprefix(KEPT), value) for name, value in waiting])
    return RedirectResponse(then or desk.url("/"), status_code=303)
