from datetime import date, timedelta
from uuid import uuid4

from aggregates.fact import Fact
from aggregates.household import children, guardians
from aggregates.household.facts import (
    ChildAdded,
    ChildRemoved,
    GuardianInvited,
    GuardianJoined,
    GuardianRemoved,
    HouseholdErased,
    HouseholdFounded,
    InvitationWithdrawn,
)
from aggregates.household.refusals import ChildLimit, GuardianLimit, InvitationLapsed, LastGuardian
from aggregates.household.state import Household, evolve
from aggregates.refusal import IdTaken, NotFound
from tests.aggregates.case import Case, Decision

TODAY = date(2026, 11, 23)
LAST_DAY = TODAY + timedelta(days=14)
MAMA, PAPA = uuid4(), uuid4()
CODE = "c0" * 32
FOUNDED = HouseholdFounded(account_id=MAMA)
INVITED = GuardianInvited(invitation_id=uuid4(), code_hash=CODE, expires_on=LAST_DAY)
JOINED = GuardianJoined(account_id=PAPA, invitation_id=INVITED.invitation_id)
given = Case(Household, evolve).given


def joining(on: date = TODAY, code: str = CODE) -> Decision[Household]:
    return lambda household: guardians.join(household, PAPA, code, on)


def test_a_household_is_founded_once() -> None:
    given().when(lambda household: guardians.found(household, MAMA)).then(FOUNDED)
    given(FOUNDED).when(lambda household: guardians.found(household, PAPA)).refuses(IdTaken)


def test_an_invitation_is_good_for_two_weeks() -> None:
    given(FOUNDED).when(lambda household: guardians.invite(household, INVITED.invitation_id, CODE, TODAY)).then(INVITED)
    given(FOUNDED, INVITED).when(joining(LAST_DAY)).then(JOINED)
    given(FOUNDED, INVITED).when(joining(LAST_DAY + timedelta(days=1))).refuses(InvitationLapsed)


def test_an_invitation_is_good_for_one() -> None:
    given(FOUNDED, INVITED, JOINED).when(joining()).refuses(InvitationLapsed)


def test_a_wrong_or_withdrawn_code_is_refused() -> None:
    withdrawn = InvitationWithdrawn(invitation_id=INVITED.invitation_id)
    given(FOUNDED, INVITED).when(joining(code="00" * 32)).refuses(InvitationLapsed)
    given(FOUNDED, INVITED).when(lambda household: guardians.withdraw(household, INVITED.invitation_id)).then(withdrawn)
    given(FOUNDED, INVITED, withdrawn).when(joining()).refuses(InvitationLapsed)
    given(FOUNDED).when(lambda household: guardians.withdraw(household, INVITED.invitation_id)).refuses(NotFound)


def test_an_invitation_id_is_used_once() -> None:
    given(FOUNDED, INVITED).when(lambda household: guardians.invite(household, INVITED.invitation_id, CODE, TODAY)).refuses(
        IdTaken
    )


def test_open_invitations_count_as_guardians_and_lapsed_ones_do_not() -> None:
    def inviting(on: date) -> Decision[Household]:
        return lambda household: guardians.invite(household, uuid4(), CODE, on)

    invitations: list[Fact] = [
        GuardianInvited(invitation_id=uuid4(), code_hash=CODE, expires_on=LAST_DAY) for _ in range(guardians.GUARDIANS_MAX - 1)
    ]
    given(FOUNDED, *invitations).when(inviting(LAST_DAY)).refuses(GuardianLimit, limit=guardians.GUARDIANS_MAX)
    assert guardians.invite(given(FOUNDED, *invitations).state, uuid4(), CODE, LAST_DAY + timedelta(days=1))


def test_a_guardian_is_removed_but_never_the_last() -> None:
    removed = GuardianRemoved(account_id=PAPA)
    given(FOUNDED, INVITED, JOINED).when(lambda household: guardians.remove(household, PAPA)).then(removed)
    given(FOUNDED).when(lambda household: guardians.remove(household, MAMA)).refuses(LastGuardian)
    given(FOUNDED).when(lambda household: guardians.remove(household, PAPA)).refuses(NotFound)


def test_the_household_ends_with_its_last_guardian() -> None:
    left = GuardianRemoved(account_id=MAMA)
    given(FOUNDED, INVITED, JOINED).when(lambda household: guardians.leave(household, MAMA, TODAY)).then(left)
    given(FOUNDED).when(lambda household: guardians.leave(household, MAMA, TODAY)).then(left, HouseholdErased(on=TODAY))
    given(FOUNDED).when(lambda household: guardians.leave(household, PAPA, TODAY)).then()


def test_children_come_and_go() -> None:
    haru = uuid4()
    given(FOUNDED).when(lambda household: children.add(household, haru)).then(ChildAdded(child_id=haru))
    given(FOUNDED, ChildAdded(child_id=haru)).when(lambda household: children.add(household, haru)).then()
    given(FOUNDED, ChildAdded(child_id=haru)).when(lambda household: children.remove(household, haru)).then(
        ChildRemoved(child_id=haru)
    )
    given(FOUNDED).when(lambda household: children.remove(household, haru)).refuses(NotFound)


def test_a_household_has_room_for_twenty() -> None:
    full: list[Fact] = [ChildAdded(child_id=uuid4()) for _ in range(children.CHILDREN_MAX)]
    given(FOUNDED, *full).when(lambda household: children.add(household, uuid4())).refuses(ChildLimit, limit=20)
