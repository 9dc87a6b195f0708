"""The family will not go."""

from uuid import UUID

from aggregates.child import visits
from commands.command import Command
from commands.work import UnitOfWork


class CancelVisit(Command):
    """Give up a planned visit."""

    child_id: UUID
    visit_id: UUID

    def decide(self, work: UnitOfWork) -> None:
        """Nothing else changes."""
        child = work.child(self.child_id)
        work.append(self.child_id, visits.cancel(child, self.visit_id))
