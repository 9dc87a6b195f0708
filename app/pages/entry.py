"""First entry of past doses: the grid of the maternal and child health handbook (母子健康手帳の表)."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from msgspec import Struct

from app.pages.access import PageRoute, Parent
from app.pages.dates import DateProblem, Part
from app.pages.desk import Desk
from app.pages.doubts import doubts
from app.pages.due import Due, GivenDose
from app.pages.forms import Form, Typed, blank
from app.pages.records import Folder, folder
from app.pages.writing import write
from commands.record_visit import GivenDose as DoseToRecord
from commands.record_visit import RecordVisit

router = APIRouter(prefix="/record/{child_id}/entry", route_class=PageRoute, include_in_schema=False)
TOLD = "doubted"
"""Each cell with its day whose doubt the form has shown."""


class Slot(Struct, frozen=True):
    """One cell of the grid, for the dose with this number."""

    number: int
    field: str
    label: Markup


class Filled(Struct, frozen=True):
    """A cell with a day in it, and the dose that is recorded for it."""

    item: Due
    slot: Slot
    day: date
    dose: DoseToRecord


class Box(Struct, frozen=True):
    """One vaccine's row of the grid: what is recorded already, and cells."""

    series: str
    name: str
    given: tuple[GivenDose, ...]
    slots: list[Slot]


@router.get("")
def show(desk: Parent, child_id: UUID) -> HTMLResponse:
    """The empty grid."""
    return _page(desk, folder(desk, desk.about(child_id)), blank())


@router.post("", response_model=None)
def save(desk: Parent, child_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Record every filled cell; those of one day become one visit. A dose that breaks a rule is named first, once."""
    held = folder(desk, desk.about(child_id))
    filled = _filled(desk, held, form)
    if form.good and not filled:
        form.problem("", desk.words("entry.e_none"))
    if form.good:
        _tell_doubts(desk, held, form, filled)
    if form.good and all(_record(desk, form, child_id, day, doses) for day, doses in _visits(filled).items()):
        return desk.go("/", done="entered", child=child_id)
    return _page(desk, held, form)


def boxes(desk: Desk, items: list[Due], form: Form) -> list[Box]:
    """The rows for some series, as the edition orders them."""
    order = list(desk.edition.series)
    begun = sorted(_begun(desk, items), key=lambda item: order.index(item.series))
    return [Box(item.series, item.name, item.given, _slots(desk, item, form)) for item in begun]


def _begun(desk: Desk, items: list[Due]) -> list[Due]:
    """No health checks, and nothing that cannot have been given yet."""
    return [item for item in items if not item.checkup and _may_have_begun(item, desk.today)]


def _may_have_begun(item: Due, today: date) -> bool:
    earliest = item.forecast.earliest
    return bool(item.given) or item.finished or earliest is None or earliest <= today


def _record(desk: Desk, form: Form, child_id: UUID, day: date, doses: list[DoseToRecord]) -> bool:
    """Each day is a command of its own, the same whenever the form is sent again: its id follows from what it records."""
    in_order = sorted(doses, key=lambda dose: dose.dose_id)
    told = f"{day} {' '.join(str(dose.dose_id) for dose in in_order)}"
    fields = {"child_id": child_id, "visit_id": form.derived_id(day), "given_on": day, "doses": in_order}
    return write(desk, form, RecordVisit, fields, command_id=form.derived_id(told)) is not None


def _filled(desk: Desk, held: Folder, form: Form) -> list[Filled]:
    found = []
    for item in _begun(desk, [*held.items, *held.alternatives]):
        for slot in _slots(desk, item, form):
            day = _day(desk, held, form, item, slot) if _is_filled(form, slot.field) else None
            if day:
                dose_id = form.derived_id(slot.field)
                found.append(Filled(item, slot, day, DoseToRecord(dose_id=dose_id, vaccine=_product(desk, item, dose_id))))
    return found


def _visits(filled: list[Filled]) -> dict[date, list[DoseToRecord]]:
    found: dict[date, list[DoseToRecord]] = defaultdict(list)
    for cell in filled:
        found[cell.day].append(cell.dose)
    return found


def _tell_doubts(desk: Desk, held: Folder, form: Form, filled: list[Filled]) -> None:
    """Show the grid again where it has not yet told of a dose that breaks a rule. What it has told is meant."""
    recorded = {dose.dose_id for dose in held.record.doses}
    new = [cell for cell in filled if cell.dose.dose_id not in recorded]
    found = zip(new, doubts(desk, held, [(cell.dose.vaccine, cell.day) for cell in new]), strict=True)
    doubtful = [(f"{cell.slot.field} {cell.day}", cell, text) for cell, text in found if text]
    if all(form.has(TOLD, name) for name, _, _ in doubtful):
        return
    for name, cell, text in doubtful:
        form.add(TOLD, name)
        form.problem(f"doubt-{cell.slot.field}", _which(desk, cell.item, cell.slot, text), f"{cell.slot.field}-y")


def _product(desk: Desk, item: Due, dose_id: UUID) -> str:
    """What the form has recorded for this dose, where it is sent again; else what is usually given next."""
    recorded = (dose.vaccine for dose in item.given if dose.dose_id == dose_id)
    return next(recorded, desk.names.products_of(item.forecast)[0])


def _day(desk: Desk, held: Folder, form: Form, item: Due, slot: Slot) -> date | None:
    """What stands in a filled cell, if it can be."""
    words = desk.words
    try:
        day = form.typed_date(slot.field).read(desk.today.year)
    except DateProblem as problem:
        _problem(desk, form, item, slot, words(problem.key, what=words("date.what_given")), problem.part)
        return None
    text = _impossible(desk, held, day) or (words("entry.e_meanwhile") if _is_taken(form, item, slot) else None)
    if text:
        _problem(desk, form, item, slot, text)
    return None if text else day


def _impossible(desk: Desk, held: Folder, day: date) -> Markup | None:
    """Only what cannot be is refused: before birth, and in the future."""
    words, born_on = desk.words, held.kid.born_on
    if day > desk.today:
        return words("refusal.dose_in_future", today=words.date(desk.today))
    return words("refusal.dose_before_birth", born_on=words.date(born_on, year=True)) if day < born_on else None


def _is_taken(form: Form, item: Due, slot: Slot) -> bool:
    """Whether somebody else has recorded this dose since the grid was opened, which shows no cell for a dose on record."""
    doses_max = slot.number + len(item.given)
    own = {form.derived_id(_field(item, number)) for number in range(1, doses_max + 1)}
    return slot.number <= sum(dose.dose_id not in own for dose in item.given)


def _problem(desk: Desk, form: Form, item: Due, slot: Slot, text: Markup, part: Part | None = None) -> None:
    form.date_problem(slot.field, _which(desk, item, slot, text), part)


def _which(desk: Desk, item: Due, slot: Slot, text: Markup) -> Markup:
    return desk.words("entry.e_which", vaccine=item.name, n=slot.label, text=text)


def _slots(desk: Desk, item: Due, form: Form) -> list[Slot]:
    """A cell for every dose that nobody has recorded, and for what was typed, though somebody may have recorded it meanwhile."""
    total = desk.names.doses_of(item.series)
    recorded = total if item.group == "done" else len(item.given)
    return [
        Slot(number, _field(item, number), desk.words("entry.once") if total == 1 else desk.words("entry.nth", n=number))
        for number in range(1, total + 1)
        if number > recorded or _is_filled(form, _field(item, number))
    ]


def _field(item: Due, number: int) -> str:
    return f"e-{item.series}-{number}"


def _is_filled(form: Form, field: str) -> bool:
    """A year alone, as it was filled in beforehand, counts as empty."""
    typed = form.typed_date(field)
    return bool(typed.month.strip() or typed.day.strip())


def _page(desk: Desk, held: Folder, form: Form) -> HTMLResponse:
    return desk.page("entry.html", form, boxes=boxes(desk, held.items, form), others=boxes(desk, held.alternatives, form))
