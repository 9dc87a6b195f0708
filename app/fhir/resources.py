"""The FHIR R4 resources that a record is made of."""

from datetime import date

from msgspec import field

from app.fhir.datatypes import Annotation, CodeableConcept, Element, HumanName, Reference


class Patient(Element, frozen=True, kw_only=True, tag="Patient", tag_field="resourceType"):
    """The child (お子さん)."""

    id: str
    name: tuple[HumanName, ...]
    gender: str
    birth_date: date


class ProtocolApplied(Element, frozen=True, kw_only=True):
    """Which dose of which series an immunization was counted as."""

    series: str
    target_disease: tuple[CodeableConcept, ...]
    dose_number_positive_int: int


class Immunization(Element, frozen=True, kw_only=True, tag="Immunization", tag_field="resourceType"):
    """One dose given (接種の記録), as a parent recorded it: never a primary source."""

    id: str
    status: str
    vaccine_code: CodeableConcept
    patient: Reference
    primary_source: bool
    report_origin: CodeableConcept
    note: tuple[Annotation, ...]
    occurrence_date_time: date | None = None
    occurrence_string: str | None = None
    protocol_applied: tuple[ProtocolApplied, ...] = ()


class DateCriterion(Element, frozen=True, kw_only=True):
    """One of the dates of a recommendation."""

    code: CodeableConcept
    value: date


class Recommendation(Element, frozen=True, kw_only=True):
    """What is due in one series (各期)."""

    vaccine_code: tuple[CodeableConcept, ...]
    target_disease: CodeableConcept
    forecast_status: CodeableConcept
    forecast_reason: tuple[CodeableConcept, ...]
    date_criterion: tuple[DateCriterion, ...]
    series: str
    dose_number_positive_int: int | None = None


class ImmunizationRecommendation(Element, frozen=True, kw_only=True, tag="ImmunizationRecommendation", tag_field="resourceType"):
    """The schedule (接種スケジュール) as of one day."""

    id: str
    patient: Reference
    date: date
    recommendation: tuple[Recommendation, ...]


Resource = Patient | Immunization | ImmunizationRecommendation


class Entry(Element, frozen=True, kw_only=True):
    """One resource of a bundle."""

    full_url: str
    resource: Resource


class Bundle(Element, frozen=True, kw_only=True, tag="Bundle", tag_field="resourceType"):
    """Everything at once."""

    bundle_type: str = field(name="type")
    entry: tuple[Entry, ...]
