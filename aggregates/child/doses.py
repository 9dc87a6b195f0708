"""Recording what was given. The schedule's opinion of a dose is no matter here."""

from collections.abc import Container, Iterable, Sequence
from datetime import date
from uuid import UUID

from aggregates.child.facts import DoseCorrected, DoseRecorded, DoseVoided, VoidReason
from aggregates.child.refusals import (
    DoseAlreadyRecorded,
    DoseBeforeBirth,
    DoseInFuture,
    DoseNotFound,
    UnknownVaccine,
)
from aggregates.child.state import Child, Dose
from aggregates.fact import Fact
from aggregates.refusal import IdTaken, TooManyEntries

DOSES_MAX = 300


def record(
    child: Child, doses: Sequence[DoseRecorded], *, vaccines: Container[str], today: date, confirm_duplicate: bool = False
) -> list[Fact]:
    """The doses of one visit (接種の記録). Doses that stand already in the same words are passed over."""
    new = [dose for dose in doses if not _stands(child, dose)]
    for place, dose in enumerate(new):
        _require_possible(child, dose.vaccine, dose.given_on, vaccines, today)
        if not confirm_duplicate:
            _require_single(dose, [*child.doses.values(), *new[:place]])
    if len(child.doses) + len(child.voided) + len(new) > DOSES_MAX:
        raise TooManyEntries(limit=DOSES_MAX)
    return list(new)


def correct(
    child: Child, dose: DoseCorrected, *, vaccines: Container[str], today: date, confirm_duplicate: bool = False
) -> list[Fact]:
    """The record of a dose as it should have been."""
    standing = _dose(child, dose.dose_id)
    if _words(standing) == _words(dose):
        return []
    _require_possible(child, dose.vaccine, dose.given_on, vaccines, today)
    if not confirm_duplicate:
        _require_single(dose, [other for other in child.doses.values() if other is not standing])
    return [dose]


def void(child: Child, dose_id: UUID, reason: VoidReason) -> list[Fact]:
    """The dose was not given to this child after all; voiding it twice changes nothing."""
    if dose_id in child.voided:
        return []
    _dose(child, dose_id)
    return [DoseVoided(dose_id=dose_id, reason=reason)]


def _dose(child: Child, dose_id: UUID) -> Dose:
    if dose_id not in child.doses:
        raise DoseNotFound(dose_id=dose_id)
    return child.doses[dose_id]


def _words(dose: Dose | DoseRecorded | DoseCorrected) -> tuple[object, ...]:
    return (dose.vaccine, dose.given_on, dose.setting)


def _stands(child: Child, dose: DoseRecorded) -> bool:
    standing = child.doses.get(dose.dose_id)
    if dose.dose_id in child.voided or (standing and _words(standing) != _words(dose)):
        raise IdTaken(dose_id=dose.dose_id)
    return standing is not None


def _require_possible(child: Child, vaccine: str, given_on: date | None, vaccines: Container[str], today: date) -> None:
    if vaccine not in vaccines:
        raise UnknownVaccine(vaccine=vaccine)
    if given_on is None:
        return
    if child.born_on is not None and given_on < child.born_on:
        raise DoseBeforeBirth(given_on=given_on, born_on=child.born_on)
    if given_on > today:
        raise DoseInFuture(given_on=given_on, today=today)


def _require_single(dose: DoseRecorded | DoseCorrected, others: Iterable[Dose | DoseRecorded]) -> None:
    """Two records without a day say nothing of each other."""
    same = ((other.vaccine, other.given_on) == (dose.vaccine, dose.given_on) for other in others)
    if dose.given_on is not None and any(same):
        raise DoseAlreadyRecorded(vaccine=dose.vaccine, given_on=dose.given_on)
