"""A new password: with the present one, or with the recovery code (パスワード)."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from app.pages.access import Anyone, PageRoute, Parent
from app.pages.forms import Typed, blank
from app.pages.register import password_problem
from app.pages.sessions import end_session
from app.pages.writing import write
from commands.change_password import ChangePassword
from commands.recover_account import RecoverAccount

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/menu/password")
def show(desk: Parent) -> HTMLResponse:
    """The form for those who know their password."""
    return desk.page("password.html", blank())


@router.post("/menu/password", response_model=None)
def change(desk: Parent, form: Typed) -> HTMLResponse | RedirectResponse:
    """Change it; every session ends, this one too."""
    current = form.required("current_password", desk.words, "signin.e_password")
    problem = password_problem(desk, form.value("password"))
    if problem:
        form.problem("password", problem)
    at = {"wrong_credentials": "current_password", "too_many_attempts": "current_password", "weak_password": "password"}
    fields = {"current_password": current, "new_password": form.value("password")}
    if form.good and write(desk, form, ChangePassword, fields, at=at, says={"wrong_credentials": "password.e_current"}):
        response = desk.go("/signin", done="password")
        end_session(desk, response)
        return response
    return desk.page("password.html", form)


@router.get("/recover")
def show_recover(desk: Anyone) -> HTMLResponse:
    """The form for those who have forgotten it."""
    return desk.page("recover.html", blank())


@router.post("/recover")
def recover(desk: Anyone, form: Typed) -> HTMLResponse:
    """Set a new password. The next recovery code answers the form itself, since it is shown once."""
    login_id = form.required("login_id", desk.words, "signin.e_login_id")
    code = form.required("recovery_code", desk.words, "recover.e_code")
    problem = password_problem(desk, form.value("password"))
    if problem:
        form.problem("password", problem)
    fields = {"login_id": login_id, "recovery_code": code, "new_password": form.value("password")}
    at = {"wrong_credentials": "recovery_code", "too_many_attempts": "recovery_code", "weak_password": "password"}
    receipt = form.good and write(desk, form, RecoverAccount, fields, at=at, says={"wrong_credentials": "recover.e_wrong"})
    return desk.page("recovered.html", answer=receipt.answer) if receipt else desk.page("recover.html", form)
