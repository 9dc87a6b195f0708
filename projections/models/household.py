"""Households (世帯): who belongs together, and which invitations are open."""

from uuid import UUID

from aggregates.household.state import Household
from projections.table import Row, Table

HOUSEHOLD = Table(
    name="household",
    owner="household_id",
    columns=(("household_id", "uuid"), ("version", "int8")),
    key=("household_id",),
)

GUARDIAN = Table(
    name="guardian",
    owner="household_id",
    columns=(("household_id", "uuid"), ("account_id", "uuid"), ("ordinal", "int4")),
    key=("household_id", "account_id"),
    indexes=(("account_id",),),
)

INVITATION = Table(
    name="invitation",
    owner="household_id",
    columns=(("invitation_id", "uuid"), ("household_id", "uuid"), ("code_hash", "text"), ("expires_on", "date")),
    key=("invitation_id",),
    indexes=(("household_id",),),
)


def household_rows(household_id: UUID, version: int, household: Household) -> list[Row]:
    """One row while the household has guardians."""
    return [(household_id, version)] if household.guardians else []


def guardian_rows(household_id: UUID, household: Household) -> list[Row]:
    """One row a guardian, numbered from 1 as they came."""
    return [(household_id, account_id, ordinal) for ordinal, account_id in enumerate(household.guardians, start=1)]


def invitation_rows(household_id: UUID, household: Household) -> list[Row]:
    """One row an open invitation. Whether it has lapsed is decided on reading, by the opened day."""
    return [(i.invitation_id, household_id, i.code_hash, i.expires_on) for i in household.invitations]
