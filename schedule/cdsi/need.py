"""Evidence of immunity, contraindications and the need for another dose (7.2 to 7.4)."""

from schedule.cdsi.model import Antigen, BirthDateImmunity, Series, VaccineContraindication
from schedule.cdsi.patient import Patient


def is_immune(antigen: Antigen, patient: Patient) -> bool:
    """Whether there is evidence of immunity (table 7-3)."""
    if not antigen.immunity_observations.isdisjoint(patient.observations):
        return True
    return any(_immune_by_birth(rule, patient) for rule in antigen.birth_date_immunities)


def _immune_by_birth(rule: BirthDateImmunity, patient: Patient) -> bool:
    """Whoever names no country of birth is taken to be born where the schedule is in use."""
    if rule.country and patient.birth_country not in ("", rule.country):
        return False
    return patient.birth < rule.born_before and rule.exclusions.isdisjoint(patient.observations)


def antigen_contraindicated(antigen: Antigen, patient: Patient) -> bool:
    """Whether an observation forbids all vaccines for the antigen (table 7-5)."""
    if not patient.observations:
        return False
    return any(
        rule.observation in patient.observations and patient.within(patient.from_age(rule.begin), patient.until_age(rule.end))
        for rule in antigen.contraindications
    )


def contraindicated_vaccines(antigen: Antigen, patient: Patient) -> frozenset[str]:
    """The vaccines that observations forbid this patient (table 7-6)."""
    if not patient.observations:
        return frozenset()
    rules = [rule for rule in antigen.vaccine_contraindications if rule.observation in patient.observations]
    return frozenset(code for rule in rules for code in _forbidden(rule, patient))


def _forbidden(rule: VaccineContraindication, patient: Patient) -> list[str]:
    return [
        code for code, (begin, end) in rule.vaccines.items() if patient.within(patient.from_age(begin), patient.until_age(end))
    ]


def all_preferable_contraindicated(series: Series, forbidden: frozenset[str]) -> bool:
    """Whether no preferable vaccine of the whole series is left (table 7-7)."""
    if not forbidden:
        return False
    preferable = {code for dose in series.doses for code in dose.preferable}
    return bool(preferable) and preferable <= forbidden
