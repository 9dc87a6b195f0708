"""The caller's own login (アカウント)."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from aggregates.account.facts import Language
from aggregates.account.refusals import ConfirmationLapsed, InvalidEmail, InvalidPostalCode
from aggregates.refusal import NotFound
from app.api import API
from app.api.body import Answer, Body
from app.api.caller import Ending, Me, Serving
from app.api.openapi import reads, struct_answer, writes
from app.api.reading import Wait, etag
from app.api.writing import Write, Written
from app.held import Held, as_json, everything_held
from commands.accept_terms import AcceptTerms
from commands.change_password import ChangePassword
from commands.change_profile import ChangeProfile
from commands.command import Code, Handle, Line, Secret
from commands.delete_account import DeleteAccount
from commands.give_email import GiveEmail
from commands.keep_email import KeepEmail
from commands.refusals import TooManyAttempts, WeakPassword, WrongCredentials
from commands.remove_email import RemoveEmail
from commands.resume_everything import ResumeEverything
from commands.set_mail_wishes import SetMailWishes
from commands.stop_everything import StopEverything
from commands.work import ACCOUNT
from projections.models.account import email_state

router = APIRouter(prefix=f"{API}/account", tags=["account"])


class ProfileIn(Body):
    """What the ward knows of a guardian."""

    handle: Handle
    postal_code: Line


class ConsentIn(Body):
    """Which text was agreed to; both values come from GET /terms."""

    version: Code
    hash: Code


class PasswordIn(Body):
    """The password used so far and the new one."""

    current_password: Secret
    new_password: Secret


class EmailIn(Body):
    """An address; it is used once the button in the confirmation mail has been pressed."""

    address: Line


class MailWishes(Body):
    """Separate opt-ins (メール配信の希望) and the language of mails."""

    vaccinations: bool
    checkups: bool
    notices: bool
    language: Language = Language.JAPANESE


class EmailState(StrEnum):
    """Whether mail can reach the caller."""

    NONE = "none"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    FAILING = "failing"
    UNANSWERED = "unanswered"


class AccountOut(Answer):
    """The own login with all that is held of it."""

    account_id: UUID
    household_id: UUID
    handle: str
    postal_code: str
    terms_version: str
    terms_outdated: Annotated[bool, Field(description="Whether newer terms have to be accepted before the next write.")]
    email: str | None
    email_confirmed: bool
    email_confirmed_on: Annotated[date | None, Field(description="When the address was last said to be the caller's own.")]
    email_state: Annotated[
        EmailState,
        Field(description="`failing`: mail came back. `unanswered`: asked whether it is still theirs, nobody said so; paused."),
    ]
    mail_wishes: MailWishes
    stopped: bool
    version: int


@router.get("", responses=reads(), dependencies=[Wait])
def get_account(me: Me, service: Serving, response: Response) -> AccountOut:
    """The caller's own data, read from the log itself, because the address is held nowhere else."""
    account, version = service.ward.state(me, ACCOUNT.project)
    if account.household_id is None or account.erased:
        raise NotFound
    response.headers["ETag"] = etag(version)
    return AccountOut(
        account_id=me,
        household_id=account.household_id,
        handle=account.handle,
        postal_code=account.postal_code,
        terms_version=account.terms_version,
        terms_outdated=account.terms_hash != service.terms.text_hash,
        email=account.email,
        email_confirmed=account.email_confirmed,
        email_confirmed_on=account.confirmed_on,
        email_state=EmailState(email_state(account)),
        mail_wishes=MailWishes(
            vaccinations=account.wishes.vaccinations,
            checkups=account.wishes.checkups,
            notices=account.wishes.notices,
            language=account.wishes.language,
        ),
        stopped=account.stopped,
        version=version,
    )


@router.get("/export", responses=reads() | struct_answer(Held, "Everything that is held."), dependencies=[Wait])
def get_export(me: Me, service: Serving) -> Response:
    """Everything that is held of the caller and the children (私のデータ): how it stands, and every fact that led there."""
    return Response(as_json(everything_held(service, me)), media_type="application/json")


@router.put("/profile", responses=writes(InvalidPostalCode))
def put_profile(body: ProfileIn, me: Me, write: Write) -> Written:
    """Change handle (ニックネーム) and postal code."""
    return write(ChangeProfile(**body.fields()), me)


@router.put("/terms", responses=writes())
def put_terms(body: ConsentIn, me: Me, write: Write) -> Written:
    """Accept the terms in force (利用規約への同意)."""
    return write(AcceptTerms(terms_version=body.version, terms_hash=body.hash), me)


@router.put("/password", responses=writes(WeakPassword, WrongCredentials, TooManyAttempts))
def put_password(body: PasswordIn, me: Me, ending: Ending, write: Write) -> Written:
    """Replace the password. Every session of the account ends: this one at once, others within half a minute."""
    written = write(ChangePassword(**body.fields()), me)
    ending.end()
    return written


@router.put("/email", responses=writes(InvalidEmail))
def put_email(body: EmailIn, me: Me, write: Write) -> Written:
    """Give a mail address. A confirmation mail is sent to it; nothing else is before it has been confirmed."""
    return write(GiveEmail(address=body.address), me)


@router.put("/email/kept", responses=writes(ConfirmationLapsed))
def put_email_kept(me: Me, write: Write) -> Written:
    """Say that the address is still one's own (宛先の再確認); paused mail goes on."""
    return write(KeepEmail(), me)


@router.delete("/email", responses=writes())
def delete_email(me: Me, write: Write) -> Written:
    """Take the mail address back; all mail ends."""
    return write(RemoveEmail(), me)


@router.put("/mail-wishes", responses=writes())
def put_mail_wishes(body: MailWishes, me: Me, write: Write) -> Written:
    """Say which mails are wanted."""
    return write(SetMailWishes(**body.fields()), me)


@router.put("/stop", responses=writes())
def put_stop(me: Me, write: Write) -> Written:
    """Stop everything quietly: no mail of any kind, no reason asked."""
    return write(StopEverything(), me)


@router.delete("/stop", responses=writes())
def delete_stop(me: Me, write: Write) -> Written:
    """Take the service up again."""
    return write(ResumeEverything(), me)


@router.delete("", responses=writes())
def delete_account(me: Me, ending: Ending, write: Write) -> Written:
    """Delete the account (アカウントの削除). Its key is destroyed, and with the last guardian the children's."""
    written = write(DeleteAccount(), me)
    ending.end()
    return written
