"""From a child's record to FHIR R4: Patient, Immunization and ImmunizationRecommendation in one Bundle."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid5

from msgspec import Struct

from aggregates.child.facts import Sex
from app.fhir.datatypes import Annotation, CodeableConcept, Coding, HumanName, Reference, code
from app.fhir.resources import (
    Bundle,
    DateCriterion,
    Entry,
    Immunization,
    ImmunizationRecommendation,
    Patient,
    ProtocolApplied,
    Recommendation,
    Resource,
)
from app.unofficial import UNOFFICIAL_IN_BOTH
from projections.views import ChildView, DoseView, RecordView
from schedule.contract import DoseVerdict, Evaluation, SeriesForecast
from schedule.japan import Edition, due_status

PRODUCTS = "urn:hagukumi:product"
"""Codes of products (製品); the version of the code system is the content hash of the edition."""
STATUSES = "urn:hagukumi:due-status"
FORECAST_STATUSES = "http://terminology.hl7.org/CodeSystem/immunization-recommendation-status"
ORIGINS = "http://terminology.hl7.org/CodeSystem/immunization-origin"
LOINC = "http://loinc.org"

_GENDERS = {Sex.FEMALE: "female", Sex.MALE: "male"}
_FORECAST = {"eligible_early": "due", "not_due": "due", "due": "due", "overdue": "overdue"} | {
    closed: closed for closed in ("complete", "immune", "contraindicated")
}
"""FHIR's word for a due status; a series that is none of these is not the child's (any more) and is left out."""


class Rules(Struct, frozen=True):
    """What the codes of a record mean, and as of when."""

    edition: Edition
    today: date

    def product(self, vaccine: str) -> CodeableConcept:
        """A product by its code, with its Japanese and English name."""
        label = self.edition.products[vaccine]
        coding = Coding(system=PRODUCTS, version=self.edition.content_hash, code=vaccine, display=label.en)
        return CodeableConcept(coding=(coding,), text=label.ja)

    def disease(self, series: str) -> CodeableConcept:
        """The disease (疾病) that a series is against, in words."""
        return CodeableConcept(text=self.edition.series[series].disease_ja)


def bundle(child: ChildView, record: RecordView, rules: Rules) -> Bundle:
    """The whole record of one child as a Bundle of type «collection»."""
    return Bundle(bundle_type="collection", entry=tuple(_entry(resource) for resource in _resources(child, record, rules)))


def _entry(resource: Resource) -> Entry:
    return Entry(full_url=f"urn:uuid:{resource.id}", resource=resource)


def _resources(child: ChildView, record: RecordView, rules: Rules) -> Iterator[Resource]:
    answer = record.answer
    yield _patient(child)
    for dose, verdict in zip(record.doses, answer.doses, strict=True):
        yield _immunization(dose, verdict, rules)
    yield _recommendations(child.child_id, answer.forecasts, rules)


def _patient(child: ChildView) -> Patient:
    name = HumanName(use="nickname", text=child.handle)
    return Patient(id=str(child.child_id), name=(name,), gender=_GENDERS[Sex(child.sex)], birth_date=child.born_on)


def _of(child_id: UUID) -> Reference:
    return Reference(reference=f"urn:uuid:{child_id}")


def _immunization(dose: DoseView, verdict: DoseVerdict, rules: Rules) -> Immunization:
    return Immunization(
        id=str(dose.dose_id),
        status="completed",
        vaccine_code=rules.product(dose.vaccine),
        patient=_of(dose.child_id),
        occurrence_date_time=dose.given_on,
        occurrence_string=None if dose.given_on else "unknown",
        primary_source=False,
        report_origin=code(ORIGINS, "recall"),
        note=(Annotation(text=UNOFFICIAL_IN_BOTH),),
        protocol_applied=tuple(_protocols(verdict.evaluations, rules)) if verdict.counts else (),
    )


def _protocols(evaluations: tuple[Evaluation, ...], rules: Rules) -> Iterator[ProtocolApplied]:
    for evaluation in evaluations:
        if evaluation.target_dose is not None:
            yield ProtocolApplied(
                series=evaluation.series,
                target_disease=(rules.disease(evaluation.series),),
                dose_number_positive_int=evaluation.target_dose,
            )


def _recommendations(child_id: UUID, forecasts: tuple[SeriesForecast, ...], rules: Rules) -> ImmunizationRecommendation:
    return ImmunizationRecommendation(
        id=str(uuid5(child_id, "ImmunizationRecommendation")),
        patient=_of(child_id),
        date=rules.today,
        recommendation=tuple(_recommendation(entry, rules) for entry in forecasts if _is_told(entry, rules)),
    )


def _is_told(entry: SeriesForecast, rules: Rules) -> bool:
    is_vaccination = rules.edition.series[entry.series].programme != "check_up"
    return is_vaccination and due_status(entry, rules.today) in _FORECAST


def _recommendation(entry: SeriesForecast, rules: Rules) -> Recommendation:
    label, status = rules.edition.series[entry.series], due_status(entry, rules.today)
    forecast_status = CodeableConcept(
        coding=(Coding(system=FORECAST_STATUSES, code=_FORECAST[status]), Coding(system=STATUSES, code=status))
    )
    return Recommendation(
        vaccine_code=tuple(rules.product(product) for product in entry.products or label.offers),
        target_disease=rules.disease(entry.series),
        forecast_status=forecast_status,
        forecast_reason=tuple(CodeableConcept(text=reason.text) for reason in entry.reasons),
        date_criterion=tuple(_criteria(entry)),
        series=entry.series,
        dose_number_positive_int=entry.dose_number,
    )


def _criteria(entry: SeriesForecast) -> Iterator[DateCriterion]:
    """The dates by the LOINC codes of FHIR's value set `immunization-recommendation-date-criterion`."""
    dates = {"30981-5": entry.earliest, "30980-7": entry.recommended, "59778-1": entry.overdue_from, "59777-3": entry.latest}
    for loinc, day in dates.items():
        if day is not None:
            yield DateCriterion(code=code(LOINC, loinc), value=day)
