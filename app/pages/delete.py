"""Delete the account, with a receipt (アカウントの削除)."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from app.pages.access import Anyone, PageRoute, Parent
from app.pages.desk import Desk
from app.pages.forms import Form, Typed, blank
from app.pages.sessions import end_session
from app.pages.writing import write
from commands.delete_account import DeleteAccount

router = APIRouter(route_class=PageRoute, include_in_schema=False)
CHECKED = "1"
RECEIPT = "erased"


@router.get("/menu/delete")
def show(desk: Parent) -> HTMLResponse:
    """What goes and what stays, and the button."""
    return _page(desk, blank())


@router.post("/menu/delete", response_model=None)
def delete(desk: Parent, form: Typed) -> HTMLResponse | RedirectResponse:
    """Delete it; the receipt is the sealed position of the fact that says so."""
    if not form.has("checked", CHECKED):
        form.problem("checked", desk.words("delete.e_agree"))
        return _page(desk, form)
    receipt = write(desk, form, DeleteAccount)
    if receipt is None:
        return _page(desk, form)
    response = desk.go("/deleted", receipt=desk.service.positions.seal(receipt.position, RECEIPT))
    end_session(desk, response)
    return response


@router.get("/deleted")
def deleted(desk: Anyone, receipt: str) -> HTMLResponse:
    """The receipt. It names a place in the log and nobody."""
    return desk.page("deleted.html", receipt=receipt)


def _page(desk: Desk, form: Form) -> HTMLResponse:
    """Whoever was removed from the household leaves alone."""
    household = desk.service.queries.household_of(desk.me)
    guardians = household.guardians if household else []
    return desk.page("delete.html", form, kids=desk.kids if guardians else [], last=len(guardians) == 1)
