"""Dose history (接種歴): every dose as it stands after corrections, with what it is worth."""

from operator import attrgetter

from projections.record import Record
from projections.table import Row, Table

TABLE = Table(
    name="dose",
    owner="child_id",
    columns=(
        ("dose_id", "uuid"),
        ("child_id", "uuid"),
        ("visit_id", "uuid"),
        ("vaccine", "text"),
        ("given_on", "date?"),
        ("setting", "text"),
        ("validity", "text?"),
        ("programme", "text?"),
        ("counts", "bool?"),
        ("ordinal", "int4"),
    ),
    key=("child_id", "dose_id"),
)

_word = attrgetter("_value_")
"""What `.value` gives, which is a function written in Python."""


def rows(record: Record) -> list[Row]:
    """One row a dose that counts as of the opened day. `ordinal` is its place in the answer, from 0."""
    return [
        (
            dose.dose_id,
            record.child_id,
            dose.visit_id,
            dose.vaccine,
            dose.given_on,
            _word(dose.setting),
            verdict.validity,
            verdict.programme,
            verdict.counts,
            ordinal,
        )
        for ordinal, (dose, verdict) in enumerate(zip(record.doses, record.answer.doses, strict=True))
    ]
