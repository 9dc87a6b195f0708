"""What every fact is, and how it comes back from the log."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

UNSAVED = datetime(1970, 1, 1, tzinfo=UTC)
"""`recorded_at` of a fact that has not been appended yet; the log sets the real time under its lock."""


class Fact(Struct, frozen=True, kw_only=True):
    """Something that happened (事実). Its tag is its topic: a stable name that never follows a Python path."""


class Redacted(Struct, frozen=True):
    """Stands for a fact whose subject's key has been destroyed: that it happened is known, what it said is not."""

    topic: str


class Role(StrEnum):
    """In what capacity somebody acted."""

    GUARDIAN = "guardian"
    SYSTEM = "system"
    OPERATOR = "operator"
    STAFF = "staff"
    AUDITOR = "auditor"


class Actor(Struct, frozen=True):
    """Who acts: an account, a member of staff, or the service itself (`id` None)."""

    id: UUID | None = None
    role: Role = Role.SYSTEM


class Meta(Struct, frozen=True, omit_defaults=True):
    """Who caused a fact, by which command, and which rules they were shown. Ids and versions only, never personal data."""

    role: Role = Role.SYSTEM
    actor: UUID | None = None
    command_id: UUID | None = None
    correlation_id: UUID | None = None
    edition: str = ""
    engine: str = ""


class Recorded(Struct, frozen=True):
    """A fact in its place on a stream; satisfies the event protocol of the `eventsourcing` library.

    `subject` names the data key that encrypts the body (None: not personal), `partition` the household in clear.
    `position` is 0 and `recorded_at` is UNSAVED until the log has accepted it.
    """

    originator_id: UUID
    originator_version: int
    fact: Fact | Redacted
    meta: Meta = Meta()
    subject: UUID | None = None
    partition: UUID | None = None
    position: int = 0
    recorded_at: datetime = UNSAVED


def topic_of(fact: Fact | Redacted | type[Fact]) -> str:
    """The stable topic of a fact, its type or its redacted remains."""
    if isinstance(fact, Redacted):
        return fact.topic
    return str(fact.__struct_config__.tag)
