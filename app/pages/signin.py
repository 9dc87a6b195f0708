"""Sign in and out. What was typed before a session ran out is carried along (ログイン)."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from app.pages.access import Anyone, PageRoute
from app.pages.desk import Desk
from app.pages.forms import Form, Typed, blank
from app.pages.sessions import end_session, hand_over, open_session
from commands.refusals import TooManyAttempts, WrongCredentials

router = APIRouter(route_class=PageRoute, include_in_schema=False)
KEPT = "kept."
"""Fields of the form that was interrupted begin with this."""
_UNAUTHORIZED = 401


@router.get("/signin")
def show(desk: Anyone, done: str = "", then: str = "") -> HTMLResponse:
    """The sign-in page."""
    return _page(desk, blank(then=then), done=done)


@router.post("/signin", response_model=None)
def sign_in(desk: Anyone, form: Typed) -> HTMLResponse | RedirectResponse:
    """Open a session, then go on where it was needed."""
    login_id = form.required("login_id", desk.words, "signin.e_login_id")
    password = form.required("password", desk.words, "signin.e_password")
    if not form.good:
        return _page(desk, form)
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
    return _page(desk, form)


@router.post("/signout")
def sign_out(desk: Anyone) -> RedirectResponse:
    """End the session."""
    response = desk.go("/signin", done="signed_out")
    end_session(desk, response)
    return response


def sign_in_page(desk: Desk, form: Form, typed: Form) -> HTMLResponse:
    """The sign-in page in front of another: it keeps where that was, and what had been typed into it."""
    for name, value in typed.kept():
        form.add(f"{KEPT}{name}", value)
    response = _page(desk, form)
    response.status_code = _UNAUTHORIZED
    return response


def _onward(desk: Desk, form: Form) -> HTMLResponse | RedirectResponse:
    then = _own_path(form.value("then"))
    kept = _kept(form)
    if kept:
        return desk.page("resume.html", then=then, kept=[(name.removeprefix(KEPT), value) for name, value in kept])
    return RedirectResponse(then or desk.url("/"), status_code=303)


def _page(desk: Desk, form: Form, done: str = "") -> HTMLResponse:
    return desk.page("signin.html", form, then=_own_path(form.value("then")), kept=_kept(form), done=done)


def _kept(form: Form) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.kept() if name.startswith(KEPT)]


def _own_path(path: str) -> str:
    """A path of this service, or nothing: nobody is sent elsewhere after signing in."""
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if own else ""
