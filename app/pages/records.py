"""A child's record, read for one page."""

from datetime import date

import msgspec
from msgspec import Struct

from aggregates.refusal import NotFound
from app.pages.desk import Desk
from app.pages.due import Due, GivenDose, Postponement, Record, Visit, dues, replaced_series
from app.pages.kids import Kid
from projections.views import DoseView, RecordView
from schedule.contract import ForecastAnswer, SeriesForecast
from schedule.japan import due_status


class Folder(Struct, frozen=True):
    """One child with everything known and everything due, the most urgent first.

    `alternatives` are series that another one of the items takes the place of, such as 4種混合 beside 5種混合.
    """

    kid: Kid
    record: Record
    items: list[Due]
    alternatives: list[Due] = []

    def item(self, series: str) -> Due:
        """One series.

        Raises:
            NotFound: It does not concern this child.
        """
        found = next((item for item in self.items if item.series == series), None)
        if found is None:
            raise NotFound
        return found


def folder(desk: Desk, kid: Kid) -> Folder:
    """All that the pages of one child need.

    Raises:
        NotFound: The child has just left the household.
    """
    found = desk.records.get(kid.child_id)
    if found is None:
        raise NotFound
    return folder_of(desk, kid, record_of(found, desk.today))


def record_of(view: RecordView, day: date) -> Record:
    """A record as stored, as of a day."""
    answer = view.answer
    return Record(
        forecasts=on_day(answer, day),
        doses=given_doses(view.doses, answer),
        visits=tuple(Visit(v.visit_id, v.on_day, tuple(v.series)) for v in view.visits),
        postponements=tuple(Postponement(p.postponement_id, tuple(p.series), p.reason, p.until_day) for p in view.postponements),
    )


def folder_of(desk: Desk, kid: Kid, record: Record) -> Folder:
    """Sort what is due into what is shown and what something else takes the place of."""
    everything = dues(record, desk.words, desk.names)
    replaced = replaced_series(record)
    items = [item for item in everything if item.series not in replaced]
    return Folder(kid, record, items, [item for item in everything if item.series in replaced])


def on_day(answer: ForecastAnswer, day: date) -> tuple[SeriesForecast, ...]:
    """The forecasts with their status of a day, which is never stored."""
    return tuple(msgspec.structs.replace(f, due_status=due_status(f, day)) for f in answer.forecasts)


def given_doses(doses: list[DoseView], answer: ForecastAnswer) -> tuple[GivenDose, ...]:
    """Doses with the series that each was held against."""
    return tuple(_given(dose, answer) for dose in doses)


def _given(dose: DoseView, answer: ForecastAnswer) -> GivenDose:
    verdict = answer.doses[dose.ordinal]
    return GivenDose(
        dose_id=dose.dose_id,
        visit_id=dose.visit_id,
        vaccine=dose.vaccine,
        given_on=dose.given_on,
        setting=dose.setting,
        programme=dose.programme,
        counts=dose.counts,
        series=tuple(dict.fromkeys(evaluation.series for evaluation in verdict.evaluations)),
    )
