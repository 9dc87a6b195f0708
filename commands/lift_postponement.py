"""Vaccinations need not wait any longer."""

from uuid import UUID

from aggregates.child import visits
from commands.command import Command
from commands.work import UnitOfWork


class LiftPostponement(Command):
    """Lift a postponement (延期の取りやめ)."""

    child_id: UUID
    postponement_id: UUID

    def decide(self, work: UnitOfWork) -> None:
        """Reminders begin again."""
        child = work.child(self.child_id)
        work.append(self.child_id, visits.lift(child, self.postponement_id))
