from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from projections.queries import Queries
from tests.projections.family import BORN, MONDAY, Family


def test_a_guardian_sees_account_household_and_child(built: Family, queries: Queries) -> None:
    account, household = queries.reader(built.account).account, queries.household_of(built.account)
    assert account is not None
    assert (account.handle, account.email_state, account.mailable, account.version) == ("すみれ", "confirmed", True, 5)
    assert household is not None
    assert [g.handle for g in household.guardians] == ["すみれ"]
    assert [(c.handle, c.born_on) for c in household.children] == [("たろう", BORN)]
    assert queries.children(built.household) == household.children
    assert queries.child(built.account, built.child) == household.children[0]


def test_a_child_of_another_household_is_not_found(built: Family, queries: Queries) -> None:
    assert queries.child(uuid4(), built.child) is None
    assert queries.schedule(uuid4(), built.child) is None
    assert queries.schedule(built.account, uuid4()) is None
    assert queries.reader(uuid4()).account is None
    assert queries.household_of(uuid4()) is None


def test_the_schedule_follows_a_dose(built: Family, queries: Queries, catch_up: Callable[[], None]) -> None:
    built.is_given("ONE", MONDAY)
    catch_up()
    schedule = queries.schedule(built.account, built.child)
    assert schedule is not None
    assert schedule.opened_day == MONDAY
    assert schedule.answer.forecasts[0].earliest == MONDAY + timedelta(28)
    (dose,) = queries.doses(built.child)
    assert (dose.vaccine, dose.given_on, dose.validity, dose.counts) == ("ONE", MONDAY, "valid", True)


def test_everything_of_a_household_is_read_at_once(built: Family, queries: Queries, catch_up: Callable[[], None]) -> None:
    built.is_given("ONE", MONDAY)
    catch_up()
    (record,) = queries.records(built.account)
    schedule = queries.schedule(built.account, built.child)
    assert schedule is not None
    assert record.answer == schedule.answer
    assert record.doses == queries.doses(built.child)
    assert record.visits == queries.visits(built.child)
    assert record.postponements == queries.postponements(built.child)
    assert queries.records(uuid4()) == []


def test_the_audit_trail_names_who_did_what(built: Family, queries: Queries) -> None:
    trail = queries.audit(built.household)
    assert [entry.topic for entry in trail[:2]] == ["household.child_added.v1", "child.registered.v1"]
    assert {entry.actor for entry in trail} == {built.account}
    assert queries.audit(built.household, before=trail[1].position, limit=1)[0].topic == "household.founded.v1"


def test_lag_counts_what_is_not_folded_yet(built: Family, queries: Queries, catch_up: Callable[[], None]) -> None:
    catch_up()
    built.is_given("ONE", MONDAY)
    assert queries.lag().events == 1
    assert not queries.wait_for(queries.lag().head, timeout_seconds=0.05)
    catch_up()
    assert queries.wait_for(queries.lag().head, timeout_seconds=0)
