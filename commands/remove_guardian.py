"""A guardian shall not see the household any longer."""

from uuid import UUID

from aggregates.household import guardians
from commands.command import Command
from commands.work import UnitOfWork


class RemoveGuardian(Command):
    """Remove a guardian (保護者) from the household, oneself or another; the account itself stays."""

    account_id: UUID

    def decide(self, work: UnitOfWork) -> None:
        """Whatever the guardian is writing at this moment is refused: commands assert the household they read."""
        household_id, household = work.household(target=True)
        work.append(household_id, guardians.remove(household, self.account_id))
