"""The sign-in page, which may stand in front of another page and then carries along what was typed there (ログイン)."""

from fastapi.responses import HTMLResponse

from app.pages.desk import Desk
from app.pages.forms import Form

KEPT = "kept."
"""Fields of the form that was interrupted begin with this."""
_UNAUTHORIZED = 401


def sign_in_page(desk: Desk, form: Form, done: str = "") -> HTMLResponse:
    """The page as it was asked for, or once more with what is to be mended."""
    return desk.page("signin.html", form, then=own_path(form.value("then")), kept=kept(form), done=done)


def interrupted(desk: Desk, place: str, typed: Form) -> HTMLResponse:
    """The page in front of another: it keeps where that was, and what had been typed into it."""
    form = Form({"then": [place]})
    for name, value in typed.kept():
        form.add(f"{KEPT}{name}", value)
    response = sign_in_page(desk, form)
    response.status_code = _UNAUTHORIZED
    return response


def kept(form: Form) -> list[tuple[str, str]]:
    """The fields of the form that was interrupted."""
    return [(name, value) for name, value in form.kept() if name.startswith(KEPT)]


def own_path(path: str) -> str:
    """A path of this service, or nothing: nobody is sent elsewhere after signing in."""
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if own else ""
