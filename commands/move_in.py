"""The child comes back to the ward."""

from datetime import date
from uuid import UUID

from aggregates.child import profile
from commands.command import Command
from commands.work import UnitOfWork


class MoveIn(Command):
    """Tell that the child lives in the ward again (転入). Without a day: today."""

    child_id: UUID
    on: date | None = None

    def decide(self, work: UnitOfWork) -> None:
        """The ward's programme applies again."""
        child = work.child(self.child_id)
        work.append(self.child_id, profile.move_in(child, self.on or work.today, work.today))
