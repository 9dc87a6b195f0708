"""A dose was recorded that was not given."""

from uuid import UUID

from aggregates.child import doses
from aggregates.child.facts import VoidReason
from commands.command import Command
from commands.work import UnitOfWork


class VoidDose(Command):
    """Take the record of a dose back (取り消し)."""

    child_id: UUID
    dose_id: UUID
    reason: VoidReason = VoidReason.MISTAKE

    def decide(self, work: UnitOfWork) -> None:
        """The record stays in the log as voided."""
        child = work.child(self.child_id)
        work.append(self.child_id, doses.void(child, self.dose_id, self.reason))
