"""Correct one recorded dose, or take it back (記録の訂正・取り消し)."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from aggregates.child.facts import VoidReason
from aggregates.refusal import NotFound
from app.pages.access import PageRoute, Parent
from app.pages.desk import Desk
from app.pages.due import GivenDose
from app.pages.forms import Form, Typed, blank
from app.pages.options import Option, settings
from app.pages.record import UNKNOWN
from app.pages.records import folder
from app.pages.text import Words
from app.pages.writing import write
from commands.correct_dose import CorrectDose
from commands.void_dose import VoidDose

router = APIRouter(prefix="/record/{child_id}/dose/{dose_id}", route_class=PageRoute, include_in_schema=False)


@router.get("")
def show(desk: Parent, child_id: UUID, dose_id: UUID) -> HTMLResponse:
    """The record as it stands, ready to be corrected."""
    dose = _dose(desk, child_id, dose_id)
    form = blank(vaccine=dose.vaccine, setting=dose.setting, unknown="" if dose.given_on else UNKNOWN)
    form.fill_date("on", dose.given_on)
    return _page(desk, dose, form, blank())


@router.post("", response_model=None)
def correct(desk: Parent, child_id: UUID, dose_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Put the record right; what stood before stays in the log."""
    dose = _dose(desk, child_id, dose_id)
    given_on = None if form.has("unknown", UNKNOWN) else form.date("on", desk.words, "given", desk.today.year)
    at = {"dose_in_future": "on", "dose_before_birth": "on", "dose_already_recorded": "twice", "unknown_vaccine": "vaccine"}
    fields = {
        "child_id": child_id,
        "dose_id": dose_id,
        "vaccine": form.value("vaccine"),
        "given_on": given_on,
        "setting": form.value("setting"),
        "confirm_duplicate": form.has("twice", "yes"),
    }
    if form.good and write(desk, form, CorrectDose, fields, at=at):
        return desk.go("/", done="dose_corrected", child=child_id)
    return _page(desk, dose, form, blank())


@router.post("/void", response_model=None)
def void(desk: Parent, child_id: UUID, dose_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Take the record back."""
    dose = _dose(desk, child_id, dose_id)
    reason = form.value("reason") or VoidReason.MISTAKE
    if write(desk, form, VoidDose, {"child_id": child_id, "dose_id": dose_id, "reason": reason}):
        return desk.go("/", done="undone", child=child_id)
    shown = blank(vaccine=dose.vaccine, setting=dose.setting)
    shown.fill_date("on", dose.given_on)
    shown.problems += form.problems
    return _page(desk, dose, shown, form)


def _dose(desk: Desk, child_id: UUID, dose_id: UUID) -> GivenDose:
    held = folder(desk, desk.about(child_id))
    found = next((dose for dose in held.record.doses if dose.dose_id == dose_id), None)
    if found is None:
        raise NotFound
    return found


def _page(desk: Desk, dose: GivenDose, form: Form, void_form: Form) -> HTMLResponse:
    void_form.fill("reason", VoidReason.MISTAKE.value)
    return desk.page(
        "dose.html",
        form,
        void_form=void_form,
        dose=dose,
        name=desk.names.product(dose.vaccine),
        products=desk.names.all_products(),
        settings=settings(desk.words),
        void_reasons=_void_reasons(desk.words),
        twice=form.problem_of("twice"),
    )


def _void_reasons(words: Words) -> list[Option]:
    texts = {
        VoidReason.MISTAKE: words("dose.void_mistake"),
        VoidReason.WRONG_CHILD: words("dose.void_wrong_child"),
        VoidReason.DUPLICATE: words("dose.void_duplicate"),
    }
    return [Option(reason.value, str(text)) for reason, text in texts.items()]
