"""Facts of running the service."""

from uuid import UUID

from aggregates.fact import Fact


class GenerationSwitched(Fact, frozen=True, tag="operation.generation_switched.v1"):
    """Reads come from another generation of the read models from now on."""

    generation: int
    edition: str
    engine: str
    head: int


class SubjectRevealed(Fact, frozen=True, tag="operation.subject_revealed.v1"):
    """An operator or auditor is about to be shown one subject's personal data (閲覧の記録)."""

    subject: UUID
    purpose: str
