"""Put vaccinations off for a coarse reason, after seeing what that changes (延期)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

import msgspec
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from msgspec import Struct

from app.pages.access import PageRoute, Parent
from app.pages.ahead import moves
from app.pages.conflict import BOTH, Conflict, changed, note_known, plans
from app.pages.desk import Desk
from app.pages.due import Badge, Due, Postponement, Visit, on_card
from app.pages.forms import Form, Typed, blank
from app.pages.kids import Kid
from app.pages.options import Option, reasons
from app.pages.otherdays import over_by
from app.pages.plan import leave_visits
from app.pages.records import Folder, folder
from app.pages.text import Words
from app.pages.writing import write
from commands.lift_postponement import LiftPostponement
from commands.plan_visit import PlanVisit
from commands.postpone_visit import PostponeVisit

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_AT = {"day_in_past": "at", "day_too_far": "at"}
WEEKS = (1, 2, 4)
UNDECIDED, OTHER = "undecided", "other"
_OWN = "postponement"
"""What the id of the form's own postponement follows from."""
_AHEAD_YEARS = 2


class Change(Struct, frozen=True):
    """One line of the comparison: how a series stands now and how it will."""

    name: str
    now: Markup
    after: Badge
    detail: Markup


class Choice(Struct, frozen=True):
    """The new day as chosen; `until` is None where it is left open."""

    decided: bool
    until: date | None


@router.get("/plan/{child_id}/postpone")
def show(desk: Parent, child_id: UUID, visit: UUID | None = None) -> HTMLResponse:
    """The empty form."""
    held = folder(desk, desk.about(child_id))
    form = blank(visit=str(visit or ""))
    form.fill("series", *(item.series for item in _items(held, form, desk.today)))
    note_known(form, held.items, plans)
    return _page(desk, held, form, Choice(decided=False, until=None))


@router.post("/plan/{child_id}/postpone", response_model=None)
def postpone(desk: Parent, child_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Show what changes, or put it off."""
    held = folder(desk, desk.about(child_id))
    choice = _choice(desk, form)
    previewed = form.value("do") == "preview"
    if not previewed:
        form.choice("reason", (option.value for option in reasons(desk.words)), desk.words, "postpone.e_reason")
    if not form.values("series"):
        form.problem("series", desk.words("postpone.e_what"), "what")
    if not previewed:
        _ask_about_plans(desk, held, form)
    if form.good and not previewed and _carry_out(desk, held, form, choice):
        return desk.go("/", done="postponed", child=child_id, of=form.derived_id(_OWN))
    return _page(desk, held, form, choice)


@router.post("/plan/{child_id}/lift/{postponement_id}", response_model=None)
def lift(desk: Parent, child_id: UUID, postponement_id: UUID, form: Typed) -> HTMLResponse | RedirectResponse:
    """Vaccinations need not wait any longer."""
    desk.about(child_id)
    fields = {"child_id": child_id, "postponement_id": postponement_id}
    if write(desk, form, LiftPostponement, fields, command_id=form.derived_id(postponement_id)):
        return desk.go("/", done="lifted", child=child_id)
    return desk.page("failed.html", form)


def compare(items: list[Due], until: date | None, words: Words) -> list[Change]:
    """How each series stands now and how it stands on the new day."""
    return [_change(item, until, words) for item in items]


def _ask_about_plans(desk: Desk, held: Folder, form: Form) -> None:
    """Find plans, postponements and doses that others have written since the form was opened; its own, sent again, is none."""
    if form.derived_id(_OWN) in {postponement.postponement_id for postponement in held.record.postponements}:
        return
    news = changed(form, _chosen(held, form), plans)
    if news:
        form.problem(BOTH, desk.words("postpone.e_meanwhile", vaccines=desk.words.join([item.name for item in news])))


def _conflict(desk: Desk, held: Folder, form: Form, choice: Choice) -> Conflict | None:
    if form.problem_of(BOTH) is None:
        return None
    words, asked = desk.words, _chosen(held, form)
    wanted = words("badge.postponed_until", date=words.date(choice.until)) if choice.until else words("badge.postponed")
    return Conflict(
        [words("postpone.version", vaccine=item.full_name, standing=item.badge.words) for item in asked],
        [words("postpone.version", vaccine=item.full_name, standing=wanted) for item in asked],
    )


def _carry_out(desk: Desk, held: Folder, form: Form, choice: Choice) -> bool:
    """Record the reason, in place of what held until now; then take the planned visit along to the new day."""
    series = tuple(form.values("series"))
    wanted = Postponement(form.derived_id(_OWN), series, form.value("reason"), choice.until)
    written = _postpone(desk, form, held.kid, wanted, form.command_id)
    return written and _replace(desk, held, form, series) and _move_visit(desk, held, form, choice.until, series)


def _postpone(desk: Desk, form: Form, kid: Kid, wanted: Postponement, command_id: UUID) -> bool:
    fields = {"child_id": kid.child_id, **msgspec.structs.asdict(wanted)}
    return write(desk, form, PostponeVisit, fields, at=_AT, command_id=command_id) is not None


def _replace(desk: Desk, held: Folder, form: Form, series: Collection[str]) -> bool:
    """The last word on a series holds: earlier postponements are lifted, and stay for their other series."""
    own = form.derived_id(_OWN)
    earlier = [
        postponement
        for postponement in held.record.postponements
        if postponement.postponement_id != own and set(postponement.series) & set(series) and postponement.holds(desk.today)
    ]
    return all(_lift(desk, held.kid, form, postponement, series) for postponement in earlier)


def _lift(desk: Desk, kid: Kid, form: Form, earlier: Postponement, series: Collection[str]) -> bool:
    rest = tuple(code for code in earlier.series if code not in series)
    kept = form.derived_id(f"rest of {earlier.postponement_id}")
    if rest and not _postpone(desk, form, kid, msgspec.structs.replace(earlier, postponement_id=kept, series=rest), kept):
        return False
    fields = {"child_id": kid.child_id, "postponement_id": earlier.postponement_id}
    return write(desk, form, LiftPostponement, fields, command_id=form.derived_id(earlier.postponement_id)) is not None


def _move_visit(desk: Desk, held: Folder, form: Form, until: date | None, series: tuple[str, ...]) -> bool:
    if until is None:
        return leave_visits(desk, form, held, series)
    visit = _visit(held, form)
    visit_id = visit.visit_id if visit else form.derived_id("new visit")
    fields = {"child_id": held.kid.child_id, "visit_id": visit_id, "on": until, "series": series}
    moved = write(desk, form, PlanVisit, fields, at=_AT, command_id=form.derived_id("visit")) is not None
    return moved and leave_visits(desk, form, held, series, but=visit_id)


def _choice(desk: Desk, form: Form) -> Choice:
    chosen = form.value("to")
    if chosen == OTHER:
        day = form.date("at", desk.words, "until", desk.today.year + _AHEAD_YEARS)
        if day and day <= desk.today:
            form.date_problem("at", desk.words("postpone.e_past", date=desk.words.date(desk.today)))
        return Choice(decided=form.problem_of("at") is None, until=day)
    if chosen == UNDECIDED:
        return Choice(decided=True, until=None)
    until = _offered_day(chosen)
    if until is None or until <= desk.today:
        form.problem("to", desk.words("postpone.e_when"), f"to-{UNDECIDED}")
        return Choice(decided=False, until=None)
    return Choice(decided=True, until=until)


def _offered_day(chosen: str) -> date | None:
    """The day itself is what is sent, because a form may be sent days after it was filled in."""
    try:
        return date.fromisoformat(chosen)
    except ValueError:
        return None


def _offered(desk: Desk, held: Folder, form: Form) -> dict[int, date]:
    """Some weeks after the planned day, or after today."""
    visit = _visit(held, form)
    start = max(visit.on, desk.today) if visit else desk.today
    return {weeks: start + timedelta(weeks=weeks) for weeks in WEEKS}


def _page(desk: Desk, held: Folder, form: Form, choice: Choice) -> HTMLResponse:
    items = _items(held, form, desk.today)
    chosen = _chosen(held, form)
    changes = compare(chosen, choice.until, desk.words) if choice.decided and chosen else []
    return desk.page(
        "postpone.html",
        form,
        visit=_visit(held, form),
        items=[Option(item.series, item.full_name, item.sub) for item in items],
        reasons=reasons(desk.words),
        days=_day_options(desk, held, form),
        choice=choice,
        conflict=_conflict(desk, held, form, choice),
        changes=changes,
        moves=moves(desk, held, {item.series: choice.until for item in chosen}) if changes and choice.until else [],
        limits=_limits(chosen) if changes else [],
    )


def _day_options(desk: Desk, held: Folder, form: Form) -> list[Option]:
    words, items = desk.words, _items(held, form, desk.today)
    offered = [
        Option(day.isoformat(), words.day(day), _day_hint(words, weeks, over_by(words, items, day)))
        for weeks, day in _offered(desk, held, form).items()
    ]
    undecided = Option(UNDECIDED, str(words("postpone.undecided")), str(words("postpone.ask_again")))
    return [*offered, undecided, Option(OTHER, str(words("postpone.other_day")))]


def _day_hint(words: Words, weeks: int, over: tuple[str, str]) -> str:
    passed, lost = over
    hints = [str(words("postpone.weeks", n=weeks))]
    if passed:
        hints.append(str(words("plan.passed", vaccines=passed)))
    if lost:
        hints.append(str(words("plan.lost", vaccines=lost)))
    return words.sentences(hints)


def _items(held: Folder, form: Form, today: date) -> list[Due]:
    """What may be put off: the visit's series, else what the card speaks of and what the form names already."""
    visit = _visit(held, form)
    if visit:
        return [item for item in held.items if item.series in visit.series]
    offered = on_card(held.items, today)
    return [item for item in held.items if item in offered or form.has("series", item.series)]


def _chosen(held: Folder, form: Form) -> list[Due]:
    return [item for item in held.items if form.has("series", item.series)]


def _visit(held: Folder, form: Form) -> Visit | None:
    wanted = form.id("visit")
    return next((visit for visit in held.record.visits if visit.visit_id == wanted), None)


def _limits(items: list[Due]) -> list[tuple[date, list[str]]]:
    """The last free days, each with the series that it holds for."""
    found: dict[date, list[str]] = defaultdict(list)
    for item in items:
        if item.forecast.latest:
            found[item.forecast.latest].append(item.name)
    return sorted(found.items())


def _change(item: Due, until: date | None, words: Words) -> Change:
    f = item.forecast
    now = _now(item, words)
    if until and f.latest and until > f.latest:
        badge = Badge("risk", "▲", words("postpone.lost"))
        return Change(item.full_name, now, badge, words("postpone.lost_text", date=words.date(f.latest)))
    if until and f.past_due and words.today <= f.past_due < until:
        detail = words("postpone.still_free", date=words.date(f.latest)) if f.latest else Markup()
        return Change(item.full_name, now, Badge("soon", "▽", words("postpone.past")), detail)
    return Change(item.full_name, now, Badge("done", "●", words("postpone.same")), _limit(item, words))


def _now(item: Due, words: Words) -> Markup:
    past_due = item.forecast.past_due
    if past_due is None:
        return words("postpone.was_open")
    return words("postpone.within" if past_due >= words.today else "postpone.was_past")


def _limit(item: Due, words: Words) -> Markup:
    f = item.forecast
    if f.past_due and f.past_due >= words.today:
        return words("postpone.std_until", date=words.date(f.past_due))
    return words("postpone.free_until", date=words.date(f.latest)) if f.latest else Markup()
