"""From a request to an answer: the processing model of the CDSi logic specification (chapter 4)."""

from datetime import date

from msgspec.structs import replace

from schedule.cdsi.answer import series_forecast, verdicts
from schedule.cdsi.antigens import patient_series
from schedule.cdsi.groups import GroupForecast, group_forecast
from schedule.cdsi.model import SupportingData, VaccineGroup
from schedule.cdsi.patient import Patient
from schedule.cdsi.selection import best_series
from schedule.contract import ForecastAnswer, ForecastRequest, SeriesForecast
from schedule.days import NEVER

_MOST_STEPS = 200


def forecast(data: SupportingData, request: ForecastRequest) -> ForecastAnswer:
    """Evaluate and forecast one patient in all vaccine groups.

    Raises:
        BadLine: The request cannot be used.
    """
    patient = Patient(data, request)
    found, told = [], []
    for group in data.vaccine_groups:
        patient.next_change = NEVER
        one = _of_group(data, group, patient)
        shown = series_forecast(data, group, one, patient)
        found.append((group, one))
        told.append(replace(shown, valid_until=_valid_until(data, group, patient, shown)))
    return ForecastAnswer(request.id, verdicts(data, request, patient, found), tuple(told))


def _of_group(data: SupportingData, group: VaccineGroup, patient: Patient) -> GroupForecast:
    best = [one for name in group.antigens for one in best_series(patient_series(data, data.antigens[name], patient), patient)]
    return group_forecast(group, best, patient)


def _valid_until(data: SupportingData, group: VaccineGroup, patient: Patient, shown: SeriesForecast) -> date | None:
    """The first later day on which the forecast is another if nothing happens.

    Every day before `next_change` is known to give the same; that day itself may, so it is tried.
    """
    day = patient.next_change
    for _ in range(_MOST_STEPS):
        if day >= NEVER:
            return None
        later = patient.on(day)
        if series_forecast(data, group, _of_group(data, group, later), later) != shown:
            break
        day = later.next_change
    return date.fromordinal(day)
