"""Who belongs together."""

from datetime import date
from uuid import UUID

import msgspec
from msgspec import Struct

from aggregates.fact import Fact, Redacted
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


class Invitation(Struct, frozen=True):
    """An open invitation (招待)."""

    invitation_id: UUID
    code_hash: str
    expires_on: date


class Household(Struct, frozen=True):
    """Guardians, children and open invitations, each in the order in which they came."""

    guardians: tuple[UUID, ...] = ()
    children: tuple[UUID, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    erased: bool = False


def evolve(state: Household, fact: Fact | Redacted) -> Household:  # noqa: PLR0911 - one case a fact
    """The household after one more fact."""
    match fact:
        case HouseholdFounded():
            return msgspec.structs.replace(state, guardians=(fact.account_id,))
        case GuardianInvited():
            invitation = Invitation(fact.invitation_id, fact.code_hash, fact.expires_on)
            return msgspec.structs.replace(state, invitations=(*state.invitations, invitation))
        case InvitationWithdrawn():
            return _without_invitation(state, fact.invitation_id)
        case GuardianJoined():
            joined = _without_invitation(state, fact.invitation_id)
            return msgspec.structs.replace(joined, guardians=(*state.guardians, fact.account_id))
        case GuardianRemoved():
            return msgspec.structs.replace(state, guardians=tuple(g for g in state.guardians if g != fact.account_id))
        case ChildAdded():
            return msgspec.structs.replace(state, children=(*state.children, fact.child_id))
        case ChildRemoved():
            return msgspec.structs.replace(state, children=tuple(c for c in state.children if c != fact.child_id))
        case HouseholdErased():
            return Household(erased=True)
        case Redacted():
            return state
        case _:
            raise TypeError(type(fact).__name__)


def _without_invitation(state: Household, invitation_id: UUID) -> Household:
    return msgspec.structs.replace(state, invitations=tuple(i for i in state.invitations if i.invitation_id != invitation_id))
