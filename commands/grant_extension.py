"""A long illness kept the child from vaccination."""

from datetime import date
from uuid import UUID

from aggregates.child import programme
from commands.command import Command
from commands.work import UnitOfWork


class GrantExtension(Command):
    """Extend the free period (長期療養特例) from the day on which the special reason ended."""

    child_id: UUID
    reason_ended_on: date

    def decide(self, work: UnitOfWork) -> None:
        """The schedule computes the two years."""
        child = work.child(self.child_id)
        work.append(self.child_id, programme.grant_extension(child, self.reason_ended_on, work.today))
