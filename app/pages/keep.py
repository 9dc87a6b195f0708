"""The question whether an old mail address is still its owner's (宛先の再確認), in the app and behind the link of its mail."""

from uuid import uuid4

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from msgspec import Struct

from app.pages.access import Anyone, PageRoute, Parent
from app.pages.desk import Desk
from app.pages.forms import Typed, blank
from app.pages.writing import write
from commands.keep_email import KeepEmail
from commands.work import ACCOUNT
from notifier.rhythm import Rhythm

router = APIRouter(route_class=PageRoute, include_in_schema=False)


class Question(Struct, frozen=True):
    """What is asked, on every page that asks it."""

    address: str
    command: str
    paused: bool


def question_of(desk: Desk) -> Question | None:
    """The question to whoever is signed in; None where nothing needs to be asked."""
    account = desk.account
    paused = account.email_state == "unanswered"
    return Question(address_held(desk), str(uuid4()), paused) if paused or _is_old(desk) else None


def address_held(desk: Desk) -> str:
    """The own address. It lies in the log alone, so it is read from there."""
    account, _ = desk.service.ward.state(desk.me, ACCOUNT.project)
    return account.email or ""


@router.post("/menu/mail/keep")
def keep(desk: Parent, form: Typed) -> RedirectResponse:
    """One tap; where the address was changed meanwhile the page on mail says how it stands."""
    kept = write(desk, form, KeepEmail)
    return desk.go("/menu/mail", done="mail_kept" if kept else "")


@router.get("/mail/keep/{token}")
def show(desk: Anyone, token: str) -> HTMLResponse:
    """The page behind the link in the mail. Opening it changes nothing: scanners of mail open links too."""
    return desk.page("keep.html", blank(), token=token)


@router.post("/mail/keep/{token}", response_model=None)
def keep_by_mail(desk: Anyone, token: str, form: Typed) -> HTMLResponse | RedirectResponse:
    """The button was pressed. One need not be signed in."""
    if write(desk, form, KeepEmail, {"token": token}):
        return desk.go("/mail/confirmed")
    form.problems.clear()
    form.problem("", desk.words("mail.confirm_failed"))
    return desk.page("keep.html", form, token=token)


def _is_old(desk: Desk) -> bool:
    account, settings = desk.account, desk.service.settings
    rhythm = Rhythm(settings.address_trusted_days, settings.address_answer_days)
    return account.mailable and account.wishes_any and rhythm.is_old(account.confirmed_on, desk.today)
