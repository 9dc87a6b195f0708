"""Facts of one household (世帯): who may see and record for which children. Ids only."""

from datetime import date
from uuid import UUID

from aggregates.fact import Fact


class HouseholdFounded(Fact, frozen=True, tag="household.founded.v1"):
    """A household begins with its first guardian (保護者)."""

    account_id: UUID


class GuardianInvited(Fact, frozen=True, tag="household.guardian_invited.v1"):
    """A code was handed out; only a keyed fingerprint of it is kept. It lapses after `expires_on`."""

    invitation_id: UUID
    code_hash: str
    expires_on: date


class InvitationWithdrawn(Fact, frozen=True, tag="household.invitation_withdrawn.v1"):
    """The code no longer works."""

    invitation_id: UUID


class GuardianJoined(Fact, frozen=True, tag="household.guardian_joined.v1"):
    """A second guardian came in by invitation."""

    account_id: UUID
    invitation_id: UUID


class GuardianRemoved(Fact, frozen=True, tag="household.guardian_removed.v1"):
    """A guardian left, was removed by another, or deleted the account."""

    account_id: UUID


class ChildAdded(Fact, frozen=True, tag="household.child_added.v1"):
    """A child belongs to this household from now on."""

    child_id: UUID


class ChildRemoved(Fact, frozen=True, tag="household.child_removed.v1"):
    """A child no longer belongs to this household."""

    child_id: UUID


class HouseholdErased(Fact, frozen=True, tag="household.erased.v1"):
    """The last guardian is gone: the key of the household is destroyed after this."""

    on: date
