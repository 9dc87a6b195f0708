"""The question that a child's record puts to the schedule engine: the same for commands, projections and replays."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from aggregates.child.state import Child, Dose
from schedule.contract import DoseGiven, ForecastRequest


def doses_known(child: Child, today: date) -> list[Dose]:
    """Doses that count as of a day, by date and then as recorded; those of unknown date come last. Answers keep this order."""
    known = [dose for dose in child.doses.values() if dose.given_on is None or dose.given_on <= today]
    return sorted(known, key=lambda dose: dose.given_on or date.max)


def next_dose_day(child: Child, today: date) -> date | None:
    """The first day after today on which a dose that is already recorded begins to count."""
    return min((d.given_on for d in child.doses.values() if d.given_on is not None and d.given_on > today), default=None)


def forecast_request(child_id: UUID, child: Child, doses: list[Dose], today: date) -> ForecastRequest:
    """The request for one registered child as of a day.

    It names no rule date: the law moves on with the days, and the answer says until when it holds.
    """
    return ForecastRequest(
        id=str(child_id),
        assessment_date=today,
        birth_date=child.born_on,
        sex=None if child.sex is None else child.sex.value,
        special=special_circumstances(child.closed_series, child.extension_from),
        doses=tuple(DoseGiven(vaccine=dose.vaccine, date=dose.given_on) for dose in doses),
    )


def special_circumstances(closed_series: Collection[str], extension_from: date | None) -> dict[str, object]:
    """What the engine is told of a child beside its doses: series closed by a doctor, and the end of a long illness."""
    special: dict[str, object] = {}
    if closed_series:
        special["contraindication"] = dict.fromkeys(sorted(closed_series), "closed")
    if extension_from is not None:
        special["long_illness_resolved"] = extension_from.isoformat()
    return special
