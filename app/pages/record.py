"""Record what was given at one visit: one tick a dose, the child in the address, band, heading and button (接種の記録)."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from msgspec import Struct

from aggregates.child.facts import Setting
from app.pages.access import PageRoute, Parent
from app.pages.chart import choose_child
from app.pages.conflict import BOTH, ask_about_doses, conflict_of, doses_given, note_known, version
from app.pages.desk import Desk
from app.pages.due import Due, Visit, possible_on
from app.pages.forms import Form, Typed, blank
from app.pages.options import Option, settings
from app.pages.records import Folder, folder
from app.pages.writing import write
from commands.record_visit import GivenDose, RecordVisit
from commands.void_dose import VoidDose

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNKNOWN = "unknown"
_AT = {"dose_in_future": "on", "dose_before_birth": "on", "dose_already_recorded": BOTH}


class ProductChoice(Struct, frozen=True):
    """A series for which several products may have been used."""

    series: str
    name: str
    options: list[Option]


@router.get("/record", response_model=None)
def choose(desk: Parent) -> HTMLResponse | RedirectResponse:
    """The form for the only child, or the question which child is meant."""
    return choose_child(desk, "record")


@router.get("/record/{child_id}")
def show(desk: Parent, child_id: UUID, visit: UUID | None = None) -> HTMLResponse:
    """The empty form; what a planned visit was for is ticked already."""
    held = folder(desk, desk.about(child_id))
    planned = _visit(held, visit)
    form = blank(visit=str(visit) if planned else "")
    if planned:
        form.fill("v", *planned.series)
    form.fill_date("on", min(planned.on, desk.today) if planned else desk.today)
    note_known(form, held.items, doses_given())
    return _page(desk, held, form)


@router.post("/record/{child_id}", response_model=None)
def record(desk: Parent, child_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Record the ticked doses as one visit."""
    held = folder(desk, desk.about(child_id))
    given_on = None if form.has("unknown", UNKNOWN) else form.date("on", desk.words, "given", desk.today.year)
    doses = _doses(desk, held, form)
    if not doses:
        form.problem("v", desk.words("record.e_none"), "what")
    ask_about_doses(form, _ticked(held, form), {dose.dose_id for dose in doses}, desk.words)
    visit = _visit(held, form.id("visit"))
    visit_id = visit.visit_id if visit else form.derived_id("visit")
    fields = {
        "child_id": child_id,
        "visit_id": visit_id,
        "given_on": given_on,
        "doses": doses,
        "confirm_duplicate": form.has(BOTH, "yes"),
    }
    if form.good and write(desk, form, RecordVisit, fields, at=_AT):
        return desk.go("/", done="recorded_as_planned" if visit else "recorded", child=child_id, of=visit_id)
    return _page(desk, held, form, given_on)


@router.post("/record/{child_id}/undo/{visit_id}", response_model=None)
def undo(desk: Parent, child_id: UUID, visit_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Take back every dose of one visit, by a correction that stays in the record."""
    held = folder(desk, desk.about(child_id))
    for dose in held.record.doses:
        if dose.visit_id == visit_id:
            fields = {"child_id": child_id, "dose_id": dose.dose_id}
            write(desk, form, VoidDose, fields, command_id=form.derived_id(dose.dose_id))
    return desk.go("/", done="undone", child=child_id) if form.good else desk.page("failed.html", form)


def product_field(series: str) -> str:
    """The field that says which product was used for a series."""
    return f"product-{series}"


def _doses(desk: Desk, held: Folder, form: Form) -> list[GivenDose]:
    """The ticked doses. Their ids follow from the form, so that sending it again changes nothing."""
    setting = form.value("setting") if form.value("setting") in set(Setting) else Setting.SELF_PAID.value
    chosen = [(_product(desk, item, form), Setting.ROUTINE.value) for item in held.items if form.has("v", item.series)]
    chosen += [(code, setting) for code in form.values("other") if desk.names.knows(code)]
    products = dict(reversed(chosen))
    return [GivenDose(dose_id=form.derived_id(code), vaccine=code, setting=Setting(products[code])) for code in sorted(products)]


def _ticked(held: Folder, form: Form) -> list[Due]:
    return [item for item in held.items if form.has("v", item.series)]


def _product(desk: Desk, item: Due, form: Form) -> str:
    codes = desk.names.products_of(item.forecast)
    typed = form.value(product_field(item.series))
    return typed if typed in codes else codes[0]


def _page(desk: Desk, held: Folder, form: Form, given_on: date | None = None) -> HTMLResponse:
    planned = _visit(held, form.id("visit"))
    asked = [item for item in _ticked(held, form) if item.given]
    ticked = set(form.values("v"))
    open_items = [item for item in held.items if not item.finished or item.series in ticked]
    choices = [item for item in open_items if desk.names.products_of(item.forecast)]
    now = {item.series for item in possible_on(choices, desk.today)} | set(planned.series if planned else ()) | ticked
    form.fill("setting", Setting.SELF_PAID.value)
    return desk.page(
        "record.html",
        form,
        planned=planned,
        now=[_option(desk, item, planned) for item in choices if item.series in now],
        later=[_option(desk, item, planned) for item in choices if item.series not in now],
        products=[_product_choice(desk, item, form) for item in choices if len(desk.names.products_of(item.forecast)) > 1],
        others=desk.names.all_products(),
        settings=settings(desk.words),
        conflict=conflict_of(form, asked, [version(desk.words, item.name, given_on) for item in asked], desk.words),
    )


def _option(desk: Desk, item: Due, planned: Visit | None) -> Option:
    if planned and item.series in planned.series:
        return Option(item.series, item.full_name, str(desk.words("record.was_planned")))
    return Option(item.series, item.full_name, item.sub)


def _product_choice(desk: Desk, item: Due, form: Form) -> ProductChoice:
    codes = desk.names.products_of(item.forecast)
    form.fill(product_field(item.series), codes[0])
    return ProductChoice(item.series, item.name, [Option(code, desk.names.product(code)) for code in codes])


def _visit(held: Folder, visit_id: UUID | None) -> Visit | None:
    return next((visit for visit in held.record.visits if visit.visit_id == visit_id), None)
