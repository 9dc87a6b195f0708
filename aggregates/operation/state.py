"""What one stream of operation says: most are single facts. A view of personal data is kept for the family it concerns."""

from uuid import UUID

from msgspec import Struct

from aggregates.fact import Fact, Redacted
from aggregates.operation.facts import SubjectRevealed


class Operation(Struct, frozen=True):
    """Whose data were looked at and what for; nothing, where the stream tells of something else."""

    subject: UUID | None = None
    purpose: str = ""


def evolve(operation: Operation, fact: Fact | Redacted) -> Operation:
    """The stream after one more fact."""
    match fact:
        case SubjectRevealed():
            return Operation(fact.subject, fact.purpose)
    return operation
