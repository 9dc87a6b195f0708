"""Names of the streams whose ids are not random."""

from datetime import date
from uuid import UUID, uuid5

WARD = UUID("6f1f2a52-6c0b-5c80-9e6b-6b0f1d1a7e11")
"""Name space of this ward's own streams (one database per ward)."""


def calendar_stream(day: date) -> UUID:
    """The stream on which a day is opened: the same for every scheduler, so that a second opening collides harmlessly."""
    return uuid5(WARD, f"calendar/{day.isoformat()}")


def edition_stream(content_hash: str) -> UUID:
    """The stream of a rule edition, named by its content."""
    return uuid5(WARD, f"edition/{content_hash}")


def answers_stream(child_id: UUID) -> UUID:
    """The stream of what was told of a child's schedule: beside the child's own, so that telling does not change its version."""
    return uuid5(WARD, f"answers/{child_id}")
