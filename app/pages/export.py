"""Everything that is held, to take along: as a file, or on paper (預かっているもの全部)."""

from collections.abc import Iterator
from datetime import date

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from msgspec import Struct

from app.held import HeldChild, as_json, everything_held
from app.pages.access import PageRoute, Parent
from app.pages.desk import Desk
from app.pages.mails import told
from app.pages.mydata import views_of
from projections.views import DoseView

router = APIRouter(prefix="/menu/data", route_class=PageRoute, include_in_schema=False)


class Paper(Struct, frozen=True):
    """One child on paper; everything in words."""

    handle: str
    sex: str
    born_on: date
    doses: list[tuple[str, DoseView]]
    plans: list[str]


@router.get("/export")
def export(desk: Parent) -> Response:
    """The file. It is not kept on the device by us."""
    content = as_json(everything_held(desk.service, desk.me))
    name = f'attachment; filename="hagukumi-{desk.today.isoformat()}.json"'
    return Response(content, media_type="application/json", headers={"Content-Disposition": name})


@router.get("/print")
def show(desk: Parent) -> HTMLResponse:
    """The same on one page, as it stands now, for whoever belongs to a household."""
    handles = {kid.child_id: kid.handle for kid in desk.kids}
    held = everything_held(desk.service, desk.me)
    return desk.page(
        "held.html",
        held=held,
        children=[_paper(desk, child) for child in held.children],
        inquiries=[(one, handles.get(one.child_id) if one.child_id else "") for one in held.inquiries],
        views=views_of(desk, held.staff_views),
        mails=told(desk, most=None),
    )


def _paper(desk: Desk, child: HeldChild) -> Paper:
    profile = child.profile
    sex = desk.words("common.girl" if profile.sex == "F" else "common.boy") if profile.sex else ""
    doses = [(desk.names.product(dose.vaccine), dose) for dose in child.doses]
    return Paper(profile.handle, str(sex), profile.born_on, doses, list(_plans(desk, child)))


def _plans(desk: Desk, child: HeldChild) -> Iterator[str]:
    """What is planned, put off, closed or extended, one line each."""
    words, profile = desk.words, child.profile
    for visit in child.visits:
        yield str(words("held.planned", date=words.day(visit.on_day, year=True), what=_series(desk, visit.series)))
    for one in child.postponements:
        reason, what = words(f"reason.{one.reason}"), _series(desk, one.series)
        if one.until_day is None:
            yield str(words("held.postponed", what=what, why=reason))
        else:
            yield str(words("held.postponed_until", date=words.day(one.until_day, year=True), what=what, why=reason))
    if profile.closed_series:
        yield str(words("held.closed", what=_series(desk, profile.closed_series)))
    if profile.extension_from is not None:
        yield str(words("held.extension", date=words.day(profile.extension_from, year=True)))
    if profile.moved_out:
        yield str(words("home.moved_out"))


def _series(desk: Desk, codes: list[str]) -> str:
    return desk.words.join([desk.names.series(code) for code in codes])
