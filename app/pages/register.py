"""Register: a nickname, a postal code, a password; alone or with an invitation. What is issued is shown once (登録)."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from app.pages.access import Anyone, PageRoute
from app.pages.desk import Desk
from app.pages.forms import Form, Typed, blank
from app.pages.options import Option
from app.pages.sessions import hand_over, open_session
from app.pages.writing import write
from commands.join_household import JoinHousehold
from commands.receipt import Receipt
from commands.refusals import TooManyAttempts, WrongCredentials
from commands.register_account import RegisterAccount

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PASSPHRASE, OWN = "passphrase", "own"
PASSWORD_LENGTH_MIN = 12
_AT = {"invalid_email": "email", "invalid_postal_code": "postal_code", "weak_password": "password", "invitation_lapsed": "code"}


@router.get("/register", response_model=None)
def show(desk: Anyone, terms: str = "") -> HTMLResponse | RedirectResponse:
    """The form, for those who have agreed to the terms."""
    if terms != desk.service.terms.text_hash:
        return desk.go("/terms")
    return _page(desk, blank(terms=terms, kind=PASSPHRASE))


@router.post("/register", response_model=None)
def register(desk: Anyone, form: Typed) -> HTMLResponse | RedirectResponse:
    """Issue a login and a household of one's own."""
    if form.value("terms") != desk.service.terms.text_hash:
        return desk.go("/terms")
    _check(desk, form)
    fields = {"household_id": form.derived_id("household"), **_fields(desk, form)}
    receipt = form.good and write(desk, form, RegisterAccount, fields, at=_AT)
    return _registered(desk, form, receipt, joined=False) if receipt else _page(desk, form)


@router.get("/join")
def show_join(desk: Anyone) -> HTMLResponse:
    """The form for somebody with an invitation code; the terms stand above it."""
    return _join_page(desk, blank(kind=PASSPHRASE))


@router.post("/join")
def join(desk: Anyone, form: Typed) -> HTMLResponse:
    """Issue a login in the household of the invitation."""
    if not form.value("agreed"):
        form.problem("agreed", desk.words("terms.e_agree"))
    code = form.required("code", desk.words, "register.e_code")
    _check(desk, form)
    receipt = form.good and write(desk, form, JoinHousehold, {"invitation_code": code, **_fields(desk, form)}, at=_AT)
    return _registered(desk, form, receipt, joined=True) if receipt else _join_page(desk, form)


def password_problem(desk: Desk, password: str) -> Markup | None:
    """What is wrong with the length of a chosen password."""
    if len(password) >= PASSWORD_LENGTH_MIN:
        return None
    return desk.words("register.e_password", n=len(password))


def _check(desk: Desk, form: Form) -> None:
    form.required("handle", desk.words, "register.e_handle")
    form.required("postal_code", desk.words, "register.e_postal_code")
    problem = password_problem(desk, form.value("password")) if form.value("kind") == OWN else None
    if problem:
        form.problem("password", problem)


def _fields(desk: Desk, form: Form) -> dict[str, object]:
    terms = desk.service.terms
    return {
        "account_id": form.derived_id("account"),
        "terms_version": terms.version,
        "terms_hash": terms.text_hash,
        "handle": form.value("handle"),
        "postal_code": form.value("postal_code"),
        "email": form.value("email").strip() or None,
        "password": form.value("password") if form.value("kind") == OWN else None,
    }


def _registered(desk: Desk, form: Form, receipt: Receipt, *, joined: bool) -> HTMLResponse:
    """Show what was issued. It answers the form itself, since nobody else may ever fetch it; sent again, it shows the same."""
    answer = receipt.answer
    response = desk.page("registered.html", answer=answer, email=form.value("email").strip(), joined=joined)
    try:
        session = open_session(desk, answer["login_id"], answer.get("passphrase") or form.value("password"))
    except (WrongCredentials, TooManyAttempts):
        return response
    hand_over(desk.request, response, session)
    return response


def _page(desk: Desk, form: Form) -> HTMLResponse:
    return desk.page("register.html", form, kinds=_kinds(desk))


def _join_page(desk: Desk, form: Form) -> HTMLResponse:
    return desk.page("join.html", form, kinds=_kinds(desk))


def _kinds(desk: Desk) -> list[Option]:
    words = desk.words
    return [
        Option(PASSPHRASE, str(words("register.passphrase")), str(words("register.passphrase_hint"))),
        Option(OWN, str(words("register.own")), str(words("register.own_hint"))),
    ]
