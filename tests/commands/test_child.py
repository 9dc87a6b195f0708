from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest

from aggregates.calendar.refusals import DayTooFarAhead
from aggregates.child import facts
from aggregates.child.refusals import UnknownSeries, UnknownVaccine
from aggregates.edition.facts import EditionPublished
from aggregates.fact import Actor, Role
from commands.cancel_visit import CancelVisit
from commands.close_series import CloseSeries
from commands.command import Command
from commands.compose import WriteSide
from commands.context import Vocabulary
from commands.correct_child import CorrectChild
from commands.correct_dose import CorrectDose
from commands.grant_extension import GrantExtension
from commands.lift_postponement import LiftPostponement
from commands.move_in import MoveIn
from commands.move_out import MoveOut
from commands.open_day import open_days
from commands.plan_visit import PlanVisit
from commands.postpone_visit import PostponeVisit
from commands.publish_edition import publish_edition
from commands.record_visit import GivenDose
from commands.refusals import DayNotOpened
from commands.reopen_series import ReopenSeries
from commands.void_dose import VoidDose
from commands.work import Shown
from eventstore.ward import Ward
from tests.commands.family import BORN, TODAY, Family, InForce

TOMORROW = TODAY + timedelta(days=1)


def test_a_childs_record_goes_through_everything_that_can_happen_to_it(family: Family, ward: Ward) -> None:
    haru, dose, visit, wait = family.child_id, uuid4(), uuid4(), uuid4()
    reason = facts.PostponementReason.UNWELL
    happened: list[tuple[Command, type]] = [
        (family.bcg(doses=(GivenDose(dose_id=dose, vaccine="BCG"),)), facts.DoseRecorded),
        (CorrectDose(child_id=haru, dose_id=dose, vaccine="BCG", given_on=TODAY), facts.DoseCorrected),
        (VoidDose(child_id=haru, dose_id=dose), facts.DoseVoided),
        (PlanVisit(child_id=haru, visit_id=visit, on=TOMORROW, series=("BCG",)), facts.VisitPlanned),
        (CancelVisit(child_id=haru, visit_id=visit), facts.VisitCancelled),
        (PostponeVisit(child_id=haru, postponement_id=wait, series=("BCG",), reason=reason), facts.VisitPostponed),
        (LiftPostponement(child_id=haru, postponement_id=wait), facts.PostponementLifted),
        (CloseSeries(child_id=haru, series="BCG"), facts.SeriesClosed),
        (ReopenSeries(child_id=haru, series="BCG"), facts.SeriesReopened),
        (GrantExtension(child_id=haru, reason_ended_on=TODAY), facts.ExtensionGranted),
        (CorrectChild(child_id=haru, handle="はる", born_on=BORN, sex=facts.Sex.FEMALE), facts.ChildProfileCorrected),
        (MoveOut(child_id=haru), facts.ChildMovedOut),
        (MoveIn(child_id=haru, on=TODAY), facts.ChildMovedIn),
    ]
    for version, (command, fact) in enumerate(happened, start=2):
        assert family.do(command).versions == {haru: version}
        last = ward.history(haru)[-1]
        assert isinstance(last.fact, fact)
        assert (last.subject, last.partition) == (haru, family.household_id)


def test_several_doses_of_a_visit_are_one_append(family: Family, ward: Ward) -> None:
    doses = tuple(GivenDose(dose_id=uuid4(), vaccine=vaccine) for vaccine in ("BCG", "HEPB", "PCV20"))
    receipt = family.do(family.bcg(doses=doses))
    assert receipt.versions == {family.child_id: 4}
    assert len({recorded.recorded_at for recorded in ward.history(family.child_id)[1:]}) == 1


def test_one_impossible_dose_refuses_the_visit(family: Family, ward: Ward) -> None:
    head = ward.head()
    doses = (GivenDose(dose_id=uuid4(), vaccine="BCG"), GivenDose(dose_id=uuid4(), vaccine="XYZ"))
    with pytest.raises(UnknownVaccine):
        family.do(family.bcg(doses=doses))
    assert ward.head() == head


def test_the_codes_of_a_new_edition_are_known_at_once(family: Family, in_force: InForce) -> None:
    plan = PlanVisit(child_id=family.child_id, visit_id=uuid4(), on=TOMORROW, series=("RSV",))
    with pytest.raises(UnknownSeries):
        family.do(plan)
    in_force.vocabulary = Vocabulary(frozenset(), frozenset({"RSV"}))
    family.do(plan)


def test_what_the_caller_was_shown_is_kept_with_the_fact(family: Family, write: WriteSide, ward: Ward) -> None:
    shown, command_id = Shown("2026-10", "1.0"), uuid4()
    write.commands(family.bcg(), actor=Actor(family.account_id, Role.GUARDIAN), command_id=command_id, shown=shown)
    meta = ward.history(family.child_id)[-1].meta
    assert (meta.edition, meta.engine, meta.command_id, meta.actor) == ("2026-10", "1.0", command_id, family.account_id)


def test_before_the_first_day_nothing_that_needs_a_day_can_be_written(ward: Ward, composed: Callable[[Ward], WriteSide]) -> None:
    family = Family(composed(ward))
    family.register()
    with pytest.raises(DayNotOpened):
        family.add_child()


def test_days_open_in_order_and_never_far_ahead_of_the_log(ward: Ward) -> None:
    assert open_days(ward, TODAY) == [TODAY]
    assert open_days(ward, TODAY + timedelta(days=2)) == [TOMORROW, TODAY + timedelta(days=2)]
    assert open_days(ward, TODAY) == []
    with pytest.raises(DayTooFarAhead):
        open_days(ward, date(2027, 1, 1))
    assert open_days(ward, date(2027, 1, 1), operator=True)[-1] == date(2027, 1, 1) == ward.today()


def test_an_edition_is_published_once(ward: Ward) -> None:
    assert publish_edition(ward, name="2026-10", content_hash="ab")
    assert not publish_edition(ward, name="2026-10", content_hash="ab")
    (published,) = ward.since(0, 10)
    assert published.fact == EditionPublished(name="2026-10", content_hash="ab")
    assert published.subject is None
