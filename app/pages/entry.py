"""First entry of past doses: the grid of the maternal and child health handbook (母子健康手帳の表)."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from msgspec import Struct

from app.pages.access import PageRoute, Parent
from app.pages.dates import DateProblem
from app.pages.desk import Desk
from app.pages.due import Due, GivenDose
from app.pages.forms import Form, Typed, blank
from app.pages.records import Folder, folder
from app.pages.writing import write
from commands.record_visit import GivenDose as DoseToRecord
from commands.record_visit import RecordVisit

router = APIRouter(prefix="/record/{child_id}/entry", route_class=PageRoute, include_in_schema=False)


class Slot(Struct, frozen=True):
    """One empty cell of the grid."""

    field: str
    label: Markup


class Box(Struct, frozen=True):
    """One vaccine's row of the grid: what is recorded already, and empty cells."""

    series: str
    name: str
    product: str
    given: tuple[GivenDose, ...]
    slots: list[Slot]


@router.get("")
def show(desk: Parent, child_id: UUID) -> HTMLResponse:
    """The empty grid."""
    return _page(desk, folder(desk, desk.about(child_id)), blank())


@router.post("", response_model=None)
def save(desk: Parent, child_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Record every filled cell; those of one day become one visit."""
    held = folder(desk, desk.about(child_id))
    visits = _visits(desk, held, form)
    if form.good and not visits:
        form.problem("", desk.words("entry.e_none"))
    if form.good and all(_record(desk, form, child_id, day, doses) for day, doses in visits.items()):
        return desk.go("/", done="entered", child=child_id)
    return _page(desk, held, form)


def boxes(desk: Desk, items: list[Due]) -> list[Box]:
    """The rows for some series, as the edition orders them: no health checks, and nothing that cannot have been given yet."""
    begun = [item for item in items if not item.checkup and _may_have_begun(item, desk.today)]
    order = list(desk.edition.series)
    return [_box(desk, item) for item in sorted(begun, key=lambda item: order.index(item.series))]


def _record(desk: Desk, form: Form, child_id: UUID, day: date, doses: list[DoseToRecord]) -> bool:
    """Each day is a command of its own, whose id follows from the form and from what is recorded."""
    told = f"{day} {' '.join(sorted(str(dose.dose_id) for dose in doses))}"
    fields = {"child_id": child_id, "visit_id": form.derived_id(day), "given_on": day, "doses": doses}
    return write(desk, form, RecordVisit, fields, command_id=form.derived_id(told)) is not None


def _visits(desk: Desk, held: Folder, form: Form) -> dict[date, list[DoseToRecord]]:
    found: dict[date, list[DoseToRecord]] = defaultdict(list)
    for box in boxes(desk, [*held.items, *held.alternatives]):
        for slot in box.slots:
            day = _day(desk, held, form, box, slot)
            if day:
                found[day].append(DoseToRecord(dose_id=form.derived_id(slot.field), vaccine=box.product))
    return found


def _day(desk: Desk, held: Folder, form: Form, box: Box, slot: Slot) -> date | None:
    """What stands in one cell; a year alone, as it was filled in beforehand, counts as empty."""
    typed, words = form.typed_date(slot.field), desk.words
    if not typed.month.strip() and not typed.day.strip():
        return None
    try:
        day = typed.read(desk.today.year)
    except DateProblem as problem:
        text = words(problem.key, what=words("date.what_given"))
        form.date_problem(slot.field, words("entry.e_which", vaccine=box.name, n=slot.label, text=text), problem.part)
        return None
    return day if _lived(desk, held, form, box, slot, day) else None


def _lived(desk: Desk, held: Folder, form: Form, box: Box, slot: Slot, day: date) -> bool:
    """Only what cannot be is refused: before birth, and in the future."""
    words, born_on = desk.words, held.kid.born_on
    if born_on <= day <= desk.today:
        return True
    if day > desk.today:
        text = words("refusal.dose_in_future", today=words.date(desk.today))
    else:
        text = words("refusal.dose_before_birth", born_on=words.date(born_on, year=True))
    form.date_problem(slot.field, words("entry.e_which", vaccine=box.name, n=slot.label, text=text))
    return False


def _may_have_begun(item: Due, today: date) -> bool:
    earliest = item.forecast.earliest
    return bool(item.given) or item.finished or earliest is None or earliest <= today


def _box(desk: Desk, item: Due) -> Box:
    begin = len(item.given)
    slots = [Slot(f"e-{item.series}-{n}", _label(desk, n, begin + _missing(desk, item))) for n in _numbers(desk, item)]
    return Box(item.series, item.name, desk.names.products_of(item.forecast)[0], item.given, slots)


def _numbers(desk: Desk, item: Due) -> range:
    begin = len(item.given) + 1
    return range(begin, begin + _missing(desk, item))


def _missing(desk: Desk, item: Due) -> int:
    if item.group == "done":
        return 0
    return max(desk.names.doses_of(item.series) - len(item.given), 0)


def _label(desk: Desk, n: int, total: int) -> Markup:
    return desk.words("entry.once") if total == 1 else desk.words("entry.nth", n=n)


def _page(desk: Desk, held: Folder, form: Form) -> HTMLResponse:
    return desk.page("entry.html", form, boxes=boxes(desk, held.items), others=boxes(desk, held.alternatives))
