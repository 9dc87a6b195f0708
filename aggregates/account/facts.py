"""Facts of one login (アカウント)."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from aggregates.fact import Fact


class Language(StrEnum):
    """Language of mails."""

    JAPANESE = "ja"
    ENGLISH = "en"


class CredentialChange(StrEnum):
    """How a credential came to be replaced."""

    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a code, no password
    RECOVERED = "recovered"


class TermsAccepted(Fact, frozen=True, tag="account.terms_accepted.v1"):
    """Consent to one version of the terms (利用規約への同意). `text_hash` is the SHA-256 of the text that was shown."""

    version: str
    text_hash: str


class AccountRegistered(Fact, frozen=True, tag="account.registered.v1"):
    """A guardian's login was issued (ログインアカウントの発行)."""

    handle: str
    postal_code: str
    household_id: UUID


class ProfileChanged(Fact, frozen=True, tag="account.profile_changed.v1"):
    """Handle (ニックネーム) and postal code as they are from now on."""

    handle: str
    postal_code: str


class EmailGiven(Fact, frozen=True, tag="account.email_given.v1"):
    """An address to be confirmed. `address_version` counts the addresses of this account, from 1."""

    address: str
    address_version: int


class EmailConfirmed(Fact, frozen=True, tag="account.email_confirmed.v2"):
    """The owner of the address pressed the button, once or again. `on` is null where the day was not written down."""

    address_version: int
    on: date | None = None


class EmailRemoved(Fact, frozen=True, tag="account.email_removed.v1"):
    """No mail address is held any more."""


class AddressFailed(Fact, frozen=True, tag="account.address_failed.v1"):
    """Mail to the address came back for good, with an enhanced status code (RFC 3463): no more is sent to it (配信不能)."""

    address_version: int
    status: str


class AddressUnanswered(Fact, frozen=True, tag="account.address_unanswered.v1"):
    """Nobody said in time that the address is still theirs: no more is sent to it until somebody does (宛先の再確認が未回答)."""

    address_version: int


class MailWishesSet(Fact, frozen=True, tag="account.mail_wishes_set.v1"):
    """Separate opt-ins (メール配信の希望): reminders of vaccinations, of check-ups (健診), notices of the ward."""

    vaccinations: bool
    checkups: bool
    notices: bool
    language: Language = Language.JAPANESE


class EverythingStopped(Fact, frozen=True, tag="account.everything_stopped.v1"):
    """The family wants to be left alone: no mail of any kind, no reason asked."""


class EverythingResumed(Fact, frozen=True, tag="account.everything_resumed.v1"):
    """The family takes the service up again; wishes are as they were."""


class CredentialReplaced(Fact, frozen=True, tag="account.credential_replaced.v1"):
    """The password was replaced; the credential itself lies outside the log."""

    change: CredentialChange


class AccountErased(Fact, frozen=True, tag="account.erased.v1"):
    """Deleted at the guardian's wish: the key of the account is destroyed after this (アカウントの削除)."""

    on: date
