"""How the event store says no."""

from uuid import UUID

from eventsourcing.persistence import IntegrityError, PersistenceError


class AppendRefused(IntegrityError):
    """Nothing of this append was stored, because a rule of the log speaks against it."""


class StaleVersion(AppendRefused):
    """The stream has moved on since it was read: load it and decide again."""

    def __init__(self, stream: UUID | None) -> None:
        super().__init__(f"stream {stream} has moved on")
        self.stream = stream


class SubjectErased(AppendRefused):
    """The key of this subject is destroyed; nothing is appended under it any more."""

    def __init__(self, subject: UUID) -> None:
        super().__init__(f"subject {subject} is erased")
        self.subject = subject


class CommandKnown(AppendRefused):
    """A command with this id was already answered for this account."""

    def __init__(self, command_id: UUID) -> None:
        super().__init__(f"command {command_id} was already answered")
        self.command_id = command_id


class DuplicateRow(AppendRefused):
    """A row written beside the append collides with another; `constraint` says on what."""

    def __init__(self, constraint: str) -> None:
        super().__init__(f"duplicate row: {constraint}")
        self.constraint = constraint


class StoreUnavailable(PersistenceError):
    """The database or the key store does not answer within the time a request may take."""


class SealBroken(PersistenceError):
    """The seal of a stored fact does not fit its row: the row was altered or the key is not its key."""

    def __init__(self, position: int) -> None:
        super().__init__(f"the seal of position {position} is broken")
        self.position = position


class DayNotOpened(LookupError):
    """No day has been opened yet, so there is no «today»."""
