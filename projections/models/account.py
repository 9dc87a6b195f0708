"""Logins: what a guardian sees of the own account, and whether mail may go to it."""

from uuid import UUID

from aggregates.account.state import Account
from projections.table import Row, Table

TABLE = Table(
    name="account",
    owner="account_id",
    columns=(
        ("account_id", "uuid"),
        ("household_id", "uuid"),
        ("handle", "text"),
        ("postal_code", "text"),
        ("terms_version", "text"),
        ("terms_hash", "text"),
        ("email_state", "text"),
        ("address_version", "int4"),
        ("confirmed_on", "date?"),
        ("mailable", "bool"),
        ("stopped", "bool"),
        ("wish_vaccinations", "bool"),
        ("wish_checkups", "bool"),
        ("wish_notices", "bool"),
        ("language", "text"),
        ("version", "int8"),
    ),
    key=("account_id",),
)


def rows(account_id: UUID, version: int, account: Account) -> list[Row]:
    """One row for a login that is not erased. The address itself stays in the log."""
    if not account.registered:
        return []
    wishes = account.wishes
    return [
        (
            account_id,
            account.household_id,
            account.handle,
            account.postal_code,
            account.terms_version,
            account.terms_hash,
            email_state(account),
            account.address_version,
            account.confirmed_on,
            account.mailable,
            account.stopped,
            wishes.vaccinations,
            wishes.checkups,
            wishes.notices,
            wishes.language.value,
            version,
        )
    ]


def email_state(account: Account) -> str:
    """`none`, `unconfirmed`, `confirmed`, `failing` or `unanswered`."""
    if account.email is None:
        return "none"
    if account.address_failing:
        return "failing"
    if account.address_unanswered:
        return "unanswered"
    return "confirmed" if account.email_confirmed else "unconfirmed"
