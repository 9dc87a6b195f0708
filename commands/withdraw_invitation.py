"""An invitation shall not be used."""

from uuid import UUID

from aggregates.household import guardians
from commands.command import Command
from commands.work import UnitOfWork


class WithdrawInvitation(Command):
    """Withdraw an invitation (招待の取り消し): its code no longer works."""

    invitation_id: UUID

    def decide(self, work: UnitOfWork) -> None:
        """Any guardian of the household can."""
        household_id, household = work.household(target=True)
        work.append(household_id, guardians.withdraw(household, self.invitation_id))
