"""What is known of one login."""

from datetime import date
from uuid import UUID

import msgspec
from msgspec import Struct

from aggregates.account.facts import (
    AccountErased,
    AccountRegistered,
    AddressFailed,
    AddressUnanswered,
    CredentialReplaced,
    EmailConfirmed,
    EmailGiven,
    EmailRemoved,
    EverythingResumed,
    EverythingStopped,
    Language,
    MailWishesSet,
    ProfileChanged,
    TermsAccepted,
)
from aggregates.fact import Fact, Redacted


class MailWishes(Struct, frozen=True):
    """What the guardian wants to be told by mail."""

    vaccinations: bool = False
    checkups: bool = False
    notices: bool = False
    language: Language = Language.JAPANESE


class Account(Struct, frozen=True):
    """One login. `household_id` is None until registration; an erased account keeps nothing personal.

    `address_failing` is the status code (RFC 3463) with which mail to the address came back for good; `address_unanswered`
    says that its owner was asked again and kept silent. `confirmed_on` is the day of the last confirmation, where it is known.
    """

    household_id: UUID | None = None
    handle: str = ""
    postal_code: str = ""
    terms_version: str = ""
    terms_hash: str = ""
    email: str | None = None
    address_version: int = 0
    email_confirmed: bool = False
    confirmed_on: date | None = None
    address_failing: str = ""
    address_unanswered: bool = False
    wishes: MailWishes = MailWishes()
    stopped: bool = False
    erased: bool = False

    @property
    def registered(self) -> bool:
        """Whether the login was issued and not erased."""
        return self.household_id is not None and not self.erased

    @property
    def mailable(self) -> bool:
        """Whether any mail may go to this account at all."""
        return self.address_good and not self.stopped and not self.erased

    @property
    def address_good(self) -> bool:
        """Whether the address is its owner's, as far as anybody knows."""
        return self.email_confirmed and not self.address_failing and not self.address_unanswered


def evolve(state: Account, fact: Fact | Redacted) -> Account:  # noqa: C901, PLR0911, PLR0912 - one case a fact
    """The account after one more fact."""
    match fact:
        case TermsAccepted():
            return msgspec.structs.replace(state, terms_version=fact.version, terms_hash=fact.text_hash)
        case AccountRegistered():
            return msgspec.structs.replace(
                state, handle=fact.handle, postal_code=fact.postal_code, household_id=fact.household_id
            )
        case ProfileChanged():
            return msgspec.structs.replace(state, handle=fact.handle, postal_code=fact.postal_code)
        case EmailGiven():
            return msgspec.structs.replace(_unproven(state), email=fact.address, address_version=fact.address_version)
        case EmailConfirmed():
            confirmed = fact.address_version == state.address_version
            return msgspec.structs.replace(_unproven(state), email_confirmed=confirmed, confirmed_on=fact.on)
        case AddressFailed():
            failing = fact.status if fact.address_version == state.address_version else state.address_failing
            return msgspec.structs.replace(state, address_failing=failing)
        case AddressUnanswered():
            meant = fact.address_version == state.address_version
            return msgspec.structs.replace(state, address_unanswered=state.address_unanswered or meant)
        case EmailRemoved():
            return msgspec.structs.replace(_unproven(state), email=None)
        case MailWishesSet():
            wishes = MailWishes(fact.vaccinations, fact.checkups, fact.notices, fact.language)
            return msgspec.structs.replace(state, wishes=wishes)
        case EverythingStopped():
            return msgspec.structs.replace(state, stopped=True)
        case EverythingResumed():
            return msgspec.structs.replace(state, stopped=False)
        case AccountErased():
            return Account(erased=True)
        case CredentialReplaced() | Redacted():
            return state
        case _:
            raise TypeError(type(fact).__name__)


def _unproven(state: Account) -> Account:
    """With nothing known of the address: neither whose it is nor what became of mail to it."""
    return msgspec.structs.replace(state, email_confirmed=False, confirmed_on=None, address_failing="", address_unanswered=False)
