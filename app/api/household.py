"""The household (世帯): guardians, invitations, and who did what."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from aggregates.fact import Role
from aggregates.household.refusals import GuardianLimit, LastGuardian
from aggregates.refusal import IdTaken, NotFound
from app.api import API
from app.api.body import Answer
from app.api.caller import Me, Serving
from app.api.openapi import reads, writes
from app.api.reading import Wait, etag
from app.api.writing import Write, Written
from app.positions import SEALED, SealBroken
from app.problems import IdempotencyKeyRequired, MalformedCursor
from app.service import Service
from commands.invite_guardian import InviteGuardian
from commands.remove_guardian import RemoveGuardian
from commands.withdraw_invitation import WithdrawInvitation
from projections.views import AuditEntry, HouseholdView

router = APIRouter(prefix=f"{API}/household", tags=["household"])

PAGE_MAX = 200
_AUDIT = "audit"


class GuardianOut(Answer):
    """A guardian as the others see one: by nickname, never by contact data."""

    account_id: UUID
    handle: str


class InvitationOut(Answer):
    """An open invitation. Its code was told once, to the guardian who invited."""

    invitation_id: UUID
    expires_on: date


class HouseholdOut(Answer):
    """Who belongs together."""

    household_id: UUID
    version: int
    guardians: list[GuardianOut]
    invitations: list[InvitationOut]


class Invited(Written):
    """An invitation, with the code to hand over to the second guardian."""

    code: str
    expires_on: date


class AuditEntryOut(Answer):
    """One fact of the household: what kind, when, and by whom. What it says stays in the child's and account's own pages."""

    recorded_at: datetime
    stream: UUID
    topic: str
    actor: UUID | None
    role: Role
    command_id: UUID | None


class AuditPage(Answer):
    """A page of the audit trail, the newest first; `next` fetches the page after it and is null on the last one."""

    entries: list[AuditEntryOut]
    next: str | None


@router.get("", responses=reads(), dependencies=[Wait])
def get_household(me: Me, service: Serving, response: Response) -> HouseholdOut:
    """The caller's household."""
    household = _household(service, me)
    response.headers["ETag"] = etag(household.version)
    return HouseholdOut.model_validate(household)


@router.put("/invitations/{invitation_id}", responses=writes(IdempotencyKeyRequired, GuardianLimit, IdTaken))
def put_invitation(invitation_id: UUID, write: Write) -> Invited:
    """Invite a second guardian (保護者の招待). The code in the answer is good for two weeks; hand it over yourself."""
    write.conditions.require_key()
    receipt, version = write.receipt(InviteGuardian(invitation_id=invitation_id))
    expires_on = date.fromisoformat(receipt.answer["expires_on"])
    return Invited(version=version, replayed=receipt.replayed, code=receipt.answer["code"], expires_on=expires_on)


@router.delete("/invitations/{invitation_id}", responses=writes())
def delete_invitation(invitation_id: UUID, write: Write) -> Written:
    """Withdraw an invitation: its code no longer works."""
    return write(WithdrawInvitation(invitation_id=invitation_id))


@router.delete("/guardians/{account_id}", responses=writes(LastGuardian))
def delete_guardian(account_id: UUID, write: Write) -> Written:
    """Remove a guardian from the household, oneself or another."""
    return write(RemoveGuardian(account_id=account_id))


@router.get("/audit-trail", responses=reads(MalformedCursor), dependencies=[Wait])
def get_audit_trail(
    me: Me,
    service: Serving,
    before: Annotated[str | None, Query(pattern=SEALED, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
) -> AuditPage:
    """Who did what in this household (操作の記録), the newest first."""
    household_id = _household(service, me).household_id
    found = service.queries.audit(household_id, _position(service, before), limit + 1)
    return AuditPage(
        entries=[AuditEntryOut.model_validate(entry) for entry in found[:limit]],
        next=_cursor(service, found[limit - 1]) if len(found) > limit else None,
    )


def _household(service: Service, account_id: UUID) -> HouseholdView:
    household = service.queries.household_of(account_id)
    if household is None:
        raise NotFound
    return household


def _position(service: Service, cursor: str | None) -> int | None:
    try:
        return service.positions.open(cursor, _AUDIT) if cursor is not None else None
    except SealBroken:
        raise MalformedCursor from None


def _cursor(service: Service, last: AuditEntry) -> str:
    return service.positions.seal(last.position, _AUDIT)
