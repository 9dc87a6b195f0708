"""Planned visits (受診予定)."""

from projections.record import Record
from projections.table import Row, Table

TABLE = Table(
    name="visit",
    owner="child_id",
    columns=(("visit_id", "uuid"), ("child_id", "uuid"), ("on_day", "date"), ("series", "text[]")),
    key=("child_id", "visit_id"),
)


def rows(record: Record) -> list[Row]:
    """One row a visit that is planned and not yet recorded."""
    return [(visit.visit_id, record.child_id, visit.on, list(visit.series)) for visit in record.open_visits]
