"""The child leaves the ward."""

from datetime import date
from uuid import UUID

from aggregates.child import profile
from commands.command import Command
from commands.work import UnitOfWork


class MoveOut(Command):
    """Tell that the child left the ward (転出): reminders end, the record stays readable. Without a day: today."""

    child_id: UUID
    on: date | None = None

    def decide(self, work: UnitOfWork) -> None:
        """The record stays with the household."""
        child = work.child(self.child_id)
        work.append(self.child_id, profile.move_out(child, self.on or work.today, work.today))
