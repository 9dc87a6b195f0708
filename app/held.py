"""Everything that is held of a guardian and the children (私のデータ), for a file and for paper."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from aggregates.account.state import MailWishes
from aggregates.fact import Recorded, Redacted, topic_of
from aggregates.inquiry.state import Message
from aggregates.refusal import NotFound
from app.service import Service
from app.threads import own_inquiry
from app.unofficial import UNOFFICIAL_IN_BOTH
from commands.work import ACCOUNT
from projections.views import ChildView, DoseView, HouseholdView, PostponementView, StaffView, VisitView

FORMAT = "hagukumi-export/1"


class HeldAccount(Struct, frozen=True):
    """The own login. Password and recovery code are held in a form that cannot be read."""

    account_id: UUID
    login_id: str
    handle: str
    postal_code: str
    email: str | None
    email_confirmed: bool
    terms_version: str
    terms_hash: str
    mail_wishes: MailWishes
    stopped: bool


class HeldChild(Struct, frozen=True):
    """A child with all that is recorded and planned."""

    profile: ChildView
    doses: list[DoseView]
    visits: list[VisitView]
    postponements: list[PostponementView]


class HeldInquiry(Struct, frozen=True):
    """An own inquiry with all that was said."""

    inquiry_id: UUID
    standing: str
    child_id: UUID | None
    messages: tuple[Message, ...]


class HeldFact(Struct, frozen=True):
    """One fact as the log holds it, opened."""

    recorded_at: datetime
    stream: UUID
    topic: str
    role: str
    by: UUID | None
    body: dict[str, Any] | None


class Held(Struct, frozen=True):
    """Everything: how it stands now, and every fact that led there, mails and inquiries among them.

    Whoever was removed from the household holds the own login alone: `household` is None.
    """

    format: str
    label: str
    as_of: date
    account: HeldAccount
    household: HouseholdView | None
    children: list[HeldChild]
    inquiries: list[HeldInquiry]
    staff_views: list[StaffView]
    facts: list[HeldFact]


def everything_held(service: Service, account_id: UUID) -> Held:
    """What is held of a guardian, read from the read models and from the log.

    Raises:
        NotFound: there is no such login any more.
    """
    queries = service.queries
    reader = queries.reader(account_id)
    if reader.account is None:
        raise NotFound
    household = reader.household
    family = [household.household_id, *(child.child_id for child in household.children)] if household else []
    return Held(
        format=FORMAT,
        label=UNOFFICIAL_IN_BOTH,
        as_of=reader.opened_on,
        account=_account(service, account_id),
        household=household,
        children=_children(service, account_id, household) if household else [],
        inquiries=[_inquiry(service, account_id, one.inquiry_id) for one in queries.inquiries(account_id)],
        staff_views=queries.staff_views(account_id),
        facts=[_fact(recorded) for recorded in service.ward.held_of([account_id, *family])],
    )


def as_json(held: Held) -> bytes:
    """The file, in a form that a person can read as well."""
    return msgspec.json.format(msgspec.json.encode(held), indent=2)


def _account(service: Service, account_id: UUID) -> HeldAccount:
    account, _ = service.ward.state(account_id, ACCOUNT.project)
    credential = service.commands.context.credentials.store.credential_of(account_id)
    return HeldAccount(
        account_id=account_id,
        login_id=credential.login_id if credential else "",
        handle=account.handle,
        postal_code=account.postal_code,
        email=account.email,
        email_confirmed=account.email_confirmed,
        terms_version=account.terms_version,
        terms_hash=account.terms_hash,
        mail_wishes=account.wishes,
        stopped=account.stopped,
    )


def _children(service: Service, account_id: UUID, household: HouseholdView) -> list[HeldChild]:
    records = {record.child_id: record for record in service.queries.records(account_id)}
    return [
        HeldChild(child, record.doses, record.visits, record.postponements)
        for child in household.children
        if (record := records.get(child.child_id)) is not None
    ]


def _inquiry(service: Service, account_id: UUID, inquiry_id: UUID) -> HeldInquiry:
    inquiry, _ = own_inquiry(service, account_id, inquiry_id)
    return HeldInquiry(inquiry_id, inquiry.standing.value, inquiry.child_id, inquiry.messages)


def _fact(recorded: Recorded) -> HeldFact:
    fact = recorded.fact
    body = None if isinstance(fact, Redacted) else msgspec.to_builtins(fact)
    meta = recorded.meta
    return HeldFact(recorded.recorded_at, recorded.originator_id, topic_of(fact), meta.role.value, meta.actor, body)
