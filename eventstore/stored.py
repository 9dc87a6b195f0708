"""Facts and commands in the form in which the log holds them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from eventsourcing.persistence import Notification
from msgspec import Struct

from aggregates.fact import UNSAVED


@dataclass(frozen=True)
class StoredFact(Notification):
    """A row of the log; `id` is its position, 0 before it is appended."""

    originator_id: UUID
    partition: UUID | None = None
    key_id: UUID | None = None
    meta: bytes = b""
    recorded_at: datetime = UNSAVED


class CommandRow(Struct, frozen=True):
    """A command that was answered. `position` and `at` are set by the log."""

    account: UUID
    command_id: UUID
    body_mac: bytes
    answer: bytes
    position: int = 0
    at: datetime = UNSAVED


class Appended(Struct, frozen=True):
    """What the log answers: its head after the append, and the time given to every fact of it."""

    head: int
    at: datetime
