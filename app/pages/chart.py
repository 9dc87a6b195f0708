"""The age chart as a list: every series with its windows, in groups by what is to be done (年齢表)."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from msgspec import Struct

from app.pages.access import PageRoute, Parent
from app.pages.ahead import later_doses, listed, outlook
from app.pages.bars import Axis, Bar, axis_for, bar
from app.pages.desk import Desk
from app.pages.due import Due, GivenDose, Group, in_group
from app.pages.gantt import gantt
from app.pages.records import Folder, folder
from schedule.japan.expecting import Expected

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_GROUPS: tuple[Group, ...] = ("near", "now", "later", "done", "closed")


class Section(Struct, frozen=True):
    """One group of the list."""

    group: Group
    items: list[Due]


@router.get("/chart", response_model=None)
def choose(desk: Parent) -> HTMLResponse | RedirectResponse:
    """The chart of the only child, or the question which child is meant."""
    return choose_child(desk, "chart")


@router.get("/chart/{child_id}")
def chart(desk: Parent, child_id: UUID) -> HTMLResponse:
    """One child's chart."""
    held = folder(desk, desk.about(child_id))
    axis = axis_for(held, desk.words)
    later = later_doses(outlook(desk, held))
    drawn = bars(held, axis, later)
    return desk.page(
        "chart.html",
        sections=sections(held),
        doses=len(held.record.doses),
        plans=len(held.record.visits),
        soon=[item for item in held.items if item.recommended_soon_over],
        others=unplaced(held),
        axis=axis,
        bars=drawn,
        gantt=gantt(held, axis, desk.words, drawn),
        later=listed(desk, held, later),
        lifts=postponed(held),
        lift_command=uuid4(),
    )


def choose_child(desk: Desk, section: str) -> HTMLResponse | RedirectResponse:
    """Ask which child is meant; with one child there is nothing to ask, with none something to do first."""
    if not desk.kids:
        return desk.go("/child/new")
    if len(desk.kids) == 1:
        return desk.go(f"/{section}/{desk.kids[0].child_id}")
    return desk.page("choose.html", section=section)


def sections(held: Folder) -> list[Section]:
    """The groups that have something in them."""
    found = [Section(group, in_group(held.items, group)) for group in _GROUPS]
    return [section for section in found if section.items]


def postponed(held: Folder) -> list[UUID]:
    """The postponements that hold. Each has one form, which the buttons of all its series share."""
    return list(dict.fromkeys(item.postponement.postponement_id for item in held.items if item.postponement))


def unplaced(held: Folder) -> list[GivenDose]:
    """Doses that stand in no series of the list, or have no known day."""
    shown = {item.series for item in held.items}
    return [dose for dose in held.record.doses if dose.given_on is None or not shown & set(dose.series)]


def bars(held: Folder, axis: Axis, later: Mapping[str, Sequence[Expected]]) -> dict[str, Bar]:
    """The small bar of every series."""
    return {item.series: bar(item, axis, later.get(item.series, ())) for item in held.items}
