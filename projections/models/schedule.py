"""The schedule (接種スケジュール): what each child is due for, by series, and the whole answer as the engine gave it."""

from projections.record import Record
from projections.table import Row, Table

SERIES = Table(
    name="schedule",
    owner="child_id",
    columns=(
        ("child_id", "uuid"),
        ("series", "text"),
        ("vaccine_group", "text"),
        ("status", "text"),
        ("dose_number", "int4?"),
        ("doses_remaining", "int4?"),
        ("earliest", "date?"),
        ("recommended", "date?"),
        ("past_due", "date?"),
        ("latest", "date?"),
        ("basis", "text?"),
        ("valid_until", "date?"),
        ("overdue_from", "date?"),
    ),
    key=("child_id", "series"),
)

ANSWER = Table(
    name="schedule_answer",
    owner="child_id",
    columns=(("child_id", "uuid"), ("answer_deflated", "bytea"), ("digest", "bytea"), ("valid_until", "date?")),
    key=("child_id",),
    indexes=(("valid_until",),),
    packed=("answer_deflated",),
)


def series_rows(record: Record) -> list[Row]:
    """One row a series. Due or overdue is derived on reading: rows hold nothing computed on a day."""
    child_id = record.child_id
    return [
        (
            child_id,
            f.series,
            f.vaccine_group,
            f.status,
            f.dose_number,
            f.doses_remaining,
            f.earliest,
            f.recommended,
            f.past_due,
            f.latest,
            f.basis,
            f.valid_until,
            f.overdue_from,
        )
        for f in record.answer.forecasts
    ]


def answer_rows(record: Record) -> list[Row]:
    """The canonical bytes of the answer (packed), their digest, and the first day on which they may change by themselves."""
    return [(record.child_id, record.answer_deflated, record.digest, record.valid_until)]
