"""Tells the log, before anything is shown, that somebody is about to see whose data these are (閲覧の記録)."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from aggregates.fact import Actor, Meta, Recorded
from aggregates.operation.facts import SubjectRevealed
from eventstore.ward import Ward


def reveal(ward: Ward, subjects: Sequence[UUID], purpose: str, actor: Actor, household: UUID | None = None) -> None:
    """One fact a subject, all or none. Each family reads its own under «my data»."""
    meta = Meta(role=actor.role, actor=actor.id)
    ward.save(
        *(Recorded(uuid4(), 1, SubjectRevealed(subject=who, purpose=purpose), meta, partition=household) for who in subjects)
    )
