"""What requests get to see: one struct a read model, in the words of the ward's document."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec
from isal.isal_zlib import decompress
from msgspec import Struct

from schedule.contract import ForecastAnswer

_answers = msgspec.json.Decoder(ForecastAnswer)


class AccountView(Struct, frozen=True):
    """The own login. The mail address itself is only in the log. `answers` inquiries were answered and wait to be read."""

    account_id: UUID
    household_id: UUID
    handle: str
    postal_code: str
    terms_version: str
    terms_hash: str
    email_state: str
    address_version: int
    confirmed_on: date | None
    mailable: bool
    stopped: bool
    wish_vaccinations: bool
    wish_checkups: bool
    wish_notices: bool
    language: str
    version: int
    answers: int

    @property
    def wishes_any(self) -> bool:
        """Whether any kind of mail is wished for."""
        return self.wish_vaccinations or self.wish_checkups or self.wish_notices


class ChildView(Struct, frozen=True):
    """A child's profile."""

    child_id: UUID
    household_id: UUID
    handle: str
    born_on: date
    sex: str
    moved_out: bool
    closed_series: list[str]
    extension_from: date | None
    version: int


class GuardianView(Struct, frozen=True):
    """A guardian as the others of the household see one: by handle, never by contact data."""

    account_id: UUID
    handle: str
    ordinal: int


class InvitationView(Struct, frozen=True):
    """An invitation that was neither used nor withdrawn; it works until the end of `expires_on`."""

    invitation_id: UUID
    expires_on: date


class HouseholdView(Struct, frozen=True):
    """Who belongs together; the eldest child first."""

    household_id: UUID
    version: int
    guardians: list[GuardianView]
    children: list[ChildView]
    invitations: list[InvitationView]


class ReaderView(Struct, frozen=True):
    """Who reads, on which day; None what is deleted or was left."""

    opened_on: date
    account: AccountView | None
    household: HouseholdView | None


class DoseView(Struct, frozen=True):
    """A recorded dose, with what it is worth."""

    dose_id: UUID
    child_id: UUID
    visit_id: UUID
    vaccine: str
    given_on: date | None
    setting: str
    validity: str | None
    programme: str | None
    counts: bool | None
    ordinal: int


class VisitView(Struct, frozen=True):
    """A planned visit."""

    visit_id: UUID
    child_id: UUID
    on_day: date
    series: list[str]


class PostponementView(Struct, frozen=True):
    """A postponement that was not lifted."""

    postponement_id: UUID
    child_id: UUID
    series: list[str]
    reason: str
    until_day: date | None


class RecordView(Struct, frozen=True):
    """One child's schedule as stored, with all that is recorded and planned. `edition` is the one it was made with."""

    child_id: UUID
    edition: str
    answer_deflated: bytes
    doses: list[DoseView]
    visits: list[VisitView]
    postponements: list[PostponementView]

    @property
    def answer(self) -> ForecastAnswer:
        """The answer, decoded."""
        return _answers.decode(decompress(self.answer_deflated))


class ReminderView(Struct, frozen=True):
    """One entry of the mailing list; `withheld_reason` says why nothing is sent."""

    account_id: UUID
    child_id: UUID
    series: str
    dose_number: int
    kind: str
    cycle: int
    due_on: date
    address_version: int
    withheld_reason: str | None


class AuditEntry(Struct, frozen=True):
    """One line of the audit trail."""

    position: int
    recorded_at: datetime
    stream: UUID
    topic: str
    household: UUID | None
    actor: UUID | None
    role: str
    command_id: UUID | None


class StaffView(Struct, frozen=True):
    """Somebody of the staff has looked at personal data of this family: whose, when, in which role and what for."""

    recorded_at: datetime
    role: str
    actor: UUID | None
    subject: UUID
    purpose: str


class InquiryView(Struct, frozen=True):
    """An own inquiry, and whose turn it is. What was said is only in the log."""

    inquiry_id: UUID
    account_id: UUID
    standing: str
    opened_on: date
    last_on: date
    version: int


class ArticleView(Struct, frozen=True):
    """An article that everybody may read."""

    article_id: UUID
    title_ja: str
    body_ja: str
    title_en: str
    body_en: str
    source_ja: str
    source_en: str
    source_url: str
    as_of: date
    expires_on: date
    published_on: date


class NoticeView(Struct, frozen=True):
    """A notice of the ward that has begun to leave; cancelled ones stay readable, because some have got the letter."""

    notice_id: UUID
    released_on: date
    for_everybody: bool
    cancelled: bool
    subject_ja: str
    body_ja: str
    subject_en: str
    body_en: str


class NewsView(Struct, frozen=True):
    """An article or a notice by its title; `kind` says which."""

    kind: Literal["article", "notice"]
    news_id: UUID
    told_on: date
    title_ja: str
    title_en: str


class ScheduleView(Struct, frozen=True):
    """A child's schedule as stored, to be shown as of `opened_day`."""

    child: ChildView
    answer_deflated: bytes
    digest: bytes
    valid_until: date | None
    opened_day: date
    generation: int
    edition: str
    engine: str

    @property
    def answer_json(self) -> bytes:
        """The canonical bytes of the answer, of which `digest` is the SHA-256."""
        return decompress(self.answer_deflated)

    @property
    def answer(self) -> ForecastAnswer:
        """The answer itself. Statuses of the day are derived from it and never stored."""
        return _answers.decode(self.answer_json)


class Lag(Struct, frozen=True):
    """How far the read models are behind the log, and how many streams are set aside.

    `pending` children wait to be forecast again since a day opened.
    """

    head: int
    position: int
    parked: int
    pending: int

    @property
    def events(self) -> int:
        """Facts that are not in the read models yet."""
        return self.head - self.position
