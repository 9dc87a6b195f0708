from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest

from aggregates.account.facts import (
    EmailConfirmed,
    EmailGiven,
    EmailRemoved,
    EverythingResumed,
    EverythingStopped,
    MailWishesSet,
)
from aggregates.child.facts import ChildMovedOut, PostponementReason, VisitPostponed
from aggregates.fact import Fact
from aggregates.household.facts import GuardianJoined, GuardianRemoved
from projections.queries import Queries
from tests.projections.family import MONDAY, Family

CatchUp = Callable[[], None]

NEW_ADDRESS = EmailGiven(address="b@example.jp", address_version=2)
ONLY_CHECKUPS = MailWishesSet(vaccinations=False, checkups=True, notices=True)
PUT_OFF = VisitPostponed(postponement_id=uuid4(), series=("ONE",), reason=PostponementReason.UNWELL)


def reasons(queries: Queries, family: Family, *, checkups: bool = False) -> set[str | None]:
    found = queries.reminders(family.account, date.min)
    return {r.withheld_reason for r in found if (r.kind == "checkup") is checkups}


def test_a_family_is_told_what_it_wished(built: Family, queries: Queries) -> None:
    assert reasons(queries, built) == {None}
    assert reasons(queries, built, checkups=True) == {"not_wished"}


@pytest.mark.parametrize(
    ("facts", "vaccinations", "checkups"),
    [
        ([EverythingStopped()], "stopped", "stopped"),
        ([EverythingStopped(), EverythingResumed()], None, "not_wished"),
        ([EmailRemoved()], "no_address", "no_address"),
        ([NEW_ADDRESS], "not_confirmed", "not_confirmed"),
        ([NEW_ADDRESS, EmailConfirmed(address_version=1)], "not_confirmed", "not_confirmed"),
        ([NEW_ADDRESS, EmailConfirmed(address_version=2)], None, "not_wished"),
        ([ONLY_CHECKUPS], "not_wished", None),
    ],
)
def test_an_account_may_be_the_reason_why_not(
    built: Family, queries: Queries, catch_up: CatchUp, facts: list[Fact], vaccinations: str | None, checkups: str | None
) -> None:
    built.tell(built.account, *facts)
    catch_up()
    assert reasons(queries, built) == {vaccinations}
    assert reasons(queries, built, checkups=True) == {checkups}


def test_a_child_may_be_the_reason_why_not(built: Family, queries: Queries, catch_up: CatchUp) -> None:
    built.tell(built.child, PUT_OFF)
    catch_up()
    assert reasons(queries, built) == {"postponed", None}
    built.tell(built.child, ChildMovedOut(on=MONDAY))
    catch_up()
    assert reasons(queries, built) == {"moved_out"}


def test_each_guardian_is_told_and_one_who_left_is_not(built: Family, queries: Queries, catch_up: CatchUp) -> None:
    second = Family(built.ward)
    second.moves_in()
    built.tell(built.household, GuardianJoined(account_id=second.account, invitation_id=uuid4()))
    catch_up()
    due = {(r.kind, r.due_on) for r in queries.reminders(built.account, MONDAY) if r.child_id == built.child}
    assert due == {(r.kind, r.due_on) for r in queries.reminders(second.account, MONDAY) if r.child_id == built.child}
    assert min(on for _, on in due) >= MONDAY
    built.tell(built.household, GuardianRemoved(account_id=second.account))
    catch_up()
    assert {r.child_id for r in queries.reminders(second.account, MONDAY - timedelta(1))} == {second.child}
