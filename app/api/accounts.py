"""Getting a login, getting it back, and confirming an address: what works without being signed in."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, model_validator

from aggregates.account.refusals import ConfirmationLapsed, InvalidEmail, InvalidPostalCode, TermsOutdated
from aggregates.household.refusals import GuardianLimit, InvitationLapsed
from aggregates.refusal import IdTaken, NotFound
from app.api import API
from app.api.account import ConsentIn
from app.api.body import Body
from app.api.openapi import ALWAYS, WRITING, problems
from app.api.writing import WriteUnknown, Written
from app.problems import IdempotencyKeyRequired
from commands.command import Handle, Line, Secret
from commands.confirm_email import ConfirmEmail
from commands.join_household import JoinHousehold
from commands.recover_account import RecoverAccount
from commands.refusals import TooManyAttempts, WeakPassword, WrongCredentials
from commands.register_account import RegisterAccount

router = APIRouter(prefix=API, tags=["accounts"])


class RegistrationIn(Body):
    """A guardian's registration: consent first. Either a new household's id or an invitation code."""

    terms: ConsentIn
    household_id: Annotated[UUID | None, Field(description="Chosen by the client for a new household.")] = None
    invitation_code: Annotated[Secret | None, Field(description="From a guardian of the household to be joined.")] = None
    handle: Handle
    postal_code: Line
    email: Line | None = None
    password: Annotated[Secret | None, Field(description="Without one a passphrase is generated.")] = None

    @model_validator(mode="after")
    def _one_household(self) -> Self:
        """Found a household or join one, not both and not neither."""
        if (self.household_id is None) == (self.invitation_code is None):
            raise ValueError("either household_id or invitation_code")
        return self


class RecoveryIn(Body):
    """The recovery code that was handed out with the login id."""

    login_id: Line
    recovery_code: Secret
    new_password: Secret


class ConfirmationIn(Body):
    """The token from the link in the confirmation mail."""

    token: Secret


class Registered(Written):
    """The login. It is shown once; asked again with the same Idempotency-Key, the answer is the same."""

    login_id: str
    recovery_code: str
    passphrase: str | None = None


class Recovered(Written):
    """The new recovery code; the old one is used up."""

    recovery_code: str


_OPEN = (*ALWAYS, *WRITING)


@router.put(
    "/accounts/{account_id}",
    status_code=201,
    responses=problems(
        *_OPEN,
        NotFound,
        IdempotencyKeyRequired,
        TermsOutdated,
        InvalidPostalCode,
        InvalidEmail,
        WeakPassword,
        IdTaken,
        InvitationLapsed,
        GuardianLimit,
    ),
)
def put_account(account_id: UUID, body: RegistrationIn, write: WriteUnknown) -> Registered:
    """Register (登録) under an id of the client's choice, in a household of one's own or by invitation."""
    write.conditions.require_key()
    receipt, version = write.receipt(_registration(account_id, body), account_id)
    return Registered(version=version, replayed=receipt.replayed, **receipt.answer)


@router.post(
    "/account-recoveries",
    status_code=201,
    responses=problems(*_OPEN, NotFound, IdempotencyKeyRequired, WrongCredentials, TooManyAttempts, WeakPassword),
)
def post_account_recovery(body: RecoveryIn, write: WriteUnknown) -> Recovered:
    """Set a new password with the recovery code (復旧コード). Every session of the account ends within half a minute."""
    write.conditions.require_key()
    receipt, version = write.receipt(RecoverAccount(**body.fields()))
    return Recovered(version=version, replayed=receipt.replayed, recovery_code=receipt.answer["recovery_code"])


@router.post("/email-confirmations", status_code=201, responses=problems(*_OPEN, NotFound, ConfirmationLapsed))
def post_email_confirmation(body: ConfirmationIn, write: WriteUnknown) -> Written:
    """Confirm a mail address. Following the link alone changes nothing: a person presses the button of its page."""
    return write(ConfirmEmail(token=body.token))


def _registration(account_id: UUID, body: RegistrationIn) -> RegisterAccount | JoinHousehold:
    fields = body.fields()
    terms: ConsentIn = fields.pop("terms")
    household_id, code = fields.pop("household_id"), fields.pop("invitation_code")
    consent = {"account_id": account_id, "terms_version": terms.version, "terms_hash": terms.hash}
    if code is not None:
        return JoinHousehold(invitation_code=code, **consent, **fields)
    return RegisterAccount(household_id=household_id, **consent, **fields)
