"""The terms of use: read, agreed to, and agreed to again when they change (利用規約)."""

import re

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from app.pages.access import Anyone, PageRoute, Parent
from app.pages.desk import Desk
from app.pages.forms import Form, Typed, blank
from app.pages.writing import write
from commands.accept_terms import AcceptTerms

router = APIRouter(route_class=PageRoute, include_in_schema=False)
AGREED = "1"
_JAPANESE = re.compile("[ぁ-ヿ一-鿿]+")


@router.get("/terms")
def show(desk: Anyone) -> HTMLResponse:
    """The terms, and the way on to registering."""
    return _page(desk, blank())


@router.post("/terms", response_model=None)
def agree(desk: Anyone, form: Typed) -> HTMLResponse | RedirectResponse:
    """Agreeing comes before anything is asked; the consent itself is recorded with the registration."""
    if form.has("agreed", AGREED):
        return desk.go("/register", terms=desk.service.terms.text_hash)
    form.problem("agreed", desk.words("terms.e_agree"))
    return _page(desk, form)


@router.post("/terms/accept", response_model=None)
def accept(desk: Parent, form: Typed) -> HTMLResponse | RedirectResponse:
    """Agree to new terms."""
    terms = desk.service.terms
    if write(desk, form, AcceptTerms, {"terms_version": terms.version, "terms_hash": terms.text_hash}):
        return desk.go("/", done="terms")
    return _page(desk, form)


def terms_outdated(desk: Desk) -> bool:
    """Whether the reader has agreed to terms that are no longer in force."""
    return desk.account.terms_hash != desk.service.terms.text_hash


def paragraphs(desk: Desk) -> tuple[Markup, ...]:
    """The text in the reader's language, without its heading."""
    text = desk.service.terms.texts[desk.language.tag]
    lines = [Markup("{}").format(desk.words.read(line)) for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(lines if desk.words.japanese else map(_voiced, lines))


def _voiced(line: Markup) -> Markup:
    """A line with its Japanese terms marked, so that a screen reader says them in Japanese."""
    return Markup(_JAPANESE.sub(r'<span lang="ja">\g<0></span>', str(line)))  # noqa: S704 - escaped already


def _page(desk: Desk, form: Form) -> HTMLResponse:
    outdated = desk.signed_in and terms_outdated(desk)
    return desk.page("terms.html", form, terms=desk.service.terms, paragraphs=paragraphs(desk), outdated=outdated)
