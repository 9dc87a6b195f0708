"""Children: profile, and what holds for the whole record."""

from projections.record import Record
from projections.table import Row, Table

TABLE = Table(
    name="child",
    owner="child_id",
    columns=(
        ("child_id", "uuid"),
        ("household_id", "uuid"),
        ("handle", "text"),
        ("born_on", "date"),
        ("sex", "text"),
        ("moved_out", "bool"),
        ("closed_series", "text[]"),
        ("extension_from", "date?"),
        ("version", "int8"),
    ),
    key=("child_id",),
    indexes=(("household_id",),),
)


def rows(record: Record) -> list[Row]:
    """One row a child."""
    child = record.child
    return [
        (
            record.child_id,
            child.household_id,
            child.handle,
            child.born_on,
            None if child.sex is None else child.sex.value,
            child.moved_out,
            sorted(child.closed_series),
            child.extension_from,
            record.version,
        )
    ]
