"""What comes after the next dose, and which of those days move when a day is chosen (あとの回の目安)."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from aggregates.child.request import special_circumstances
from app.pages.desk import Desk
from app.pages.due import Due, dose_label
from app.pages.records import Folder
from schedule.contract import DoseGiven, ForecastRequest
from schedule.japan.expecting import Expected, Outlook, expect


class LaterLine(Struct, frozen=True):
    """A later dose in words."""

    label: str
    on: date
    text: str


class Move(Struct, frozen=True):
    """A dose whose day moves; `after` is None where it falls away, because time is too `short` or it is needed no more."""

    name: str
    before: date
    after: date | None
    short: bool


def outlook(desk: Desk, held: Folder, chosen: Mapping[str, date] | None = None) -> Outlook:
    """What is to come as things stand, or with the next doses of some series on a chosen day."""
    open_items = [item for item in held.items if not item.finished and not item.checkup]
    appointed = {item.series: _appointed(item) for item in open_items} | dict(chosen or {})
    return expect(desk.edition, request_of(desk, held), appointed)


def later_doses(ahead: Outlook) -> dict[str, list[Expected]]:
    """The doses after the next one."""
    return {series: doses[1:] for series, doses in ahead.doses.items()}


def listed(desk: Desk, held: Folder, later: Mapping[str, Sequence[Expected]]) -> dict[str, list[LaterLine]]:
    """The same in words."""
    return {item.series: [_line(desk, item, dose) for dose in later.get(item.series, ())] for item in held.items}


def moves(desk: Desk, held: Folder, chosen: Mapping[str, date]) -> list[Move]:
    """The later doses, of these series and of others, whose days are others once some are given on a chosen day."""
    before, after = outlook(desk, held), outlook(desk, held, chosen)
    return [
        _move(desk, item, dose, after)
        for item in held.items
        for place, dose in enumerate(before.doses.get(item.series, ()))
        if (place or item.series not in chosen) and _day_of(dose, after.doses[item.series]) != dose.on
    ]


def _appointed(item: Due) -> date | None:
    if item.visit:
        return item.visit.on
    return item.postponement.until if item.postponement else None


def request_of(desk: Desk, held: Folder, typed: Sequence[DoseGiven] = ()) -> ForecastRequest:
    """What the engine is asked of a child: what is on record, and after it doses that were typed and are not saved yet."""
    child = next(child for child in desk.household.children if child.child_id == held.kid.child_id)
    known = [dose for dose in held.record.doses if dose.given_on is None or dose.given_on <= desk.today]
    return ForecastRequest(
        id=str(child.child_id),
        assessment_date=desk.today,
        birth_date=child.born_on,
        sex=child.sex,
        special=special_circumstances(child.closed_series, child.extension_from),
        doses=(*(DoseGiven(dose.vaccine, dose.given_on) for dose in known), *typed),
    )


def _line(desk: Desk, item: Due, dose: Expected) -> LaterLine:
    """A last free day is told where it is another than that of the next dose, which stands above."""
    words, f = desk.words, dose.forecast
    parts = []
    if f.earliest and f.earliest != dose.on:
        parts.append(str(words("chart.later_earliest", date=words.day(f.earliest))))
    if f.past_due:
        parts.append(str(words("postpone.std_until", date=words.day(f.past_due))))
    if f.latest and f.latest != item.forecast.latest:
        parts.append(str(words("plan.until_aid" if item.voluntary else "plan.until_free", date=words.day(f.latest))))
    return LaterLine(dose_label(f, words), dose.on, words.sentences(parts))


def _move(desk: Desk, item: Due, dose: Expected, after: Outlook) -> Move:
    name = f"{item.name} {dose_label(dose.forecast, desk.words)}".strip()
    return Move(name, dose.on, _day_of(dose, after.doses[item.series]), item.series in after.lost)


def _day_of(dose: Expected, doses: Sequence[Expected]) -> date | None:
    same = (other.on for other in doses if other.forecast.dose_number == dose.forecast.dose_number)
    return next(same, None)
