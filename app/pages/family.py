"""The household: guardians, and the code that lets a second one in (家族)."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from aggregates.refusal import NotFound
from app.pages.access import PageRoute, Parent
from app.pages.banner import banner_of
from app.pages.desk import Desk
from app.pages.forms import Form, Typed, blank
from app.pages.writing import write
from commands.invite_guardian import InviteGuardian
from commands.remove_guardian import RemoveGuardian
from commands.withdraw_invitation import WithdrawInvitation

router = APIRouter(prefix="/menu/family", route_class=PageRoute, include_in_schema=False)


@router.get("")
def show(desk: Parent, done: str = "") -> HTMLResponse:
    """Who belongs together, and which codes are open."""
    return _page(desk, blank(), done)


@router.post("/invite")
def invite(desk: Parent, form: Typed) -> HTMLResponse:
    """Make a code. It answers the form itself, since it is shown once; sent again, the form shows the same."""
    receipt = write(desk, form, InviteGuardian, {"invitation_id": form.derived_id("invitation")})
    if receipt is None:
        return _page(desk, form, "")
    expires_on = date.fromisoformat(receipt.answer["expires_on"])
    return desk.page("invited.html", code=receipt.answer["code"], expires_on=expires_on)


@router.post("/withdraw/{invitation_id}", response_model=None)
def withdraw(desk: Parent, invitation_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Make a code useless."""
    fields = {"invitation_id": invitation_id}
    if write(desk, form, WithdrawInvitation, fields, command_id=form.derived_id(invitation_id)):
        return desk.go("/menu/family", done="withdrawn")
    return _page(desk, form, "")


@router.get("/remove/{account_id}")
def show_removal(desk: Parent, account_id: UUID) -> HTMLResponse:
    """What removing means, and the button.

    Raises:
        NotFound: nobody of the household has this account.
    """
    guardian = next((one for one in desk.household.guardians if one.account_id == account_id), None)
    if guardian is None:
        raise NotFound
    return desk.page("remove.html", blank(), guardian=guardian)


@router.post("/remove/{account_id}", response_model=None)
def remove(desk: Parent, account_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """The guardian can no longer see or record."""
    if write(desk, form, RemoveGuardian, {"account_id": account_id}):
        return desk.go("/menu/family", done="removed")
    return _page(desk, form, "")


def _page(desk: Desk, form: Form, done: str) -> HTMLResponse:
    open_codes = [invitation for invitation in desk.household.invitations if invitation.expires_on >= desk.today]
    return desk.page("family.html", form, banner=banner_of(desk, done, None, None), invitations=open_codes)
