"""Answers that were told to somebody: kept once, and reckoned again to see whether the engine still agrees (回答の照合)."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from aggregates.answer.facts import AnswerTold, Medium
from aggregates.child import state as child_state
from aggregates.child.state import Child
from aggregates.fact import Fact, Meta, Recorded, Redacted
from aggregates.streams import answers_stream
from eventstore.errors import StaleVersion, SubjectErased
from eventstore.ward import Ward
from projections.engine import EditionMissing, Engine
from projections.record import Context, Record, record_of
from schedule.japan.faults import EditionFaultError

ATTEMPTS_MAX = 5
"""So often somebody else may have kept an answer of the same child at the same moment."""

Told = tuple[UUID, AnswerTold]
"""A child, and what was told of it."""


class Verdict(StrEnum):
    """What reckoning again came to."""

    EQUAL = "equal"
    ENGINE_CHANGED = "engine changed"
    EDITION_MISSING = "edition not kept"


class Recheck(Struct, frozen=True):
    """One answer that was told, and the digest of what this build answers to the same question."""

    position: int
    told: AnswerTold
    digest_now: str | None

    @property
    def verdict(self) -> Verdict:
        """Whether the engine still says what was told."""
        if self.digest_now is None:
            return Verdict.EDITION_MISSING
        return Verdict.EQUAL if self.digest_now == self.told.answer_digest else Verdict.ENGINE_CHANGED


def answer_told(record: Record, engine: Engine, on: date, medium: Medium) -> AnswerTold:
    """What is to be kept of an answer."""
    return AnswerTold(
        child_version=record.version,
        on=on,
        edition=engine.edition,
        engine=engine.version,
        answer_digest=record.digest.hex(),
        medium=medium,
    )


def keep(ward: Ward, answers: Sequence[Told]) -> None:
    """Tell the log what was told. The same answer by the same medium is kept once; of erased children nothing is kept.

    Raises:
        StaleVersion: somebody else kept answers of the same children again and again.
    """
    left, attempts = list(answers), 0
    while fresh := _fresh(ward, left):
        try:
            ward.save(*fresh)
        except SubjectErased as erased:
            left = [told for told in left if told[0] != erased.subject]
        except StaleVersion:
            attempts += 1
            if attempts == ATTEMPTS_MAX:
                raise


def _fresh(ward: Ward, answers: Sequence[Told]) -> list[Recorded]:
    """What is not in the log yet, in its place."""
    kept = {s: [r.fact for r in trail] for s, trail in ward.histories([answers_stream(child) for child, _ in answers]).items()}
    fresh = []
    for child_id, told in answers:
        stream = answers_stream(child_id)
        if told not in kept[stream]:
            kept[stream].append(told)
            fresh.append(Recorded(stream, len(kept[stream]), told, Meta(), subject=child_id))
    return fresh


def recheck(ward: Ward, engine_of: Callable[[str], Engine], child_id: UUID, up_to: int) -> list[Recheck]:
    """Every answer of a child that was told up to a position, held against what this build answers; the oldest first."""
    streams = ward.histories([child_id, answers_stream(child_id)], up_to)
    trail = [recorded.fact for recorded in streams[child_id]]
    return [
        Recheck(kept.position, kept.fact, _digest(engine_of, child_id, trail, kept.fact))
        for kept in streams[answers_stream(child_id)]
        if isinstance(kept.fact, AnswerTold)
    ]


def _digest(engine_of: Callable[[str], Engine], child_id: UUID, trail: Sequence[Fact | Redacted], told: AnswerTold) -> str | None:
    try:
        engine = engine_of(told.edition)
    except (EditionMissing, EditionFaultError):
        return None
    child = Child()
    for fact in trail[: told.child_version]:
        child = child_state.evolve(child, fact)
    return record_of(child_id, told.child_version, child, Context(engine, told.on)).digest.hex()
