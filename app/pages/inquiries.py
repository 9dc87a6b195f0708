"""Ask the ward about using the service, and read its answers (お問い合わせ)."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from aggregates.inquiry.state import Inquiry, Standing
from aggregates.inquiry.thread import TEXT_MAX
from app.pages.access import PageRoute, Parent
from app.pages.banner import banner_of
from app.pages.desk import Desk
from app.pages.due import Badge
from app.pages.forms import Form, Typed, blank
from app.pages.options import Option
from app.pages.writing import write
from app.threads import own_inquiry
from commands.close_inquiry import CloseInquiry
from commands.continue_inquiry import ContinueInquiry
from commands.open_inquiry import OpenInquiry

router = APIRouter(prefix="/inquiries", route_class=PageRoute, include_in_schema=False)
_NOBODY = "none"
_SIGNS = {Standing.OPEN: ("off", "□"), Standing.ANSWERED: ("open", "○"), Standing.CLOSED: ("done", "●")}


@router.get("")
def show_all(desk: Parent) -> HTMLResponse:
    """The own inquiries, and the way to a new one."""
    inquiries = desk.service.queries.inquiries(desk.me)
    return desk.page("inquiries.html", lines=[(one, _badge(desk, Standing(one.standing))) for one in inquiries])


@router.get("/new")
def show_new(desk: Parent) -> HTMLResponse:
    """The empty form; no child is attached unless the guardian says so."""
    return _new(desk, blank(attach=_NOBODY))


@router.post("/new", response_model=None)
def ask(desk: Parent, form: Typed) -> HTMLResponse | RedirectResponse:
    """Send it to the ward."""
    text = _text(desk, form)
    child = form.choice("attach", [_NOBODY, *(str(kid.child_id) for kid in desk.kids)], desk.words, "inquiry.e_attach")
    inquiry_id = form.derived_id("inquiry")
    fields = {"inquiry_id": inquiry_id, "text": text, "child_id": None if child == _NOBODY else child}
    if form.good and write(desk, form, OpenInquiry, fields):
        return desk.go(f"/inquiries/{inquiry_id}", done="asked")
    return _new(desk, form)


@router.get("/{inquiry_id}")
def show(desk: Parent, inquiry_id: UUID, done: str = "") -> HTMLResponse:
    """All that was said, and room for more."""
    return _thread(desk, inquiry_id, blank(), done)


@router.post("/{inquiry_id}", response_model=None)
def say(desk: Parent, inquiry_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Write more."""
    text = _text(desk, form)
    fields = {"inquiry_id": inquiry_id, "message_id": form.derived_id("message"), "text": text}
    if form.good and write(desk, form, ContinueInquiry, fields):
        return desk.go(f"/inquiries/{inquiry_id}", done="asked")
    return _thread(desk, inquiry_id, form)


@router.post("/{inquiry_id}/close", response_model=None)
def close(desk: Parent, inquiry_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Nothing more is needed."""
    if write(desk, form, CloseInquiry, {"inquiry_id": inquiry_id}):
        return desk.go(f"/inquiries/{inquiry_id}", done="inquiry_closed")
    return _thread(desk, inquiry_id, form)


def _text(desk: Desk, form: Form) -> str:
    text = form.required("text", desk.words, "inquiry.e_text").replace("\r\n", "\n")
    if len(text) > TEXT_MAX:
        form.problem("text", desk.words("inquiry.e_long", max=TEXT_MAX, n=len(text)))
    return text


def _new(desk: Desk, form: Form) -> HTMLResponse:
    words = desk.words
    children = [Option(str(kid.child_id), str(words("inquiry.attach_child", child=kid.handle))) for kid in desk.kids]
    attach = [Option(_NOBODY, str(words("inquiry.attach_none"))), *children] if children else []
    return desk.page("inquiry_new.html", form, attach=attach, nobody=_NOBODY)


def _thread(desk: Desk, inquiry_id: UUID, form: Form, done: str = "") -> HTMLResponse:
    inquiry, _ = own_inquiry(desk.service, desk.me, inquiry_id)
    return desk.page(
        "inquiry.html",
        form,
        inquiry_id=inquiry_id,
        inquiry=inquiry,
        badge=_badge(desk, inquiry.standing),
        attached=_attached(desk, inquiry),
        closing=blank(),
        banner=banner_of(desk, done, None, None),
    )


def _attached(desk: Desk, inquiry: Inquiry) -> str:
    return next((kid.handle for kid in desk.kids if kid.child_id == inquiry.child_id), "")


def _badge(desk: Desk, standing: Standing) -> Badge:
    tone, sign = _SIGNS[standing]
    return Badge(tone, sign, desk.words(f"inquiry.s_{standing}"))
