from datetime import date, timedelta
from uuid import UUID, uuid4

from aggregates.child import doses
from aggregates.child.facts import (
    ChildRegistered,
    DoseCorrected,
    DoseRecorded,
    DoseVoided,
    Setting,
    Sex,
    VisitPlanned,
    VoidReason,
)
from aggregates.child.refusals import DoseAlreadyRecorded, DoseBeforeBirth, DoseInFuture, DoseNotFound, UnknownVaccine
from aggregates.child.state import Child, evolve
from aggregates.refusal import IdTaken, TooManyEntries
from tests.aggregates.case import Case, Decision

BORN = date(2026, 4, 10)
TODAY = date(2026, 11, 23)
KNOWN = frozenset({"BCG", "HEPB"})
HARU = ChildRegistered(household_id=uuid4(), handle="はるちゃん", born_on=BORN, sex=Sex.FEMALE)
given = Case(Child, evolve).given


def dose(vaccine: str = "BCG", on: date | None = date(2026, 9, 12), dose_id: UUID | None = None) -> DoseRecorded:
    return DoseRecorded(dose_id=dose_id or uuid4(), visit_id=uuid4(), vaccine=vaccine, given_on=on)


def recording(*given: DoseRecorded, confirm: bool = False) -> Decision[Child]:
    return lambda child: doses.record(child, given, vaccines=KNOWN, today=TODAY, confirm_duplicate=confirm)


def correcting(dose: DoseCorrected, *, confirm: bool = False) -> Decision[Child]:
    return lambda child: doses.correct(child, dose, vaccines=KNOWN, today=TODAY, confirm_duplicate=confirm)


def voiding(dose_id: UUID, reason: VoidReason = VoidReason.MISTAKE) -> Decision[Child]:
    return lambda child: doses.void(child, dose_id, reason)


def test_all_doses_of_a_visit_are_recorded() -> None:
    bcg, hepb = dose("BCG"), dose("HEPB")
    given(HARU).when(recording(bcg, hepb)).then(bcg, hepb)


def test_the_day_of_birth_and_today_are_possible() -> None:
    for day in (BORN, TODAY):
        at_the_edge = dose(on=day)
        given(HARU).when(recording(at_the_edge)).then(at_the_edge)


def test_a_dose_before_birth_is_refused() -> None:
    eve = BORN - timedelta(days=1)
    given(HARU).when(recording(dose(on=eve))).refuses(DoseBeforeBirth, given_on=eve, born_on=BORN)


def test_a_dose_in_the_future_is_refused() -> None:
    tomorrow = TODAY + timedelta(days=1)
    given(HARU).when(recording(dose(on=tomorrow))).refuses(DoseInFuture, given_on=tomorrow, today=TODAY)


def test_an_unknown_vaccine_is_refused() -> None:
    given(HARU).when(recording(dose("XYZ"))).refuses(UnknownVaccine, vaccine="XYZ")


def test_a_dose_of_unknown_day_is_recorded_and_so_is_another() -> None:
    first, second = dose(on=None), dose(on=None)
    given(HARU, first).when(recording(second)).then(second)


def test_the_same_vaccine_on_the_same_day_is_asked_about() -> None:
    given(HARU, dose()).when(recording(dose())).refuses(DoseAlreadyRecorded, vaccine="BCG", given_on=date(2026, 9, 12))


def test_the_same_vaccine_twice_in_one_visit_is_asked_about() -> None:
    given(HARU).when(recording(dose(), dose())).refuses(DoseAlreadyRecorded, vaccine="BCG", given_on=date(2026, 9, 12))


def test_a_confirmed_duplicate_is_recorded() -> None:
    second = dose()
    given(HARU, dose()).when(recording(second, confirm=True)).then(second)


def test_after_a_void_the_same_day_is_free_again() -> None:
    wrong, right = dose(), dose()
    given(HARU, wrong, DoseVoided(dose_id=wrong.dose_id)).when(recording(right)).then(right)


def test_a_dose_sent_again_changes_nothing() -> None:
    bcg = dose()
    given(HARU, bcg).when(recording(bcg)).then()


def test_a_dose_id_names_one_dose_for_ever() -> None:
    bcg = dose()
    other = dose("HEPB", dose_id=bcg.dose_id)
    given(HARU, bcg).when(recording(other)).refuses(IdTaken, dose_id=bcg.dose_id)
    given(HARU, bcg, DoseVoided(dose_id=bcg.dose_id)).when(recording(bcg)).refuses(IdTaken, dose_id=bcg.dose_id)


def test_a_record_has_an_end() -> None:
    full = [dose(on=BORN + timedelta(days=n % 200)) for n in range(doses.DOSES_MAX)]
    given(HARU, *full).when(recording(dose("HEPB"))).refuses(TooManyEntries, limit=doses.DOSES_MAX)
    taken_back = [DoseVoided(dose_id=fact.dose_id) for fact in full]
    given(HARU, *full, *taken_back).when(recording(dose("HEPB"))).refuses(TooManyEntries, limit=doses.DOSES_MAX)


def test_recording_a_planned_visit_ends_the_plan() -> None:
    bcg = dose()
    plan = VisitPlanned(visit_id=bcg.visit_id, on=date(2026, 9, 12), series=("BCG",))
    assert given(HARU, plan).state.visits
    assert not given(HARU, plan, bcg).state.visits


def test_a_dose_is_corrected() -> None:
    bcg = dose()
    right = DoseCorrected(dose_id=bcg.dose_id, vaccine="BCG", given_on=date(2026, 9, 13), setting=Setting.SELF_PAID)
    given(HARU, bcg).when(correcting(right)).then(right)
    given(HARU, bcg, right).when(correcting(right)).then()


def test_a_correction_of_the_setting_alone_is_no_duplicate_of_itself() -> None:
    bcg = dose()
    paid = DoseCorrected(dose_id=bcg.dose_id, vaccine="BCG", given_on=bcg.given_on, setting=Setting.SELF_PAID)
    given(HARU, bcg).when(correcting(paid)).then(paid)


def test_a_correction_cannot_make_the_impossible() -> None:
    bcg = dose()
    eve = BORN - timedelta(days=1)
    wrong = DoseCorrected(dose_id=bcg.dose_id, vaccine="BCG", given_on=eve)
    given(HARU, bcg).when(correcting(wrong)).refuses(DoseBeforeBirth, given_on=eve, born_on=BORN)


def test_a_correction_onto_another_dose_is_asked_about() -> None:
    first, second = dose(), dose(on=date(2026, 10, 1))
    onto = DoseCorrected(dose_id=second.dose_id, vaccine="BCG", given_on=first.given_on)
    given(HARU, first, second).when(correcting(onto)).refuses(DoseAlreadyRecorded, vaccine="BCG", given_on=first.given_on)
    given(HARU, first, second).when(correcting(onto, confirm=True)).then(onto)


def test_a_dose_that_is_not_there_cannot_be_corrected_or_voided() -> None:
    nothing = uuid4()
    given(HARU).when(correcting(DoseCorrected(dose_id=nothing, vaccine="BCG", given_on=None))).refuses(
        DoseNotFound, dose_id=nothing
    )
    given(HARU).when(voiding(nothing)).refuses(DoseNotFound, dose_id=nothing)


def test_a_dose_is_voided_once() -> None:
    bcg = dose()
    voided = DoseVoided(dose_id=bcg.dose_id, reason=VoidReason.WRONG_CHILD)
    given(HARU, bcg).when(voiding(bcg.dose_id, VoidReason.WRONG_CHILD)).then(voided)
    given(HARU, bcg, voided).when(voiding(bcg.dose_id)).then()
