"""Postponements (延期) that still hold."""

from projections.record import Record
from projections.table import Row, Table

TABLE = Table(
    name="postponement",
    owner="child_id",
    columns=(
        ("postponement_id", "uuid"),
        ("child_id", "uuid"),
        ("series", "text[]"),
        ("reason", "text"),
        ("until_day", "date?"),
    ),
    key=("child_id", "postponement_id"),
)


def rows(record: Record) -> list[Row]:
    """One row a postponement that was not lifted. Whether its day has passed is decided on reading."""
    return [
        (p.postponement_id, record.child_id, list(p.series), p.reason.value, p.until) for p in record.child.postponements.values()
    ]
