"""Who may see and record: founding, inviting, joining, leaving."""

from datetime import date, timedelta
from hmac import compare_digest
from uuid import UUID

from aggregates.fact import Fact
from aggregates.household.facts import (
    GuardianInvited,
    GuardianJoined,
    GuardianRemoved,
    HouseholdErased,
    HouseholdFounded,
    InvitationWithdrawn,
)
from aggregates.household.refusals import GuardianLimit, InvitationLapsed, LastGuardian
from aggregates.household.state import Household, Invitation
from aggregates.refusal import IdTaken, NotFound

GUARDIANS_MAX = 6
INVITATION_DAYS = 14


def found(household: Household, account_id: UUID) -> list[Fact]:
    """A household begins with its first guardian."""
    if household != Household():
        raise IdTaken
    return [HouseholdFounded(account_id=account_id)]


def invite(household: Household, invitation_id: UUID, code_hash: str, today: date) -> list[GuardianInvited]:
    """A code for a second guardian, good for two weeks."""
    open_ones = _open(household, today)
    if any(invitation_id == invitation.invitation_id for invitation in household.invitations):
        raise IdTaken
    if len(household.guardians) + len(open_ones) >= GUARDIANS_MAX:
        raise GuardianLimit(limit=GUARDIANS_MAX)
    expires_on = today + timedelta(days=INVITATION_DAYS)
    return [GuardianInvited(invitation_id=invitation_id, code_hash=code_hash, expires_on=expires_on)]


def withdraw(household: Household, invitation_id: UUID) -> list[Fact]:
    """The code no longer works."""
    if all(invitation_id != invitation.invitation_id for invitation in household.invitations):
        raise NotFound
    return [InvitationWithdrawn(invitation_id=invitation_id)]


def join(household: Household, account_id: UUID, code_hash: str, today: date) -> list[Fact]:
    """A second guardian comes in with a code that is still good."""
    for invitation in _open(household, today):
        if compare_digest(invitation.code_hash, code_hash):
            return [GuardianJoined(account_id=account_id, invitation_id=invitation.invitation_id)]
    raise InvitationLapsed


def remove(household: Household, account_id: UUID) -> list[Fact]:
    """A guardian goes; somebody must stay."""
    if account_id not in household.guardians:
        raise NotFound
    if household.guardians == (account_id,):
        raise LastGuardian
    return [GuardianRemoved(account_id=account_id)]


def leave(household: Household, account_id: UUID, today: date) -> list[Fact]:
    """A guardian deletes the account; the household ends with the last one."""
    if account_id not in household.guardians:
        return []
    removed = GuardianRemoved(account_id=account_id)
    return [removed, HouseholdErased(on=today)] if household.guardians == (account_id,) else [removed]


def _open(household: Household, today: date) -> list[Invitation]:
    return [invitation for invitation in household.invitations if today <= invitation.expires_on]
