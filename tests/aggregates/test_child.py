from datetime import date, timedelta
from uuid import uuid4

from aggregates.child import profile, programme, visits
from aggregates.child.facts import (
    ChildErased,
    ChildMovedIn,
    ChildMovedOut,
    ChildProfileCorrected,
    ChildRegistered,
    ChildTransferred,
    DoseRecorded,
    ExtensionGranted,
    PostponementLifted,
    PostponementReason,
    SeriesClosed,
    SeriesReopened,
    Sex,
    VisitCancelled,
    VisitPlanned,
    VisitPostponed,
)
from aggregates.child.refusals import (
    BirthdayInFuture,
    BirthdayTooEarly,
    DayBeforeBirth,
    DayInFuture,
    DayInPast,
    DayTooFar,
    DoseBeforeBirth,
    UnknownSeries,
)
from aggregates.child.state import Child, PlannedVisit, evolve
from aggregates.fact import Fact
from aggregates.refusal import IdTaken, NotFound, TooManyEntries
from tests.aggregates.case import Case, Decision

BORN = date(2026, 4, 10)
TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)
HOME = uuid4()
KNOWN = frozenset({"BCG", "PCV"})
HARU = ChildRegistered(household_id=HOME, handle="はるちゃん", born_on=BORN, sex=Sex.FEMALE)
given = Case(Child, evolve).given


def registering(handle: str = "はるちゃん", born_on: date = BORN) -> Decision[Child]:
    return lambda child: profile.register(child, household_id=HOME, handle=handle, born_on=born_on, sex=Sex.FEMALE, today=TODAY)


def correcting(born_on: date) -> Decision[Child]:
    return lambda child: profile.correct(child, handle="はるちゃん", born_on=born_on, sex=Sex.FEMALE, today=TODAY)


def planning(visit: VisitPlanned) -> Decision[Child]:
    plan = PlannedVisit(visit.visit_id, visit.on, visit.series)
    return lambda child: visits.plan(child, plan, known=KNOWN, today=TODAY)


def postponing(fact: VisitPostponed) -> Decision[Child]:
    return lambda child: visits.postpone(
        child, fact.postponement_id, series=fact.series, reason=fact.reason, until=fact.until, known=KNOWN, today=TODAY
    )


def visit(on: date = TOMORROW, *series: str) -> VisitPlanned:
    return VisitPlanned(visit_id=uuid4(), on=on, series=series or ("BCG",))


def postponement(until: date | None = TOMORROW, *series: str) -> VisitPostponed:
    return VisitPostponed(postponement_id=uuid4(), series=series or ("BCG",), reason=PostponementReason.UNWELL, until=until)


def test_a_child_is_registered_once() -> None:
    given().when(registering()).then(HARU)
    given(HARU).when(registering()).then()
    given(HARU).when(registering("りくくん")).refuses(IdTaken)


def test_nobody_is_born_tomorrow() -> None:
    today = ChildRegistered(household_id=HOME, handle="はるちゃん", born_on=TODAY, sex=Sex.FEMALE)
    given().when(registering(born_on=TODAY)).then(today)
    given().when(registering(born_on=TOMORROW)).refuses(BirthdayInFuture, born_on=TOMORROW, today=TODAY)
    given(HARU).when(correcting(TOMORROW)).refuses(BirthdayInFuture, born_on=TOMORROW, today=TODAY)


def test_a_birthday_of_another_generation_is_a_slip() -> None:
    earliest, slip = date(1986, 1, 1), date(1985, 12, 31)
    given().when(registering(born_on=earliest)).then(
        ChildRegistered(household_id=HOME, handle="はるちゃん", born_on=earliest, sex=Sex.FEMALE)
    )
    given().when(registering(born_on=slip)).refuses(BirthdayTooEarly, born_on=slip, earliest=earliest)
    given(HARU).when(correcting(slip)).refuses(BirthdayTooEarly, born_on=slip, earliest=earliest)


def test_nothing_is_arranged_beyond_a_childhood() -> None:
    latest, beyond = date(2046, 12, 31), date(2047, 1, 1)
    last_visit, last_day = visit(latest), postponement(latest)
    given(HARU).when(planning(last_visit)).then(last_visit)
    given(HARU).when(postponing(last_day)).then(last_day)
    given(HARU).when(planning(visit(beyond))).refuses(DayTooFar, on=beyond, latest=latest)
    given(HARU).when(postponing(postponement(beyond))).refuses(DayTooFar, on=beyond, latest=latest)


def test_no_illness_ends_before_birth() -> None:
    before = BORN - timedelta(days=1)
    given(HARU).when(lambda child: programme.grant_extension(child, before, TODAY)).refuses(
        DayBeforeBirth, on=before, born_on=BORN
    )


def test_a_birthday_is_corrected_and_doses_stay() -> None:
    dose = DoseRecorded(dose_id=uuid4(), visit_id=uuid4(), vaccine="BCG", given_on=date(2026, 9, 12))
    earlier = ChildProfileCorrected(handle="はるちゃん", born_on=date(2026, 4, 1), sex=Sex.FEMALE)
    given(HARU, dose).when(correcting(earlier.born_on)).then(earlier)
    assert dose.dose_id in given(HARU, dose, earlier).state.doses
    given(HARU).when(correcting(BORN)).then()


def test_a_birthday_cannot_come_after_a_dose() -> None:
    dose = DoseRecorded(dose_id=uuid4(), visit_id=uuid4(), vaccine="BCG", given_on=date(2026, 9, 12))
    given(HARU, dose).when(correcting(date(2026, 9, 13))).refuses(
        DoseBeforeBirth, given_on=date(2026, 9, 12), born_on=date(2026, 9, 13)
    )


def test_a_child_moves_out_and_in() -> None:
    out, back = ChildMovedOut(on=YESTERDAY), ChildMovedIn(on=TODAY)
    given(HARU).when(lambda child: profile.move_out(child, YESTERDAY, TODAY)).then(out)
    given(HARU, out).when(lambda child: profile.move_out(child, TODAY, TODAY)).then()
    given(HARU, out).when(lambda child: profile.move_in(child, TODAY, TODAY)).then(back)
    given(HARU).when(lambda child: profile.move_in(child, TODAY, TODAY)).then()
    given(HARU).when(lambda child: profile.move_out(child, TOMORROW, TODAY)).refuses(DayInFuture, on=TOMORROW, today=TODAY)


def test_a_child_is_transferred_and_erased_once() -> None:
    elsewhere = uuid4()
    given(HARU).when(lambda child: profile.transfer(child, elsewhere)).then(ChildTransferred(household_id=elsewhere))
    given(HARU).when(lambda child: profile.transfer(child, HOME)).then()
    given(HARU).when(lambda child: profile.erase(child, TODAY)).then(ChildErased(on=TODAY))
    given(HARU, ChildErased(on=TODAY)).when(lambda child: profile.erase(child, TODAY)).then()


def test_nothing_personal_is_left_of_an_erased_child() -> None:
    assert given(HARU, ChildErased(on=TODAY)).state == Child(erased=True)


def test_a_visit_is_planned_moved_and_cancelled() -> None:
    first = visit()
    moved = VisitPlanned(visit_id=first.visit_id, on=TOMORROW + timedelta(days=7), series=("BCG",))
    given(HARU).when(planning(first)).then(first)
    given(HARU, first).when(planning(first)).then()
    given(HARU, first).when(planning(moved)).then(moved)
    given(HARU, first).when(lambda child: visits.cancel(child, first.visit_id)).then(VisitCancelled(visit_id=first.visit_id))
    given(HARU).when(lambda child: visits.cancel(child, first.visit_id)).refuses(NotFound)


def test_a_visit_may_be_today_but_not_yesterday() -> None:
    today = visit(TODAY)
    given(HARU).when(planning(today)).then(today)
    given(HARU).when(planning(visit(YESTERDAY))).refuses(DayInPast, on=YESTERDAY, today=TODAY)


def test_unknown_series_are_refused() -> None:
    given(HARU).when(planning(visit(TOMORROW, "BCG", "XYZ"))).refuses(UnknownSeries, series="XYZ")
    given(HARU).when(postponing(postponement(TOMORROW, "XYZ"))).refuses(UnknownSeries, series="XYZ")
    given(HARU).when(lambda child: programme.close_series(child, "XYZ", KNOWN)).refuses(UnknownSeries, series="XYZ")
    given(HARU).when(lambda child: programme.reopen_series(child, "XYZ", KNOWN)).refuses(UnknownSeries, series="XYZ")


def test_plans_and_postponements_have_an_end() -> None:
    plans: list[Fact] = [visit() for _ in range(visits.VISITS_MAX)]
    given(HARU, *plans).when(planning(visit())).refuses(TooManyEntries, limit=visits.VISITS_MAX)
    waits: list[Fact] = [postponement() for _ in range(visits.POSTPONEMENTS_MAX)]
    given(HARU, *waits).when(postponing(postponement())).refuses(TooManyEntries, limit=visits.POSTPONEMENTS_MAX)


def test_vaccinations_are_put_off_with_or_without_a_day() -> None:
    for until in (TODAY, TOMORROW, None):
        put_off = postponement(until)
        given(HARU).when(postponing(put_off)).then(put_off)
        given(HARU, put_off).when(postponing(put_off)).then()
    given(HARU).when(postponing(postponement(YESTERDAY))).refuses(DayInPast, on=YESTERDAY, today=TODAY)


def test_a_postponement_is_lifted_once_and_its_id_stays_taken() -> None:
    put_off = postponement()
    lifted = PostponementLifted(postponement_id=put_off.postponement_id)
    given(HARU, put_off).when(lambda child: visits.lift(child, put_off.postponement_id)).then(lifted)
    given(HARU, put_off, lifted).when(lambda child: visits.lift(child, put_off.postponement_id)).then()
    given(HARU, put_off, lifted).when(postponing(put_off)).refuses(IdTaken)
    given(HARU).when(lambda child: visits.lift(child, put_off.postponement_id)).refuses(NotFound)


def test_a_series_is_closed_and_reopened() -> None:
    closed = SeriesClosed(series="BCG")
    given(HARU).when(lambda child: programme.close_series(child, "BCG", KNOWN)).then(closed)
    given(HARU, closed).when(lambda child: programme.close_series(child, "BCG", KNOWN)).then()
    given(HARU, closed).when(lambda child: programme.reopen_series(child, "BCG", KNOWN)).then(SeriesReopened(series="BCG"))
    given(HARU).when(lambda child: programme.reopen_series(child, "BCG", KNOWN)).then()


def test_an_extension_counts_from_a_day_that_has_come() -> None:
    granted = ExtensionGranted(reason_ended_on=TODAY)
    given(HARU).when(lambda child: programme.grant_extension(child, TODAY, TODAY)).then(granted)
    given(HARU, granted).when(lambda child: programme.grant_extension(child, TODAY, TODAY)).then()
    given(HARU).when(lambda child: programme.grant_extension(child, TOMORROW, TODAY)).refuses(
        DayInFuture, on=TOMORROW, today=TODAY
    )
