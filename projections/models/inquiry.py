"""Inquiries (お問い合わせ): whose they are and whose turn it is. What was said stays in the log alone."""

from uuid import UUID

from aggregates.inquiry.state import Inquiry
from projections.table import Row, Table

TABLE = Table(
    name="inquiry",
    owner="inquiry_id",
    erased_with="account_id",
    columns=(
        ("inquiry_id", "uuid"),
        ("account_id", "uuid"),
        ("standing", "text"),
        ("opened_on", "date"),
        ("last_on", "date"),
        ("version", "int8"),
    ),
    key=("inquiry_id",),
    indexes=(("account_id",),),
)


def rows(inquiry_id: UUID, version: int, inquiry: Inquiry) -> list[Row]:
    """One row while the key of its guardian lasts."""
    if inquiry.account_id is None:
        return []
    first, last = inquiry.messages[0], inquiry.messages[-1]
    return [(inquiry_id, inquiry.account_id, inquiry.standing.value, first.on, last.on, version)]
