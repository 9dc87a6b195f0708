from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from aggregates.child.facts import (
    ChildMovedOut,
    ChildRegistered,
    DoseRecorded,
    PostponementLifted,
    PostponementReason,
    SeriesClosed,
    Sex,
    VisitCancelled,
    VisitPlanned,
    VisitPostponed,
)
from aggregates.child.state import Child, evolve
from aggregates.fact import Fact
from projections.models.reminder import leading, rows
from projections.record import Context, record_of
from schedule.contract import SeriesForecast
from tests.projections.family import BORN, MONDAY, toy_engine

CHILD, HOME, VISIT, PUT_OFF = (UUID(int=n) for n in range(1, 5))
OPENS, CLOSES = BORN + timedelta(60), BORN + timedelta(360)
Reminder = tuple[str, int, str, int, date, str | None]


def reminders(*facts: Fact, series: str = "ONE") -> list[Reminder]:
    """Reminders of one series, without the child's id."""
    state = Child()
    for fact in (ChildRegistered(household_id=HOME, handle="たろう", born_on=BORN, sex=Sex.MALE), *facts):
        state = evolve(state, fact)
    return [row[1:] for row in rows(record_of(CHILD, 1, state, Context(toy_engine(), MONDAY))) if row[1] == series]


def kinds(*facts: Fact, withheld: str | None = None) -> list[str]:
    return [kind for _, _, kind, _, _, reason in reminders(*facts) if reason == withheld]


def given(on: date, visit_id: UUID | None = None) -> DoseRecorded:
    return DoseRecorded(dose_id=uuid4(), visit_id=visit_id or uuid4(), vaccine="ONE", given_on=on)


def planned(on: date, visit_id: UUID = VISIT) -> VisitPlanned:
    return VisitPlanned(visit_id=visit_id, on=on, series=("ONE",))


def postponed(until: date | None) -> VisitPostponed:
    return VisitPostponed(postponement_id=PUT_OFF, series=("ONE",), reason=PostponementReason.UNWELL, until=until)


def test_a_series_reminds_by_its_dates() -> None:
    assert reminders() == [
        ("ONE", 1, "window_opens", 0, date(2026, 2, 11), None),
        ("ONE", 1, "recommended_starts", 0, OPENS, None),
        ("ONE", 1, "past_due_near", 0, OPENS + timedelta(60 - 14), None),
        ("ONE", 1, "latest_near", 0, CLOSES - timedelta(30), None),
    ]


def test_a_checkup_has_one_reminder_of_its_own_kind() -> None:
    assert reminders(series="CHKA") == [("CHKA", 1, "checkup", 0, BORN + timedelta(120), None)]


def test_nobody_is_told_before_the_dose_they_were_just_given() -> None:
    first = reminders(given(MONDAY))[0]
    assert first == ("ONE", 2, "recommended_starts", 0, MONDAY + timedelta(28), None)


@pytest.mark.parametrize("end", [SeriesClosed(series="ONE"), *[[given(MONDAY - timedelta(n)) for n in range(3)]]])
def test_a_series_that_is_closed_or_complete_is_silent(end: Fact | list[Fact]) -> None:
    assert reminders(*(end if isinstance(end, list) else [end])) == []


def test_a_child_that_moved_out_is_left_alone() -> None:
    assert kinds(planned(MONDAY + timedelta(9)), ChildMovedOut(on=MONDAY)) == []


def test_while_postponed_nothing_is_sent_and_then_one_is_told() -> None:
    until = OPENS + timedelta(100)
    found = reminders(postponed(until))
    assert [reason for *_, due_on, reason in found if due_on < until] == ["postponed"] * 3
    assert [(kind, reason) for _, _, kind, _, due_on, reason in found if due_on >= until] == [
        ("latest_near", None),
        ("postponement_ended", None),
    ]


def test_postponed_until_further_notice_withholds_everything() -> None:
    assert kinds(postponed(None)) == []
    assert len(kinds(postponed(None), withheld="postponed")) == 4


def test_each_postponement_begins_a_new_cycle() -> None:
    lifted = PostponementLifted(postponement_id=PUT_OFF)
    assert {cycle for _, _, _, cycle, _, _ in reminders(postponed(None), lifted)} == {1}
    assert kinds(postponed(None), lifted) == kinds()


def test_a_planned_visit_reminds_around_its_day_and_silences_the_rest() -> None:
    on = OPENS + timedelta(50)
    found = reminders(planned(on))
    assert [(kind, reason) for _, _, kind, _, _, reason in found[:4]] == [
        ("window_opens", "visit_planned"),
        ("recommended_starts", "visit_planned"),
        ("past_due_near", "visit_planned"),
        ("latest_near", None),
    ]
    assert [(kind, due_on - on) for _, _, kind, _, due_on, _ in found[4:]] == [
        ("visit_week", timedelta(-7)),
        ("visit_eve", timedelta(-1)),
        ("visit_day", timedelta(0)),
        ("visit_after", timedelta(1)),
    ]


def test_a_visit_after_the_last_lawful_day_silences_nothing() -> None:
    assert kinds(planned(CLOSES + timedelta(1)), withheld="visit_planned") == []


def test_a_moved_visit_is_reminded_of_again() -> None:
    moved = [row for row in reminders(planned(MONDAY), planned(MONDAY + timedelta(7))) if row[2] == "visit_day"]
    assert moved == [("ONE", 1, "visit_day", 2, MONDAY + timedelta(7), None)]


def test_two_visits_for_one_series_are_for_two_doses() -> None:
    found = reminders(planned(MONDAY), planned(MONDAY + timedelta(40), uuid4()))
    assert [(number, due_on) for _, number, kind, _, due_on, _ in found if kind == "visit_day"] == [
        (1, MONDAY),
        (2, MONDAY + timedelta(40)),
    ]


@pytest.mark.parametrize("last", [VisitCancelled(visit_id=VISIT), given(MONDAY, VISIT), given(MONDAY)])
def test_a_visit_that_was_made_or_cancelled_is_not_reminded_of(last: Fact) -> None:
    assert not [kind for _, _, kind, _, _, _ in reminders(planned(MONDAY), last) if kind.startswith("visit")]


def test_keys_are_unique_whatever_was_planned() -> None:
    facts = (planned(MONDAY), planned(MONDAY, uuid4()), postponed(MONDAY), postponed(None))
    keys = [row[:4] for row in reminders(*facts)]
    assert len(keys) == len(set(keys))


def test_of_vaccines_that_do_the_same_the_one_begun_furthest_leads() -> None:
    def open_series(code: str, dose_number: int) -> SeriesForecast:
        return SeriesForecast(code, "DPT", "not_complete", dose_number, earliest=MONDAY)

    begun, other, done = open_series("FOUR", 2), open_series("FIVE", 1), SeriesForecast("THREE", "DPT", "complete")
    assert list(leading((other, begun, done))) == [begun]
    assert list(leading((other, open_series("FOUR", 1)))) == [other]
