"""Views of personal data by staff (閲覧の記録): whose data, and what for. When and by whom is in the audit trail."""

from uuid import UUID

from aggregates.operation.state import Operation
from projections.table import Row, Table

TABLE = Table(
    name="staff_view",
    owner="view_id",
    columns=(("view_id", "uuid"), ("subject", "uuid"), ("purpose", "text")),
    key=("view_id",),
    indexes=(("subject",),),
)


def rows(view_id: UUID, operation: Operation) -> list[Row]:
    """One row a view; other facts of running the service make none."""
    return [] if operation.subject is None else [(view_id, operation.subject, operation.purpose)]
