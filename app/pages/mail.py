"""Reminder mail: address, wishes, and the button that confirms an address (お知らせメール)."""

from types import MappingProxyType

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from aggregates.account.facts import Language
from app.pages.access import Anyone, PageRoute, Parent
from app.pages.banner import banner_of
from app.pages.desk import Desk
from app.pages.forms import Form, Typed, blank
from app.pages.keep import address_held, question_of
from app.pages.mailing import mail_lines
from app.pages.mails import told
from app.pages.options import Option
from app.pages.text import LANGUAGES
from app.pages.text import Language as PageLanguage
from app.pages.writing import write
from commands.command import Command
from commands.confirm_email import ConfirmEmail
from commands.give_email import GiveEmail
from commands.remove_email import RemoveEmail
from commands.set_mail_wishes import SetMailWishes
from commands.work import ACCOUNT

router = APIRouter(route_class=PageRoute, include_in_schema=False)
LOST = frozenset({"failing", "unanswered"})
"""States in which saving an address again, changed or not, asks for another confirmation."""
WISHES = ("vaccinations", "checkups", "notices")
CARRIERS = MappingProxyType({"docomo": 3, "au": 2, "softbank": 2})
"""Steps with which each carrier's customers let our mail through."""
_SOON, _RECENT = 6, 3
"""How many mails to come are in sight, and how many of those that were sent."""


@router.get("/menu/mail")
def show(desk: Parent, done: str = "") -> HTMLResponse:
    """Address and wishes as they stand."""
    account = desk.account
    wishes = dict(zip(WISHES, (account.wish_vaccinations, account.wish_checkups, account.wish_notices), strict=True))
    form = blank(address=address_held(desk), language=account.language)
    form.fill("wish", *(name for name, wished in wishes.items() if wished))
    return _page(desk, form, done)


@router.post("/menu/mail", response_model=None)
def save(desk: Parent, form: Typed) -> HTMLResponse | RedirectResponse:
    """Save the wishes, and the address where it changed. An empty field removes it."""
    wishes = {name: form.has("wish", name) for name in WISHES}
    language = form.value("language") or Language.JAPANESE
    saved = write(desk, form, SetMailWishes, {**wishes, "language": language})
    address, held = form.value("address").strip(), address_held(desk)
    if saved and (address != held or desk.account.email_state in LOST):
        return _save_address(desk, form, address)
    return desk.go("/menu/mail", done="mail_saved") if saved else _page(desk, form, "")


@router.post("/menu/mail/again", response_model=None)
def ask_again(desk: Parent, form: Typed) -> HTMLResponse | RedirectResponse:
    """Another confirmation mail to the same address; where it was confirmed meanwhile nothing is sent."""
    if write(desk, form, GiveEmail, {"address": address_held(desk)}, at={"invalid_email": ""}):
        return desk.go("/menu/mail", done="mail_sent" if _is_asked(desk) else "")
    return _page(desk, form, "")


@router.get("/mail/confirm/{token}")
def show_confirmation(desk: Anyone, token: str) -> HTMLResponse:
    """The page behind the link in the mail. Opening it changes nothing: scanners of mail open links too."""
    return desk.page("confirm.html", blank(), token=token)


@router.post("/mail/confirm/{token}", response_model=None)
def confirm(desk: Anyone, token: str, form: Typed) -> HTMLResponse | RedirectResponse:
    """The button was pressed. One need not be signed in."""
    if write(desk, form, ConfirmEmail, {"token": token}):
        return desk.go("/mail/confirmed")
    form.problems.clear()
    form.problem("", desk.words("mail.confirm_failed"))
    return desk.page("confirm.html", form, token=token)


@router.get("/mail/confirmed")
def confirmed(desk: Anyone) -> HTMLResponse:
    """Thanks, and the way home."""
    return desk.page("confirmed.html")


def _save_address(desk: Desk, form: Form, address: str) -> HTMLResponse | RedirectResponse:
    kind: type[Command] = GiveEmail if address else RemoveEmail
    fields = {"address": address} if address else {}
    if write(desk, form, kind, fields, at={"invalid_email": "address"}, command_id=form.derived_id("address")):
        return desk.go("/menu/mail", done="mail_sent" if _is_asked(desk) else "mail_saved")
    return _page(desk, form, "")


def _is_asked(desk: Desk) -> bool:
    """Whether a confirmation is asked for: not where the same address was only written in another way."""
    account, _ = desk.service.ward.state(desk.me, ACCOUNT.project)
    return account.email is not None and not account.address_good


def _page(desk: Desk, form: Form, done: str) -> HTMLResponse:
    words, mails = desk.words, told(desk)
    kinds = [Option(name, str(words(f"mail.wish_{name}")), str(words(f"mail.wish_{name}_hint"))) for name in WISHES]
    return desk.page(
        "mail.html",
        form,
        kinds=kinds,
        mail_languages=[_named(language) for language in LANGUAGES if language.code in set(Language)],
        sender=desk.service.settings.mail_sender.rpartition("@")[2],
        banner=banner_of(desk, done, None, None),
        question=question_of(desk),
        again=blank(),
        carriers=CARRIERS,
        told=mails,
        recent=_RECENT,
        arrived=next((one for one in mails if one.arrived), None),
        soon=_SOON,
        lines=mail_lines(desk) if desk.account.mailable else [],
    )


def _named(language: PageLanguage) -> Option:
    """A language by its own name, and to a screen reader in its own voice."""
    return Option(language.code, Markup('<span lang="{}">{}</span>').format(language.tag, language.name))
