"""Consent, registration and closing of a login."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from aggregates.account.address import postal_code
from aggregates.account.facts import (
    AccountErased,
    AccountRegistered,
    CredentialChange,
    CredentialReplaced,
    ProfileChanged,
    TermsAccepted,
)
from aggregates.account.refusals import TermsOutdated
from aggregates.account.state import Account
from aggregates.fact import Fact
from aggregates.refusal import IdTaken


class Terms(Struct, frozen=True):
    """One version of the terms of use (利用規約) and the SHA-256 of its text."""

    version: str
    text_hash: str


def register(account: Account, *, handle: str, postal: str, household_id: UUID, accepted: Terms, in_force: Terms) -> list[Fact]:
    """Consent comes first, then the login (ログインアカウントの発行)."""
    if account != Account():
        raise IdTaken
    return [
        *accept_terms(account, accepted, in_force),
        AccountRegistered(handle=handle, postal_code=postal_code(postal), household_id=household_id),
    ]


def accept_terms(account: Account, accepted: Terms, in_force: Terms) -> list[Fact]:
    """Consent to the terms in force; to no others, and once."""
    if accepted != in_force:
        raise TermsOutdated(version=in_force.version)
    if _consented(account, in_force):
        return []
    return [TermsAccepted(version=accepted.version, text_hash=accepted.text_hash)]


def require_terms(account: Account, in_force: Terms) -> None:
    """Nothing is written for somebody who has not seen the terms in force."""
    if not _consented(account, in_force):
        raise TermsOutdated(version=in_force.version)


def change_profile(account: Account, *, handle: str, postal: str) -> list[Fact]:
    """Another handle (ニックネーム) or postal code."""
    postal = postal_code(postal)
    if (handle, postal) == (account.handle, account.postal_code):
        return []
    return [ProfileChanged(handle=handle, postal_code=postal)]


def replace_credential(change: CredentialChange) -> list[Fact]:
    """The log knows that the password was replaced, and how."""
    return [CredentialReplaced(change=change)]


def erase(account: Account, today: date) -> list[Fact]:
    """The end of a login (アカウントの削除); its key is destroyed after this."""
    return [] if account.erased else [AccountErased(on=today)]


def _consented(account: Account, terms: Terms) -> bool:
    return (account.terms_version, account.terms_hash) == (terms.version, terms.text_hash)
