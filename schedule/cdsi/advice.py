"""What else a forecast tells: recommended vaccines and administrative guidance (7.5)."""

from collections.abc import Iterator

from schedule.cdsi.groups import GroupForecast
from schedule.cdsi.model import Antigen, AntigenContraindication, Indication, SupportingData, VaccineContraindication, VaccineRule
from schedule.cdsi.need import contraindicated_vaccines
from schedule.cdsi.patient import Patient
from schedule.cdsi.patient_series import ForecastDates, PatientSeries

Observed = Indication | AntigenContraindication | VaccineContraindication


def recommended_vaccines(data: SupportingData, forecast: GroupForecast, patient: Patient) -> tuple[str, ...]:
    """The vaccines recommended by name for the next dose (FORECASTRECVAC-1, FORECASTVG-9)."""
    found = (code for one in forecast.contained for code in _of_series(data, one, patient))
    return tuple(dict.fromkeys(found))


def _of_series(data: SupportingData, one: PatientSeries, patient: Patient) -> Iterator[str]:
    target, dates = one.target_dose, one.dates
    if target is None or dates is None:
        return
    forbidden = contraindicated_vaccines(data.antigens[one.series.antigen], patient)
    for code, rules in target.preferable.items():
        if code not in forbidden and any(rule.recommended and _fits(rule, dates, patient) for rule in rules):
            yield code


def _fits(rule: VaccineRule, dates: ForecastDates, patient: Patient) -> bool:
    begin, end = patient.from_age(rule.begin), patient.until_age(rule.end)
    return begin <= dates.earliest.limit < end or begin <= dates.recommended < end


def guidance(data: SupportingData, forecast: GroupForecast, patient: Patient) -> tuple[str, ...]:
    """Guidance on the series, and on indications and contraindications the patient has (FORECASTGUIDANCE-1)."""
    found = (text for one in forecast.contained for text in _on_series(data.antigens[one.series.antigen], one, patient))
    return tuple(text for text in dict.fromkeys(found) if text)


def _on_series(antigen: Antigen, one: PatientSeries, patient: Patient) -> Iterator[str]:
    yield from one.series.guidance
    if patient.observations:
        rules: tuple[Observed, ...] = (*one.series.indications, *antigen.contraindications, *antigen.vaccine_contraindications)
        yield from (rule.guidance for rule in rules if rule.observation in patient.observations)
